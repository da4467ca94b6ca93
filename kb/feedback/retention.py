"""Questions are kept for a time and then deleted, so that nothing of them is left in the file.

What staff ruled stays, for it is the record of what they did; the questions it was about do not.
A case for the evaluation keeps the wording that staff gave it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kb.feedback.similarity import figures, grams, weight
from kb.staff.connection import Database
from kb.staff.database import stamp, writing
from kb.staff.engine import erase, erased

FORGOTTEN = "（问题过了保存期，文字已删去）"

# Of a group on which staff ruled the last miss stays, without its words: the group stands by it.
_STANDING = "SELECT max(id) FROM asked WHERE missed AND kin IN (SELECT kin FROM event) GROUP BY kin"
# What a group is called after it has lost the question that it began with: the oldest that is
# left, else what staff made of it.
_RENAMED = (
    "SELECT id, coalesce("
    "  (SELECT question FROM asked WHERE kin = kin.id AND question IS NOT NULL"
    "   ORDER BY asked.id LIMIT 1),"
    "  (SELECT question FROM event WHERE kin = kin.id AND question IS NOT NULL"
    "   ORDER BY event.id DESC LIMIT 1), ?)"
    " FROM kin WHERE NOT EXISTS"
    "  (SELECT 1 FROM asked WHERE kin = kin.id AND asked.question = kin.question)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How many questions and opinions were deleted, and how many groups with them.

    ``erased`` is False where others read the file so long that its pages could not be
    overwritten yet; the next time does it.
    """

    asked: int
    groups: int
    erased: bool


def forget(database: Database, *, before: datetime) -> Forgotten:
    """Delete what was asked and said before that moment; nothing can bring it back.

    Raises nothing of its own; sqlite3.Error where the file is locked or the disk is full, and
    then at least what was deleted stays deleted.
    """
    erase(database)
    with writing(database):
        asked = _delete_asked(database, stamp(before))
        gone = "id NOT IN (SELECT kin FROM asked WHERE kin IS NOT NULL)"
        database.execute(f"DELETE FROM gram WHERE kin IN (SELECT id FROM kin WHERE {gone})")
        groups = database.execute(f"DELETE FROM kin WHERE {gone}").rowcount
        _rename(database)
    gone_from = ("asked", "gram", "kin", "common") if asked or groups else ()
    return Forgotten(asked=asked, groups=groups, erased=erased(database, *gone_from))


def _delete_asked(database: Database, before: str) -> int:
    """Delete the rows that are too old; how many were deleted or emptied."""
    emptied = database.execute(
        "UPDATE asked SET question = NULL, snapshot = '', nearest = '[]', reason = NULL,"
        " letter = NULL, start = NULL, stop = NULL"
        f" WHERE at < ? AND question IS NOT NULL AND id IN ({_STANDING})",
        (before,),
    ).rowcount
    deleted = database.execute(
        f"DELETE FROM asked WHERE at < ? AND id NOT IN ({_STANDING})", (before,)
    ).rowcount
    return emptied + deleted


def _rename(database: Database) -> None:
    """Call each group by a question that may still be kept, and compare new ones with that."""
    for number, words in database.execute(_RENAMED, (FORGOTTEN,)).fetchall():
        own = frozenset[str]() if words == FORGOTTEN else grams(words)
        database.execute("DELETE FROM gram WHERE kin = ?", (number,))
        database.executemany(
            "INSERT INTO gram VALUES (?, ?)", [(gram, number) for gram in sorted(own)]
        )
        database.execute(
            "UPDATE kin SET question = ?, figures = ?, weight = ? WHERE id = ?",
            (words, figures(words), weight(own), number),
        )
