"""Letters with promises, and a ledger that they are proposed to and are under way in."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from kb.extract.types import Commitment, Due, Target
from kb.ledger import edit
from kb.ledger.events import entry
from kb.ledger.propose import Proposed, propose
from kb.ledger.signing import decide_all
from kb.ledger.types import Entry, Seen, Status
from kb.staff.database import PROGRAM, By, opened
from kb.types import Letter, Span
from tests.support.fakes import make_letter

NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)
TODAY = date(2026, 6, 30)
PROGRAMS = By(who=PROGRAM, at=NOON)
WANG = By(who="王芳", at=NOON)
LIFTS = "我局将于2025年6月底前新增加装电梯60部"
CARS = "争取年内新增停车位200个"
RIVER = "研究将青河上段纳入清淤范围的可行性"
PROMISES = (LIFTS, CARS, RIVER)
DUES = {
    LIFTS: Due(raw="2025年6月底前", first="2024-05-06", last="2025-06-30", precision="month"),
    CARS: Due(raw="年内", first="2024-05-06", last="2024-12-31", precision="year"),
}
ORGAN = "云岭市住房和城乡建设局"


def letter_of(*sentences: str, letter_id: str = "甲", **fields: str) -> Letter:
    """A letter that says ``sentences`` and nothing else, each on its line."""
    facts = {"issuer": ORGAN, "issued_on": "2024-05-06", "result_class": "B", **fields}
    return make_letter(letter_id, "\n".join(f"{one}。" for one in sentences), **facts)


def found_in(letter: Letter, *sentences: str, **fields: Any) -> list[Commitment]:
    """What the program finds where the sentences stand in ``letter``."""
    return [_found(letter, one, letter.text.index(one), fields) for one in sentences]


def _found(letter: Letter, words: str, start: int, fields: dict[str, Any]) -> Commitment:
    whole = {
        "organ": ORGAN,
        "co_organs": ("云岭市财政局",),
        "action": words[:4],
        "strength": "will",
        "due": DUES.get(words),
        "target": Target(value=60, unit="部", text="60部"),
        **fields,
    }
    return Commitment(letter_id=letter.id, span=Span(start=start, end=start + len(words)), **whole)


def put(
    database: sqlite3.Connection, letter: Letter, sentences: Sequence[str] = PROMISES, **fields: Any
) -> Proposed:
    """Propose those of ``sentences`` that stand in ``letter``."""
    there = [one for one in sentences if one in letter.text]
    return propose(database, letter, found_in(letter, *there, **fields), by=PROGRAMS)


def under_way(path: Path, *lasts: str | None) -> None:
    """A commitment under way for each last day; None for no day."""
    words = [f"将于第{number}处完成改造" for number in range(len(lasts))]
    letter = letter_of(*words, letter_id="多", issued_on="2023-01-01")
    dues = [
        None if last is None else Due(raw="届时", first=None, last=last, precision="day")
        for last in lasts
    ]
    found = [found_in(letter, one, due=due)[0] for one, due in zip(words, dues, strict=True)]
    with opened(path) as database:
        before = len(all_entries(database))
        propose(database, letter, found, by=PROGRAMS)
        some = [one.seen for one in all_entries(database)[before:]]
        decide_all(database, some, "under_way", by=WANG)


def all_entries(database: sqlite3.Connection) -> list[Entry]:
    """Everything in the ledger, in the order it came in."""
    numbers = database.execute("SELECT id FROM commitment ORDER BY id").fetchall()
    return [entry(database, number) for (number,) in numbers]


def told(database: sqlite3.Connection) -> list[tuple[str, str]]:
    """Words and status of everything in the ledger."""
    return [(one.text, one.status) for one in all_entries(database)]


def events(database: sqlite3.Connection) -> int:
    """How many events there are."""
    return int(database.execute("SELECT count(*) FROM commitment_event").fetchone()[0])


def projection(database: sqlite3.Connection) -> list[list[tuple[Any, ...]]]:
    """Both tables that follow from the events, whole."""
    return [
        database.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()
        for table in ("commitment", "evidence")
    ]


# A later letter, and where it speaks of the promise of lifts.
LATER = letter_of("截至目前，已加装电梯61部", letter_id="乙", issued_on="2025-07-01")
ABOUT_LIFTS = Span(start=LATER.text.index("已加装"), end=LATER.text.index("61部") + 3)


def seen(book: sqlite3.Connection, number: int = 1) -> Seen:
    """What a change of the commitment names that is decided now."""
    return entry(book, number).seen


def confirm(book: sqlite3.Connection, number: int = 1, status: Status = "not_started") -> None:
    """The commitment, looked at by a person."""
    edit.move(book, seen(book, number), status, by=WANG, reason="看过")
