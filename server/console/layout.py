"""What every page of the console is drawn in: who is signed in, and where they can go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import Request
from starlette.responses import Response

from kb.errors import KbError
from kb.extract.types import RELATIONS
from kb.ledger.types import OVERDUE, PLACES, STATUSES, Status
from kb.privacy.publicity import NAMES, reasons, words_of
from kb.staff.permissions import ROLES, Action
from kb.staff.sessions import form_token
from kb.types import Publicity
from server.console.access.auth import StaffRequest
from server.desk import desk_of
from server.http.problems import told
from server.pages import render
from server.present import views
from server.present.views import SHAPES


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One way to go from every page."""

    path: str
    name: str
    action: Action


NAVIGATION: Sequence[Link] = (
    Link(path="/staff", name="总览", action="read"),
    Link(path="/staff/review", name="待核实", action="review"),
    Link(path="/staff/commitments", name="台账", action="read"),
    Link(path="/staff/letters", name="复文", action="read"),
    Link(path="/staff/proposals", name="交办", action="read_unmasked"),
    Link(path="/staff/uploads", name="上传", action="upload"),
    Link(path="/staff/due", name="期限", action="read"),
    Link(path="/staff/before", name="回复之前", action="read"),
    Link(path="/staff/compare", name="前后对照", action="read"),
    Link(path="/staff/statistics", name="统计", action="read"),
    Link(path="/staff/weekly", name="通报", action="export"),
    Link(path="/staff/queue", name="没答好的问题", action="queue"),
    Link(path="/staff/outgoing", name="导入导出", action="export"),
    Link(path="/staff/accounts", name="账号", action="accounts"),
    Link(path="/staff/audit", name="审计", action="audit"),
    Link(path="/staff/operations", name="运行", action="operate"),
)


def show(
    template: str,
    /,
    *,
    request: Request,
    visit: StaffRequest,
    status: int = 200,
    problem: KbError | None = None,
    **shown: Any,
) -> Response:
    """``template`` of the console as a page for ``visit``; a ``problem`` gives its status to it."""
    links = [link for link in NAVIGATION if visit.may(link.action)]
    path = request.url.path
    here = max((to.path for to in links if _within(path, to.path)), key=len, default="")
    return render.render(
        f"console/{template}",
        request=request,
        status=problem.status if problem else status,
        problem=told(problem) if problem else "",
        visit=visit,
        role=ROLES[visit.account.role],
        navigation=links,
        here=here,
        form_token=form_token(visit.token),
        today=desk_of(request).today(),
        dated=partial(views.dated, today=desk_of(request).today()),
        day=partial(views.dated, today=desk_of(request).today(), aged=False),
        when=when,
        **WORDS,
        **shown,
    )


def _within(path: str, over: str) -> bool:
    return path == over or (over != "/staff" and path.startswith(f"{over}/"))


def status_word(status: Status, *, overdue: bool) -> tuple[str, str]:
    """Shape and word of a status, 逾期 included."""
    return (SHAPES["overdue"], OVERDUE) if overdue else (SHAPES[status], STATUSES[status])


def when(at: Any) -> str:
    """2026年6月30日 14:05, by the city's clock (KB_TIMEZONE)."""
    here = at.astimezone()
    return f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}"


# What is said of a letter that citizens cannot see.
NOT_PUBLIC: Mapping[Publicity, str] = {
    level: name for level, name in NAMES.items() if level != "public"
}
WORDS: dict[str, Any] = {
    "NOT_PUBLIC": NOT_PUBLIC,
    "reasons": reasons,
    "publicity_marks": words_of,
    "STATUSES": STATUSES,
    "RELATIONS": RELATIONS,
    "PLACES": PLACES,
    "SHAPES": SHAPES,
    "OVERDUE": OVERDUE,
    "status_word": status_word,
}
