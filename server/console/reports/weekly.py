"""督查通报: a week of the ledger, as a page and as the document that is sent round."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from kb.ledger.changed import OUTCOMES, WHATS
from kb.ledger.weekly import DAYS, Week, first_day, week_of
from kb.staff import audit
from kb.staff.database import writing
from server.console import letters
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.layout import show
from server.desk import AtDesk, Desk
from server.pages.render import Text

PAGE = "/staff/weekly"
SHOWN = 30  # rows of a list on the page; the document has more
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@routes.get(PAGE)
@requires("export")
def weekly(request: Request, desk: AtDesk, visit: Visiting, week: Text = "") -> Response:
    """The week of the day ``week`` (ISO), the last whole one unless told."""
    from kb.ledger.formats import bulletin

    found = _week(desk, visit, week)
    step = timedelta(days=DAYS)
    return show(
        "weekly.html",
        request=request,
        visit=visit,
        week=found,
        span=bulletin.span(found),
        summary=bulletin.summary(found),
        before=(found.first - step).isoformat() if found.first > date.min + step else "",
        after=(found.first + step).isoformat() if found.last < desk.today() else "",
        whats=WHATS,
        outcomes=OUTCOMES,
        shown=SHOWN,
        at=letters.address,
    )


@routes.get(PAGE + ".docx")
@requires("export")
def document(desk: AtDesk, visit: Visiting, week: Text = "") -> Response:
    """The same as a document; noted in the audit log."""
    from kb.ledger.formats import bulletin

    found = _week(desk, visit, week)
    with ExitStack() as stack:
        path = Path(stack.enter_context(TemporaryDirectory(prefix="fuwen-"))) / "weekly.docx"
        bulletin.write(path, found, printed=desk.today())
        with staff_database(desk) as database, writing(database):
            audit.append(
                database,
                "exported",
                who=visit.account.name,
                at=visit.at,
                subject="督查通报",
                detail={"asked": {"week": found.first.isoformat()}},
            )
        folder = stack.pop_all()
    return FileResponse(
        path,
        media_type=WORD,
        filename=f"督查通报-{found.first.isoformat()}.docx",
        background=BackgroundTask(folder.close),
    )


def _week(desk: Desk, visit: StaffRequest, typed: str) -> Week:
    today = desk.today()
    with staff_database(desk) as database:
        return week_of(database, first_day(typed, today), today=today, unmasked=visit.sees_all)
