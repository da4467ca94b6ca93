"""Letters whose class and words disagree: solved and yet promised, under way and no day named.

What a class means comes from the profile of the place. For people to look at, no verdict.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from kb.ledger.columns import ENTRY_NAMES
from kb.ledger.rows import entry_of
from kb.ledger.types import Entry
from kb.profile import Profile
from kb.staff.connection import Database
from kb.store.protocol import SnapshotReader
from kb.text.titles import consulted
from kb.types import EVERY_LETTER, LetterHead, Scope

Fault = Literal["still_promises", "no_day"]
FAULTS: dict[Fault, str] = {
    "still_promises": "结果类别表示已经解决，文中仍有尚未办完、写明期限的承诺",
    "no_day": "结果类别表示正在解决，文中没有一条写明期限的安排",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inconsistent:
    """A letter with what is at fault, why in words, and the commitments that show it.

    ``commitments`` of "no_day" are those without a day, of "still_promises" those with one.
    """

    head: LetterHead
    fault: Fault
    why: str
    commitments: tuple[Entry, ...]


_DATED = "due_precision IS NOT NULL AND due_precision <> 'vague'"
_STILL = f"stage IN ('queue', 'open') AND strength IN ('will', 'plans') AND {_DATED}"


def inconsistent(
    database: Database,
    reader: SnapshotReader,
    rules: Profile,
    *,
    scope: Scope = EVERY_LETTER,
    most: int = 100,
) -> tuple[Inconsistent, ...]:
    """The letters in ``scope`` whose class disagrees with what they say, the newest first."""
    promising = _letters(database, rules.solved, _STILL)
    dated = _letters(database, rules.under_way, _DATED)
    found: list[tuple[LetterHead, Fault]] = []
    for head in reader.letters(scope):
        if consulted(head.title):
            continue
        if head.result_class in rules.solved and head.id in promising:
            found.append((head, "still_promises"))
        elif head.result_class in rules.under_way and head.id not in dated:
            found.append((head, "no_day"))
    found.sort(key=lambda pair: (pair[0].issued_on or "", pair[0].id), reverse=True)
    return tuple(_explained(database, rules, head, fault) for head, fault in found[:most])


def _letters(database: Database, classes: Collection[str], condition: str) -> frozenset[str]:
    """The letters of ``classes`` that have a commitment on the lists that meets the condition."""
    rows = database.execute(
        "SELECT DISTINCT letter FROM commitment WHERE result_class IN"
        f" (SELECT value FROM json_each(?)) AND live = 1 AND {condition}",
        (json.dumps(sorted(classes)),),
    )
    return frozenset(letter for (letter,) in rows)


def _explained(database: Database, rules: Profile, head: LetterHead, fault: Fault) -> Inconsistent:
    condition = _STILL if fault == "still_promises" else "1 = 1"
    shown = tuple(_rows(database, head.id, condition))
    meaning = rules.meaning(head.result_class) or FAULTS[fault]
    tail = {
        "still_promises": f"文中还有 {len(shown)} 条没有办完、写明期限的承诺",
        "no_day": f"{len(shown)} 条承诺都没有写明期限" if shown else "没有找到承诺",
    }[fault]
    why = f"办理结果为 {head.result_class}（{meaning}），但{tail}"
    return Inconsistent(head=head, fault=fault, why=why, commitments=shown)


def _rows(database: Database, letter: str, condition: str) -> Iterator[Entry]:
    rows = database.execute(
        f"SELECT {ENTRY_NAMES} FROM commitment WHERE letter = ? AND live = 1 AND {condition}"
        " ORDER BY start, id",
        (letter,),
    )
    return (entry_of(row) for row in rows)
