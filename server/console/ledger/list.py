"""The ledger as a list that can be narrowed, sorted and walked through page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.extract.types import STRENGTHS
from kb.ledger.bulk import MOST
from kb.ledger.policy import may_edit, within
from kb.ledger.queries import FIRM, Wanted, counts, organs, page, total
from kb.ledger.types import KEPT, STATUSES, Status
from kb.ledger.work import owners
from kb.staff import views as saved
from kb.staff.connection import Database
from server.console import letters
from server.console.access.auth import StaffRoute, Visiting, requires, staff_database
from server.console.filters import KEPT as ASKED
from server.console.filters import LISTS, filter_of, offered
from server.console.layout import show
from server.console.ledger.known import may_name_new
from server.desk import AtDesk
from server.pages.render import Text
from server.present import views

PAGE = 50  # commitments on one page
ORDERS: Mapping[str, str] = {"due": "期限先后", "changed": "最近改动", "letter": "复文次序"}
# What can be done to all that is chosen: a status that it gets, or "organ".
BECOMES: Sequence[Status] = (
    "not_started", "under_way", "rejected", "done", "unverifiable", "dropped", "proposed",
)  # fmt: skip
ACTIONS: Mapping[str, str] = {
    **{status: f"改为“{STATUSES[status]}”" for status in BECOMES},
    "organ": "改变负责单位",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A list without its vague commitments, unless it was narrowed down to one of both.

    ``wanted`` is what is shown, ``number`` how many that are, ``vague`` how many are folded away.
    """

    wanted: Wanted
    number: int
    vague: int


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
        folded = fold(database, chosen.wanted)
        shown = page(database, folded.wanted, limit=PAGE, order=chosen.order, after=after or None)
        known_owners = owners(database)
        views_saved = saved.views(database, visit.account)
        years = counts(database, ["year"], today=today, wanted=within(Wanted(), visit.account))
    asked = {name: value for name, value in chosen.given.items() if value}
    return show(
        "list.html",
        request=request,
        visit=visit,
        rows=shown.rows,
        number=folded.number,
        vague=folded.vague,
        chosen=asked if chosen.wanted.firm else {**asked, "firm": "concrete"},
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
        did=visit.heard(did),
        bulk=ACTIONS if visit.may("review") else {},
        may_edit=partial(may_edit, visit.account),
        most=MOST,
        may_name_new=may_name_new(visit),
        without=partial(_without, asked),
        **row_words(),
    )


def fold(database: Database, wanted: Wanted) -> Folded:
    """``wanted`` as a list shows it first: the concrete ones."""
    shown = replace(wanted, firm=wanted.firm or "concrete")
    vague = 0 if wanted.firm else total(database, replace(wanted, firm="vague"))
    return Folded(wanted=shown, number=total(database, shown), vague=vague)


def row_words() -> dict[str, Any]:
    """What a row of commitments is drawn with."""
    return {"STRENGTHS": STRENGTHS, "KEPT": KEPT, "at": letters.address}


def _choices(
    known: list[str], known_owners: list[str], years: Any
) -> Mapping[str, Mapping[str, str]]:
    """What each select offers: value and word."""
    listed = sorted((count.key[0] for count in years if count.key[0]), reverse=True)
    own: dict[str, Mapping[str, str]] = {
        "kept": dict(KEPT.items()),
        "firm": dict(FIRM.items()),
        "year": {year: f"{year}年" for year in listed},
        "strength": dict(STRENGTHS.items()),
        "owner": {name: name for name in known_owners},
    }
    return {**offered(known), **own}


def _without(asked: Mapping[str, str], **other: str) -> str:
    """This list with ``other`` parameters; "" drops one."""
    wanted = {name: value for name, value in {**asked, **other}.items() if name in ASKED}
    return views.link("/staff/commitments", **wanted)
