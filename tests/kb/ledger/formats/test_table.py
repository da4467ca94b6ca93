"""A commitment as a row, and what is read out of its cells again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.extract.types import PRECISIONS, Due, Precision, Strength, Target
from kb.ledger import edit
from kb.ledger.columns import CORRECTABLE
from kb.ledger.events import Proof, entry
from kb.ledger.formats.table import (
    COLUMNS,
    NAMES,
    READABLE,
    BadCell,
    Line,
    cells,
    clean,
    lines,
)
from kb.ledger.policy import as_seen
from kb.ledger.queries import Wanted
from kb.ledger.types import excerpt
from kb.staff.database import opened
from kb.types import Span
from tests.support.outgoing import line_of
from tests.support.promises import LIFTS, PROMISES, TODAY, WANG, letter_of, put


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        put(database, letter_of(*PROMISES, number="云建函〔2024〕3号"))
        yield database


def row(book: sqlite3.Connection, number: int = 1) -> dict[str, str]:
    return cells(Line(entry=entry(book, number), evidence=2, today=TODAY))


def read(name: str, **changed: str) -> Any:
    blank = dict.fromkeys(NAMES, "")
    return READABLE[name].read(blank | changed)


def test_a_row_says_everything_in_words(book: sqlite3.Connection) -> None:
    told = row(book)
    at = entry(book, 1).changed_at.astimezone()
    assert told == {
        "编号": "1",
        "版本": "1",
        "状态": "待核实",
        "完成情况": "",
        "完成日期": "",
        "待签批": "",
        "承诺原文": LIFTS,
        "负责单位": "云岭市住房和城乡建设局",
        "会办单位": "云岭市财政局",
        "事项": LIFTS[:4],
        "期限": "2025年6月底前",
        "首日": "2024-05-06",
        "末日": "2025-06-30",
        "原定末日": "",
        "延期次数": "",
        "精确到": "月",
        "目标": "60部",
        "目标数值": "60",
        "目标单位": "部",
        "语气": "将",
        "空泛": "",
        "有条件": "",
        "复文标题": entry(book, 1).citation.name,
        "文号": "云建函〔2024〕3号",
        "日期": "2024-05-06",
        "类别": "B",
        "所在标题": "",
        "备注": "",
        "责任人": "",
        "催办次数": "0",
        "佐证数": "2",
        "更新时间": f"{at:%Y-%m-%d %H:%M}",
    }
    assert list(told) == list(NAMES)


def test_what_is_open_after_its_last_day_is_called_overdue(book: sqlite3.Connection) -> None:
    edit.move(book, entry(book, 1).seen, "under_way", by=WANG)
    assert row(book)["状态"] == "逾期"


def test_what_was_put_off_and_is_done_says_so(book: sqlite3.Connection) -> None:
    edit.move(book, entry(book, 1).seen, "under_way", by=WANG)
    due = Due(raw="年底前", first=None, last="2025-12-31", precision="year")
    edit.correct(book, entry(book, 1).seen, {"due": due}, by=WANG, reason="停工")
    edit.move(book, entry(book, 1).seen, "done", by=WANG, reason="看过", done_on="2026-01-05")
    told = row(book)
    assert (told["状态"], told["完成情况"], told["完成日期"]) == (
        "已完成",
        "逾期完成",
        "2026-01-05",
    )
    assert (told["末日"], told["原定末日"], told["延期次数"]) == ("2025-12-31", "2025-06-30", "1")


def test_every_word_has_its_meaning_and_no_two_have_one() -> None:
    assert set(PRECISIONS) == set(get_args(Precision))
    assert len(set(PRECISIONS.values())) == len(PRECISIONS)
    assert set(READABLE) == set(CORRECTABLE)
    assert {name for one in READABLE.values() for name in one.columns} < set(NAMES)
    assert len(set(NAMES)) == len(COLUMNS)


words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12).map(clean)
organs = words.filter(lambda text: text and not any(sign in text for sign in "、，,；;\n"))
days = st.dates(date(1900, 1, 1)).map(date.isoformat)


@st.composite
def dues(draw: st.DrawFn) -> Due | None:
    first, last = sorted((draw(days), draw(days)))
    return draw(
        st.sampled_from(
            [
                None,
                Due(
                    raw=draw(words) or "年底前",
                    first=first,
                    last=last,
                    precision=draw(st.sampled_from(get_args(Precision))),
                ),
                Due(raw="汛期前", first=None, last=None, precision="vague"),
            ]
        )
    )


targets = st.none() | st.builds(
    Target, value=st.floats(allow_nan=False, allow_infinity=False), unit=words,
    text=words.filter(bool),
)  # fmt: skip


@given(
    organ=st.none() | words.filter(bool),
    co_organs=st.lists(organs).map(tuple),
    action=words,
    due=dues(),
    target=targets,
    strength=st.sampled_from(get_args(Strength)),
    vague=st.booleans(),
    conditional=st.booleans(),
    note=words,
)
def test_what_is_written_is_read_again_as_it_was(**fields: Any) -> None:
    whole = cells(line_of(**fields))
    for name, value in fields.items():
        assert READABLE[name].read(whole) == value


@pytest.mark.parametrize("day", ["2025/6/30", "2025-6-30", "2025年6月30日", "2025/6/30 0:00"])
def test_a_day_is_read_as_spreadsheets_write_it(day: str) -> None:
    due = read("due", 期限="6月底前", 末日=day)
    assert due == Due(raw="6月底前", first=None, last="2025-06-30", precision="day")


@pytest.mark.parametrize(
    ("name", "changed", "column", "says"),
    [
        ("due", {"期限": "年底", "末日": "2025-02-30"}, "末日", "2025-06-30 的样子"),
        ("due", {"期限": "年底", "首日": "45838"}, "首日", "不是日子"),
        ("due", {"末日": "2025-06-30"}, "期限", "原话"),
        ("due", {"期限": "x", "首日": "2025-07-01", "末日": "2025-06-30"}, "末日", "早于首日"),
        ("due", {"期限": "x", "精确到": "分钟"}, "精确到", "季"),
        ("target", {"目标数值": "60"}, "目标", "原话"),
        ("target", {"目标": "六十部", "目标数值": "六十"}, "目标数值", "不是数字"),
        ("target", {"目标": "很多", "目标数值": "inf"}, "目标数值", "不是数字"),
        ("vague", {"空泛": "有点"}, "空泛", "是／否"),
        ("strength", {"语气": "一定"}, "语气", "力争"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(
    name: str, changed: dict[str, str], column: str, says: str
) -> None:
    with pytest.raises(BadCell, match=says) as caught:
        read(name, **changed)
    assert caught.value.column == column


def test_lines_are_all_of_the_wanted_with_their_evidence(book: sqlite3.Connection) -> None:
    later = letter_of("已新增加装电梯66部", letter_id="乙", issued_on="2025-06-20")
    proof = Proof(relation="fulfils", quote=excerpt(later, Span(start=0, end=9)))
    edit.move(book, entry(book, 1).seen, "done", by=WANG, proof=proof)
    found = {
        line.entry.id: line.evidence for line in lines(book, Wanted(), today=TODAY, unmasked=True)
    }
    assert found == {1: 1, 2: 0, 3: 0}


def test_more_than_one_page_of_lines_comes_once_each(
    book: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.ledger.formats.table.MOST", 2)
    found = [line.entry.id for line in lines(book, Wanted(), today=TODAY, unmasked=True)]
    assert sorted(found) == [1, 2, 3]


def test_who_may_not_see_all_sees_no_personal_data_and_no_letter_that_is_not_public(
    book: sqlite3.Connection,
) -> None:
    one = replace(entry(book, 1), text="请致电13812345678", note="车牌豫H·12345")
    seen = as_seen(one, unmasked=False)
    assert seen is not None
    assert seen.text == "请致电138****5678"
    assert "12345" not in seen.note
    assert as_seen(one, unmasked=True) is one
    closed = replace(one, publicity="on_request")
    assert as_seen(closed, unmasked=False) is None
    assert as_seen(closed, unmasked=True) is closed
