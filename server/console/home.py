"""The first page: what is waiting, what is late, what comes next."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.ledger.policy import within
from kb.ledger.queries import Wanted, coming, counts, overdue, page, total
from kb.ledger.types import STATUSES
from server.console.access.auth import StaffRoute, Visiting, requires, staff_database
from server.console.filters import SOON
from server.console.held_back import held_back
from server.console.layout import show
from server.console.ledger.list import row_words
from server.desk import AtDesk
from server.pages.render import Text

SHOWN = 8  # of each list
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@routes.get("/staff")
@requires("read")
def home(request: Request, desk: AtDesk, visit: Visiting, held: Text = "") -> Response:
    """Numbers first, then the most urgent of each list; ``held``: all letters held back."""
    today = desk.today()
    barred = held_back(desk) if visit.sees_all else ()
    everything = within(Wanted(), visit.account)
    late = within(overdue(today), visit.account)
    soon = within(coming(today, days=SOON), visit.account)
    with staff_database(desk) as database:
        by_status = {
            str(count.key[0]): count.total
            for count in counts(database, ["status"], today=today, wanted=everything)
        }
        numbers = [
            (word, by_status.get(name, 0), name)
            for name, word in STATUSES.items()
            if by_status.get(name)
        ]
        return show(
            "home.html",
            request=request,
            visit=visit,
            numbers=numbers,
            late=page(database, late, limit=SHOWN).rows,
            late_number=total(database, late),
            soon=page(database, soon, limit=SHOWN).rows,
            soon_number=total(database, soon),
            moved_number=total(database, within(Wanted(moved=True), visit.account)),
            pending_number=total(database, within(Wanted(pending=True), visit.account)),
            days=SOON,
            held=barred if held else barred[:SHOWN],
            held_number=len(barred),
            **row_words(),
        )
