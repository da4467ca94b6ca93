"""Files that hold more than their page shows: nothing that a citizen can fetch gives it away.

Each file hides a word somewhere. All are indexed by the command line; then every address of the
letter is fetched from the server as it is started, and the word looked for in the bytes that come,
also in what is packed in them.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote

import docx as python_docx
import httpx
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.attack.conftest import Running, index, start
from tests.support import papers
from tests.support.asking import letter_text
from tests.support.hostile import W, docx, paragraph

SECRET = "螭吻隐情"  # in Chinese, for formats that keep characters
LATIN = "QZXWVPLANTED"  # for those that do not; no word of it is a mark of publicity
EVERYWHERE = (
    "",
    "?q=路灯",
    "?start=0&end=30",
    "/original",
    "/copy",
    "/page/1",
    "/page/2",
    "/page/99",
)
Make = Callable[[str], bytes]  # a letter's text → the bytes of its file


def text_of(name: str) -> str:
    """A letter of its own for every file, with nothing in it to be masked."""
    number = zlib.crc32(name.encode()) % 100_000
    body = f"一、路灯\n第{number % 1000}组路灯已经修好，共{number}盏。\n二、打算\n明年再修三百盏。"
    return letter_text(f"云民函〔2024〕{number}号", proposal=f"{number % 999:03}", body=body)


def words(more: str, **parts: str | bytes) -> Make:
    """A docx with ``more`` in its body and other parts."""

    def made(text: str) -> bytes:
        return docx("".join(map(paragraph, text.split("\n"))) + more, **parts)

    return made


def member(name: str, content: str | bytes) -> Make:
    """A docx with another member."""

    def made(text: str) -> bytes:
        file = io.BytesIO(papers.docx(text))
        with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as package:
            package.writestr(name, content)
        return file.getvalue()

    return made


def office(change: Callable[[python_docx.document.Document], object]) -> Make:
    """A docx as an office program writes it, changed."""

    def made(text: str) -> bytes:
        letter = python_docx.Document()
        for line in text.split("\n"):
            letter.add_paragraph(line)
        change(letter)
        file = io.BytesIO()
        letter.save(file)
        return file.getvalue()

    return made


def web(more: str) -> Make:
    return lambda text: papers.page(text, more)


def drawn(change: Callable[[Canvas], object], *, packed: int = 1) -> Make:
    """A PDF on whose canvas something else is done too."""

    def made(text: str) -> bytes:
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        file = io.BytesIO()
        canvas = Canvas(file, invariant=1, pageCompression=packed)
        canvas.setFont("STSong-Light", 14)
        for row, line in enumerate(text.split("\n")):
            canvas.drawString(72, 760 - 20 * row, line)
        change(canvas)
        canvas.showPage()
        canvas.save()
        return file.getvalue()

    return made


def revised(text: str) -> bytes:
    """A PDF whose first version said more: it is all still there under the second."""
    first = drawn(lambda canvas: canvas.setSubject(LATIN), packed=0)(text)
    at = first.rindex(b"xref")
    number = int(re.findall(rb"(\d+) 0 obj\n<<\n/Author", first)[0])
    new = len(first)
    more = b"%d 0 obj\n<< >>\nendobj\n" % number
    root = re.findall(rb"/Root \d+ 0 R", first)[0]
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< %s /Size %d /Prev %d >>\n" % (
        number, new, root, number + 9, at
    )  # fmt: skip
    return first + more + table + b"startxref\n%d\n%%%%EOF\n" % (new + len(more))


def tiny(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 0.0001)
    canvas.drawString(9, 9, LATIN)


def outlined(canvas: Canvas) -> None:
    canvas.bookmarkPage("a")
    canvas.addOutlineEntry(LATIN, "a")


def core(inner: str) -> str:
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">' + inner
        + "</cp:coreProperties>"
    )  # fmt: skip


def part(root: str) -> str:
    return f'<w:{root} xmlns:w="{W}">{paragraph(SECRET)}</w:{root}>'


RUN = f"<w:r><w:t>{SECRET}</w:t></w:r>"
HIDING: Mapping[str, Make] = {
    "tracked deletion.docx": words(
        f"<w:p><w:del><w:r><w:delText>{SECRET}</w:delText></w:r></w:del></w:p>"),
    "moved.docx": words(f"<w:p><w:moveFrom>{RUN}</w:moveFrom></w:p>"),
    "hidden.docx": words(f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{SECRET}</w:t></w:r></w:p>"),
    "field code.docx": words(
        f"<w:p><w:r><w:instrText>QUOTE {SECRET}</w:instrText></w:r></w:p>"),
    "bookmark.docx": words(f'<w:p><w:bookmarkStart w:id="1" w:name="{SECRET}"/></w:p>'),
    "reviser.docx": words(
        f'<w:p><w:ins w:author="{SECRET}"><w:r><w:t>。</w:t></w:r></w:ins></w:p>'),
    "ruby.docx": words(f"<w:p><w:r><w:ruby><w:rt>{RUN}</w:rt></w:ruby></w:r></w:p>"),
    "alternative text.docx": words(
        f'<w:p><w:r><w:drawing><w:docPr descr="{SECRET}"/></w:drawing></w:r></w:p>'),
    "xml comment.docx": words(f"<!-- {SECRET} -->"),
    "comments.docx": words("", comments=part("comments")),
    "header.docx": words("", header1=part("hdr")),
    "footer.docx": words("", footer1=part("ftr")),
    "footnotes.docx": words("", footnotes=part("footnotes")),
    "author.docx": member("docProps/core.xml", core(f"<dc:creator>{SECRET}</dc:creator>")),
    "custom properties.docx": member("docProps/custom.xml", f"<a b='{SECRET}'/>"),
    "custom xml.docx": member("customXml/item1.xml", f"<a>{SECRET}</a>"),
    "embedded.docx": member("word/embeddings/oleObject1.bin", SECRET.encode("utf-16-le")),
    "picture.docx": member("word/media/image1.jpeg", b"\xff\xd8\xff" + SECRET.encode()),
    "office author.docx": office(
        lambda letter: setattr(letter.core_properties, "last_modified_by", SECRET)),
    "office header.docx": office(
        lambda letter: setattr(letter.sections[0].header.paragraphs[0], "text", SECRET)),
    "behind the package.docx": lambda text: papers.docx(text) + LATIN.encode(),
    "comment.html": web(f"<!-- {SECRET} -->"),
    "script.html": web(f"<script>var a='{SECRET}'</script>"),
    "style.html": web(f"<style>p:after{{content:'{SECRET}'}}</style>"),
    "meta.html": lambda text: papers.page(text).replace(
        b"<body>", f'<meta name="author" content="{SECRET}"><body>'.encode()),
    "hidden.html": web(f"<p hidden>{SECRET}</p>"),
    "display none.html": web(f'<div style="display:none">{SECRET}</div>'),
    "data.html": web(f'<p data-note="{SECRET}">。</p>'),
    "alternative text.html": web(f'<img src="a.png" alt="{SECRET}">'),
    "form.html": web(f'<form><input type="hidden" value="{SECRET}"></form>'),
    "menu.html": web(f"<nav>{SECRET}</nav>"),
    "template.html": web(f"<template>{SECRET}</template>"),
    "author.pdf": drawn(lambda canvas: canvas.setAuthor(LATIN)),
    "keywords.pdf": drawn(lambda canvas: canvas.setKeywords(LATIN)),
    "note.pdf": drawn(lambda canvas: canvas.textAnnotation(LATIN, (0, 0, 9, 9))),
    "link.pdf": drawn(lambda canvas: canvas.linkURL(f"mailto:{LATIN}@x.cn", (0, 0, 9, 9))),
    "form.pdf": drawn(lambda canvas: canvas.acroForm.textfield(value=LATIN, name="a")),
    "outline.pdf": drawn(outlined),
    "too small.pdf": drawn(tiny),
    "unused form.pdf": drawn(
        lambda canvas: (canvas.beginForm("a"), canvas.drawString(9, 9, LATIN), canvas.endForm())),
    "earlier version.pdf": revised,
    "behind the end.pdf": lambda text: papers.pdf(text) + LATIN.encode(),
}  # fmt: skip
CLEAN: Mapping[str, Make] = {
    "plain.txt": str.encode,
    "plain.docx": papers.docx,
    "plain.html": papers.page,
    "plain.pdf": papers.pdf,
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server over all of the files."""
    folder = tmp_path_factory.mktemp("hiding")
    inbox = folder / "inbox"
    inbox.mkdir()
    for name, make in {**HIDING, **CLEAN}.items():
        (inbox / name).write_bytes(make(text_of(name)))
    done = index(inbox, folder / "data")
    assert done.returncode == 0, done.stdout + done.stderr
    server = start(folder / "data")
    with server.process:
        yield server
        server.process.kill()


def unpacked(content: bytes) -> bytes:
    """``content`` with all that is packed in it."""
    more = [content]
    if content.startswith(b"PK") or b"PK\x03\x04" in content:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            more += [package.read(name) for name in package.namelist()]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            more.append(zlib.decompressobj().decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(more)


def told(running: Running, name: str) -> dict[str, httpx.Response]:
    """What comes from every address of a letter."""
    at = f"{running.url}/letters/{quote(name)}"
    with httpx.Client(timeout=30) as client:
        replies = {way: client.get(at + way) for way in EVERYWHERE}
        replies["api"] = client.get(f"{running.url}/api/letters/{quote(name)}")
        replies["quote"] = client.get(f"{running.url}/quotes/{quote(name)}/0-5/0123456789abcdef")
        replies["ask"] = client.get(f"{running.url}/ask", params={"q": f"{SECRET}{LATIN}"[:4]})
    return replies


@pytest.mark.parametrize("name", HIDING)
def test_what_a_file_hides_comes_from_no_address(served: Running, name: str) -> None:
    replies = told(served, name)
    assert replies[""].status_code == 200  # the letter itself is there
    assert replies["api"].status_code == 200
    assert SECRET not in replies["api"].json()["text"]
    assert LATIN not in replies["api"].json()["text"]
    hidden = [SECRET.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")]
    for way, reply in replies.items():
        if way == "ask":
            continue  # it repeats the question
        content = unpacked(reply.content)
        assert not [word for word in (*hidden, LATIN.encode()) if word in content], way
    assert replies["/original"].status_code == 404
    assert replies["/copy"].status_code == 200


@pytest.mark.parametrize("name", CLEAN)
def test_a_file_that_holds_nothing_else_is_given_as_it_is(served: Running, name: str) -> None:
    replies = told(served, name)
    file = served.data.parent / "inbox" / name
    assert replies["/original"].content == file.read_bytes()
    assert replies["/copy"].status_code == 200
    assert (replies["/page/1"].status_code == 200) == name.endswith(".pdf")


def test_no_kept_file_can_be_reached_by_a_path(served: Running) -> None:
    kept = next(iter((served.data / "originals").iterdir())).name
    with httpx.Client(timeout=30) as client:
        for address in (
            f"/originals/{kept}", f"/static/../originals/{kept}", f"/letters/{kept}/original",
            f"/letters/..%2F..%2Foriginals%2F{kept}/original", f"/data/originals/{kept}",
        ):  # fmt: skip
            assert client.get(served.url + address).status_code in (400, 404), address
