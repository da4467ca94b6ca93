"""The ledger as a list that can be narrowed, sorted and walked through page by page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.extract.types import STRENGTHS
from kb.ledger.policy import within
from kb.ledger.queries import Wanted, counts, organs, owners, page, total
from kb.staff import views as saved
from server.console import letters
from server.console.access.auth import StaffRoute, Visiting, requires, staff_database
from server.console.filters import KEPT, LISTS, filter_of, offered
from server.console.layout import show
from server.desk import AtDesk
from server.pages.render import Text
from server.present import views

PAGE = 50  # commitments on one page
ORDERS: Mapping[str, str] = {"due": "期限先后", "changed": "最近改动", "letter": "复文次序"}
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@routes.get("/staff/commitments")
@requires("read")
def list_commitments(
    request: Request, desk: AtDesk, visit: Visiting, after: Text = "", did: Text = ""
) -> Response:
    """The commitments that the address asks for."""
    today = desk.today()
    with staff_database(desk) as database:
        known = organs(database)
        chosen = filter_of(request, visit, today=today, organs=known)
        shown = page(database, chosen.wanted, limit=PAGE, order=chosen.order, after=after or None)
        number = total(database, chosen.wanted)
        known_owners = owners(database)
        views_saved = saved.views(database, visit.account)
        years = counts(database, ["year"], today=today, wanted=within(Wanted(), visit.account))
    asked = {name: value for name, value in chosen.given.items() if value}
    return show(
        "list.html",
        request=request,
        visit=visit,
        rows=shown.rows,
        number=number,
        asked=asked,
        narrowed=sum(name not in ("order", "list") for name in asked),
        following=views.link("/staff/commitments", **asked, after=shown.after)
        if shown.after
        else "",
        begun=bool(after),
        choices=_choices(known, known_owners, years),
        lists=LISTS,
        orders=ORDERS,
        views=views_saved,
        did=did[:100],
        without=partial(_without, asked),
        **row_words(),
    )


def row_words() -> dict[str, Any]:
    """What a row of commitments is drawn with."""
    return {"STRENGTHS": STRENGTHS, "at": letters.address}


def _choices(
    known: list[str], known_owners: list[str], years: Any
) -> Mapping[str, Mapping[str, str]]:
    """What each select offers: value and word."""
    listed = sorted((count.key[0] for count in years if count.key[0]), reverse=True)
    own = {
        "year": {year: f"{year}年" for year in listed},
        "strength": STRENGTHS,
        "owner": {name: name for name in known_owners},
    }
    return {**offered(known), **own}


def _without(asked: Mapping[str, str], **other: str) -> str:
    """This list with ``other`` parameters; "" drops one."""
    wanted = {name: value for name, value in {**asked, **other}.items() if name in KEPT}
    return views.link("/staff/commitments", **wanted)
