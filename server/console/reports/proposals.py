"""提案交办: what the registers say was handed on, to whom, until when, and what has no reply."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.analysis import proposals as register
from kb.analysis.proposals import NAMES, Asked, Proposal
from kb.errors import NoSnapshot
from kb.staff.permissions import own_organs
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires
from server.console.layout import show
from server.desk import AtDesk
from server.http.numbers import Number
from server.pages.render import Text
from server.present import views

ADDRESS = "/staff/proposals"
PAGE = 50  # proposals on one page
LONGEST = 200  # code points of what is looked for
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@routes.get(ADDRESS)
@requires("read_unmasked")
def list_proposals(
    request: Request,
    desk: AtDesk,
    visit: Visiting,
    standing: Text = "",
    organ: Text = "",
    words: Text = "",
    late: Text = "",
    page: Number = 1,
) -> Response:
    """The proposals that the address asks for, those without a reply first."""
    today = desk.today()
    asked = {
        "standing": standing if standing in NAMES else "",
        "organ": organ.strip()[:LONGEST],
        "words": words.strip()[:LONGEST],
        "late": "yes" if late else "",
    }
    every, known = _read(desk)
    wanted = Asked(**{**asked, "late": bool(late)})  # type: ignore[arg-type]
    of_organ = register.chosen(every, Asked(organ=wanted.organ), today=today)
    rows = register.chosen(of_organ, wanted, today=today)
    pages = max(1, -(-len(rows) // PAGE))
    page = min(max(page, 1), pages)
    return show(
        "proposals.html",
        request=request,
        visit=visit,
        whole=len(every),
        number=len(rows),
        rows=rows[(page - 1) * PAGE : page * PAGE],
        counts=register.counts(of_organ, today=today),
        asked={name: value for name, value in asked.items() if value},
        standings=NAMES,
        organs={name: name for name in _own_first(known, visit)},
        own=own_organs(visit.account, known)[:1],
        page=page,
        pages=pages,
        at=lambda **more: views.link(ADDRESS, **{**asked, **more}),
    )


def _read(desk: AtDesk) -> tuple[list[Proposal], list[str]]:
    """Every proposal and every organ; none while nothing is published."""
    try:
        reader = desk.store.current()
    except NoSnapshot:
        return [], []
    return list(register.proposals(reader)), list(register.organs(reader))


def _own_first(known: list[str], visit: StaffRequest) -> list[str]:
    own = own_organs(visit.account, known)
    return [*own, *(name for name in known if name not in own)]
