"""Small made-up ledgers in which staff confirmed something, and letters that go with them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kb.extract.commitments import commitments
from kb.ledger import edit
from kb.ledger.events import Proof, entry
from kb.ledger.propose import propose
from kb.ledger.public import PublicLedger
from kb.ledger.types import Status, excerpt
from kb.profile import profile
from kb.staff.database import opened
from kb.types import Letter, Span
from tests.support.promises import PROGRAMS, WANG, all_entries

TODAY = date(2026, 6, 30)


def proposed(path: Path, *letters: Letter) -> None:
    """Everything that the program finds in ``letters``, looked at by nobody yet."""
    with opened(path) as database:
        for letter in letters:
            propose(database, letter, commitments(letter, profile()), by=PROGRAMS)


def decided(
    path: Path, words: str, status: Status, *, proof: tuple[Letter, str] | None = None
) -> int:
    """A person says what became of the commitment that holds ``words``; its number."""
    with opened(path) as database:
        found = next(one for one in all_entries(database) if words in one.text)
        if found.status == "proposed" and status == "done":
            edit.move(database, found.seen, "under_way", by=WANG, reason="看过")
            found = entry(database, found.id)
        told = _proof(*proof) if proof else None
        edit.move(database, found.seen, status, by=WANG, reason="看过", proof=told)
        return found.id


def _proof(letter: Letter, words: str) -> Proof:
    start = letter.text.index(words)
    quote = excerpt(letter, Span(start=start, end=start + len(words)))
    return Proof(relation="progresses", quote=quote)


def ledger_at(path: Path, *, day: date = TODAY) -> PublicLedger:
    """What citizens may see of it on ``day``, read anew each time."""
    times = iter(range(0, 10**9, 3600))
    return PublicLedger(path, today=lambda: day, clock=lambda: float(next(times)))
