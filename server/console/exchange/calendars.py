"""Calendars of due days: their secret addresses, and what those lead to."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kb.ledger.formats import icalendar
from kb.ledger.organs import check_organ
from kb.staff import calendar_tokens
from kb.staff.permissions import permit
from server.console.access.auth import StaffRoute, Visiting, requires, staff_database
from server.console.access.forms import Sent, one
from server.console.exchange.export import PAGE
from server.console.layout import show
from server.desk import AtDesk
from server.http.etag import KEPT, fresh, unchanged
from server.http.numbers import Number
from server.present import views

open_routes = APIRouter(include_in_schema=False)
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@routes.post("/staff/feeds")
@requires("feed")
def make(request: Request, desk: AtDesk, visit: Visiting, fields: Sent) -> Response:
    """Make an address and show it, this once."""
    organ = one(fields, "organ")
    permit(visit.account, "feed", organ=organ)
    with staff_database(desk) as database:
        check_organ(database, organ, also=visit.account.organs)
        token = calendar_tokens.make(database, organ, account=visit.account, at=visit.at)
    return show(
        "calendar.html",
        request=request,
        visit=visit,
        organ=organ,
        address=f"{desk.settings.public_address}/calendar/{token}.ics",
        whole=bool(desk.settings.public_address),
    )


@routes.post("/staff/feeds/{number}/revoke")
@requires("feed")
def revoke(request: Request, number: Number, desk: AtDesk, visit: Visiting) -> Response:
    """Revoke the address of a calendar."""
    with staff_database(desk) as database:
        calendar_tokens.revoke(database, number, account=visit.account, at=visit.at)
    address = views.link(
        "/staff/outgoing", did=visit.said("已吊销这个日历地址"), anchor="calendars"
    )
    return RedirectResponse(address, status_code=303)


@open_routes.get("/calendar/{token}.ics")
def calendar(request: Request, token: str, desk: AtDesk) -> Response:
    """The due days of the organ whose address this is; for whoever knows it."""
    where = partial(_page_of, desk.settings.public_address)
    with staff_database(desk) as database:
        organ = calendar_tokens.organ_of(database, token, today=desk.today())
        tag = f'"{icalendar.mark(database, organ, address_of=where)}"'
        if fresh(request, tag):
            return unchanged(tag)
        content = icalendar.calendar(database, organ, address_of=where)
    return Response(
        content,
        media_type="text/calendar; charset=utf-8",
        headers={"etag": tag, "cache-control": KEPT},
    )


def _page_of(site: str, number: int) -> str:
    """The page of a commitment, by KB_PUBLIC_ADDRESS: whoever asks may name any host."""
    return f"{site}{PAGE}/{number}" if site else ""
