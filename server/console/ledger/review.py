"""待核实: what the program proposed, confirmed or rejected, many at once."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import cast

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kb.errors import KbError, WrongUse
from kb.ledger.events import entry
from kb.ledger.policy import EDITING, may_edit, organs_open_to, own_only, permit_edit, within
from kb.ledger.queries import FIRM, Firm, Wanted, organs, page
from kb.ledger.signing import decide_all
from kb.ledger.types import STATUSES, Status
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.access.forms import Sent, one, seen_of
from server.console.layout import show
from server.console.ledger.list import fold, row_words
from server.desk import AtDesk, Desk
from server.pages.render import Text
from server.present import views

PAGE = 50
# What a bulk button makes of what was chosen, its key, and what it says.
BECOMES: dict[Status, tuple[str, str]] = {
    "not_started": ("1", "是承诺，未启动"),
    "under_way": ("2", "是承诺，进行中"),
    "rejected": ("0", "不是承诺"),
}
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@routes.get("/staff/review")
@requires("review")
def review(
    request: Request,
    desk: AtDesk,
    visit: Visiting,
    organ: Text = "",
    firm: Text = "",
    after: Text = "",
    did: Text = "",
) -> Response:
    """Those proposed, letter by letter; of a reviewer's own organ first of all."""
    return _page(request, desk, visit, organ=organ, firm=firm, after=after, did=did)


@routes.post("/staff/review")
@requires("review")
def decide(request: Request, desk: AtDesk, visit: Visiting, fields: Sent) -> Response:
    """Decide on all that was chosen, or on none."""
    organ, firm, after = (one(fields, name) for name in ("organ", "firm", "after"))
    try:
        becomes = one(fields, "becomes")
        if becomes not in BECOMES:
            raise WrongUse("没有选怎么处理；请按页面上的按钮")
        chosen = [seen_of(text) for text in fields.get("seen", [])]
        if not chosen:
            raise WrongUse("还没有选中承诺；请先勾选（键盘：j、k 移动，x 勾选）")
        status: Status = becomes
        with staff_database(desk) as database:
            for seen in chosen:
                permit_edit(visit.account, organ=entry(database, seen.id).organ)
            two_step = desk.settings.sign_off == "on"
            done = decide_all(database, chosen, status, by=visit.by, two_step=two_step)
    except KbError as error:
        return _page(request, desk, visit, organ=organ, firm=firm, after=after, problem=error)
    did = _did(done, len(chosen) - done, status)
    address = views.link("/staff/review", organ=organ, firm=firm, after=after, did=visit.said(did))
    return RedirectResponse(address, status_code=303)


def _did(done: int, proposed: int, status: Status) -> str:
    """What became of those that were chosen: some may wait for a second person."""
    word = STATUSES[status]
    parts = [f"{done} 条已改为“{word}”"] if done or not proposed else []
    if proposed:
        parts.append(f"{proposed} 条期限已过，报请改为“{word}”，等另一人签批")
    return "；".join(parts)


def _page(
    request: Request,
    desk: Desk,
    visit: StaffRequest,
    *,
    organ: str,
    firm: str,
    after: str,
    did: str = "",
    problem: KbError | None = None,
) -> Response:
    with staff_database(desk) as database:
        known = organs(database)
        offered = organs_open_to(visit.account, known)
        wanted = Wanted(status="proposed", organ=organ or None)
        if not organ and own_only(visit.account, EDITING):
            wanted = Wanted(status="proposed", organs=tuple(offered) or ("",))
        wanted = within(wanted, visit.account)
        firmness = cast(Firm, firm) if firm in FIRM else None
        folded = fold(database, replace(wanted, firm=firmness))
        shown = page(database, folded.wanted, limit=PAGE, order="letter", after=after or None)
    more = views.link("/staff/review", organ=organ, firm=firm, after=shown.after)
    return show(
        "review.html",
        request=request,
        visit=visit,
        problem=problem,
        did=visit.heard(did),
        rows=shown.rows,
        number=folded.number,
        vague=folded.vague,
        firm=firm,
        organ=organ,
        after=after,
        organs=offered,
        may_edit=partial(may_edit, visit.account),
        following=more if shown.after else "",
        becomes=BECOMES,
        **row_words(),
    )
