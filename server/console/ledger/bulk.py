"""Many commitments at once: what would change of each and why of some nothing does, then done."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.errors import WrongUse
from kb.ledger.bulk import MOST, Outcome, change_all
from kb.ledger.history import history
from kb.ledger.queries import each, organs
from kb.ledger.types import Seen
from kb.staff.connection import Database
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.access.forms import Fields, Sent, one, seen_of
from server.console.filters import KEPT as ASKED
from server.console.filters import filter_of
from server.console.layout import show
from server.console.ledger.known import known
from server.console.ledger.list import row_words
from server.console.ledger.orders import Changing, Order, TakingBack, order_of
from server.desk import AtDesk, Desk
from server.http.problems import outward
from server.present import views

SHOWN = 100  # rows of what will change; what is refused is told of all
PATH = "/staff/bulk"
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@routes.post(PATH)
@requires("review")
def preview(request: Request, desk: AtDesk, visit: Visiting, fields: Sent) -> Response:
    """What the change would do to each of what was chosen; nothing is kept."""
    with staff_database(desk) as database:
        order = _order(database, desk, visit, fields)
        if isinstance(order, TakingBack):
            chosen = order.chosen(database)
        else:
            chosen = _chosen(request, database, desk, visit, fields)
        return _page(request, database, visit, order, chosen)


@routes.post(PATH + "/confirm")
@requires("review")
def confirm(request: Request, desk: AtDesk, visit: Visiting, fields: Sent) -> Response:
    """Do it, in one transaction, and tell of each that was refused."""
    with staff_database(desk) as database:
        order = _order(database, desk, visit, fields)
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
        changed = [outcome for outcome in outcomes if not outcome.problem]
        undoable = _last_of(database, changed) if isinstance(order, Changing) else None
    return show(
        "bulk_done.html",
        request=request,
        visit=visit,
        order=order,
        back=_back(request),
        changed=changed,
        undoable=undoable,
        refused=_refused(outcomes),
        **row_words(),
    )


def _page(
    request: Request,
    database: Database,
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


def _order(database: Database, desk: Desk, visit: StaffRequest, fields: Fields) -> Order:
    """What the form asks for. Raises WrongUse, also for an organ that nobody knows."""
    order = order_of(database, fields, two_step=desk.settings.sign_off == "on")
    if isinstance(order, Changing) and order.status is None:
        known(database, desk.store.current(), visit, order.new_organ).check(order.organ)
    return order


def _chosen(
    request: Request,
    database: Database,
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


def _last_of(database: Database, changed: Sequence[Outcome]) -> int | None:
    """The number of an event of what was changed just now, by which all of it can be undone."""
    return history(database, changed[0].id)[0].id if changed else None


def _back(request: Request) -> str:
    """The list that it was chosen from."""
    asked = {name: request.query_params.get(name, "") for name in ASKED}
    return views.link("/staff/commitments", **asked)


def _refused(outcomes: Sequence[Outcome]) -> list[tuple[Outcome, str]]:
    """Those that are left as they are, and why."""
    return [(outcome, outward(outcome.problem)) for outcome in outcomes if outcome.problem]
