"""The letters as a list that can be searched, narrowed by flags and walked through."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.errors import NoSnapshot
from server.console.access.auth import StaffRoute, Visiting, requires
from server.console.intake.catalogue import WHERE, Listed, found, offered
from server.console.layout import show
from server.desk import AtDesk
from server.http.numbers import Number
from server.pages.render import Text
from server.present import views

ADDRESS = "/staff/letters"
PAGE = 50  # letters on one page
LONGEST = 200  # code points of what is looked for
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@routes.get(ADDRESS)
@requires("read")
def list_letters(
    request: Request,
    desk: AtDesk,
    visit: Visiting,
    q: Text = "",
    where: Text = "",
    flag: Text = "",
    page: Number = 1,
) -> Response:
    """The letters that the address asks for, within what ``visit`` may see."""
    words, where = q.strip()[:LONGEST], where if where in WHERE else ""
    flags: dict[str, str] = {}
    rows: list[Listed] = []
    try:
        reader = desk.store.current()
        flags = offered(reader, whole=visit.sees_all)
        flag = flag if flag in flags else ""
        rows = found(reader, whole=visit.sees_all, words=words, where=where, flag=flag)
    except NoSnapshot:
        pass  # nothing is published yet: an empty list says so
    last = max(1, -(-len(rows) // PAGE))
    number = min(max(page, 1), last)
    asked = {"q": words, "where": where, "flag": flag}
    return show(
        "letters.html",
        request=request,
        visit=visit,
        number=len(rows),
        rows=rows[(number - 1) * PAGE : number * PAGE],
        asked={name: value for name, value in asked.items() if value},
        places={name: word for name, word in WHERE.items() if name},
        flags=flags,
        page=number,
        pages=last,
        at=lambda **more: views.link(ADDRESS, **{**asked, **more}),
    )
