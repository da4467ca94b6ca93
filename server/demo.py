"""The demonstration: an account, and a ledger in which staff have already decided something.

For a newcomer on the machine itself, and only there: its password is shown on the screen.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from kb.analysis.refresh import refresh_ledger
from kb.errors import LetterNotFound, WrongUse
from kb.extract.types import Due
from kb.ledger import edit
from kb.ledger.events import Proof
from kb.ledger.match import overlapping
from kb.ledger.queries import Wanted, each
from kb.ledger.types import Entry, excerpt
from kb.models.tagging import tagging_model
from kb.settings import Settings
from kb.staff import accounts
from kb.staff.connection import Database
from kb.staff.database import PROGRAM, By, opened, staff_of
from kb.store.protocol import SnapshotReader
from kb.text.normalize import standing_in
from kb.types import Letter

WHO = "演示"
Decision = Mapping[str, Any]


def seed(
    settings: Settings, reader: SnapshotReader, decisions: Path, *, now: datetime
) -> tuple[str, ...]:
    """Make the account and the ledger; the lines to show, with the password, this once.

    ``decisions`` has a row a line, as ``corpus/README.md`` says. Nothing is done where others
    could reach the server, or where there is an account: the one line that comes back says so.
    The account comes last, so that what was interrupted can be done again. Raises WrongUse for
    a file of decisions that cannot be read.
    """
    if not loopback(settings.host):
        return (
            f"没有建演示账号：服务监听 {settings.host}，别的机器也能连上；"
            "请改用 --host 127.0.0.1，或用 fuwen user add 建正式账号",
        )
    with opened(staff_of(settings)) as database:
        if accounts.accounts(database):
            return ("没有建演示账号：已经有账号了；忘了密码请用 fuwen user password 账号名",)
        rows = _rows(decisions)
        first = min((_by(row).at for row in rows), default=now)
        refresh_ledger(
            database,
            reader,
            by=By(who=PROGRAM, at=min(first, now)),
            tagger=tagging_model(settings.tagger),
        )
        passed = sum(not _decided(database, reader, row) for row in rows)
        password = secrets.token_urlsafe(12)
        accounts.add(database, WHO, role="manager", password=password, by=By(who=PROGRAM, at=now))
    return (
        f"演示台账已备好：认定 {len(rows) - passed} 次，略过 {passed} 次（原文里没有或已认定）",
        f"演示账号：{WHO}　密码：{password}　（只显示这一次）",
    )


def loopback(host: str) -> bool:
    """True if a server that listens on ``host`` can be reached from the machine itself only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name, or "" for every address
        return False


def _rows(decisions: Path) -> Sequence[Decision]:
    try:
        lines = decisions.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]
    except (OSError, ValueError) as error:
        raise WrongUse(
            f"演示用的认定 {decisions} 读不出（{error}）；请从项目目录启动，或去掉 --demo"
        ) from error


def _by(row: Decision) -> By:
    return By(who=row["by"], at=datetime.fromisoformat(row["at"]))


def _decided(database: Database, reader: SnapshotReader, row: Decision) -> bool:
    """Do what one row says; False where its commitment is missing, or it was done before."""
    try:
        entry = _standing(database, reader.letter(row["letter"]), row["text"])
        if entry is None:
            return False
        by, reason = _by(row), row["reason"]
        if "status" in row:
            proof = _proof(reader, row.get("evidence"))
            edit.move(
                database,
                entry.seen,
                row["status"],
                by=by,
                reason=reason,
                proof=proof,
                done_on=row.get("done_on"),
            )
        else:
            edit.correct(database, entry.seen, {"due": Due(**row["due"])}, by=by, reason=reason)
    except (WrongUse, LetterNotFound):
        return False
    return True


def _standing(database: Database, letter: Letter, words: str) -> Entry | None:
    """The commitment on the lists that stands where ``words`` do, if there is one."""
    places = list(standing_in(letter.text, words))
    entries = each(database, Wanted(letter_id=letter.id), order="letter")
    return next((entry for entry in entries if overlapping(entry.span, places)), None)


def _proof(reader: SnapshotReader, evidence: Decision | None) -> Proof | None:
    """The evidence of a row. Raises WrongUse where its words stand nowhere, LetterNotFound."""
    if evidence is None:
        return None
    letter = reader.letter(evidence["letter"])
    span = next(standing_in(letter.text, evidence["text"]), None)
    if span is None:
        raise WrongUse(f"复文 {letter.id} 里没有这段文字：{evidence['text']}")
    return Proof(
        relation=evidence["relation"], quote=excerpt(letter, span), on=letter.value("issued_on")
    )
