"""Corrections that come back as CSV: first what they would change, then, confirmed, the change."""

from __future__ import annotations

import base64
import binascii

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kb.errors import KbError, WrongUse
from kb.ledger.formats.import_csv import Imported, corrections
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.access.uploads import LARGEST, Uploaded
from server.console.layout import show
from server.console.ledger.known import NEW, known
from server.desk import AtDesk
from server.present import views

SHOWN = 500  # changes and problems on one page
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@routes.get("/staff/import")
@requires("import")
def choose(request: Request, visit: Visiting) -> Response:
    """Where a file is chosen."""
    return _page(request, visit)


@routes.post("/staff/import")
@requires("import")
def try_out(request: Request, desk: AtDesk, visit: Visiting, upload: Uploaded) -> Response:
    """What the file would change; nothing is changed."""
    reason, ticked = upload.field("reason"), upload.field(NEW)
    try:
        if not upload.file:
            raise WrongUse("还没有选择文件；请选一个 CSV")
        with staff_database(desk) as database:
            organs = known(database, desk.store.current(), visit, ticked)
            imported = corrections(
                database, upload.file, by=visit.by, reason=reason, dry=True, known=organs
            )
    except KbError as error:
        return _page(request, visit, reason=reason, ticked=ticked, problem=error)
    return _page(
        request, visit, reason=reason, ticked=ticked, imported=imported, content=upload.file
    )


@routes.post("/staff/import/confirm")
@requires("import")
def confirm(request: Request, desk: AtDesk, visit: Visiting, upload: Uploaded) -> Response:
    """Change what was shown: the same bytes, or nothing."""
    reason, ticked = upload.field("reason"), upload.field(NEW)
    try:
        content = base64.b64decode(upload.field("content"), validate=True)
    except (binascii.Error, ValueError):
        content = b""
    try:
        with staff_database(desk) as database:
            imported = corrections(
                database,
                content,
                by=visit.by,
                reason=reason,
                dry=False,
                shown=upload.field("sha256"),
                known=known(database, desk.store.current(), visit, ticked),
            )
    except KbError as error:
        return _page(request, visit, reason=reason, ticked=ticked, problem=error)
    if imported.problems:
        return _page(
            request, visit, reason=reason, ticked=ticked, imported=imported, content=content
        )
    did = f"已更正 {len(imported.changes)} 条承诺"
    return RedirectResponse(views.link("/staff/outgoing", did=visit.said(did)), status_code=303)


def _page(
    request: Request,
    visit: StaffRequest,
    *,
    reason: str = "",
    ticked: str = "",
    imported: Imported | None = None,
    content: bytes = b"",
    problem: KbError | None = None,
) -> Response:
    return show(
        "import.html",
        request=request,
        visit=visit,
        status=422 if imported and imported.problems else 200,
        problem=problem,
        reason=reason,
        ticked=ticked,
        imported=imported,
        content=base64.b64encode(content).decode(),
        shown=SHOWN,
        largest=LARGEST // 1_000_000,
    )
