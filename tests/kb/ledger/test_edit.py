"""What staff make of commitments, and what is refused them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kb.errors import WrongUse
from kb.extract.types import Due, Target
from kb.ledger import edit, regroup
from kb.ledger.edit import Corrected
from kb.ledger.events import Proof, entry
from kb.ledger.history import changes, evidence_of, history
from kb.ledger.rebuild import Rebuilt, rebuild
from kb.ledger.signing import decide_all
from kb.ledger.types import (
    MOVES,
    STATUSES,
    CommitmentNotFound,
    CommitmentOutdated,
    Seen,
    Status,
    excerpt,
)
from kb.staff import audit
from kb.staff.database import StaffUnusable, opened
from kb.types import Span
from tests.support.promises import (
    ABOUT_LIFTS,
    CARS,
    DUES,
    LATER,
    LIFTS,
    PROMISES,
    TODAY,
    WANG,
    all_entries,
    confirm,
    events,
    found_in,
    letter_of,
    projection,
    put,
    seen,
)

LETTER = letter_of(*PROMISES)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A ledger with three proposals of one letter."""
    with opened(tmp_path / "staff.db") as database:
        put(database, LETTER)
        yield database


def test_confirming_keeps_who_when_from_and_to(book: sqlite3.Connection) -> None:
    confirm(book)
    event = history(book, 1)[0]
    assert (event.who, event.at, event.kind, event.reason) == ("王芳", WANG.at, "moved", "看过")
    assert (event.was["status"], event.became["status"]) == ("proposed", "not_started")


def test_overdue_follows_from_the_day_and_is_never_stored(book: sqlite3.Connection) -> None:
    assert not entry(book, 1).overdue(TODAY)  # nobody confirmed it yet
    confirm(book)
    assert entry(book, 1).label(TODAY) == "逾期"
    assert entry(book, 1).label(date(2025, 6, 30)) == "未启动"
    assert entry(book, 1).label(date(2025, 7, 1)) == "逾期"
    edit.move(book, seen(book), "done", by=WANG, reason="现场看过")
    assert entry(book, 1).label(TODAY) == "已完成"
    assert "逾期" not in str(book.execute("SELECT * FROM commitment").fetchall())


@pytest.mark.parametrize(("was", "becomes"), [(a, b) for a in STATUSES for b in STATUSES])
def test_only_the_moves_of_the_table_are_possible(
    book: sqlite3.Connection, was: Status, becomes: Status
) -> None:
    book.execute("UPDATE commitment SET status = ? WHERE id = 1", (was,))
    if (was, becomes) in MOVES:
        edit.move(book, seen(book), becomes, by=WANG, reason="有理由")
        assert entry(book, 1).status == becomes
    else:
        with pytest.raises(WrongUse, match="不能改为"):
            edit.move(book, seen(book), becomes, by=WANG, reason="有理由")
        assert entry(book, 1).status == was


@pytest.mark.parametrize(("move", "need"), MOVES.items())
def test_a_move_without_the_reason_it_needs_is_refused(
    book: sqlite3.Connection, move: tuple[Status, Status], need: str
) -> None:
    was, becomes = move
    book.execute("UPDATE commitment SET status = ? WHERE id = 1", (was,))
    if need == "nothing":
        edit.move(book, seen(book), becomes, by=WANG)
        assert entry(book, 1).status == becomes
    else:
        with pytest.raises(WrongUse, match="要写明理由"):
            edit.move(book, seen(book), becomes, by=WANG, reason=" \n")
        assert (entry(book, 1).status, events(book)) == (was, 3)


def test_done_takes_evidence_that_it_is_or_a_reason(book: sqlite3.Connection) -> None:
    confirm(book)
    on_the_way = Proof(relation="progresses", quote=excerpt(LATER, ABOUT_LIFTS))
    with pytest.raises(WrongUse, match="已兑现"):
        edit.move(book, seen(book), "done", by=WANG, proof=on_the_way)
    edit.move(book, seen(book), "done", by=WANG, proof=replace(on_the_way, relation="fulfils"))
    (evidence,) = evidence_of(book, 1)
    assert (evidence.relation, evidence.text, evidence.who) == ("fulfils", "已加装电梯61部", "王芳")
    assert history(book, 1)[0].relation == "fulfils"


def test_evidence_that_was_linked_before_is_enough_for_done(book: sqlite3.Connection) -> None:
    confirm(book)
    edit.link(book, seen(book), LATER, ABOUT_LIFTS, relation="fulfils", by=WANG)
    assert entry(book, 1).status == "not_started"  # a link changes no status
    edit.move(book, seen(book), "done", by=WANG)
    assert entry(book, 1).status == "done"


def test_a_change_of_what_was_seen_before_somebody_elses_is_refused(
    book: sqlite3.Connection,
) -> None:
    before = seen(book)
    confirm(book)
    with pytest.raises(CommitmentOutdated, match="刚被别人改过"):
        edit.move(book, before, "rejected", by=WANG)
    with pytest.raises(CommitmentOutdated):
        edit.correct(book, before, {"organ": "云岭市水利局"}, by=WANG)
    assert entry(book, 1).status == "not_started"
    with pytest.raises(CommitmentNotFound, match="第 9 号"):
        edit.move(book, Seen(id=9, version=1), "rejected", by=WANG)


def test_of_many_who_saw_the_same_only_one_decides(
    book: sqlite3.Connection, tmp_path: Path
) -> None:
    before = seen(book)

    def decide(number: int) -> bool:
        with opened(tmp_path / "staff.db") as own:
            try:
                edit.move(own, before, "under_way", by=WANG, reason=str(number))
            except CommitmentOutdated:
                return False
        return True

    with ThreadPoolExecutor(8) as people:
        assert sum(people.map(decide, range(16))) == 1
    assert entry(book, 1).version == 2


def test_several_are_moved_together_or_not_at_all(book: sqlite3.Connection) -> None:
    stale = Seen(id=3, version=7)
    with pytest.raises(CommitmentOutdated):
        decide_all(book, [seen(book, 1), stale], "not_started", by=WANG)
    assert {one.status for one in all_entries(book)} == {"proposed"}
    decide_all(book, [seen(book, 1), seen(book, 2)], "not_started", by=WANG)
    assert [one.status for one in all_entries(book)] == ["not_started", "not_started", "proposed"]


def test_a_correction_changes_what_it_names_and_nothing_else(book: sqlite3.Connection) -> None:
    was = entry(book, 1)
    target = Target(value=80, unit="部", text="80部")
    fields: dict[str, Any] = {
        "organ": "云岭市水利局",
        "co_organs": ("甲局", "乙局"),
        "action": "加装",
        "target": target,
        "strength": "plans",
        "note": "电话问过",
        "due": None,
    }
    edit.correct(book, seen(book), fields, by=WANG)
    expected = replace(was, version=2, decided=True, changed_at=WANG.at, **fields)
    assert entry(book, 1) == expected
    assert history(book, 1)[0].kind == "corrected"


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "done"},
        {"words": "改写"},
        {"strength": "maybe"},
        {"action": "长" * 501},
        {"target": Target(value=-60, unit="部", text="-60部")},
        {"due": Due(raw="x", first=None, last="2101-01-01", precision="day")},
        {"note": "长" * 2001},
        {"due": Due(raw="x", first=None, last="2025-6-1", precision="day")},
        {"due": Due(raw="x", first="2025-06-02", last="2025-06-01", precision="day")},
        {"due": Due(raw="", first=None, last=None, precision="vague")},
        {"due": Due(raw="x", first=None, last="2025-02-30", precision="day")},
    ],
)
def test_a_senseless_correction_is_refused(
    book: sqlite3.Connection, fields: dict[str, Any]
) -> None:
    with pytest.raises(WrongUse):
        edit.correct(book, seen(book), fields, by=WANG)
    assert events(book) == 3


def test_a_correction_that_changes_nothing_is_no_event(book: sqlite3.Connection) -> None:
    edit.correct(book, seen(book), {"organ": entry(book, 1).organ}, by=WANG)
    assert (events(book), entry(book, 1).decided) == (3, False)


def test_many_corrections_are_first_tried_and_tell_what_they_would_change(
    book: sqlite3.Connection,
) -> None:
    wanted: list[tuple[Seen, dict[str, Any]]] = [
        (seen(book, 1), {"organ": "云岭市水利局"}),
        (seen(book, 2), {"note": entry(book, 2).note}),
    ]
    for dry in (True, False):
        assert events(book) == 3
        found = edit.correct_all(book, wanted, by=WANG, dry=dry)
        was = "云岭市住房和城乡建设局"
        assert found == [
            Corrected(id=1, changes=(("负责单位", was, "云岭市水利局"),)),
            Corrected(id=2),
        ]
    assert (events(book), entry(book, 1).organ) == (4, "云岭市水利局")


def test_of_many_corrections_none_is_kept_where_one_cannot_be(book: sqlite3.Connection) -> None:
    wanted = [
        (seen(book, 1), {"organ": "甲"}),
        (Seen(id=2, version=9), {"organ": "乙"}),
        (Seen(id=99, version=1), {}),
        (seen(book, 3), {"colour": 1}),
    ]
    found = edit.correct_all(book, wanted, by=WANG)
    assert [bool(one.problem) for one in found] == [False, True, True, True]
    assert (events(book), audit.head(book).row) == (3, 1)


def longer(last: str | None) -> dict[str, Any]:
    return {"due": replace(DUES[LIFTS], last=last)}


def test_what_a_change_changed_is_told_in_words(book: sqlite3.Connection) -> None:
    edit.correct(book, seen(book), {"co_organs": ("甲局", "乙局"), "due": None}, by=WANG)
    confirm(book)
    moved, corrected, _ = history(book, 1)
    assert changes(moved) == [("状态", "待核实", "未启动")]
    assert changes(corrected) == [
        ("会办单位", "云岭市财政局", "甲局、乙局"),
        ("期限", "2025年6月底前", ""),
        ("首日", "2024-05-06", ""),
        ("末日", "2025-06-30", ""),
    ]


@pytest.mark.parametrize("text", ["第一\x00期", "第一\x1b[31m期", "第一\ud800期"])
def test_a_correction_with_characters_that_nothing_can_show_is_refused(
    book: sqlite3.Connection, text: str
) -> None:
    with pytest.raises(WrongUse, match="事项里有无法保存的控制字符"):
        edit.correct(book, seen(book), {"action": text}, by=WANG)
    edit.correct(book, seen(book), {"action": "第一期\n第二期"}, by=WANG)
    assert entry(book, 1).action == "第一期\n第二期"


def test_putting_off_the_last_day_needs_a_reason_and_is_counted(book: sqlite3.Connection) -> None:
    edit.correct(book, seen(book), longer("2025-07-31"), by=WANG)  # the program misread it
    confirm(book)
    for last in ("2025-12-31", None):
        with pytest.raises(WrongUse, match="延长期限要写明理由"):
            edit.correct(book, seen(book), longer(last), by=WANG)
    edit.correct(book, seen(book), longer("2025-12-31"), by=WANG, reason="管线迁改")
    edit.correct(book, seen(book), longer("2025-03-31"), by=WANG)  # earlier needs none
    assert entry(book, 1).extensions == 1
    kinds = [one.kind for one in history(book, 1)]
    assert kinds == ["corrected", "extended", "moved", "corrected", "proposed"]


def test_evidence_is_taken_away_with_a_reason_and_history_keeps_it(
    book: sqlite3.Connection,
) -> None:
    edit.link(book, seen(book), LATER, ABOUT_LIFTS, relation="fulfils", by=WANG)
    (evidence,) = evidence_of(book, 1)
    with pytest.raises(WrongUse, match="理由"):
        edit.unlink(book, seen(book), evidence.id, by=WANG, reason="")
    with pytest.raises(WrongUse, match="没有这条佐证"):
        edit.unlink(book, seen(book, 2), evidence.id, by=WANG, reason="看错了")
    edit.unlink(book, seen(book), evidence.id, by=WANG, reason="看错了")
    assert evidence_of(book, 1) == []
    gone, linked, _ = history(book, 1)
    assert (gone.was["evidence"], gone.reason) == (linked.id, "看错了")
    assert linked.quote
    assert linked.quote.text == "已加装电梯61部"


def test_a_promise_is_no_evidence_of_itself(book: sqlite3.Connection) -> None:
    with pytest.raises(WrongUse, match="自己的佐证"):
        edit.link(book, seen(book), LETTER, entry(book, 1).span, relation="fulfils", by=WANG)
    edit.link(book, seen(book), LETTER, entry(book, 2).span, relation="repeats", by=WANG)


def test_words_from_before_the_promise_do_not_fulfil_it(book: sqlite3.Connection) -> None:
    confirm(book)
    early = letter_of("截至目前，已加装电梯61部", letter_id="早", issued_on="2024-05-05")
    span = Span(start=early.text.index("已加装"), end=early.text.index("61部") + 3)
    with pytest.raises(WrongUse, match="早于作出承诺的 2024-05-06"):
        edit.link(book, seen(book), early, span, relation="fulfils", by=WANG)
    proof = Proof(relation="fulfils", quote=excerpt(early, span), on="2024-05-05")
    with pytest.raises(WrongUse, match="早于"):
        edit.move(book, seen(book), "done", by=WANG, proof=proof)
    edit.link(book, seen(book), early, span, relation="progresses", by=WANG)


def test_a_word_or_two_are_no_evidence_and_no_promise(book: sqlite3.Connection) -> None:
    start = LATER.text.index("已加装")
    with pytest.raises(WrongUse, match="至少选 4 个字"):
        edit.link(
            book, seen(book), LATER, Span(start=start, end=start + 3), relation="fulfils", by=WANG
        )
    (found,) = found_in(LATER, "已")
    with pytest.raises(WrongUse, match="至少选 4 个字"):
        edit.add(book, LATER, found, by=WANG)


@pytest.mark.parametrize("span", [(0, 0), (5, 3), (-3, 2), (0, 9999), (7, 8)])
def test_only_words_of_the_letter_are_evidence(
    book: sqlite3.Connection, span: tuple[int, int]
) -> None:
    place = Span(start=span[0], end=span[1])
    with pytest.raises(WrongUse, match="没有文字"):
        edit.link(book, seen(book), letter_of("字"), place, relation="fulfils", by=WANG)


def test_what_the_program_missed_is_added_and_confirmed_with_that(
    book: sqlite3.Connection,
) -> None:
    letter = letter_of("请关注公众号", letter_id="丙")
    number = edit.add(book, letter, found_in(letter, "关注公众号")[0], by=WANG)
    one = entry(book, number)
    assert (one.text, one.status, one.decided) == ("关注公众号", "not_started", True)
    with pytest.raises(WrongUse, match="已有第 4 号承诺"):
        edit.add(book, letter, found_in(letter, "关注公众号")[0], by=WANG)


def test_staff_say_where_a_commitment_stands(book: sqlite3.Connection) -> None:
    span = entry(book, 1).span
    edit.place(book, seen(book), LETTER, Span(start=span.start + 2, end=span.end), by=WANG)
    assert entry(book, 1).text == LIFTS[2:]
    with pytest.raises(WrongUse, match="在复文 甲 里"):
        edit.place(book, seen(book), LATER, ABOUT_LIFTS, by=WANG)


def test_what_is_off_the_lists_is_first_put_back(book: sqlite3.Connection) -> None:
    edit.move(book, seen(book), "rejected", by=WANG)
    for change in (
        lambda: edit.correct(book, seen(book), {"note": "x"}, by=WANG),
        lambda: edit.link(book, seen(book), LATER, ABOUT_LIFTS, relation="fulfils", by=WANG),
        lambda: edit.place(book, seen(book), LETTER, entry(book, 2).span, by=WANG),
    ):
        with pytest.raises(WrongUse, match="放回待核实"):
            change()


def test_an_overlong_reason_is_refused(book: sqlite3.Connection) -> None:
    with pytest.raises(WrongUse, match="2000"):
        edit.move(book, seen(book), "rejected", by=WANG, reason="长" * 2001)


def test_what_is_kept_can_be_made_anew_from_the_events(book: sqlite3.Connection) -> None:
    confirm(book)
    edit.link(book, seen(book), LATER, ABOUT_LIFTS, relation="progresses", by=WANG)
    edit.link(book, seen(book), LATER, ABOUT_LIFTS, relation="fulfils", by=WANG)
    edit.unlink(book, seen(book), evidence_of(book, 1)[0].id, by=WANG, reason="重复")
    regroup.merge(book, seen(book, 1), [seen(book, 3)], by=WANG)
    was = projection(book)
    book.execute("DELETE FROM evidence")
    book.execute("UPDATE commitment SET status = 'done', words = ''")
    assert rebuild(book, by=WANG) == Rebuilt(commitments=3, differed=3)
    assert projection(book) == was


@pytest.mark.parametrize("table", ["commitment_event", "audit"])
def test_nothing_written_is_changed_or_deleted(
    book: sqlite3.Connection, tmp_path: Path, table: str
) -> None:
    for statement in (f"UPDATE {table} SET who = '李'", f"DELETE FROM {table}"):
        with (
            pytest.raises(StaffUnusable, match="never"),
            opened(tmp_path / "staff.db") as database,
        ):
            database.execute(statement)


def test_every_change_is_in_the_audit_log(book: sqlite3.Connection) -> None:
    confirm(book)
    entry = audit.entries(book, limit=1)[0]
    assert (entry.who, entry.action, entry.detail["first"]) == ("王芳", "ledger", 4)
    assert audit.verify(book).row == 2  # one row for the three that were proposed together


def test_a_change_that_fails_leaves_nothing(book: sqlite3.Connection) -> None:
    was, count = projection(book), audit.head(book)
    with pytest.raises(CommitmentOutdated):
        regroup.merge(book, seen(book, 1), [Seen(id=2, version=5)], by=WANG)
    assert (projection(book), audit.head(book)) == (was, count)
    assert CARS in entry(book, 2).text
