"""What is left of a letter that was taken down, in ``staff.db`` too, and its removal.

Events of the ledger and rulings are never changed: they are told, and no citizen sees them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path

from kb.analysis import series
from kb.analysis.repeats import renew
from kb.errors import WrongUse
from kb.ledger.propose import propose_gone
from kb.staff.connection import Database
from kb.staff.database import NAME, By, opened, writing
from kb.staff.engine import checkpoint, erase
from kb.staff.places import Place
from kb.store import traces as on_disk
from kb.store.traces import Trace

# Its file, or the archive that it is in.
_UPLOADED = (
    "(name = ?1 OR substr(?1, 1, length(name) + 1) = name || '/')"
    " AND folder <> '' AND state <> 'discarded'"
)
_UNDECIDED = "status = 'proposed' AND decided = 0"


def traces(data: Path, letter_id: str, *, staff: Place | None = None) -> list[Trace]:
    """All that is left of the letter ``letter_id`` below the folder ``data``, and in ``staff``.

    Raises NoSnapshot, BadSnapshot, StaffUnusable.
    """
    found = on_disk.traces(data, letter_id)
    place = staff or data / NAME
    if place.exists():
        with opened(place) as database:
            found += _of_staff(database, letter_id)
    return found


def mend(
    data: Path,
    letter_id: str,
    *,
    present: Collection[str],
    by: By,
    staff: Place | None = None,
) -> list[Trace]:
    """Take away what ``traces`` finds with the remedy "mend"; what is left then.

    ``present`` are the letters of the current snapshot. Raises WrongUse where the letter is one
    of them, StoreBusy, NoSnapshot, BadSnapshot, StaffUnusable.
    """
    if letter_id in present:
        raise WrongUse(f"{letter_id} 还在当前快照里，什么也没清除；{on_disk.FIRST}")
    place = staff or data / NAME
    # Copies under another name are known by the older versions that are about to go.
    yours = [trace for trace in traces(data, letter_id, staff=place) if trace.remedy == "yours"]
    on_disk.mend(data, letter_id)
    if place.exists():
        _mend_staff(place, letter_id, present=present, by=by)
    return list(dict.fromkeys((*yours, *traces(data, letter_id, staff=place))))


def _mend_staff(place: Place, letter_id: str, *, present: Collection[str], by: By) -> None:
    with opened(place) as database:
        erase(database)
        propose_gone(database, present, by=by)
        with writing(database):
            series.drop(database, letter_id)
            database.execute("DELETE FROM letter_read WHERE letter = ?", (letter_id,))
            _forget_asked(database, letter_id)
        renew(database, {letter_id})
        checkpoint(database)


def _of_staff(database: Database, letter_id: str) -> Iterator[Trace]:
    """What is left in ``staff.db``."""

    def count(query: str) -> int:
        return int(database.execute(f"SELECT count(*) FROM {query}", (letter_id,)).fetchone()[0])

    if found := count(f"commitment WHERE letter = ? AND {_UNDECIDED}"):
        yield Trace(where="proposals", told=f"台账里还有 {found} 条没有人看过的承诺")
    if found := count("commitment WHERE letter = ? AND publicity = 'public'"):
        yield Trace(where="public_ledger", told=f"台账里它的承诺还有 {found} 条是公开的")
    if found := count("record WHERE letter = ?") + count("letter_read WHERE letter = ?"):
        yield Trace(where="figures", told="它的数字还在统计里")
    if found := len(_asked(database, letter_id)):
        yield Trace(where="questions", told=f"记下的问题有 {found} 条提到它的编号")
    if found := count(f"commitment WHERE letter = ? AND NOT ({_UNDECIDED})"):
        told = f"台账里它的 {found} 条承诺只给工作人员看：撤回的和作过决定的，记录只增不删"
        yield Trace(where="ledger", told=told, remedy="kept")
    if found := count("evidence WHERE letter = ?"):
        told = f"台账里有 {found} 条佐证引自它，是工作人员定的"
        yield Trace(where="evidence", told=told, remedy="kept")
    if found := count("field_event WHERE letter = ?"):
        told = f"它的要素有 {found} 次更正的记录，只增不删"
        yield Trace(where="corrections", told=told, remedy="kept")
    if found := count(f"upload WHERE {_UPLOADED}"):
        told = "上传的文件还在；请在工作台撤下、删除"
        yield Trace(where="uploads", told=told, remedy="yours")
    if found := count("event WHERE letter = ?"):
        told = f"有 {found} 条裁定引自它，是工作人员定的"
        yield Trace(where="rulings", told=told, remedy="kept")


def _asked(database: Database, letter_id: str) -> list[tuple[int, list[str]]]:
    """The questions that name the letter, each with the letters that were offered for it."""
    rows = database.execute(
        "SELECT id, nearest FROM asked WHERE letter = ? OR EXISTS"
        " (SELECT 1 FROM json_each(nearest) WHERE value = ?)",
        (letter_id, letter_id),
    )
    return [(number, json.loads(nearest)) for number, nearest in rows]


def _forget_asked(database: Database, letter_id: str) -> None:
    for number, nearest in _asked(database, letter_id):
        left = json.dumps([name for name in nearest if name != letter_id])
        database.execute("UPDATE asked SET nearest = ? WHERE id = ?", (left, number))
    database.execute(
        "UPDATE asked SET letter = NULL, start = NULL, stop = NULL WHERE letter = ?", (letter_id,)
    )
