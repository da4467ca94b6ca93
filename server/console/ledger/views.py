"""Saving a filter of the ledger under a name, and forgetting it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kb.ledger.queries import organs
from kb.staff import views as saved
from server.console.access.auth import StaffRoute, Visiting, requires, staff_database
from server.console.access.forms import SentForm
from server.console.filters import filter_of
from server.desk import AtDesk
from server.http.numbers import Number
from server.present import views

PAGE = "/staff/commitments"
NAME = "view-name"  # of the form's field; the address of the form has the filter
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@routes.post("/staff/views")
@requires("read")
def save(request: Request, desk: AtDesk, visit: Visiting, form: SentForm) -> Response:
    """Save the filter that the address has, and show it again."""
    name = form.get(NAME, "")
    with staff_database(desk) as database:
        chosen = filter_of(request, visit, today=desk.today(), organs=organs(database))
        asked = {part: value for part, value in chosen.given.items() if value}
        saved.save(database, name, asked, account=visit.account, at=visit.at)
    address = views.link(PAGE, **asked, did=visit.said(f"已存为“{name}”"))
    return RedirectResponse(address, status_code=303)


@routes.post("/staff/views/{number}/delete")
@requires("read")
def delete(number: Number, desk: AtDesk, visit: Visiting) -> Response:
    """Forget a view of one's own."""
    with staff_database(desk) as database:
        name = saved.delete(database, number, account=visit.account)
    return RedirectResponse(views.link(PAGE, did=visit.said(f"已删去“{name}”")), status_code=303)
