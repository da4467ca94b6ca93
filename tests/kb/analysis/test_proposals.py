"""Proposals of the registers: those without a reply first, and whose day is over."""

from __future__ import annotations

from datetime import date
from typing import Any

from kb.analysis.proposals import Asked, Proposal, chosen, counts, organs, proposals
from kb.store.register import Outcome, RegisterRow
from tests.support.fakes import MemoryStore

TODAY = date(2026, 6, 30)
NOTHING = Outcome(standing="unanswered")
JOINED = Outcome(standing="joined", letters=("甲",))
DOUBT = Outcome(standing="ambiguous", letters=("甲", "乙"), why="届次没有写")


def row(number: str, **fields: Any) -> RegisterRow:
    return RegisterRow(file="t.csv", place="第2行", numbers=(number,), **fields)


def registered(*found: tuple[RegisterRow, Outcome]) -> MemoryStore:
    store = MemoryStore()
    with store.draft() as draft:
        draft.registers.put("/t.csv", [one for one, _ in found])
        draft.registers.settle([outcome for _, outcome in found])
        draft.publish()
    return store


def numbers(found: Any) -> list[str]:
    return [one.row.numbers[0] for one in found]


STORE = registered(
    (row("1", due="2026-05-01", replied_on="2026-05-02", organs=("市水利局",)), JOINED),
    (row("2", due="2026-07-01", host=("云岭市水利局",)), NOTHING),
    (row("3", due="尽快"), NOTHING),
    (row("4"), DOUBT),
    (row("5", due="2026-06-29", co_organs=("水利局",), proposers=("张三",)), NOTHING),
    (row("6", due="2026-05-01", replied_on="2026-04-30"), JOINED),
    (row("7", due="三个月内", handed_on="2026-03-10", title="关于路灯的提案"), NOTHING),
)


def every() -> list[Proposal]:
    return list(proposals(STORE.current()))


def test_what_has_no_reply_comes_first_by_the_day_that_it_is_due() -> None:
    assert numbers(every()) == ["7", "5", "2", "3", "4", "1", "6"]


def test_a_day_in_words_is_counted_from_the_day_of_handing_on() -> None:
    last = {one.row.numbers[0]: one.last for one in every()}
    assert last["7"] == "2026-06-10"
    assert (last["3"], last["4"]) == ("", "")


def test_late_is_what_has_no_reply_on_the_day_after() -> None:
    late = {one.row.numbers[0]: one.days_late(TODAY) for one in every()}
    assert late == {"7": 20, "5": 1, "2": 0, "3": 0, "4": 0, "1": 0, "6": 0}
    assert every()[1].days_late(date(2026, 6, 29)) == 0
    assert [one.row.numbers[0] for one in every() if one.came_late] == ["1"]


def test_they_are_counted_by_what_became_of_them() -> None:
    assert counts(every(), today=TODAY) == {
        "unanswered": 4,
        "ambiguous": 1,
        "joined": 2,
        "late": 2,
        "came_late": 1,
    }


def test_they_are_narrowed_by_organ_however_it_is_written_and_by_words() -> None:
    def asked(**given: Any) -> list[str]:
        return numbers(chosen(every(), Asked(**given), today=TODAY))

    assert asked(organ="云岭市水利局") == ["5", "2", "1"]
    assert asked(organ="云岭市水利局", standing="unanswered", late=True) == ["5"]
    assert asked(words="张三 5") == ["5"]
    assert asked(words="路灯") == ["7"]
    assert asked(words="路灯 张三") == []
    assert set(organs(STORE.current())) == {"市水利局", "云岭市水利局", "水利局"}
