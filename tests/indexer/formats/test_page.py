"""PDF: columns, tables, turned pages, and what the text layer loses."""

from __future__ import annotations

import io
import random

import pytest

from indexer.formats import pdf
from indexer.formats.layout import Piece
from indexer.formats.pdf_page.columns import blocks
from indexer.formats.pdf_page.tables import lines_of
from indexer.formats.raw import Limits, Raw
from kb.errors import UnreadableFile
from tests.support import papers
from tests.support.papers import Put

LEFT = (
    "关于修复南门桥的建议收悉，", "现将办理情况答复如下：南门", "桥建于一九八六年，桥面宽九",
    "米，今年三月列入危桥改造计", "划，总投资四百二十万元，目", "前已完成勘察。",
)  # fmt: skip
RIGHT = (
    "关于增设候车亭的建议收悉，", "现将办理情况答复如下：城区", "现有候车亭一百零八座，其中",
    "带座椅的六十座，今年再建二", "十座。",
)  # fmt: skip


def raw(content: bytes) -> Raw:
    return pdf.read(io.BytesIO(content), Limits())


def bare(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n")]


def columns(left: tuple[str, ...] = LEFT, right: tuple[str, ...] = RIGHT) -> list[Put]:
    puts = [(60.0, 700.0 - 20 * row, words) for row, words in enumerate(left)]
    return puts + [(320.0, 700.0 - 20 * row, words) for row, words in enumerate(right)]


def by_rows(puts: list[Put]) -> list[Put]:
    return sorted(puts, key=lambda put: (-put[1], put[0]))


# ── columns ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("order", ["columns", "rows", "any"])
def test_columns_are_read_one_after_the_other_however_they_are_drawn(order: str) -> None:
    puts = columns()
    if order == "rows":
        puts = by_rows(puts)
    elif order == "any":
        random.Random(5).shuffle(puts)
    found = raw(papers.placed(puts))
    assert bare(found.text) == [*LEFT, *RIGHT]
    assert "two_columns" in found.flags


def test_lines_over_both_columns_stay_above_and_below_them() -> None:
    over = "柏溪县人民代表大会常务委员会公报二〇二三年第三期建议答复选登汇编"
    under = "以上各件由县人大常委会代表工作委员会编印，欢迎各位代表来信来电指正。"
    puts = by_rows([(60.0, 740.0, over), *columns(), (60.0, 560.0, under)])
    assert bare(raw(papers.placed(puts)).text) == [over, *LEFT, *RIGHT, under]


def test_a_further_column_is_indented_from_its_own_margin() -> None:
    puts = [(344.0, 720.0, "县交通运输局"), *columns()]
    text = raw(papers.placed(puts)).text
    assert "　　县交通运输局\n关于增设候车亭" in text


def test_three_columns_are_three() -> None:
    third = tuple(line.replace("候车亭", "路灯杆") for line in RIGHT)
    puts = [
        (40.0 + 180 * at, 700.0 - 20 * row, words)
        for row in range(6)
        for at, column in enumerate((LEFT, RIGHT, third))
        for words in column[row : row + 1]
    ]
    assert bare(raw(papers.placed(puts)).text) == [*LEFT, *RIGHT, *third]


def test_one_column_is_left_as_it_is() -> None:
    puts = [(60.0, 700.0 - 20 * row, words * 2) for row, words in enumerate(LEFT)]
    puts += [(400.0, 560.0, "柏溪县交通运输局"), (400.0, 540.0, "2023年5月8日")]
    found = raw(papers.placed(puts))
    assert found.flags == ()
    assert bare(found.text) == [words for _, _, words in puts]


# ── tables ───────────────────────────────────────────────────────────────────────────────

ROWS = (("桥名", "投资（万元）", "完工"), ("南门桥", "420", "2024年6月"), ("新桥", "85", "在建"))


def grid(rows: tuple[tuple[str, ...], ...] = ROWS, *, top: float = 600.0) -> list[Put]:
    return [
        (60.0 + 120 * column, top - 22 * row, words)
        for row, cells in enumerate(rows)
        for column, words in enumerate(cells)
        if words
    ]


def test_cells_of_a_table_are_parted_by_tabs() -> None:
    assert raw(papers.placed(grid())).text.split("\n") == ["\t".join(row) for row in ROWS]


def test_cells_drawn_column_by_column_are_rows_again() -> None:
    puts = sorted(grid(), key=lambda put: put[0])
    assert raw(papers.placed(puts)).text.split("\n") == ["\t".join(row) for row in ROWS]


def test_an_empty_cell_keeps_its_place() -> None:
    rows = (ROWS[0], ("老桥", "", "2022年1月"), ROWS[2])
    assert raw(papers.placed(grid(rows))).text.split("\n")[1] == "老桥\t\t2022年1月"


def test_a_cell_of_two_lines_is_one() -> None:
    puts = [*grid(), (180.0, 600 - 22 * 2 - 15, "（含便道）")]
    assert raw(papers.placed(puts)).text.split("\n")[2] == "新桥\t85（含便道）\t在建"


def test_what_stands_under_a_table_is_no_cell_of_it() -> None:
    puts = [*grid(), (270.0, 525.0, "柏溪县交通运输局"), (285.0, 505.0, "2023年5月8日")]
    assert bare(raw(papers.placed(puts)).text)[3:] == ["柏溪县交通运输局", "2023年5月8日"]


def test_a_line_with_a_gap_is_no_table() -> None:
    puts = [
        (60.0, 700.0, "柏交函〔2023〕9号"),
        (320.0, 700.0, "签发人：某甲"),
        (60.0, 660.0, LEFT[0]),
    ]
    assert bare(raw(papers.placed(puts)).text)[0] == "柏交函〔2023〕9号 签发人：某甲"


def test_numbers_before_paragraphs_are_no_column() -> None:
    puts = []
    for row, (number, words) in enumerate(zip(("1.", "2.", "3."), LEFT, strict=False)):
        puts += [(60.0, 700.0 - 20 * row, number), (96.0, 700.0 - 20 * row, words)]
    assert "\t" not in raw(papers.placed(puts)).text


def test_prose_with_gaps_at_different_places_is_no_table() -> None:
    lines = [[piece("某某", 0, 20), piece("答复如下", 60, 120)],
             [piece("各项工作", 0, 70), piece("有序", 90, 120)]]  # fmt: skip
    assert [words for words, _, _ in lines_of(lines)] == ["某某 答复如下", "各项工作 有序"]


def piece(words: str, left: float, right: float, base: float = 0.0) -> Piece:
    return Piece(words=words, left=left, right=right, base=base, size=10.0)


@pytest.mark.parametrize("width", [12.0, 90.0])
def test_many_pieces_are_laid_out_in_linear_time(width: float) -> None:
    """Twenty thousand pieces at whatever places would take hours if each met each."""
    dice = random.Random(3)
    pieces = [
        piece("字", left, left + width, float(dice.randrange(900)))
        for left in (float(dice.randrange(500)) for _ in range(20_000))
    ]
    words = [words for block in blocks(pieces) for words, _, _ in lines_of(block.rows)]
    assert "".join(words).count("字") == 20_000


# ── turned pages and lost characters ─────────────────────────────────────────────────────


@pytest.mark.parametrize("turn", [90, 180, 270])
@pytest.mark.parametrize("shown_upright", [True, False])
def test_a_turned_page_is_read_as_it_was_set(turn: int, shown_upright: bool) -> None:
    puts = [(60.0, 500.0 - 20 * row, words) for row, words in enumerate(LEFT)]
    found = raw(papers.placed(puts, turn=turn, rotate=turn if shown_upright else 0))
    assert bare(found.text) == list(LEFT)
    assert ("turned_text" in found.flags) is not shown_upright


def test_words_across_a_page_do_not_mingle_with_it() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.setFont("STSong-Light", 12)
    for row, words in enumerate(LEFT):
        canvas.drawString(60, 700 - 20 * row, words)
    canvas.rotate(45)
    canvas.drawString(500, 200, "仅供内部传阅")
    canvas.showPage()
    canvas.save()
    lines = bare(raw(file.getvalue()).text)
    assert lines[: len(LEFT)] == list(LEFT)


UPWARDS = "0 1 -1 0 {} 60"


def test_a_turned_page_that_is_half_read_is_refused() -> None:
    lines = [(UPWARDS.format(60 + 28 * row), words) for row, words in enumerate(LEFT)]
    lines.append((UPWARDS.format(400), "共12座"))
    with pytest.raises(UnreadableFile) as caught:
        raw(papers.unembedded(*lines, rotate=90))
    assert caught.value.code == "unreadable_layer"


def test_letters_set_one_by_one_in_a_font_that_is_not_there_are_refused() -> None:
    lines = [
        (f"1 0 0 1 {500 - 40 * column} {760 - 22 * row}", char)
        for column, words in enumerate(LEFT)
        for row, char in enumerate(words)
    ]
    with pytest.raises(UnreadableFile) as caught:
        raw(papers.unembedded(*lines))
    assert caught.value.code == "unreadable_layer"


def test_a_font_that_is_not_in_the_file_is_flagged() -> None:
    lines = [(f"1 0 0 1 60 {700 - 24 * row}", words) for row, words in enumerate(LEFT)]
    found = raw(papers.unembedded(*lines))
    assert bare(found.text) == list(LEFT)
    assert found.flags == ("font_not_embedded",)


def test_words_drawn_twice_to_look_bold_are_not_lost() -> None:
    puts = [(60.0, 700.0 - 20 * row, words) for row, words in enumerate(LEFT)]
    found = raw(papers.placed([put for one in puts for put in (one, (one[0] + 0.3, *one[1:]))]))
    assert bare(found.text) == list(LEFT)
    assert found.flags == ()
