"""What is to be done to many commitments at once, as a form asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, cast

from kb.errors import WrongUse
from kb.ledger.bulk import Change, done_together, moving, reassigning, taking_back
from kb.ledger.events import entry as entry_of
from kb.ledger.history import between
from kb.ledger.policy import permit_edit, permit_undo, visible
from kb.ledger.signing import HIDING
from kb.ledger.types import KINDS, SIGNED, STATUSES, CommitmentNotFound, Entry, Event, Seen, Status
from kb.staff.connection import Database
from server.console.access.auth import StaffRequest
from server.console.access.forms import Fields, one
from server.console.ledger.known import NEW
from server.console.ledger.list import ACTIONS
from server.http.numbers import number_in

ORGAN, UNDO = "organ", "undo"


class Order(Protocol):
    """``reason`` as it was typed; ``fields`` say in a form again which order it is."""

    @property
    def reason(self) -> str: ...

    @property
    def told(self) -> str:
        """What is done, in words."""

    @property
    def fields(self) -> Mapping[str, str]: ...

    def change(self, reason: str) -> Change:
        """What it does to each."""

    def permit(self, visit: StaffRequest, entry: Entry) -> None:
        """Raise NotAllowed or CommitmentNotFound unless ``visit`` may do it to ``entry``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changing:
    """Another status, or with ``organ`` another organ; ``done_on`` where it is done."""

    action: str
    organ: str
    done_on: str
    reason: str
    two_step: bool
    new_organ: str = ""

    @property
    def status(self) -> Status | None:
        """The status that it gives, if it gives one."""
        return None if self.action == ORGAN else cast(Status, self.action)

    @property
    def told(self) -> str:
        if self.status is None:
            return f"负责单位改为“{self.organ}”"
        proposed = self.two_step and self.status in SIGNED
        word = STATUSES[self.status]
        if proposed:
            return f"报请改为“{word}”，由另一人签批"
        some = (
            "（核实过的、期限已过的先报请签批）" if self.two_step and self.status in HIDING else ""
        )
        return f"状态改为“{word}”{some}"

    @property
    def fields(self) -> Mapping[str, str]:
        new = {NEW: "1"} if self.new_organ else {}
        return {"action": self.action, ORGAN: self.organ, "done_on": self.done_on, **new}

    def change(self, reason: str) -> Change:
        if self.status is None:
            return reassigning(self.organ, reason=reason)
        day = self.done_on or None if self.status == "done" else None
        return moving(self.status, reason=reason, two_step=self.two_step, done_on=day)

    def permit(self, visit: StaffRequest, entry: Entry) -> None:
        _permit_sight(visit, entry)
        fields = () if self.status else (ORGAN,)
        permit_edit(visit.account, organ=entry.organ, status=self.status, fields=fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingBack:
    """What ``event`` and others did together; ``made`` has what was done to each commitment."""

    event: Event
    made: Mapping[int, Event]
    reason: str

    @property
    def told(self) -> str:
        return f"撤销{self.event.who}一次做的“{KINDS[self.event.kind]}”（{len(self.made)} 条）"

    @property
    def fields(self) -> Mapping[str, str]:
        return {"action": UNDO, "event": str(self.event.id)}

    def chosen(self, database: Database) -> list[Seen]:
        """All of them, as they are now."""
        return [entry_of(database, number).seen for number in self.made]

    def change(self, reason: str) -> Change:
        return taking_back(self.made, reason=reason)

    def permit(self, visit: StaffRequest, entry: Entry) -> None:
        _permit_sight(visit, entry)
        if entry.id not in self.made:
            raise WrongUse(f"第 {entry.id} 号承诺不在这次批量改动里；请在它的页面上撤销")
        permit_undo(visit.account, self.made[entry.id], organ=entry.organ)


def order_of(database: Database, fields: Fields, *, two_step: bool) -> Order:
    """What the form asks for. Raises WrongUse."""
    action, organ = one(fields, "action"), one(fields, ORGAN)
    if action == UNDO:
        return _taking_back(database, fields)
    if action not in ACTIONS:
        raise WrongUse("没有选怎么处理；请回到台账，在列表下面选")
    if action == ORGAN and not organ.strip():
        raise WrongUse("没有填改为哪个单位；请回到台账填写")
    return Changing(
        action=action,
        organ=organ,
        done_on=one(fields, "done_on"),
        reason=one(fields, "reason"),
        two_step=two_step,
        new_organ=one(fields, NEW),
    )


def _taking_back(database: Database, fields: Fields) -> TakingBack:
    number = number_in(one(fields, "event")) or 0
    for _, event in between(database, number, number, most=1):
        if made := done_together(database, event):
            return TakingBack(event=event, made=made, reason=one(fields, "reason"))
    raise WrongUse("没有这样一次批量改动；请从那条承诺的页面上撤销")


def _permit_sight(visit: StaffRequest, entry: Entry) -> None:
    if not visible(entry, visit.account):
        raise CommitmentNotFound(f"台账里没有第 {entry.id} 号承诺；请回到列表")
