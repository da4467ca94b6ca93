"""A PDF that holds one word more than its pages show is not searched; a plain one is."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable

import pytest
from reportlab.lib.colors import white
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from indexer.formats import pdf
from indexer.formats.raw import Limits
from tests.conftest import CORPUS

SECRET = "拟不同意"
MARK = "ZHANGSAN"


def searched(content: bytes) -> bool:
    return pdf.read(io.BytesIO(content), Limits()).searched


def drawn(more: Callable[[Canvas], object] = lambda _: None, *, packed: int = 0) -> bytes:
    """A letter of two pages, with what ``more`` does to its canvas."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1, pageCompression=packed)
    for words in ("关于第1号提案的答复", "路灯已经修好，同意全部更换。"):
        canvas.setFont("STSong-Light", 16)
        canvas.drawString(72, 700, words)
        canvas.line(72, 690, 300, 690)
        if words.startswith("关于"):
            more(canvas)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def edited(old: bytes, new: bytes) -> bytes:
    """The plain letter with ``old`` once replaced, and its table of places put right."""
    content = drawn()
    assert old in content
    return placed(content.replace(old, new, 1))


def placed(content: bytes) -> bytes:
    """``content`` with a new table of places, as an editor would save it."""
    body, _, rest = content.partition(b"xref\n")
    found = {int(m[1]): m.start() for m in re.finditer(rb"(?m)^(\d+) 0 obj", body)}
    rows = b"".join(b"%010d 00000 n \n" % found[number] for number in sorted(found))
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(found) + 1)
    trailer = rest[rest.index(b"trailer") : rest.index(b"startxref")]
    return body + head + rows + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)


def with_object(value: bytes) -> bytes:
    """The plain letter and an object that nothing refers to."""
    content = drawn()
    number = content.count(b" 0 obj") + 1
    return placed(content.replace(b"xref\n", b"%d 0 obj\n%s\nendobj\nxref\n" % (number, value), 1))


def with_key(entry: bytes) -> bytes:
    return edited(b"/Type /Catalog", b"/Type /Catalog " + entry)


def drawing(operators: bytes) -> bytes:
    """The plain letter whose first page does more."""
    content = drawn()
    at = content.index(b"stream\n")
    content = content[: at + 7] + operators + b"\n" + content[at + 7 :]
    length = re.search(rb"/Length (\d+)", content)
    assert length
    more = int(length[1]) + len(operators) + 1
    return placed(content.replace(length[0], b"/Length %d" % more, 1))


def invisible(canvas: Canvas) -> None:
    words = canvas.beginText(72, 600)
    words.setFont("Helvetica", 0.001)
    words.textLine(MARK)
    canvas.drawText(words)


def bookmarked(canvas: Canvas) -> None:
    canvas.bookmarkPage("a")
    canvas.addOutlineEntry(SECRET, "a")


HIDING: dict[str, Callable[[], bytes]] = {
    "its author": lambda: drawn(lambda canvas: canvas.setAuthor("张三")),
    "its subject": lambda: drawn(lambda canvas: canvas.setSubject(SECRET)),
    "keywords": lambda: drawn(lambda canvas: canvas.setKeywords(MARK)),
    "another title": lambda: drawn(lambda canvas: canvas.setTitle(SECRET)),
    "its maker": lambda: drawn(lambda canvas: canvas.setCreator(MARK)),
    "a note": lambda: drawn(lambda canvas: canvas.textAnnotation(SECRET, (0, 0, 9, 9))),
    "a link": lambda: drawn(lambda canvas: canvas.linkURL("mailto:zhang@example.cn", (0, 0, 9, 9))),
    "a field": lambda: drawn(lambda canvas: canvas.acroForm.textfield(value=MARK, name="a")),
    "a bookmark": lambda: drawn(bookmarked),
    "words too small to be read": lambda: drawn(invisible),
    "words in a form": lambda: drawn(
        lambda canvas: (canvas.beginForm("a"), canvas.drawString(9, 9, MARK), canvas.endForm())),
    "curves": lambda: drawn(lambda canvas: canvas.circle(50, 50, 9)),
    "a field of its own": lambda: edited(b"/Keywords ()", b"/Keywords () /Zhang (a)"),
    "a known field that dials": lambda: edited(b"/Keywords ()", b"/Keywords (13812345678)"),
    "a key of the catalog": lambda: with_key(b"/OpenAction << /S /URI /URI (https://example.cn) >>"),
    "a script": lambda: with_key(b"/JS (a)"),
    "files": lambda: with_key(b"/Names << /EmbeddedFiles << /Names [] >> >>"),
    "a language": lambda: with_key(b"/Lang (%s)" % MARK.encode()),
    "an object of nobody": lambda: with_object(b"(%s)" % MARK.encode()),
    "a stream of nobody": lambda: with_object(b"<< /Length 1 >>\nstream\na\nendstream"),
    "data about it": lambda: with_object(
        b"<< /Type /Metadata /Subtype /XML /Length 17 >>\nstream\n<a b=\"%s\"/>\nendstream"
        % MARK.encode()),
    "a picture": lambda: with_object(
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /Length 1 >>\nstream\na\nendstream"),
    "a comment": lambda: edited(b"endobj\n", b"endobj\n%% %s\n" % MARK.encode()),
    "a comment in a page": lambda: drawing(b"%% %s" % MARK.encode()),
    "a string that nothing draws": lambda: drawing(b"(%s) w" % MARK.encode()),
    "words in marks": lambda: drawing(b"/Span << /ActualText (%s) >> BDC EMC" % MARK.encode()),
    "a picture in a page": lambda: drawing(b"BI /W 1 /H 1 ID a EI"),
    "a number that dials": lambda: drawing(b"13812345678 w"),
    "another version": lambda: drawn() + drawn()[9:],
    "bytes behind the end": lambda: drawn() + MARK.encode(),
    "bytes before the objects": lambda: edited(b"1 0 obj", MARK.encode() + b"\n1 0 obj"),
    "a table that leads elsewhere": lambda: drawn().replace(b"0 n \n0000000", b"0 n \n0000001", 1),
}  # fmt: skip


@pytest.mark.parametrize("packed", [0, 1])
def test_a_plain_document_is_searched(packed: int) -> None:
    assert searched(drawn(packed=packed))
    assert searched(drawn(lambda canvas: canvas.setTitle("关于第1号提案"), packed=packed))
    assert searched(placed(drawn(packed=packed)))


def test_words_in_white_are_words_of_the_letter() -> None:
    def unseen(canvas: Canvas) -> None:
        canvas.setFillColor(white)
        canvas.drawString(72, 500, SECRET)

    content = drawn(unseen)
    assert SECRET in pdf.read(io.BytesIO(content), Limits()).text  # the page shows them
    assert searched(content)


@pytest.mark.parametrize("what", HIDING)
def test_a_document_with_anything_beside_its_words_is_not_searched(what: str) -> None:
    assert not searched(HIDING[what]())


def test_nor_is_one_that_packs_more_than_it_says() -> None:
    content = drawn(packed=1)
    length = re.search(rb"/Length (\d+)", content)
    assert length
    at = content.index(b"stream\n", length.start()) + 7
    packed = content[at : at + int(length[1])]
    behind = packed.replace(b"~>", MARK.encode() + b"~>") if b"~>" in packed else packed + b"x"
    assert not searched(placed(content.replace(packed, behind, 1)))
    bomb = zlib.compress(b" " * 8_000_000)
    assert not searched(
        with_object(
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(bomb), bomb)
        )
    )


@pytest.mark.parametrize("path", sorted((CORPUS / "letters").glob("*.pdf")), ids=str)
def test_the_samples_are_searched(path: object) -> None:
    assert searched(path.read_bytes())  # type: ignore[attr-defined]
