"""A week of the ledger: what came, what became late, what was done, by organ."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from docx import Document

from kb.errors import WrongUse
from kb.extract.types import Due
from kb.ledger import changed, edit, regroup, signing, weekly, work
from kb.ledger.events import entry
from kb.ledger.formats import bulletin
from kb.ledger.undo import undo
from kb.ledger.weekly import Week, first_day, week_of
from kb.ledger.work import Reminder
from kb.staff.database import By, opened
from tests.support.promises import ORGAN, PROMISES, TODAY, WANG, found_in, letter_of, put, under_way

MONDAY = date(2026, 6, 22)
WATER = "云岭市水利局"
MOBILE = "13812345678"


def on(day: int) -> By:
    """王芳 at noon of a day in June 2026, by the clock of this machine."""
    return By(who="王芳", at=datetime(2026, 6, day, 12).astimezone())


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Seven promises that were begun on 30 June, due on these days; the last is the neighbour's."""
    path = tmp_path / "staff.db"
    days = [MONDAY + timedelta(days=ahead) for ahead in (-2, -1, 5, 6, 60, 60)]
    under_way(path, *(day.isoformat() for day in days))
    with opened(path) as database:
        edit.correct(database, entry(database, 6).seen, {"organ": WATER}, by=WANG)
        yield database


def asked(book: sqlite3.Connection, first: date = MONDAY, *, unmasked: bool = True) -> Week:
    return week_of(book, first, today=TODAY, unmasked=unmasked)


def test_late_in_the_week_is_whose_first_day_too_late_is_in_it(book: sqlite3.Connection) -> None:
    week = asked(book)
    assert [one.id for one in week.newly_late] == [2, 3]  # 1 was late on Sunday, 4 on Monday after
    assert (week.newly, week.late, week.open) == (2, 4, 6)
    assert [one.id for one in asked(book, MONDAY + timedelta(days=7)).newly_late] == [4]


def test_changes_are_those_of_the_week_each_of_its_kind(book: sqlite3.Connection) -> None:
    edit.move(book, entry(book, 1).seen, "done", by=on(22), reason="竣工")
    edit.move(book, entry(book, 2).seen, "dropped", by=on(28), reason="规划调整")
    later = Due(raw="九月", first=None, last="2026-09-30", precision="month")
    edit.correct(book, entry(book, 3).seen, {"due": later}, by=on(24), reason="雨季")
    edit.move(book, entry(book, 4).seen, "not_started", by=on(25), reason="没有开工")
    edit.move(book, entry(book, 5).seen, "done", by=on(29), reason="下一周")
    letter = letter_of("将新建公厕10座", letter_id="新")
    edit.add(book, letter, found_in(letter, "将新建公厕10座")[0], by=on(23))
    work.comment(book, 6, "不算变化", by=on(24))
    work.remind(book, [6], Reminder(whom=WATER, way="phone"), by=on(24), today=TODAY)
    week = asked(book)
    told = [(one.what, one.entry.id, one.told, one.reason) for one in week.changes]
    assert told == [
        ("done", 1, "进行中 → 已完成（是否按期不明）", "竣工"),
        ("dropped", 2, "进行中 → 不再实施", "规划调整"),
        ("extended", 3, "2026-06-27 → 2026-09-30", "雨季"),
        ("moved", 4, "进行中 → 未启动", "没有开工"),
        ("new", 7, "人工补录", ""),
    ]
    assert week.reminders == 1
    assert [week.number(what) for what in changed.WHATS] == [1, 1, 1, 1, 1, 0, 0, 0]


def test_what_is_confirmed_is_new_once_and_told_where_it_is_put_back(
    book: sqlite3.Connection,
) -> None:
    week = asked(book, date(2026, 6, 29))
    assert [(one.what, one.told) for one in week.changes] == [("new", "待核实 → 进行中")] * 6
    edit.move(book, entry(book, 1).seen, "proposed", by=on(23), reason="再看")
    edit.move(book, entry(book, 1).seen, "rejected", by=on(23))
    edit.move(book, entry(book, 2).seen, "rejected", by=on(24), reason="不是")
    edit.move(book, entry(book, 3).seen, "proposed", by=on(24), reason="再看")
    edit.move(book, entry(book, 3).seen, "under_way", by=on(24))
    assert [(one.what, one.entry.id, one.told) for one in asked(book).changes] == [
        ("moved", 1, "进行中 → 待核实"),
        ("moved", 2, "进行中 → 不是承诺"),
        ("moved", 3, "进行中 → 待核实"),
        ("moved", 3, "待核实 → 进行中"),
    ]


def test_what_is_confirmed_again_after_it_was_undone_is_new(book: sqlite3.Connection) -> None:
    put(book, letter_of(*PROMISES))
    edit.move(book, entry(book, 7).seen, "rejected", by=on(22))
    edit.move(book, entry(book, 7).seen, "proposed", by=on(22), reason="再看")
    edit.move(book, entry(book, 7).seen, "under_way", by=on(22))
    undo(book, entry(book, 7).seen, by=on(23))
    edit.move(book, entry(book, 7).seen, "not_started", by=on(23))
    assert [one.told for one in asked(book).of("new")] == ["待核实 → 未启动"]


def test_what_is_merged_is_told(book: sqlite3.Connection) -> None:
    regroup.merge(book, entry(book, 1).seen, [entry(book, 2).seen], by=on(23), reason="同一件")
    regroup.merge(book, entry(book, 3).seen, [entry(book, 4).seen], by=on(23))
    undo(book, entry(book, 3).seen, by=on(23))
    assert [(one.what, one.entry.id, one.told) for one in asked(book).changes] == [
        ("moved", 2, "进行中 → 已拆分或合并（并入第 1 号）"),
        ("undone", 4, "撤销：已拆分或合并 → 进行中"),
    ]


def test_what_is_undone_is_told_and_no_more_counted(book: sqlite3.Connection) -> None:
    edit.move(book, entry(book, 1).seen, "done", by=on(22), reason="点错了")
    undo(book, entry(book, 1).seen, by=on(22))
    edit.move(book, entry(book, 1).seen, "dropped", by=on(23), reason="规划调整")
    undo(book, entry(book, 1).seen, by=on(30))
    edit.move(book, entry(book, 2).seen, "done", by=on(24), reason="竣工")
    week = asked(book)
    assert [(one.what, one.entry.id, one.told) for one in week.changes] == [
        ("undone", 1, "撤销：已完成 → 进行中"),
        ("done", 2, "进行中 → 已完成（是否按期不明）"),
    ]
    assert (week.number("done"), week.number("dropped")) == (1, 0)


def test_the_steps_of_two_people_are_told(book: sqlite3.Connection) -> None:
    chief = replace(on(24), who="李主任")

    def report(number: int, day: int) -> None:
        seen = entry(book, number).seen
        signing.decide(book, seen, "done", by=on(day), two_step=True, reason="竣工")

    report(1, 22)
    signing.send_back(book, entry(book, 1).seen, by=chief, reason="没有验收单")
    report(2, 23)
    undo(book, entry(book, 2).seen, by=on(23))
    report(3, 23)
    signing.sign(book, entry(book, 3).seen, by=chief)
    undo(book, entry(book, 3).seen, by=chief)
    later = Due(raw="九月", first=None, last="2026-09-30", precision="month")
    edit.correct(book, entry(book, 4).seen, {"due": later}, by=on(25), reason="雨季")
    undo(book, entry(book, 4).seen, by=on(26))
    edit.correct(book, entry(book, 5).seen, {"note": "看过"}, by=on(26))
    undo(book, entry(book, 5).seen, by=on(26))  # nothing that a week tells of
    assert [(one.entry.id, one.told) for one in asked(book).changes] == [
        (1, "报请签批：改为“已完成”"),
        (1, "退回：改为“已完成”"),
        (2, "撤销：报请改为“已完成”"),
        (3, "报请签批：改为“已完成”"),
        (3, "撤销：已完成 → 进行中"),
        (4, "撤销：2026-09-30 → 2026-06-28"),
    ]
    assert "报请签批 2 项、退回 1 项、撤销 3 项" in bulletin.summary(asked(book))


def test_what_is_closed_says_whether_in_time(book: sqlite3.Connection) -> None:
    for number, day in ((1, "2026-06-21"), (2, "2026-06-21")):
        edit.move(book, entry(book, number).seen, "done", by=on(22), reason="竣工", done_on=day)
    assert [one.told for one in asked(book).of("done")] == [
        "进行中 → 已完成（逾期完成）",
        "进行中 → 已完成（按期完成）",
    ]


def test_what_the_program_found_is_new_once_confirmed_even_where_it_is_done_at_once(
    book: sqlite3.Connection,
) -> None:
    put(book, letter_of(*PROMISES))
    for number, status in ((7, "not_started"), (8, "done"), (9, "unverifiable")):
        edit.move(book, entry(book, number).seen, status, by=on(24), reason="看过")
    week = asked(book)
    assert [one.entry.id for one in week.of("new")] == [7, 8, 9]
    assert (week.number("new"), week.number("done"), week.number("moved")) == (3, 1, 0)


def test_every_organ_has_its_figures_and_they_add_up(book: sqlite3.Connection) -> None:
    edit.move(book, entry(book, 6).seen, "done", by=on(23), reason="竣工")
    work.remind(book, [1, 2], Reminder(whom=ORGAN, way="visit"), by=on(24), today=TODAY)
    week = asked(book)
    figures = {one.organ: one for one in week.organs}
    assert list(figures) == [ORGAN, WATER]
    own, water = figures.values()
    assert (own.open, own.late, own.newly_late, own.reminders) == (5, 4, 2, 2)
    assert (water.open, water.late, water.changes["done"]) == (0, 0, 1)
    assert week.number("done") == len(week.of("done")) == 1


def test_long_lists_are_cut_and_counted_whole(
    book: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (weekly, changed):
        monkeypatch.setattr(module, "MOST", 1)
    week = asked(book, date(2026, 6, 29))
    assert (len(week.changes), week.number("new")) == (1, 6)
    assert (len(asked(book).newly_late), asked(book).newly) == (1, 2)


def test_who_may_not_see_all_neither_sees_nor_counts_what_is_not_public(
    book: sqlite3.Connection,
) -> None:
    edit.move(book, entry(book, 1).seen, "done", by=on(23), reason="竣工")
    edit.move(book, entry(book, 2).seen, "done", by=on(23), reason="竣工")
    book.execute("UPDATE commitment SET publicity = 'closed' WHERE id IN (1, 3)")
    week = asked(book, unmasked=False)
    assert [one.entry.id for one in week.changes] == [2]
    assert (week.number("done"), week.newly, week.open) == (1, 0, 3)


def test_the_week_that_is_meant() -> None:
    assert first_day("", TODAY) == MONDAY
    assert first_day("2026-06-28", TODAY) == MONDAY
    assert first_day("2026-06-30", TODAY) == date(2026, 6, 29)
    for wrong in ("2026-07-06", "上周", "0001-01-01", "9999-12-31"):
        with pytest.raises(WrongUse, match="2026-06-22"):
            first_day(wrong, TODAY)


def test_the_document_says_it_all(book: sqlite3.Connection, tmp_path: Path) -> None:
    edit.move(book, entry(book, 1).seen, "done", by=on(22), reason="竣工\x0b验收")
    bulletin.write(tmp_path / "week.docx", asked(book), printed=TODAY)
    document = Document(str(tmp_path / "week.docx"))
    paragraphs = [one.text for one in document.paragraphs]
    assert paragraphs[:2] == [
        "承诺办理情况督查通报",
        "2026年6月22日至2026年6月28日　印发日期：2026年6月30日",
    ]
    assert (
        "没有办完的承诺 5 项，其中逾期 3 项；本周新逾期 2 项，新增 0 项、办结 1 项" in paragraphs[2]
    )
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings == [
        "一、各单位情况",
        "二、本周新逾期（2 项）",
        "三、本周新增（0 项）",
        "四、本周办结（1 项）",
        "五、本周延期（0 项）",
        "六、本周不再实施（0 项）",
        "七、本周其他状态变化（0 项）",
        "八、待核实而已过期（0 项）",
    ]
    organs, late, done = ([[cell.text for cell in row.cells] for row in table.rows]
                          for table in document.tables)  # fmt: skip
    assert organs[1] == [ORGAN, "4", "3", "2", "0", "1", "0", "0", "0"]
    assert [row[0] for row in late] == ["编号", "2", "3"]
    assert done[1][3:] == ["进行中 → 已完成（是否按期不明）\n2026年6月22日", "竣工\ufffd验收"]
