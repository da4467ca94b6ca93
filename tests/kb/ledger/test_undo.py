"""The last step taken back: a new event, after which all is as it was before."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kb.errors import WrongUse
from kb.extract.types import Due
from kb.ledger import edit, regroup
from kb.ledger.attachments import Given, attach, attachments_of
from kb.ledger.completion import redate
from kb.ledger.events import CommitmentOutdated, Proof, entry
from kb.ledger.history import evidence_of, history
from kb.ledger.propose import propose
from kb.ledger.rebuild import verify
from kb.ledger.signing import decide, send_back, sign
from kb.ledger.types import excerpt
from kb.ledger.undo import last_step, undo
from kb.ledger.work import assign
from kb.staff.database import opened
from kb.types import Span
from tests.support.promises import (
    ABOUT_LIFTS,
    DUES,
    LATER,
    LIFTS,
    PROGRAMS,
    PROMISES,
    WANG,
    confirm,
    found_in,
    letter_of,
    put,
    seen,
)
from tests.support.staffed import join

YEARS = Due(raw="2025年年底前", first="2025-01-01", last="2025-12-31", precision="year")
CHIEF = replace(WANG, who="李主任")
PROOF = Proof(relation="fulfils", quote=excerpt(LATER, ABOUT_LIFTS))
LETTER = letter_of(*PROMISES)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        put(database, LETTER)
        yield database
        verify(database)


def whole(book: sqlite3.Connection) -> list[Any]:
    """All that is known of the first commitment but what counts its changes."""
    plain = replace(entry(book, 1), version=0, changed_at=WANG.at)
    return [plain, evidence_of(book, 1), attachments_of(book, 1)]


def done(book: sqlite3.Connection) -> None:
    edit.move(book, seen(book), "done", by=WANG, proof=PROOF, done_on="2025-06-01")


def proposed(book: sqlite3.Connection) -> None:
    decide(book, seen(book), "done", by=WANG, two_step=True, reason="看过", done_on="2025-06-01")


def called(book: sqlite3.Connection) -> None:
    given = Given(form="call", day="2026-06-29", note="街道说已验收")
    attach(book, seen(book), given, relation="fulfils", by=WANG)


def gone(book: sqlite3.Connection) -> None:
    last = [*evidence_of(book, 1), *attachments_of(book, 1)][-1]
    edit.unlink(book, seen(book), last.id, by=WANG, reason="传错了")


def extended(book: sqlite3.Connection) -> None:
    edit.correct(book, seen(book), {"due": YEARS}, by=WANG, reason="停工")


STEPS: dict[str, tuple[Callable[[sqlite3.Connection], object], ...]] = {
    "confirmed": (confirm,),
    "rejected": (lambda book: edit.move(book, seen(book), "rejected", by=WANG),),
    "done, with words": (confirm, done),
    "no longer done": (
        confirm, done,
        lambda book: edit.move(book, seen(book), "under_way", by=WANG, reason="又停了"),
    ),
    "put off": (confirm, extended),
    "put off again": (
        confirm, extended,
        lambda book: edit.correct(book, seen(book), {"due": None}, by=WANG, reason="停工"),
    ),
    "corrected": (confirm, lambda book: edit.correct(book, seen(book), {"note": "x"}, by=WANG)),
    "linked": (
        confirm,
        lambda book: edit.link(
            book, seen(book), LATER, ABOUT_LIFTS, relation="progresses", by=WANG
        ),
    ),
    "unlinked": (confirm, done, gone),
    "attached": (confirm, called),
    "taken away": (confirm, called, gone),
    "redated": (
        confirm, done,
        lambda book: redate(book, seen(book), "2025-08-01", by=WANG, reason="验收单"),
    ),
    "proposed": (confirm, proposed),
    "signed": (confirm, proposed, lambda book: sign(book, seen(book), by=CHIEF)),
    "sent back": (
        confirm, proposed, lambda book: send_back(book, seen(book), by=CHIEF, reason="没有材料"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_after_it_all_is_as_before(
    book: sqlite3.Connection, steps: tuple[Callable[[sqlite3.Connection], object], ...]
) -> None:
    for step in steps[:-1]:
        step(book)
    before, events = whole(book), len(history(book, 1))
    steps[-1](book)
    assert whole(book) != before
    undo(book, seen(book), by=WANG)
    assert whole(book) == before
    assert len(history(book, 1)) == events + 2, "nothing is deleted"
    left = last_step(book, 1)  # what was taken back is not taken back again
    assert (left.kind if left else None) == ("submitted" if entry(book, 1).pending else None)


def test_a_report_is_withdrawn_after_its_signature_was_undone(book: sqlite3.Connection) -> None:
    confirm(book)
    before = whole(book)
    proposed(book)
    waiting = whole(book)
    sign(book, seen(book), by=CHIEF)
    undo(book, seen(book), by=CHIEF)
    assert whole(book) == waiting
    assert undo(book, seen(book), by=WANG) == "submitted"
    assert whole(book) == before
    assert last_step(book, 1, who=WANG.who) is None


def test_what_others_do_beside_a_report_does_not_keep_it_from_being_withdrawn(
    book: sqlite3.Connection,
) -> None:
    confirm(book)
    proposed(book)
    given = Given(form="call", day="2026-06-29", note="街道说已验收")
    attach(book, seen(book), given, relation="fulfils", by=CHIEF)
    join(book, "陈工", role="manager")
    assign(book, seen(book), "陈工", by=CHIEF)
    step = last_step(book, 1, who=CHIEF.who)
    assert step is not None
    assert step.kind == "assigned", "the chief's own last step is the assignment"
    assert undo(book, seen(book), by=WANG) == "submitted"
    now = entry(book, 1)
    assert (now.pending, now.owner, len(attachments_of(book, 1))) == (None, "陈工", 1)


def test_a_report_that_was_sent_back_or_signed_is_not_withdrawn(book: sqlite3.Connection) -> None:
    confirm(book)
    proposed(book)
    send_back(book, seen(book), by=CHIEF, reason="没有材料")
    step = last_step(book, 1, who=WANG.who)
    assert step is not None
    assert step.kind == "sent_back"


def test_an_entered_commitment_becomes_none(book: sqlite3.Connection) -> None:
    (found,) = found_in(LATER, "已加装电梯61部")
    number = edit.add(book, LATER, found, by=WANG)
    assert undo(book, seen(book, number), by=WANG) == "added"
    assert entry(book, number).status == "rejected"


def test_what_nobody_did_anything_to_has_no_last_step(book: sqlite3.Connection) -> None:
    assert last_step(book, 1) is None
    with pytest.raises(WrongUse, match="没有可以撤销的上一步"):
        undo(book, seen(book), by=WANG)


def test_a_change_since_then_is_not_taken_back_unseen(book: sqlite3.Connection) -> None:
    old = seen(book)
    confirm(book)
    with pytest.raises(CommitmentOutdated):
        undo(book, old, by=WANG)


def test_what_was_merged_stands_alone_again(book: sqlite3.Connection) -> None:
    confirm(book, 1)
    edit.correct(book, seen(book, 2), {"due": DUES[LIFTS]}, by=WANG)
    confirm(book, 2, "under_way")
    edit.link(book, seen(book, 2), LATER, ABOUT_LIFTS, relation="progresses", by=WANG)
    before = [(entry(book, number).status, evidence_of(book, number)) for number in (1, 2, 3)]
    regroup.merge(book, seen(book, 1), [seen(book, 2), seen(book, 3)], by=WANG)
    assert len(evidence_of(book, 1)) == 1
    assert undo(book, seen(book, 1), by=WANG) == "merged"
    after = [(entry(book, number).status, evidence_of(book, number)) for number in (1, 2, 3)]
    assert after == before
    assert entry(book, 2).merged_into is None


def test_one_of_those_merged_comes_back_alone(book: sqlite3.Connection) -> None:
    regroup.merge(book, seen(book, 2), [seen(book, 1), seen(book, 3)], by=WANG)
    undo(book, seen(book, 1), by=WANG)
    assert [entry(book, number).status for number in (1, 3)] == ["proposed", "replaced"]
    undo(book, seen(book, 2), by=WANG)
    assert entry(book, 3).status == "proposed"


def test_what_is_merged_once_more_is_taken_back_once_more(book: sqlite3.Connection) -> None:
    for _ in range(2):
        regroup.merge(book, seen(book, 2), [seen(book, 1), seen(book, 3)], by=WANG)
        undo(book, seen(book, 2), by=WANG)
    assert [entry(book, number).status for number in (1, 2, 3)] == ["proposed"] * 3


def test_what_was_split_is_one_again(book: sqlite3.Connection) -> None:
    confirm(book)
    before = whole(book)
    start = LETTER.text.index(LIFTS)
    middle, end = start + 8, start + len(LIFTS)
    spans = Span(start=start, end=middle), Span(start=middle, end=end)
    parts = regroup.split(
        book, seen(book), LETTER, [regroup.Part(span=span) for span in spans], by=WANG
    )
    assert last_step(book, parts[0]) is None
    assert undo(book, seen(book), by=WANG) == "split"
    assert whole(book) == before
    assert {(entry(book, one).status, entry(book, one).merged_into) for one in parts} == {
        ("replaced", 1)
    }


def test_parts_that_somebody_went_on_with_are_not_taken_away(book: sqlite3.Connection) -> None:
    start = LETTER.text.index(LIFTS)
    middle, end = start + 8, start + len(LIFTS)
    spans = Span(start=start, end=middle), Span(start=middle, end=end)
    parts = regroup.split(
        book, seen(book), LETTER, [regroup.Part(span=span) for span in spans], by=WANG
    )
    confirm(book, parts[0])
    with pytest.raises(WrongUse, match=f"第 {parts[0]} 号承诺后来又改过"):
        undo(book, seen(book), by=WANG)


def test_what_the_program_read_since_stays(book: sqlite3.Connection) -> None:
    confirm(book)
    longer = letter_of("先说一句", *PROMISES)
    propose(book, longer, found_in(longer, *PROMISES), by=PROGRAMS)
    moved = entry(book, 1).span
    assert moved != Span(start=LETTER.text.index(LIFTS), end=LETTER.text.index(LIFTS) + len(LIFTS))
    undo(book, seen(book), by=WANG)
    assert (entry(book, 1).status, entry(book, 1).span) == ("proposed", moved)


def test_what_the_program_changed_since_is_not_overwritten(book: sqlite3.Connection) -> None:
    start = LETTER.text.index(LIFTS)
    words = Span(start=start + 2, end=start + len(LIFTS))
    edit.place(book, seen(book), LETTER, words, by=WANG)
    longer = letter_of("先说一句", *PROMISES)
    propose(book, longer, found_in(longer, *PROMISES), by=PROGRAMS)
    assert last_step(book, 1) is None
