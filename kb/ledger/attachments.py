"""Evidence that is no letter: a document, a photo, a web address, the note of a call.

Citizens are shown none of it: what is public is read from the table of letters' words alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from kb.errors import KbError, WrongUse
from kb.extract.types import Relation
from kb.ledger.checks import still_live
from kb.ledger.columns import ATTACHMENT, DECIDED, named
from kb.ledger.completion import check_day
from kb.ledger.events import Attaching, booking
from kb.ledger.types import Seen
from kb.staff.connection import Database
from kb.staff.database import By
from kb.text.chars import encodable

Form = Literal["document", "photo", "address", "call"]
FORMS: Mapping[Form, str] = {
    "document": "文档",
    "photo": "照片",
    "address": "网址",
    "call": "电话记录",
}
FILES: frozenset[Form] = frozenset(("document", "photo"))
LONGEST_ADDRESS, LONGEST_NOTE = 1000, 2000  # code points
_ADDRESS = re.compile(r"https?://[^\s<>\"\\]{1,1000}")


class AttachmentNotFound(KbError):
    """The commitment has no such file."""

    status, code = 404, "attachment_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that is kept: what it was called, the SHA-256 of its bytes, and how many."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is attached. ``day``: of which day it tells (ISO); ``note``: what it says, in words."""

    form: Form
    address: str | None = None
    day: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """What was attached to commitment ``of``, by whom and why.

    ``name``, ``sha256`` and ``bytes`` are those of a file; of an address or a call there are none.
    """

    id: int
    of: int
    relation: Relation
    form: Form
    name: str
    sha256: str | None
    bytes: int | None
    address: str | None
    day: str | None
    note: str
    at: datetime
    who: str
    reason: str


def attach(
    database: Database,
    seen: Seen,
    given: Given,
    *,
    relation: Relation,
    by: By,
    reason: str = "",
    keep: Callable[[], File] | None = None,
) -> None:
    """Attach something; the status stays as it is.

    ``keep`` writes the file, and is called once all else is found right, so that what is refused
    leaves none behind. Raises WrongUse, CommitmentNotFound, CommitmentOutdated, what ``keep`` does.
    """
    _check(given, by=by, file=keep is not None)
    with booking(database, by) as book:
        row = book.unchanged(seen)
        still_live(seen, row)
        _check_day(given, relation, row["issued_on"])
        file = asdict(keep()) if keep else {"name": "", "sha256": None, "bytes": None}
        _check_once(database, seen.id, file["sha256"])
        attaching = Attaching(relation=relation, told={**asdict(given), **file})
        book.record(seen.id, "attached", DECIDED, reason=reason, proof=attaching)


def attachments_of(database: Database, number: int) -> list[Attachment]:
    """What is attached to a commitment and to those merged into it, in its order."""
    rows = database.execute(
        "WITH RECURSIVE family(id) AS (VALUES (?) UNION"
        "  SELECT commitment.id FROM commitment JOIN family ON merged_into = family.id)"
        f" SELECT {named(ATTACHMENT)} FROM attachment"
        " WHERE commitment IN (SELECT id FROM family) ORDER BY id",
        (number,),
    )
    return [_attachment(dict(zip(ATTACHMENT, row, strict=True))) for row in rows]


def file_of(database: Database, number: int, attachment: int) -> File:
    """The file of an attachment to commitment ``number``. Raises AttachmentNotFound."""
    for one in attachments_of(database, number):
        if one.id == attachment and one.sha256 is not None and one.bytes is not None:
            return File(name=one.name, sha256=one.sha256, bytes=one.bytes)
    raise AttachmentNotFound(f"第 {number} 号承诺没有这个文件；请回到它的网页")


def kept_files(database: Database) -> dict[str, tuple[int, str]]:
    """The SHA-256 of every file that was ever attached: the commitment, and its name there."""
    rows = database.execute(
        "SELECT commitment, became FROM commitment_event WHERE kind = 'attached' ORDER BY id"
    )
    found: dict[str, tuple[int, str]] = {}
    for number, became in rows:
        told = _told(became)
        if told.get("sha256"):
            found.setdefault(told["sha256"], (number, told["name"]))
    return found


def _told(became: str) -> dict[str, Any]:
    attached: dict[str, Any] = json.loads(became).get("attachment", {})
    return attached


def _check(given: Given, *, by: By, file: bool) -> None:
    """Raise WrongUse for what is no evidence of its form."""
    if given.form not in FORMS:
        raise WrongUse(f"佐证要说明是什么：{'、'.join(FORMS.values())}；请选择")
    word = FORMS[given.form]
    if file is not (given.form in FILES):
        raise WrongUse(f"{word}{'不用' if file else '要'}选文件；请改正后再试")
    if given.form == "address" and not _sound(given.address or ""):
        raise WrongUse(
            "网址要写成 https://主机/路径 的样子，1000 字以内，不带空格、账号和密码；请改正"
        )
    if given.form == "call" and not (given.note.strip() and given.day):
        raise WrongUse("电话记录要写明哪天打的、对方说了什么；请填写后再试")
    if len(given.note) > LONGEST_NOTE or not encodable([given.note]):
        raise WrongUse(f"说明不能超过 {LONGEST_NOTE} 个字，也不能有无法保存的字符；请改正")
    check_day(given.day, by=by)


def _check_day(given: Given, relation: Relation, promised: str | None) -> None:
    """Raise WrongUse where what is said to fulfil a promise tells of a day before it was made."""
    if relation == "fulfils" and given.day and promised and given.day < promised:
        raise WrongUse(
            f"{FORMS[given.form]}说的是 {given.day}，早于作出承诺的 {promised}，"
            "不能说明已兑现；请核对"
        )


def _check_once(database: Database, number: int, digest: str | None) -> None:
    """Raise WrongUse where a file of this content is attached to the commitment already."""
    same = database.execute(
        "SELECT name FROM attachment WHERE commitment = ? AND sha256 = ?", (number, digest)
    ).fetchone()
    if same:
        raise WrongUse(f"这个文件已经附在第 {number} 号承诺上（“{same[0]}”）；不用再附")


def _sound(address: str) -> bool:
    """True if ``address`` is one that a browser would open, and no more than that."""
    if len(address) > LONGEST_ADDRESS or not encodable([address]):
        return False
    try:
        parts = urlsplit(address)
        return bool(_ADDRESS.fullmatch(address) and parts.hostname and "@" not in parts.netloc)
    except ValueError:
        return False


def _attachment(row: dict[str, Any]) -> Attachment:
    own = {name: row[name] for name in ATTACHMENT if name not in ("commitment", "at")}
    return Attachment(of=row["commitment"], at=datetime.fromisoformat(row["at"]), **own)
