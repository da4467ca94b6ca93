"""The public part of the ledger: the promises that staff confirmed, as citizens may see them.

What is public is defined here and nowhere else: the words stand in a public letter of the
snapshot now, and a person said what became of them; evidence stands in public letters too.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from kb.errors import LetterNotFound
from kb.extract.types import RELATIONS
from kb.ledger.history import evidence_by_commitment, evidence_of
from kb.ledger.queries import MOST, Wanted, each, page
from kb.ledger.types import KEPT, Entry, Evidence, Status
from kb.promises import NO_PROMISES, Confirmations, ConfirmedPromise, Proof
from kb.staff.connection import Database
from kb.staff.database import StaffUnusable, reading
from kb.staff.places import Place
from kb.store.codec import admitted
from kb.store.protocol import SnapshotReader
from kb.text.chars import bare
from kb.types import Letter, Scope, Span

LOG = logging.getLogger("fuwen.ledger")
FRESH = 60.0  # seconds that what was read is kept
PUBLIC = Scope(public_only=True)
# What a person said of a promise and citizens are told, in their words.
TOLD: Mapping[Status, str] = {
    "not_started": "还没有启动",
    "under_way": "正在办理",
    "done": "已完成",
    "dropped": "不再实施",
}


# Of promises that nobody has looked at yet, for those who may see them all the same.
UNCONFIRMED: Mapping[Status, str] = {"proposed": "还没有人核实"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What was read, when, of which snapshot and on which day."""

    at: float
    snapshot: str
    day: date
    confirmed: Confirmations


class PublicLedger:
    """What citizens may see of the ledger in the database at ``path``; None where there is none.

    It is only ever read. A database that is missing, locked or damaged confirms nothing, which is
    logged when that begins and when it ends: no question fails for it.
    """

    def __init__(
        self,
        path: Place | None,
        *,
        today: Callable[[], date] = date.today,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = path
        self._today = today
        self._clock = clock
        self._read: _Read | None = None
        self._ailing = False

    def confirmed(self, reader: SnapshotReader) -> Confirmations:
        """Every confirmed promise in the letters of ``reader``, as of the last minute.

        Reads the disk, so it is called off the event loop.
        """
        read, day = self._read, self._today()
        wanted = (reader.snapshot.version, day)
        if read and (read.snapshot, read.day) == wanted and self._clock() - read.at < FRESH:
            return read.confirmed
        promises = self._looked_up(lambda database: _every(database, reader, day))
        confirmed = NO_PROMISES if promises is None else Confirmations(promises=promises, day=day)
        if read and read.confirmed == confirmed:
            confirmed = read.confirmed  # the same object: answers drawn from it are kept
        self._read = _Read(at=self._clock(), snapshot=wanted[0], day=day, confirmed=confirmed)
        return confirmed

    def unconfirmed(self, reader: SnapshotReader) -> tuple[ConfirmedPromise, ...]:
        """What the program proposed in public letters and nobody confirmed, as of now.

        Not for citizens: for whoever the office gave the right to see it.
        """
        day = self._today()
        return self._looked_up(lambda found: _every(found, reader, day, told=UNCONFIRMED)) or ()

    def of_letter(self, letter: Letter, reader: SnapshotReader) -> tuple[ConfirmedPromise, ...]:
        """The confirmed promises of one letter in the order of its text, as of now."""
        day = self._today()
        return self._looked_up(lambda database: _of_letter(database, letter, reader, day)) or ()

    def _looked_up(
        self, look: Callable[[Database], tuple[ConfirmedPromise, ...]]
    ) -> tuple[ConfirmedPromise, ...] | None:
        if self._path is None:
            return None
        if not self._path.exists():
            self._trouble(logging.INFO, f"{self._path.name} is not there yet")
            return None
        try:
            with reading(self._path) as database:
                found = look(database)
        except StaffUnusable as error:
            self._trouble(logging.WARNING, str(error))
            return None
        if self._ailing:
            self._ailing = False
            LOG.info("confirmed promises are known again")
        return found

    def _trouble(self, level: int, what: str) -> None:
        if not self._ailing:
            self._ailing = True
            LOG.log(level, "no promise counts as confirmed: %s", what)


def _every(
    database: Database, reader: SnapshotReader, day: date, *, told: Mapping[Status, str] = TOLD
) -> tuple[ConfirmedPromise, ...]:
    evidence = evidence_by_commitment(database)
    entries = sorted(
        (
            entry
            for status in told
            for entry in each(database, Wanted(status=status, publicity="public"))
        ),
        key=lambda entry: (entry.citation.letter_id, entry.span.start, entry.id),
    )
    found: list[ConfirmedPromise] = []
    for letter_id, of_letter in groupby(entries, key=lambda entry: entry.citation.letter_id):
        if _is_public(letter_id, reader):
            proofs = ((entry, evidence.get(entry.id, ())) for entry in of_letter)
            found += _shown(reader.letter(letter_id), proofs, reader, day, told=told)
    return tuple(found)


def _of_letter(
    database: Database, letter: Letter, reader: SnapshotReader, day: date
) -> tuple[ConfirmedPromise, ...]:
    if not _is_public(letter.id, reader):
        return ()
    wanted = Wanted(letter_id=letter.id, publicity="public")
    rows = page(database, wanted, limit=MOST, order="letter").rows
    proofs = ((entry, evidence_of(database, entry.id)) for entry in rows)
    return tuple(_shown(letter, proofs, reader, day))


def _is_public(letter_id: str, reader: SnapshotReader) -> bool:
    """True of a letter that citizens may open, be it a copy or an older version."""
    try:
        return admitted(reader.head(letter_id), PUBLIC)
    except LetterNotFound:
        return False


def _shown(
    letter: Letter,
    entries: Iterable[tuple[Entry, Sequence[Evidence]]],
    reader: SnapshotReader,
    day: date,
    *,
    told: Mapping[Status, str] = TOLD,
) -> Iterator[ConfirmedPromise]:
    """Those of ``entries`` that may be shown with ``letter``."""
    for entry, evidence in entries:
        if entry.status not in told or not _stands(letter, entry.span, entry.text):
            continue
        yield ConfirmedPromise(
            letter_id=letter.id,
            span=entry.span,
            text=entry.text,
            headings=entry.headings,
            organ=entry.organ,
            issued_on=letter.value("issued_on"),
            state=entry.status,
            told=_told(entry, told),
            due_on=entry.due.last if entry.due else None,
            due=_due(entry),
            overdue=entry.overdue(day),
            evidence=tuple(_proofs(evidence, reader)),
        )


def _told(entry: Entry, told: Mapping[Status, str]) -> str:
    """What became of it; of what is done, in time or late, where that is known."""
    known = entry.kept if entry.kept != "unknown" else None
    return KEPT[known] if known else told[entry.status]


def _stands(letter: Letter, span: Span, words: str) -> bool:
    """True if ``words`` are what the letter has at ``span``."""
    return bool(words) and span.of(letter.text) == words


BY_CALENDAR = ("holiday", "term", "season")  # days that the profile's calendar tells


def _due(entry: Entry) -> str | None:
    """The last day in words; where none is known, the promise's own words for it, if it has any."""
    due = entry.due
    if due is None:
        return None
    if due.last:
        first = entry.put_off_from
        later = f"（延期后，原定{_day(first)}前）" if first else ""
        day = f"{_day(due.last)}前"
        told = f"{bare(due.raw)}（按日历推算，{day}）" if due.precision in BY_CALENDAR else day
        return f"{told}{later}"
    return bare(due.raw) if bare(due.raw) in bare(entry.text) else None


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"


def _proofs(evidence: Iterable[Evidence], reader: SnapshotReader) -> Iterator[Proof]:
    """Evidence as citizens may see it: without that whose letter is gone, changed, not public."""
    for proof in evidence:
        letter_id, span, text = proof.letter_id, proof.span, proof.text
        if _is_public(letter_id, reader) and _stands(reader.letter(letter_id), span, text):
            says = RELATIONS[proof.relation]
            yield Proof(letter_id=letter_id, span=span, text=text, says=says)
