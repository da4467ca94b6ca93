"""Pictures and scans, through an engine that reads what a test writes for it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from indexer.formats import ocr, parse
from indexer.formats.raw import Limits, Raw
from indexer.formats.scan import Seen
from kb.errors import UnreadableFile
from tests.support import hostile


def line(words: str, *, x: float = 100, y: float = 100, sure: float = 0.99) -> Seen:
    """A line 40 pixels high."""
    right, low = x + 40 * len(words), y + 40
    return Seen(words=words, confidence=sure, corners=[(x, y), (right, y), (right, low), (x, low)])


def picture(form: str = "PNG", size: tuple[int, int] = (60, 40), pages: int = 1) -> io.BytesIO:
    file = io.BytesIO()
    first, *more = [Image.new("RGB", size, "white") for _ in range(pages)]
    first.save(file, form, **({"save_all": True, "append_images": more} if more else {}))
    file.seek(0)
    return file


def read(
    file: io.BytesIO,
    *lines: Seen,
    limits: Limits = Limits(),  # noqa: B008
) -> Raw:
    def engine(_: Any) -> Sequence[Seen]:
        return lines

    return ocr.read(file, limits, engine=engine)


def code(file: io.BytesIO, *lines: Seen, limits: Limits = Limits()) -> str:  # noqa: B008
    with pytest.raises(UnreadableFile) as caught:
        read(file, *lines, limits=limits)
    return caught.value.code


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF"])
def test_lines_are_ordered_and_indented_and_flagged(form: str) -> None:
    lines = (line("第二行", y=160), line("周明代表：", y=100), line("开头", x=180, y=220))
    raw = read(picture(form), *lines, line("右边", x=500, y=162))
    assert raw.text == "周明代表：\n第二行\t右边\n　　开头"
    assert raw.flags == ("ocr",)


def test_a_letter_with_a_doubtful_line_says_so() -> None:
    assert read(picture(), line("甲"), line("乙", y=200, sure=0.5)).flags == (
        "ocr",
        "ocr_low_confidence",
    )


def test_what_is_hardly_read_at_all_is_refused() -> None:
    clear, poor = line("路灯已修复"), line("桥梁检测正在进行", y=200, sure=0.3)
    assert code(picture(), clear, poor) == "unclear_scan"
    assert read(picture(), line("路灯已于本月全部修复，费用由市财政承担"), poor).flags == (
        "ocr",
        "ocr_low_confidence",
    )


def test_lines_are_kept_with_how_sure_they_are() -> None:
    raw = read(picture("TIFF", pages=2), line("甲"), line("乙", y=200, sure=0.61234))
    assert raw.recognised == ((("甲", 0.99), ("乙", 0.612)),) * 2


def test_a_page_of_metres_is_drawn_no_larger_than_it_can_be_read() -> None:
    sizes: list[tuple[int, int]] = []

    def engine(page: Image.Image) -> Sequence[Seen]:
        sizes.append(page.size)
        return [line("甲")]

    wide = io.BytesIO()
    Image.new("RGB", (2480, 3508), "white").save(wide, "PDF")  # 2480 by 3508 points
    wide.seek(0)
    assert ocr.read(wide, Limits(), engine=engine).text == "甲"
    assert max(sizes[0]) == ocr.LONGEST


def test_the_pages_of_a_tiff_are_pages() -> None:
    assert read(picture("TIFF", pages=3), line("甲")).text == "甲\f甲\f甲"


def test_the_pages_and_the_pixels_are_capped() -> None:
    few = Limits(ocr_pages=2, ocr_pixels=1000)
    assert code(picture("TIFF", size=(9, 9), pages=3), line("甲"), limits=few) == "too_large"
    assert code(picture(size=(100, 11)), line("甲"), limits=few) == "too_large"
    huge = (
        picture(size=(1, 1))
        .getvalue()
        .replace(b"IHDR" + bytes([0, 0, 0, 1] * 2), b"IHDR" + bytes([0, 0, 78, 32] * 2))
    )
    # 20,000 by 20,000: refused by what its head says (whose checksum no longer fits, at the latest)
    assert code(io.BytesIO(huge), line("甲")) in ("too_large", "damaged_file")


def test_what_is_no_picture_or_has_no_words_is_refused() -> None:
    assert code(io.BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(50)), line("甲")) == "damaged_file"
    cut = io.BytesIO(picture(size=(600, 400)).getvalue()[:60])
    assert code(cut, line("甲")) == "damaged_file"
    assert code(picture()) == "no_text"
    assert code(picture(), line("　")) == "no_text"


def test_only_the_pages_of_a_pdf_without_words_are_drawn() -> None:
    drawn: list[tuple[int, int]] = []

    def engine(page: Image.Image) -> Sequence[Seen]:
        drawn.append(page.size)
        return [line("甲")]

    silent = hostile.pdf(b"", pages=2)
    assert ocr.read(io.BytesIO(silent), Limits(), engine=engine).text == "甲\f甲"
    assert len(drawn) == 2
    assert drawn[0][0] > 1000
    spoken = hostile.pdf(hostile.pdf_text("Reply"))
    with pytest.raises(UnreadableFile):
        ocr.read(io.BytesIO(spoken), Limits(), engine=engine)
    assert len(drawn) == 2


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "installed", lambda: False)
    for name, content in (("a.png", picture().getvalue()), ("a.pdf", hostile.pdf(b""))):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(UnreadableFile, match=r"fuwen\[ocr\]") as caught:
            parse.parse(path)
        assert caught.value.code == "no_text"


def test_recognised_pages_stand_where_the_text_layer_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[str, int]] = []

    def run(reader: str, _: object, limits: Limits) -> Raw:
        given.append((reader, limits.memory_bytes))
        if reader == "pdf":
            return Raw(id=None, text="甲\f\f丙", flags=("scanned_pages",), searched=True)
        return Raw(id=None, text="\f乙\f", flags=("ocr",), recognised=((), (("乙", 0.5),), ()))

    monkeypatch.setattr(ocr, "installed", lambda: True)
    monkeypatch.setattr(parse.forkserver, "run", run)
    path = tmp_path / "a.pdf"
    path.write_bytes(hostile.pdf(b""))
    (raw,) = parse.parse(path)
    assert isinstance(raw, Raw)
    assert raw.text == "甲\f乙\f丙"
    assert raw.flags == ("ocr", "scanned_pages")
    assert raw.recognised == ((), (("乙", 0.5),), ())
    assert not raw.searched
    assert given == [("pdf", Limits().memory_bytes), ("ocr", Limits().ocr_memory_bytes)]
