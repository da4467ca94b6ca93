"""The day of completion that a form proposes: of the quote, else of the letter or the call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kb.extract.done_day import done_day
from kb.ledger.attachments import Attachment
from kb.ledger.types import Entry, Evidence
from kb.profile import profile
from kb.types import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """``said`` if the quote names the day; ``late`` if it does not and ``day`` is after the last.

    What is ``late`` may well have been done in time: the letter only tells of it later.
    """

    day: str
    said: bool
    late: bool


def finished(text: str, on: str | None, entry: Entry) -> Finished | None:
    """By the quote ``text`` of a letter of the day ``on``; None where neither has a day."""
    signed = date.fromisoformat(on) if on else None
    if said := done_day(text, signed=signed, calendar=profile().calendar):
        return Finished(day=said, said=True, late=False)
    return Finished(day=on, said=False, late=_after(on, entry)) if on else None


def finished_by(
    entry: Entry,
    evidence: Sequence[Evidence],
    attached: Sequence[Attachment],
    letters: Mapping[str, Letter],
) -> Finished | None:
    """By the evidence that it was done: the newest, what names a day before what does not."""
    found = [
        finished(proof.text, letters[proof.letter_id].value("issued_on"), entry)
        for proof in evidence
        if proof.relation == "fulfils" and proof.letter_id in letters
    ]
    found += [
        Finished(day=one.day, said=False, late=_after(one.day, entry))
        for one in attached
        if one.relation == "fulfils" and one.day
    ]
    return max(filter(None, found), key=lambda one: (one.said, one.day), default=None)


def _after(day: str, entry: Entry) -> bool:
    return bool(entry.due and entry.due.last and entry.due.last < day)
