"""Any order of reading letters and deciding: nothing is lost, doubled or contradicted."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import ExitStack, suppress
from itertools import combinations
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kb.errors import WrongUse
from kb.ledger import edit, regroup
from kb.ledger.history import evidence_of, history
from kb.ledger.queries import Wanted, each
from kb.ledger.rebuild import rebuild
from kb.ledger.regroup import Part
from kb.ledger.types import MOVES, OFF, Entry, Status
from kb.staff import audit
from kb.staff.database import opened
from kb.types import Letter, Span
from tests.support.postgres import WANTED
from tests.support.promises import (
    CARS,
    LIFTS,
    RIVER,
    WANG,
    all_entries,
    events,
    letter_of,
    projection,
    put,
)

EDITED = LIFTS.replace("60", "80")
SENTENCES = (LIFTS, CARS, RIVER, EDITED, "加强监管", "您提出的提案收悉")
FINDABLE = (LIFTS, CARS, RIVER, EDITED, "加强监管")
VERSIONS = st.lists(st.sampled_from(SENTENCES), unique=True, max_size=5).map(
    lambda some: letter_of(*some)
)
OTHER = letter_of("加装电梯61部", letter_id="乙")
PICK = st.integers(min_value=0, max_value=99)


class Ledger(RuleBasedStateMachine):
    """One letter in many versions, read by a program that finds now this and now that."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.book: sqlite3.Connection = self.stack.enter_context(opened(folder / "staff.db"))
        if isinstance(self.book, sqlite3.Connection):
            self.book.execute("PRAGMA synchronous = OFF")  # many times faster
        self.letter: Letter = letter_of(LIFTS, CARS, RIVER)
        self.finds: list[str] = [LIFTS, CARS, RIVER]
        self.decisions: dict[int, Status] = {}
        self.seen_events: list[tuple[object, ...]] = []
        put(self.book, self.letter, self.finds)

    def teardown(self) -> None:
        self.stack.close()

    def some(self, number: int) -> Entry:
        everything = all_entries(self.book)
        return everything[number % len(everything)]

    def live(self) -> list[Entry]:
        return [one for one in all_entries(self.book) if one.status not in OFF]

    @rule(letter=VERSIONS, finds=st.lists(st.sampled_from(FINDABLE), unique=True))
    def read(self, letter: Letter, finds: list[str]) -> None:
        self.letter, self.finds = letter, finds
        put(self.book, letter, finds)

    @rule()
    def read_again(self) -> None:
        put(self.book, self.letter, self.finds)
        was = events(self.book)
        put(self.book, self.letter, self.finds)
        assert events(self.book) == was

    @rule(number=PICK, choice=PICK)
    def move(self, number: int, choice: int) -> None:
        one = self.some(number)
        allowed = [to for was, to in MOVES if was == one.status]
        status = allowed[choice % len(allowed)]
        try:
            edit.move(self.book, one.seen, status, by=WANG, reason="理由")
        except WrongUse:
            assert one.status == "replaced"  # a part of it is still there
        else:
            self.decisions[one.id] = status

    @precondition(lambda self: self.live())
    @rule(number=PICK)
    def correct(self, number: int) -> None:
        one = self.live()[number % len(self.live())]
        fields = {"organ": f"第{number}局", "note": str(number)}
        edit.correct(self.book, one.seen, fields, by=WANG)
        self.decisions[one.id] = one.status

    @precondition(lambda self: self.live())
    @rule(number=PICK)
    def link(self, number: int) -> None:
        one = self.live()[number % len(self.live())]
        span = Span(start=OTHER.text.index("加装"), end=OTHER.text.index("部") + 1)
        edit.link(self.book, one.seen, OTHER, span, relation="progresses", by=WANG)
        self.decisions[one.id] = one.status

    @precondition(lambda self: self.splittable())
    @rule(number=PICK, cut=st.integers(min_value=1, max_value=3))
    def split(self, number: int, cut: int) -> None:
        one = self.splittable()[number % len(self.splittable())]
        spans = (
            Span(start=one.span.start, end=one.span.start + cut),
            Span(start=one.span.start + cut, end=one.span.end),
        )
        parts = [Part(span=span) for span in spans]
        made = regroup.split(self.book, one.seen, self.letter, parts, by=WANG)
        self.decisions[one.id] = "replaced"
        self.decisions |= dict.fromkeys(made, one.status)

    def splittable(self) -> list[Entry]:
        return [
            one
            for one in self.live()
            if one.span.of(self.letter.text) == one.text and len(one.text) > 3
        ]

    @precondition(lambda self: len(self.live()) > 1)
    @rule(number=PICK)
    def merge(self, number: int) -> None:
        pairs = list(combinations(self.live(), 2))
        keep, other = pairs[number % len(pairs)]
        with suppress(WrongUse):  # it would hide a day or what is to be done
            regroup.merge(self.book, keep.seen, [other.seen], by=WANG)
            self.decisions |= {keep.id: keep.status, other.id: "replaced"}

    @invariant()
    def no_decision_is_lost_or_overruled(self) -> None:
        found = {one.id: one for one in all_entries(self.book)}
        assert {one: found[one].status for one in self.decisions} == self.decisions
        assert all(found[one].decided for one in self.decisions)

    @invariant()
    def no_event_is_ever_changed(self) -> None:
        now = self.book.execute("SELECT * FROM commitment_event ORDER BY id").fetchall()
        assert now[: len(self.seen_events)] == self.seen_events
        self.seen_events = now

    @invariant()
    def what_is_found_stands_in_the_letter(self) -> None:
        for one in self.live():
            if one.place != "gone" and (one.status == "proposed" or one.decided):
                assert one.span.of(self.letter.text) == one.text

    @invariant()
    def everything_that_is_found_is_kept_once(self) -> None:
        waiting = [
            one.text
            for one in all_entries(self.book)
            if not one.decided and one.status == "proposed"
        ]
        assert len(waiting) == len(set(waiting))

    @invariant()
    def versions_are_numbered_without_a_gap(self) -> None:
        for one in all_entries(self.book):
            versions = [event.version for event in history(self.book, one.id)]
            assert versions == list(range(one.version, 0, -1))

    @invariant()
    def lists_hold_what_is_live(self) -> None:
        assert {one.id for one in each(self.book, Wanted())} == {one.id for one in self.live()}

    @invariant()
    def made_anew_it_is_the_same(self) -> None:
        was = projection(self.book)
        assert rebuild(self.book, by=WANG).differed == 0
        assert projection(self.book) == was

    @invariant()
    def the_audit_log_holds(self) -> None:
        audit.verify(self.book)
        assert all(evidence_of(self.book, one.id) is not None for one in self.live())


TestLedger = Ledger.TestCase
TestLedger.settings = settings(
    max_examples=5 if WANTED else 25, stateful_step_count=25, deadline=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
