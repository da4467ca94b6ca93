"""统计: how many commitments of each organ, year, class and topic, and how many were kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.ledger.organs import likely_same
from kb.ledger.queries import Count, Facet, counts, names_of_organs, organs
from kb.ledger.types import KEPT, OPEN, OVERDUE, STATUSES, Kept, Status
from kb.profile import profile
from server.console.access.auth import StaffRoute, Visiting, requires, staff_database
from server.console.filters import asked, filter_of, offered
from server.console.layout import show
from server.desk import AtDesk
from server.present import views
from server.present.views import SHAPES

# What is done, in the heads of the columns.
WAYS: Mapping[Kept, str] = {**KEPT, "unknown": "完成（不明）"}
KEPT_SHAPES: Mapping[Kept, str] = {"on_time": SHAPES["done"], "late": "◉", "unknown": "◎"}
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A column of every table: ``of`` gives its number, ``address`` the list that it counts.

    ``drawn``: a chart has a series of it, by that name.
    """

    word: str
    of: Callable[[Count], int]
    address: Mapping[str, str]
    shape: str = ""
    drawn: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetCount:
    """A line of a table; ``address`` narrows a list down to it, None where none can."""

    name: str
    count: Count
    address: Mapping[str, str] | None

    @property
    def due(self) -> int:
        """How many had to be kept by now."""
        return self.count.statuses.get("done", 0) + missed(self.count)

    @property
    def share(self) -> str:
        """Of those how many were kept: 75%; "" where there was nothing to keep."""
        return f"{self.count.statuses.get('done', 0) / self.due:.0%}" if self.due else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows by one facet, and as what its chart is drawn."""

    facet: Facet
    word: str
    rows: Sequence[FacetCount]
    chart: str = "bar"


def missed(count: Count) -> int:
    """How many are overdue or were dropped."""
    return count.overdue + count.statuses.get("dropped", 0)


def _status(status: Status) -> Figure:
    return Figure(
        word=STATUSES[status],
        of=lambda count: count.statuses.get(status, 0),
        address={"status": status},
        shape=SHAPES[status],
        drawn=status,
    )


def _kept(kept: Kept) -> Figure:
    return Figure(
        word=WAYS[kept],
        of=lambda count: count.kept.get(kept, 0),
        address={"kept": kept},
        shape=KEPT_SHAPES[kept],
        drawn=kept,
    )


def _going(count: Count) -> int:
    return sum(count.statuses.get(status, 0) for status in OPEN) - count.overdue


def figures(today: str) -> Sequence[Figure]:
    """The columns, in their order; ``today`` is ISO."""
    return (
        Figure(word="合计", of=lambda count: count.total, address={}),
        _status("proposed"),
        Figure(word="其中已过期", of=lambda count: count.lapsed, address={"list": "lapsed"}),
        Figure(
            word="办理中",
            of=_going,
            shape=SHAPES["under_way"],
            drawn="under_way",
            address={"stage": "open", "due_from": today},
        ),
        Figure(
            word=OVERDUE,
            of=lambda count: count.overdue,
            shape=SHAPES["overdue"],
            drawn="overdue",
            address={"list": "overdue"},
        ),
        _kept("on_time"),
        _kept("late"),
        _kept("unknown"),
        _status("unverifiable"),
        _status("dropped"),
    )


@routes.get("/staff/statistics")
@requires("read")
def statistics(request: Request, desk: AtDesk, visit: Visiting) -> Response:
    """Tables of what the address asks for, each to be drawn as a chart."""
    today = desk.today()
    with staff_database(desk) as database:
        known = organs(database)
        chosen = filter_of(request, visit, today=today, organs=known)
        counted = counts(
            database, ["organ", "year", "result_class"], today=today, wanted=chosen.wanted
        )
        by_topic = counts(database, ["topic"], today=today, wanted=chosen.wanted)
        likely = likely_same(names_of_organs(database), profile())
    parts: list[Table] = [
        _table("organ", "负责单位", _summed(counted, 0)),
        replace(_table("year", "复文年份", _summed(counted, 1)), chart="column"),
        _table("result_class", "办理结果", _summed(counted, 2)),
        _table("topic", "主题", by_topic),
    ]
    (whole,) = _summed(counted, None) or [Count(key=(None,))]
    return show(
        "statistics.html",
        request=request,
        visit=visit,
        asked=asked(chosen),
        choices=offered(known),
        figures=figures(today.isoformat()),
        whole=FacetCount(name="合计", count=whole, address={}),
        tables=parts,
        likely=likely,
    )


def _table(facet: Facet, word: str, counted: Iterable[Count]) -> Table:
    """The rows of a facet; organs and topics with most first, the others in their order."""
    ranked = facet in ("organ", "topic")
    ordered = sorted(counted, key=lambda count: (-count.total * ranked, count.key[0] or "~"))
    return Table(
        facet=facet,
        word=word,
        rows=[
            FacetCount(
                name=_named(facet, count.key[0]),
                count=count,
                address=None if count.key[0] is None else {facet: count.key[0]},
            )
            for count in ordered
        ],
    )


def _named(facet: Facet, value: str | None) -> str:
    if value is None:
        return "没有写明"
    named: Mapping[str, Callable[[str], str]] = {
        "year": lambda year: f"{year}年",
        "result_class": views.graded,
    }
    return named.get(facet, str)(value)


def _summed(counted: Iterable[Count], place: int | None) -> list[Count]:
    """The counts by the one facet at ``place`` of their keys; by none, all together."""
    by_value: dict[str | None, list[Count]] = {}
    for count in counted:
        by_value.setdefault(None if place is None else count.key[place], []).append(count)
    return [_sum(value, some) for value, some in by_value.items()]


def _sum(value: str | None, some: Sequence[Count]) -> Count:
    statuses: Counter[Status] = Counter()
    kept: Counter[Kept] = Counter()
    for count in some:
        statuses.update(count.statuses)
        kept.update(count.kept)
    return Count(
        key=(value,),
        total=sum(count.total for count in some),
        overdue=sum(count.overdue for count in some),
        lapsed=sum(count.lapsed for count in some),
        statuses=statuses,
        kept=kept,
    )
