"""Uploads as ``staff.db`` knows them: whose, in which state, and what has been corrected in them.

The states are a table of what may become of what; each change has its row in the audit log. What
the program does (``waiting``, ``publishing``, ``withdrawing``) is taken up again after a crash.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from kb.errors import KbError, WrongUse
from kb.intake import corrections
from kb.intake.corrections import Changes, value_in
from kb.staff import audit
from kb.staff.connection import Database
from kb.staff.database import By, stamp, writing

State = Literal[
    "waiting", "read", "refused", "held", "publishing", "published", "withdrawing", "discarded"
]
Act = Literal["publish", "hold", "withdraw", "discard", "again"]
STATES: Mapping[State, str] = {
    "waiting": "正在读",
    "read": "读好了，没有发布",
    "refused": "拒收",
    "held": "搁置",
    "publishing": "正在发布",
    "published": "已发布",
    "withdrawing": "正在撤下",
    "discarded": "已删除",
}
# What people may do: from which states, and what it becomes.
ACTS: Mapping[Act, tuple[tuple[State, ...], State]] = {
    "publish": (("read", "held"), "publishing"),
    "hold": (("read",), "held"),
    "withdraw": (("published",), "withdrawing"),
    "discard": (("read", "held", "refused"), "discarded"),
    "again": (("refused", "read", "held"), "waiting"),
}
OPEN: tuple[State, ...] = ("waiting", "read", "refused", "held", "publishing", "withdrawing")
MOVING: tuple[State, ...] = ("publishing", "withdrawing")
BUSY: tuple[State, ...] = ("waiting", *MOVING)
_COLUMNS = (
    "id, at, who, name, bytes, sha256, folder, state, changed_at, changed_by, code, message,"
    " letters, edits"
)


class UploadNotFound(KbError):
    """There is no such upload, or it was deleted."""

    status, code = 404, "upload_not_found"


class UploadOutdated(KbError):
    """The upload is no longer in a state in which this can be done."""

    status, code = 409, "upload_outdated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An upload. ``code`` and ``message`` say why it was refused, or was not published.

    ``folder`` is the token of its draft, "" where nothing was kept; ``letters`` how many were
    read in it; ``edits`` are the corrections that will be noted when it is published.
    """

    id: int
    at: datetime
    who: str
    name: str
    bytes: int
    sha256: str
    folder: str
    state: State
    changed_at: datetime
    changed_by: str
    code: str
    message: str
    letters: int
    edits: Mapping[str, Changes]


def add(database: Database, *, name: str, size: int, sha256: str, folder: str, by: By) -> int:
    """A file that was taken, to be read; its number."""
    return _insert(database, name=name, size=size, sha256=sha256, folder=folder, by=by)


def add_refused(
    database: Database, *, name: str, size: int, code: str, message: str, by: By
) -> int:
    """A file that was not taken, and why; its number."""
    return _insert(
        database, name=name, size=size, sha256="", folder="", by=by, code=code, message=message
    )


def get(database: Database, number: int) -> Upload:
    """The upload of this number. Raises UploadNotFound."""
    rows = _rows(database, "id = ? AND state <> 'discarded'", number)
    if not rows:
        raise UploadNotFound(f"没有第 {number} 号上传，或者已经删除；请回到列表")
    return rows[0]


def listed(database: Database, *, states: Iterable[State], limit: int) -> list[Upload]:
    """Uploads in these states, the latest first."""
    wanted = list(states)
    marks = ", ".join("?" * len(wanted))
    return _rows(database, f"state IN ({marks}) ORDER BY id DESC LIMIT {limit:d}", *wanted)


def counts(database: Database) -> dict[str, int]:
    """How many there are in each state that has any."""
    return dict(database.execute("SELECT state, count(*) FROM upload GROUP BY state"))


def same(database: Database, sha256: str) -> int | None:
    """The number of an upload with the same bytes that is open or published, if any."""
    row = database.execute(
        "SELECT id FROM upload WHERE sha256 = ? AND state NOT IN ('discarded', 'refused')"
        " ORDER BY id DESC LIMIT 1",
        (sha256,),
    ).fetchone()
    return int(row[0]) if row else None


def bearer(database: Database, upload: Upload) -> int | None:
    """The number of another upload that is published, or being so, under the same name."""
    row = database.execute(
        "SELECT id FROM upload WHERE name = ? AND id <> ?"
        " AND state IN ('publishing', 'published', 'withdrawing')",
        (upload.name, upload.id),
    ).fetchone()
    return int(row[0]) if row else None


def published_as(database: Database, name: str) -> int | None:
    """The number of the upload whose file is published under ``name``, if any."""
    found = _rows(database, "name = ? AND state = 'published'", name)
    return found[0].id if found else None


def tokens(database: Database) -> set[str]:
    """The folders of all drafts that are known."""
    found = database.execute("SELECT folder FROM upload WHERE state <> 'discarded'")
    return {folder for (folder,) in found if folder}


def act(database: Database, number: int, what: Act, *, by: By) -> Upload:
    """Do ``what`` to an upload; how it is then. Corrections go with what is published.

    Raises WrongUse, UploadNotFound, UploadOutdated.
    """
    if what not in get_args(Act):
        raise WrongUse(f"没有“{what}”这一种处理；请从页面上选择")
    before, becomes = ACTS[what]
    with writing(database):
        found = get(database, number)
        if found.state not in before or (becomes == "waiting" and not found.folder):
            raise UploadOutdated(f"第 {number} 号上传现在是“{STATES[found.state]}”；请看最新情况")
        if what == "publish":
            if (other := bearer(database, found)) is not None:
                raise WrongUse(f"第 {other} 号上传已用“{found.name}”这个名字；请先撤下它，或改名")
            _note_edits(database, found, by=by)
        _set(database, number, becomes, by=by)
        _audit(database, f"upload_{what}", found.name, number, by=by)
    return get(database, number) if becomes != "discarded" else found


def edit(database: Database, number: int, letter: str, changes: Changes, *, by: By) -> None:
    """Keep ``changes`` as what staff say of a letter that is not published yet, instead of older.

    Raises UploadNotFound, UploadOutdated.
    """
    with writing(database):
        found = get(database, number)
        if found.state not in ("read", "held"):
            raise UploadOutdated(f"第 {number} 号上传现在是“{STATES[found.state]}”；请看最新情况")
        edits = {**found.edits, letter: changes}
        told = json.dumps({name: dict(of) for name, of in edits.items() if of}, ensure_ascii=False)
        database.execute("UPDATE upload SET edits = ? WHERE id = ?", (told, number))
        _audit(database, "upload_edited", found.name, number, by=by)


def settle(
    database: Database,
    number: int,
    state: State,
    *,
    by: By,
    code: str = "",
    message: str = "",
    letters: int | None = None,
) -> None:
    """What came of what the program did."""
    with writing(database):
        _set(database, number, state, by=by, code=code, message=message)
        if letters is not None:
            database.execute("UPDATE upload SET letters = ? WHERE id = ?", (letters, number))


def note(database: Database, number: int, *, code: str, message: str) -> None:
    """Why the program has not got further with an upload yet."""
    with writing(database):
        change = "UPDATE upload SET code = ?, message = ? WHERE id = ?"
        database.execute(change, (code, message, number))


def _note_edits(database: Database, upload: Upload, *, by: By) -> None:
    for letter, changes in upload.edits.items():
        corrections.record(database, letter, changes, by=by, reason="发布以前更正")
    database.execute("UPDATE upload SET edits = '{}' WHERE id = ?", (upload.id,))


def _insert(
    database: Database,
    *,
    name: str,
    size: int,
    sha256: str,
    folder: str,
    by: By,
    code: str = "",
    message: str = "",
) -> int:
    state: State = "refused" if code else "waiting"
    at = stamp(by.at)
    row = (at, by.who, name, size, sha256, folder, state, at, by.who, code, message, 0, "{}")
    with writing(database):
        columns = _COLUMNS.removeprefix("id, ")
        marks = ", ".join("?" * len(row))
        adding = f"INSERT INTO upload ({columns}) VALUES ({marks}) RETURNING id"
        number = int(database.execute(adding, row).fetchone()[0])
        _audit(database, "upload_refused" if code else "uploaded", name, number, by=by)
    return number


def _set(
    database: Database,
    number: int,
    state: State,
    *,
    by: By,
    code: str = "",
    message: str = "",
) -> None:
    database.execute(
        "UPDATE upload SET state = ?, changed_at = ?, changed_by = ?, code = ?, message = ?"
        " WHERE id = ?",
        (state, stamp(by.at), by.who, code, message, number),
    )


def _audit(database: Database, action: str, name: str, number: int, *, by: By) -> None:
    detail = {"upload": number}
    audit.append(database, action, who=by.who, at=by.at, subject=name, detail=detail)


def _rows(database: Database, where: str, *values: Any) -> list[Upload]:
    found = database.execute(f"SELECT {_COLUMNS} FROM upload WHERE {where}", values)
    return [_upload(row) for row in found]


def _upload(row: tuple[Any, ...]) -> Upload:
    named = dict(zip(_COLUMNS.split(", "), row, strict=True))
    for moment in ("at", "changed_at"):
        named[moment] = datetime.fromisoformat(named[moment])
    named["edits"] = {
        letter: {name: (value_in(was), value_in(became)) for name, (was, became) in of.items()}
        for letter, of in json.loads(named["edits"]).items()
    }
    return Upload(**named)
