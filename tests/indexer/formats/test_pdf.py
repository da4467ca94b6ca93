"""PDF: the text layer with its indents, and files that attack pdfium (in the child only)."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    TextStringObject,
)
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from indexer.formats import forkserver, pdf
from indexer.formats.raw import Limits, Raw
from kb.errors import UnreadableFile
from tests.support import hostile

MEGABYTE = 1024 * 1024
EM, LEFT = 16, 72

Placed = tuple[float, str]  # ems to the right of the margin, words


def letter(*pages: tuple[Placed, ...], password: str | None = None) -> bytes:
    """A PDF of Chinese ``pages``."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    file = io.BytesIO()
    lock = StandardEncryption(password) if password is not None else None
    canvas = Canvas(file, encrypt=lock)
    for lines in pages:
        canvas.setFont("STSong-Light", EM)
        for number, (ems, words) in enumerate(lines):
            canvas.drawString(LEFT + ems * EM, 750 - 24 * number, words)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def parsed(folder: Path, content: bytes, limits: Limits = Limits()) -> Raw:  # noqa: B008
    path = folder / "letter.pdf"
    path.write_bytes(content)
    with path.open("rb") as file:
        return forkserver.run("pdf", file, limits)


def code(folder: Path, content: bytes, limits: Limits = Limits()) -> str:  # noqa: B008
    with pytest.raises(UnreadableFile) as caught:
        parsed(folder, content, limits)
    return caught.value.code


PAGE = (
    (5.0, "关于第112号提案的复函"),
    (0.0, "徐秀叶委员："),
    (2.0, "您提出的提案收悉，现函复如"),
    (0.0, "下，请审阅。"),
    (2.0, "一、工作情况"),
)


def test_pages_lines_and_indents_are_kept(tmp_path: Path) -> None:
    second = ((0.0, "续写上页的一行"), (2.0, "感谢。"), (0.0, "完"), (14.0, "2024年6月28日"))
    raw = parsed(tmp_path, letter(PAGE, second, PAGE))
    first = "\n".join("　" * int(ems) + words for ems, words in PAGE)
    other = "续写上页的一行\n　　感谢。\n完\n" + "　" * 14 + "2024年6月28日"
    assert raw == Raw(id=None, text=f"{first}\f{other}\f{first}")


def test_characters_beyond_the_basic_plane_do_not_break_a_page() -> None:
    lines = [("𠮷", 0.0, 0.0), ("野", 0.0, 0.0)]
    assert pdf.laid_out([lines]) == "𠮷\n野"


def test_a_page_without_lines_stays_a_page() -> None:
    assert pdf.laid_out([[("一", 72.0, 16.0)], [], [("二", 72.0, 16.0)]]) == "一\f\f二"


def test_left_and_right_pages_have_their_own_margins() -> None:
    right = [("一", 90.0, 16.0)] * 3 + [("段", 122.0, 16.0)]
    left = [("二", 60.0, 16.0)] * 3 + [("段", 92.0, 16.0)]
    assert pdf.laid_out([right, left]) == "一\n一\n一\n　　段\f二\n二\n二\n　　段"


def test_one_line_that_hangs_out_does_not_move_the_margin() -> None:
    starts = [72.0] * 30 + [20.0]
    assert pdf.margin(starts) == 72.0
    assert pdf.margin([]) == 0.0


def test_lines_of_unknown_place_neither_move_the_margin_nor_are_indented() -> None:
    known = [("一", 72.0, 16.0), ("二", 104.0, 16.0)]
    assert pdf.laid_out([known, [], [("𠮷", 0.0, 0.0)] * 9]) == "一\n　　二\f\f" + "\n".join(
        "𠮷" * 9
    )


def test_indents_are_bounded() -> None:
    assert pdf.laid_out([[("一", 0.0, 0.5)] * 2 + [("二", 500.0, 0.5)]]).endswith(
        "\n" + "　" * pdf.MAX_INDENT + "二"
    )


def test_words_that_pdfium_marks_as_hyphenated_are_joined() -> None:
    assert pdf.laid_out([[("PP\ufffe", 0, 0), ("P项目", 0, 0)]]) == "PPP项目"


def test_a_pdf_with_a_password_needs_it(tmp_path: Path) -> None:
    assert code(tmp_path, letter(PAGE, password="secret")) == "needs_password"


def test_a_pdf_that_only_forbids_copying_is_read(tmp_path: Path) -> None:
    assert "徐秀叶委员" in parsed(tmp_path, letter(PAGE, password="")).text


IMAGE = b"q 500 0 0 700 40 40 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"


def test_a_scan_has_no_text(tmp_path: Path) -> None:
    assert code(tmp_path, hostile.pdf(IMAGE)) == "no_text"
    assert code(tmp_path, hostile.pdf(b"0 0 9 9 re f")) == "no_text"


def test_glyphs_without_characters_are_no_text(tmp_path: Path) -> None:
    assert code(tmp_path, hostile.pdf(hostile.pdf_text(r"\001\003\004\005\006"))) == "no_text"


def test_pages_that_are_images_are_flagged() -> None:
    both = io.BytesIO()
    canvas = Canvas(both)
    canvas.drawString(72, 700, "text")
    canvas.showPage()
    canvas.drawInlineImage(_picture(), 40, 40, 500, 700)
    canvas.showPage()
    canvas.save()
    raw = pdf.read(io.BytesIO(both.getvalue()), Limits())
    assert raw == Raw(id=None, text="text\f", flags=("scanned_pages",))


def _picture() -> object:
    from PIL import Image

    return Image.new("L", (4, 4), 128)


def test_pages_are_capped(tmp_path: Path) -> None:
    many = hostile.pdf(hostile.pdf_text("x"), pages=2001)
    assert code(tmp_path, many) == "too_large"
    assert parsed(tmp_path, many, Limits(pages=2001)).text.count("\f") == 2000


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n" + bytes(range(256)) * 40,
        b"%PDF-1.4",
        letter(PAGE)[:400],
    ],
    ids=["random", "head only", "cut"],
)
def test_damaged_files_are_refused(tmp_path: Path, content: bytes) -> None:
    assert code(tmp_path, content) in ("damaged_file", "no_text")


def test_a_page_tree_that_is_a_circle_ends(tmp_path: Path) -> None:
    whole = hostile.pdf(hostile.pdf_text("x")).replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]")
    assert code(tmp_path, whole) in ("damaged_file", "no_text", "resource_limit")


def test_hundreds_of_bytes_that_become_4_gigabytes_cost_only_the_child(tmp_path: Path) -> None:
    bomb = hostile.pdf(hostile.flate_bomb(4095 * MEGABYTE, filters=3), filters=3)
    assert len(bomb) < 1000
    assert code(tmp_path, bomb) == "resource_limit"


def test_a_kilobyte_that_becomes_300_megabytes_of_text_is_stopped(tmp_path: Path) -> None:
    words = b"BT /F1 1 Tf " + b"(" + b"a" * 200 + b") Tj ET "
    bomb = hostile.flate_bomb(300 * MEGABYTE, filters=2, unit=words)
    assert len(bomb) < 20_000
    limits = Limits(cpu_seconds=5)
    assert code(tmp_path, hostile.pdf(bomb, filters=2), limits) == "resource_limit"


def test_300_megabytes_of_nothing_are_never_a_letter(tmp_path: Path) -> None:
    bomb = hostile.pdf(hostile.flate_bomb(300 * MEGABYTE, filters=2), filters=2)
    assert len(bomb) < 1500
    assert code(tmp_path, bomb) in ("resource_limit", "no_text")


def test_compressed_streams_are_read(tmp_path: Path) -> None:
    packed = zlib.compress(hostile.pdf_text("Reply", "of June"))
    assert parsed(tmp_path, hostile.pdf(packed, filters=1)).text == "Reply\nof June"


def noted(*, info: dict[str, str] | None = None, note: dict[str, str] | None = None) -> bytes:
    """A PDF of one page with data about the document and an annotation."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(letter(PAGE)))
    writer.add_metadata({f"/{key}": value for key, value in (info or {}).items()})
    if note:
        marked = DictionaryObject({NameObject("/Type"): NameObject("/Annot")})
        corners = ArrayObject([FloatObject(at) for at in (0, 0, 99, 99)])
        marked[NameObject("/Rect")] = corners
        for key, value in note.items():
            named = value.startswith("/")
            marked[NameObject(f"/{key}")] = NameObject(value) if named else TextStringObject(value)
        writer.add_annotation(0, marked)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["/FreeText", "/Text", "/Stamp", "/Square", "/Widget"])
@pytest.mark.parametrize("key", ["Contents", "Subj", "V"])
def test_notes_on_a_page_may_mark_the_letter(tmp_path: Path, kind: str, key: str) -> None:
    raw = parsed(tmp_path, noted(note={"Subtype": kind, key: "甲\n秘密★1年"}))
    assert raw.around == "秘密★1年"
    assert "秘密" not in raw.text


def test_the_name_of_a_stamp_may_mark_the_letter(tmp_path: Path) -> None:
    note = {"Subtype": "/Stamp", "Name": "/NotForPublicRelease"}
    assert parsed(tmp_path, noted(note=note)).around == "NotForPublicRelease"


@pytest.mark.parametrize("key", ["Title", "Subject", "Keywords"])
def test_data_about_the_document_may_mark_the_letter(tmp_path: Path, key: str) -> None:
    assert parsed(tmp_path, noted(info={key: "不予公开"})).around == "不予公开"
    assert parsed(tmp_path, noted(info={key: "路灯"})).around == ""


def test_many_notes_are_read_within_the_limits_of_the_child(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(noted(note={"Subtype": "/Text"})))
    page = writer.pages[0]
    held = page["/Annots"]
    assert isinstance(held, ArrayObject)
    held.extend([held[0]] * 20_000)
    file = io.BytesIO()
    writer.write(file)
    assert parsed(tmp_path, file.getvalue()).text
