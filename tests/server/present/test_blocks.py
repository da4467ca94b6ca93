"""A letter set out: tables with their heads, every character kept, far lines folded away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.answer.quotes import quote
from kb.types import Letter, Span
from server.present import views
from server.present.blocks import SHORT, Block, opening, set_out, table_of, text_of
from tests.support.fakes import MemoryStore, make_letter
from tests.support.served import place, served
from tests.support.stores import publish

COUNTED = "县区\t村卫生室（个）\t达标率\n明溪县\t352\t94.0%\n临江县\t297\t96.0%\n合计\t649"


def of(text: str, words: str = "", *, mark: Span | None = None) -> list[Block]:
    letter = make_letter("a", text)
    mark = place(letter, words) if words else mark
    return set_out(views.lines(letter, mark=mark), letter, focus=mark)


def tables(text: str) -> list[Block]:
    return [block for block in of(text) if block.rows]


def words_of(letter: Letter, blocks: list[Block]) -> str:
    lines = list[str]()
    for block in blocks:
        if block.line:
            lines.append(text_of(block.line))
        for row in block.rows:
            lines.append("\t".join("".join(piece.text for piece in cell) for cell in row.cells))
    return "\n".join(lines)


def test_rows_of_figures_are_a_table_under_the_row_that_names_them() -> None:
    (table,) = tables(f"各县区见下表：\n{COUNTED}\n没有达标的35个。")
    assert [text_of(row.line) for row in table.head] == ["县区\t村卫生室（个）\t达标率"]
    assert len(table.body) == 3
    assert table.figures == {1, 2}
    assert table.width == 3


@pytest.mark.parametrize(
    ("text", "heads", "width"),
    [
        ("项目\t2024年\t2025年\n投入（万元）\t120\t135", 1, 3),
        ("事项\t责任单位\t完成时限\n加装电梯\t住建局\t年底前\n路灯\t城管局\t六月底", 1, 3),
        ("联系单位\t养护科\n地址\t人民路", 0, 2),
        ("明溪县\t352\n临江县\t297", 0, 2),
        ("指标\t单位\n数量\t个", 0, 2),
        ("区划\t学位\n\t小学\t初中\n青河区\t300\t200", 2, 3),
    ],
)
def test_the_head_is_told_from_the_rest(text: str, heads: int, width: int) -> None:
    (table,) = tables(f"如下。\n{text}\n以上。")
    assert (len(table.head), table.width) == (heads, width)


def test_a_short_row_across_the_columns_stays_within_its_table() -> None:
    (table,) = tables("项目\t数量\n一、市本级\n路灯\t300\n长椅\t120\n二、区县\n路灯\t80")
    assert [row.across for row in table.rows] == [False, True, False, False, True, False]


@pytest.mark.parametrize(
    "text", ["没有表格。\n第二段。", "办理结果\tB\n以上。", "签发人\t陆明远\n\n文号\t云建办"]
)
def test_one_row_is_no_table(text: str) -> None:
    assert not tables(text)


def test_two_tables_with_a_sentence_between_them_are_two() -> None:
    assert len(tables(f"{COUNTED}\n以上为村卫生室，以下为药店。\n{COUNTED}")) == 2


@given(
    st.text(st.sampled_from("县\t\n12%。：一"), max_size=60),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_no_character_is_lost_or_moved(text: str, one: int, other: int) -> None:
    letter = make_letter("a", text)
    start, end = sorted(min(at, len(letter.text)) for at in (one, other))
    mark = Span(start=start, end=end) if start < end else None
    blocks = set_out(views.lines(letter, mark=mark), letter, focus=mark)
    assert words_of(letter, blocks) == letter.text


def test_a_marked_cell_keeps_its_mark_and_one_anchor() -> None:
    (table,) = [block for block in of(f"见下表：\n{COUNTED}", "临江县\t297") if block.rows]
    marked = [piece for row in table.rows for cell in row.cells for piece in cell if piece.marked]
    assert [piece.text for piece in marked] == ["临江县", "297"]
    assert [piece.anchor for piece in marked] == [True, False]


LONG = "开头的一段。\n" + "说的是别的事情。\n" * 40 + "进展见下表：\n" + COUNTED + "\n结尾的一段。"


def test_of_a_long_letter_the_passage_is_near_and_the_rest_far() -> None:
    assert len(LONG) > SHORT
    blocks = of(LONG, "结尾的一段")
    near = [block for block in blocks if not block.far]
    assert [text_of(block.line) for block in near if block.line] == ["结尾的一段。"]
    assert near[0].gap


def test_a_line_that_leads_to_a_table_brings_it_along() -> None:
    near = [block for block in of(LONG, "进展见下表") if not block.far]
    assert [bool(block.rows) for block in near] == [False, True]


def test_a_short_letter_is_shown_whole() -> None:
    assert not any(block.far for block in of("开头。\n中间。\n结尾。", "结尾"))


def test_the_opening_is_the_first_sentence_that_says_something() -> None:
    head = "云岭市住建局\n欧阳慧委员：\n您的提案收悉，现答复如下：\n"
    letter = make_letter("a", f"{head}全市已建成电梯96部。下一步再建。")
    found = opening(letter)
    assert found
    assert found.of(letter.text) == "全市已建成电梯96部。"
    assert opening(make_letter("b", "此致")) is None


def test_a_quote_of_a_row_is_shown_under_the_heads_of_its_columns() -> None:
    letter = make_letter("a", f"见下表：\n{COUNTED}\n以上。")
    table = table_of(quote(letter, place(letter, "临江县\t297\t96.0%"), score=1.0), letter)
    assert table
    assert [text_of(row.line) for row in table.head] == ["县区\t村卫生室（个）\t达标率"]
    assert [text_of(row.line) for row in table.body] == ["临江县\t297\t96.0%"]
    assert not [p for row in table.rows for cell in row.cells for p in cell if p.anchor]


@pytest.mark.parametrize("words", ["以上。", "见下表：\n县区"])
def test_a_quote_of_anything_else_is_no_table(words: str) -> None:
    letter = make_letter("a", f"见下表：\n{COUNTED}\n以上。")
    assert table_of(quote(letter, place(letter, words), score=1.0), letter) is None


def test_a_ragged_table_is_drawn_with_no_more_cells_than_it_has() -> None:
    wide, short = "\t".join("1" * 3000), "\n".join(["一\t2"] * 3000)
    store = MemoryStore()
    publish(store, make_letter("a", f"见下表：\n{wide}\n{short}"))
    page = served(store=store).get("/letters/a").text
    assert page.count("<td") <= 3000 + 3 * 3000 + 50  # those of the facts
