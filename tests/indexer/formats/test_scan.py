"""Scans that lie askew, on their side or upside down; columns and tables on them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from indexer.formats import ocr
from indexer.formats.placed import laid_out
from indexer.formats.raw import Limits, Raw
from indexer.formats.scan import Seen, levelled, piece
from tests.support.scans import EM, SHEET, Put, sheet

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
STRAIGHT = (
    "　　　　　　　　关于第19号建议的答复\n魏青禾代表：\n"
    "　　您提出的《关于在河西增设公厕的建议》收悉，经研究，答复如下：\n"
    "河西片区现有公厕九座，今年再建四座，其中河西菜场、西站广场各一座，\n"
    "其余两座建在沿河步道，九月底前开放。\n　　感谢您的关心。\n"
    "　　　　　　　　　　　　　　　　　　　　云水市城市管理局\n"
    "　　　　　　　　　　　　　　　　　　　　　2024年5月8日"
)
LEFT = (
    "一、基本情况。全市共有农贸市场三十",
    "一处，其中二十处建于上世纪，设施",
    "陈旧，排水不畅，周边停车困难，",
    "群众意见较多，改造势在必行。",
    "二、已做工作。前年以来，我局改造",
    "了八处市场，投入资金两千余万元。",
)
RIGHT = (
    "三、下一步打算。今年改造五处，明年",
    "再改造七处，费用由市、区两级财政",
    "各承担一半，改造期间设临时摊位，",
    "不影响居民买菜。",
    "四、关于收费。市场改造以后摊位费",
    "三年不涨，由管理方向社会承诺。",
)


def told(lines: list[Seen]) -> Raw:
    """What is read of a page with these lines."""
    file = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(file, "PNG")
    file.seek(0)
    return ocr.read(file, Limits(), engine=lambda _: lines)


@pytest.mark.parametrize("quarter", [0, 90, 180, 270])
@pytest.mark.parametrize("degrees", [-5, -3.3, -2, -1, -0.5, 0, 0.5, 1, 2, 3.7, 5])
def test_a_page_that_lies_askew_is_read_as_if_it_were_straight(
    degrees: float, quarter: int
) -> None:
    assert told(sheet(*SHEET, degrees=quarter + degrees)).text == STRAIGHT


def test_a_stamp_or_a_note_along_the_margin_does_not_turn_the_page() -> None:
    note = sheet((3, -30, "存档备查二〇二四年"), degrees=90)
    raw = told([*sheet(*SHEET), *note])
    assert raw.text == STRAIGHT + "\n存档备查二〇二四年"
    assert raw.flags == ("ocr", "turned_text")


def test_a_page_of_a_few_characters_is_left_as_it_is() -> None:
    assert told(sheet((0, 0, "是"), (0, 3, "否"))).text == "是\n否"


def columns(*, askew: float = 0.0) -> Raw:
    left = [(0, 3 + 2 * row, words) for row, words in enumerate(LEFT)]
    right = [(20, 3 + 2 * row, words) for row, words in enumerate(RIGHT)]
    rows: list[Put] = [put for pair in zip(left, right, strict=True) for put in pair]
    return told(sheet((10, 0, "关于农贸市场改造的答复"), *rows, degrees=askew))


@pytest.mark.parametrize("askew", [-2, 0, 3])
def test_columns_are_read_one_after_the_other(askew: float) -> None:
    raw = columns(askew=askew)
    lines = [line.strip("　") for line in raw.text.split("\n")]
    assert lines == ["关于农贸市场改造的答复", *LEFT, *RIGHT]
    assert raw.flags == ("ocr", "two_columns")


def run_on(left: str, right: str, *, y: float) -> Seen:
    """One line that an engine made of the lines of two columns, 18 and 17 ems wide."""
    (line,) = sheet((0, y, left + right))
    wide = (20 + len(right)) * EM
    corners = [(0.0, y * EM), (wide, y * EM), (wide, (y + 1) * EM), (0.0, (y + 1) * EM)]
    gap = (len(left), len(left) * EM / wide, 20 * EM / wide)
    return Seen(words=line.words, confidence=0.95, corners=corners, gaps=(gap,))


def test_a_line_that_runs_on_across_the_gutter_is_parted() -> None:
    left = [(0, 3 + 2 * row, words) for row, words in enumerate(LEFT) if row != 2]
    right = [(20, 3 + 2 * row, words) for row, words in enumerate(RIGHT) if row != 2]
    raw = told([*sheet(*left, *right), run_on(LEFT[2], RIGHT[2], y=7)])
    assert [line.strip("　") for line in raw.text.split("\n")] == [*LEFT, *RIGHT]
    assert {words for page in raw.recognised for words, _ in page} == {*LEFT, *RIGHT}


def test_a_gap_in_a_line_of_prose_parts_nothing() -> None:
    (line,) = sheet((0, 20, "此复。联系人：何文"))
    wide = Seen(words=line.words, confidence=0.9, corners=line.corners, gaps=((3, 0.3, 0.5),))
    assert "此复。联系人：何文" in told([*sheet(*SHEET[:-1]), wide]).text


@pytest.mark.parametrize("askew", [-3, 0, 1])
def test_the_cells_of_a_table_are_parted_by_tabs(askew: float) -> None:
    cells = (
        ("乡镇", "项目", "投资（万元）", "完成时间"),
        ("青石镇", "道路硬化", "326.5", "2024年6月"),
        ("白鹭乡", "桥梁加固", "88", ""),
        ("沙河镇", "", "1204", "2025年底"),
    )
    places = (0, 6, 13, 22)
    puts = [
        (x, 4 + 2 * row, words)
        for row, line in enumerate(cells)
        for x, words in zip(places, line, strict=True)
        if words
    ]
    raw = told(sheet((0, 0, "附：各乡镇项目一览"), *puts, degrees=askew))
    assert raw.text.split("\n")[1:] == ["\t".join(line).rstrip("\t") for line in cells]


def test_sizes_are_those_of_the_type_and_not_of_the_box() -> None:
    """Boxes are drawn wider around the words than their type is high."""
    box = [(0.0, 0.0), (400.0, 0.0), (400.0, 56.0), (0.0, 56.0)]
    assert piece(Seen(words="十个字十个字十个字十", confidence=1.0, corners=box)).size == 40


def test_level_pages_stay_where_they_are() -> None:
    level, aside = levelled(sheet(*SHEET))
    assert not aside
    assert laid_out([[piece(line) for line in level]]).text == STRAIGHT


def drawn(*, degrees: float) -> io.BytesIO:
    """The sheet as a scan of 300 dots per inch, turned counter-clockwise by ``degrees``."""
    page, size = Image.new("L", (2480, 3508), 255), 58
    draw, font = ImageDraw.Draw(page), ImageFont.truetype(FONT, size)
    for x, y, words in SHEET:
        draw.text((300 + x * size, 300 + y * size), words, font=font, fill=20)
    file = io.BytesIO()
    page.rotate(degrees, expand=True, fillcolor=255).save(file, "PNG")
    file.seek(0)
    return file


@pytest.mark.skipif(not (ocr.installed() and FONT.exists()), reason="fuwen[ocr] or font is absent")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("degrees", [-2, 92, 180])
def test_the_engine_itself_reads_a_scan_whichever_way_it_lies(degrees: float) -> None:
    raw = ocr.read(drawn(degrees=degrees), Limits())
    assert raw.text.replace("　", "") == STRAIGHT.replace("　", "")
    assert {sure >= 0.5 for page in raw.recognised for _, sure in page} == {True}
