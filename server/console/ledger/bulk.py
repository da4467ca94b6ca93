"""Many commitments at once: what would change of each and why of some nothing does, then done."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.errors import WrongUse
from kb.ledger.bulk import MOST, Change, Outcome, change_all, moving, reassigning
from kb.ledger.policy import permit_edit, visible
from kb.ledger.queries import each, organs
from kb.ledger.types import SIGNED, STATUSES, CommitmentNotFound, Entry, Seen, Status
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.access.forms import Fields, Sent, one, seen_of
from server.console.filters import KEPT as ASKED
from server.console.filters import filter_of
from server.console.layout import show
from server.console.ledger.known import NEW, known
from server.console.ledger.list import ACTIONS, row_words
from server.desk import AtDesk, Desk
from server.http.problems import outward
from server.present import views

SHOWN = 100  # rows of what will change; what is refused is told of all
ORGAN = "organ"
PATH = "/staff/bulk"
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be done to all that was chosen; ``organ`` and ``done_on`` where it takes them."""

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
        """The same in words."""
        if self.status is None:
            return f"负责单位改为“{self.organ}”"
        proposed = self.two_step and self.status in SIGNED
        word = STATUSES[self.status]
        return f"报请改为“{word}”，由另一人签批" if proposed else f"状态改为“{word}”"

    def change(self, reason: str) -> Change:
        """What it does to each."""
        if self.status is None:
            return reassigning(self.organ, reason=reason)
        day = self.done_on or None if self.status == "done" else None
        return moving(self.status, reason=reason, two_step=self.two_step, done_on=day)

    def permit(self, visit: StaffRequest, entry: Entry) -> None:
        """Raise NotAllowed or CommitmentNotFound unless ``visit`` may do it to ``entry``."""
        if not visible(entry, visit.account):
            raise CommitmentNotFound(f"台账里没有第 {entry.id} 号承诺；请回到列表")
        fields = () if self.status else (ORGAN,)
        permit_edit(visit.account, organ=entry.organ, status=self.status, fields=fields)


@routes.post(PATH)
@requires("review")
def preview(request: Request, desk: AtDesk, visit: Visiting, fields: Sent) -> Response:
    """What the change would do to each of what was chosen; nothing is kept."""
    order = _order(fields, desk)
    with staff_database(desk) as database:
        _check_organ(database, desk, visit, order)
        chosen = _chosen(request, database, desk, visit, fields)
        return _page(request, database, visit, order, chosen)


@routes.post(PATH + "/confirm")
@requires("review")
def confirm(request: Request, desk: AtDesk, visit: Visiting, fields: Sent) -> Response:
    """Do it, in one transaction, and tell of each that was refused."""
    order = _order(fields, desk)
    with staff_database(desk) as database:
        _check_organ(database, desk, visit, order)
        chosen = [seen_of(text) for text in fields.get("seen", [])]
        if not order.reason:
            wrong = WrongUse("批量处理要写明理由；请填写后再确认")
            return _page(request, database, visit, order, chosen, problem=wrong)
        outcomes = change_all(
            database,
            chosen,
            order.change(order.reason),
            permit=lambda entry: order.permit(visit, entry),
            by=visit.by,
        )
    return show(
        "bulk_done.html",
        request=request,
        visit=visit,
        order=order,
        back=_back(request),
        changed=[outcome for outcome in outcomes if not outcome.problem],
        refused=_refused(outcomes),
        **row_words(),
    )


def _page(
    request: Request,
    database: sqlite3.Connection,
    visit: StaffRequest,
    order: Order,
    chosen: Sequence[Seen],
    *,
    problem: WrongUse | None = None,
) -> Response:
    outcomes = change_all(
        database,
        chosen,
        order.change(order.reason or "预看"),
        permit=lambda entry: order.permit(visit, entry),
        by=visit.by,
        dry=True,
    )
    changing = [outcome for outcome in outcomes if not outcome.problem]
    return show(
        "bulk.html",
        request=request,
        visit=visit,
        problem=problem,
        order=order,
        query=request.url.query,
        back=_back(request),
        number=len(changing),
        changing=changing[:SHOWN],
        refused=_refused(outcomes),
        chosen=[f"{seen.id}:{seen.version}" for seen in chosen],
        **row_words(),
    )


def _order(fields: Fields, desk: Desk) -> Order:
    """What the form asks for. Raises WrongUse."""
    action, organ = one(fields, "action"), one(fields, "organ")
    if action not in ACTIONS:
        raise WrongUse("没有选怎么处理；请回到台账，在列表下面选")
    if action == ORGAN and not organ.strip():
        raise WrongUse("没有填改为哪个单位；请回到台账填写")
    return Order(
        action=action,
        organ=organ,
        done_on=one(fields, "done_on"),
        reason=one(fields, "reason"),
        two_step=desk.settings.sign_off == "on",
        new_organ=one(fields, NEW),
    )


def _check_organ(
    database: sqlite3.Connection, desk: Desk, visit: StaffRequest, order: Order
) -> None:
    """Raise WrongUse where all would be given to an organ that nobody knows."""
    if order.status is None:
        known(database, desk.store.current(), visit, order.new_organ).check(order.organ)


def _chosen(
    request: Request,
    database: sqlite3.Connection,
    desk: Desk,
    visit: StaffRequest,
    fields: Fields,
) -> list[Seen]:
    """What was ticked, or all that the filter in the address chooses. Raises WrongUse."""
    if not one(fields, "all"):
        chosen = [seen_of(text) for text in fields.get("seen", [])]
        if not chosen:
            raise WrongUse("还没有选中承诺；请回到台账勾选（键盘：j、k 移动，x 勾选）")
        return chosen
    known = organs(database)
    wanted = filter_of(request, visit, today=desk.today(), organs=known).wanted
    chosen = []
    for entry in each(database, wanted):
        chosen.append(entry.seen)
        if len(chosen) > MOST:
            raise WrongUse(f"筛选出来的超过 {MOST} 条，一次改不了；请先缩小范围")
    if not chosen:
        raise WrongUse("没有符合筛选的承诺；请回到台账重新筛选")
    return chosen


def _back(request: Request) -> str:
    """The list that it was chosen from."""
    asked = {name: request.query_params.get(name, "") for name in ASKED}
    return views.link("/staff/commitments", **asked)


def _refused(outcomes: Sequence[Outcome]) -> list[tuple[Outcome, str]]:
    """Those that are left as they are, and why."""
    return [(outcome, outward(outcome.problem)) for outcome in outcomes if outcome.problem]
