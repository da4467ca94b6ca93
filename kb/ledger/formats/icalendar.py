"""The due days of an organ as a calendar that other programs subscribe to (RFC 5545).

Whoever has its address reads it without signing in: it holds no personal data, and of letters
that are not public only that something is due. The same ledger gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date
from hashlib import sha256
from uuid import UUID, uuid5

from kb.ledger.events import newest
from kb.ledger.policy import as_seen
from kb.ledger.queries import Wanted, each, organs
from kb.ledger.types import STATUSES, Entry
from kb.staff.connection import Database
from kb.staff.permissions import same_organ

FORM = 2  # raise it when the same ledger gives other bytes
AGAIN = "PT6H"  # how soon programs may ask again
# When programs remind: at nine in the morning a week before, and the day before. Before midnight,
# with which an all-day event begins (RFC 5545 3.8.6.3).
ALARMS = ("-P6DT15H", "-PT15H")
LONGEST = 75  # octets of a line
PRODUCT = "-//fuwen//commitments//ZH"
_OURS = UUID("13a83f3c-ca24-4244-be28-2f5fea8602ab")  # a random one: makes the UIDs of events ours
_ESCAPED = dict.fromkeys([*range(32), 127]) | {
    ord("\n"): "\\n",
    ord("\\"): "\\\\",
    ord(";"): "\\;",
    ord(","): "\\,",
}
AddressOf = Callable[[int], str]  # of a commitment's page; "" where the site has no address


def mark(database: Database, organ: str, *, address_of: AddressOf) -> str:
    """Differs once the calendar does, and is quick to tell (for an ETag)."""
    shaped = f"{FORM}\n{newest(database)}\n{organ}\n{address_of(0)}"
    return sha256(shaped.encode()).hexdigest()[:32]


def calendar(database: Database, organ: str, *, address_of: AddressOf) -> bytes:
    """What is still to be done by ``organ``, however it is written, on the last day of each."""
    names = [name for name in organs(database) if same_organ(organ, name)]
    # One after the other: asked for several at once SQLite sorts them all, three times as long.
    wanted = (Wanted(stage="open", organ=name, due_to=date.max.isoformat()) for name in names)
    found = (entry for choice in wanted for entry in each(database, choice))
    return written(found, organ, address_of=address_of)


def written(found: Iterable[Entry], organ: str, *, address_of: AddressOf) -> bytes:
    """The calendar of those of ``found`` that have a last day."""
    lines = [
        "BEGIN:VCALENDAR",
        f"PRODID:{PRODUCT}",
        "VERSION:2.0",
        f"X-WR-CALNAME:{_text(f'{organ} 承诺期限')}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{AGAIN}",
    ]
    for entry in found:
        if entry.due and entry.due.last:
            lines += _event(entry, entry.due.last, address_of(entry.id))
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line.encode()) + b"\r\n" for line in lines)


def _event(entry: Entry, last: str, address: str) -> Iterable[str]:
    changed = f"{entry.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    summary, description = _described(entry)
    return (
        "BEGIN:VEVENT",
        f"UID:{uuid5(_OURS, f'{entry.id} {entry.citation.letter_id}')}",
        f"DTSTAMP:{changed}",  # RFC 5545 3.8.7.2: without METHOD, its last revision
        f"LAST-MODIFIED:{changed}",
        f"SEQUENCE:{entry.version}",
        f"DTSTART;VALUE=DATE:{last.replace('-', '')}",
        f"SUMMARY:{_text(summary)}",
        f"DESCRIPTION:{_text(description)}",
        *((f"URL:{address}",) if address else ()),
        "TRANSP:TRANSPARENT",
        *(line for trigger in ALARMS for line in _alarm(trigger, summary)),
        "END:VEVENT",
    )


def _alarm(trigger: str, words: str) -> Iterable[str]:
    return (
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(words)}",
        f"TRIGGER:{trigger}",
        "END:VALARM",
    )


def _described(entry: Entry) -> tuple[str, str]:
    """What an event says in short and at length."""
    state = f"第 {entry.id} 号承诺，{STATUSES[entry.status]}"
    seen = as_seen(entry, unmasked=False)
    if seen is None or entry.place == "gone":  # nor what its letter no longer says
        return f"到期：第 {entry.id} 号承诺", f"{state}\n原文不公开或已变；请登录后查看"
    letter = "，".join(part for part in (seen.citation.name, seen.citation.number) if part)
    due = f"期限：{seen.due.raw}\n" if seen.due else ""
    return (
        f"到期：{seen.action or seen.text}",
        f"原文摘录：“{seen.text}”\n{due}出处：{letter}\n{state}",
    )


def _text(words: str) -> str:
    """``words`` as a TEXT value (RFC 5545 3.3.11)."""
    return words.translate(_ESCAPED)


def _folded(line: bytes) -> bytes:
    """``line`` in pieces of at most 75 octets, cut between characters (RFC 5545 3.1)."""
    pieces: list[bytes] = []
    while len(line) > LONGEST - bool(pieces):  # what goes on begins with a space
        end = LONGEST - bool(pieces)
        while line[end] & 0xC0 == 0x80:  # inside a character of UTF-8
            end -= 1
        pieces.append(line[:end])
        line = line[end:]
    return b"\r\n ".join([*pieces, line])
