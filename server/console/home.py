"""The first page: what is waiting, what is late, what comes next.

Who is bound to an organ begins with what that organ has to do; the whole town is a click away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.ledger.policy import within
from kb.ledger.queries import Wanted, coming, counts, lapsed, organs, overdue, page, total
from kb.ledger.types import STATUSES, Entry
from kb.staff.connection import Database
from kb.staff.permissions import own_organs
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.filters import NEXT, SOON
from server.console.held_back import held_back
from server.console.layout import show
from server.console.ledger.list import row_words
from server.desk import AtDesk
from server.pages.render import Text

SHOWN = 8  # of each list
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A list of the first page: its heading, what the whole list is, its first rows.

    ``asked`` are the parameters of the ledger's page that give the whole list.
    """

    name: str
    nothing: str
    asked: Mapping[str, str]
    number: int
    rows: tuple[Entry, ...]


@routes.get("/staff")
@requires("read")
def home(
    request: Request, desk: AtDesk, visit: Visiting, held: Text = "", all: Text = ""
) -> Response:
    """Numbers first, then the most urgent of each list; ``held``: all letters held back.

    ``all``: the whole town, also for who is bound to an organ.
    """
    today = desk.today()
    barred = held_back(desk) if visit.sees_all else ()
    bound = bool(visit.account.organs)
    with staff_database(desk) as database:
        own = own_organs(visit.account, organs(database)) if bound and not all else None
        everything = Wanted() if own is None else Wanted(organs=own or ("",))
        lists = _lists(database, everything, visit=visit, today=today, own=own is not None)
        mine = replace(within(Wanted(stage="open"), visit.account), owner=visit.account.name)
        return show(
            "home.html",
            request=request,
            visit=visit,
            numbers=_numbers(database, within(everything, visit.account), today=today),
            lists=lists,
            bound=bound,
            own=own is not None,
            asked={"own": "yes"} if own is not None else {},
            mine=total(database, mine),
            moved_number=total(database, within(replace(everything, moved=True), visit.account)),
            pending_number=total(
                database, within(replace(everything, pending=True), visit.account)
            ),
            held=barred if held else barred[:SHOWN],
            held_number=len(barred),
            **row_words(),
        )


def _numbers(database: Database, wanted: Wanted, *, today: date) -> list[tuple[str, int, str]]:
    """Word, number and name of every status that there is."""
    by_status = {
        str(count.key[0]): count.total
        for count in counts(database, ["status"], today=today, wanted=wanted)
    }
    return [(word, by_status[name], name) for name, word in STATUSES.items() if by_status.get(name)]


def _lists(
    database: Database, wanted: Wanted, *, visit: StaffRequest, today: date, own: bool
) -> list[Waiting]:
    """What is to be done: of an organ all of it, with what it has to look at first."""
    late, days = overdue(today), NEXT if own else SOON
    soon = coming(today, days=days)
    offered: list[tuple[str, str, Wanted, Mapping[str, str]]] = [
        ("逾期", "没有逾期的承诺。", late, {"list": "overdue"}),
        ("待核实而已过期", "没有过了期限还没人核实的。", lapsed(today), {"list": "lapsed"}),
        (
            f"{days} 天内到期",
            "近期没有到期的承诺。",
            soon,
            {"list": "next" if own else "soon"},
        ),
    ]
    if own:
        after = (today + timedelta(days=days + 1)).isoformat()
        waiting, later = Wanted(status="proposed"), Wanted(stage="open", due_from=after)
        offered.insert(0, ("待核实", "没有等着核实的承诺。", waiting, {"status": "proposed"}))
        offered.append(
            (
                "以后到期或没有期限",
                "没有别的要办的承诺。",
                later,
                {"stage": "open", "due_from": after},
            )
        )
    found = []
    for name, nothing, choice, asked in offered:
        chosen = within(replace(choice, organs=wanted.organs), visit.account)
        rows = page(database, chosen, limit=SHOWN).rows
        number = total(database, chosen)
        if asked.get("list") == "lapsed" and not number:
            continue
        found.append(Waiting(name=name, nothing=nothing, asked=asked, number=number, rows=rows))
    return found
