"""Evidence that is no letter: attached by a form with a file, and given back as a download only."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, cast
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from kb.errors import KbError, WrongUse
from kb.ledger import files
from kb.ledger.attachments import FORMS, Form, Given, attach, file_of
from kb.ledger.files import MEGABYTE, FileMissing
from kb.ledger.policy import permit_edit
from kb.ledger.types import CommitmentNotFound
from kb.staff.database import StaffUnusable
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.access.forms import seen_of
from server.console.access.uploads import Upload, read_upload
from server.console.ledger.actions import entry_for, relation_named
from server.console.ledger.detail import commitment_page, limits_of
from server.desk import AtDesk, Desk
from server.http.numbers import Number
from server.pages.original import SANDBOX
from server.present import views

OVERHEAD = 64_000  # bytes of a form besides its file
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


async def _sent(request: Request, desk: AtDesk) -> Upload | KbError:
    """The form, or why it can't be read, which its page tells."""
    largest = desk.settings.evidence_mb * MEGABYTE
    try:
        return await read_upload(request, largest=largest, largest_body=largest + OVERHEAD)
    except KbError as error:
        return error


@routes.post("/staff/commitments/{number}/attachments")
@requires("review")
def add(
    request: Request,
    number: Number,
    desk: AtDesk,
    visit: Visiting,
    sent: Annotated[Upload | KbError, Depends(_sent)],
) -> Response:
    """Attach what the form brings, and show the page again."""
    try:
        if isinstance(sent, KbError):
            raise sent
        _attach(number, desk, visit, sent)
    except CommitmentNotFound:
        raise
    except KbError as error:
        fields = {} if isinstance(sent, KbError) else sent.fields
        form = {name: [value] for name, value in fields.items()}
        return commitment_page(
            request, number, desk, visit, problem=error, form=form, tried="attachments"
        )
    address = views.link(
        f"/staff/commitments/{number}", did=visit.said("佐证已附上"), anchor="evidence"
    )
    return RedirectResponse(address, status_code=303)


@routes.get("/staff/commitments/{number}/files/{attachment}")
@requires("read_unmasked")
def download(number: Number, attachment: Number, desk: AtDesk, visit: Visiting) -> Response:
    """A file that is attached, byte for byte, to be saved: no browser opens or runs it here."""
    with staff_database(desk) as database:
        entry = entry_for(database, number, visit)
        file = file_of(database, entry.id, attachment)
    path = files.path_of(_data(desk), file.sha256)
    if not path.is_file():
        raise FileMissing(f"佐证文件“{file.name}”不见了（{path}）；请管服务的人从备份里取回")
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "content-security-policy": SANDBOX,
        "x-content-type-options": "nosniff",
    }
    return FileResponse(path, media_type="application/octet-stream", headers=headers)


def _data(desk: Desk) -> Path:
    """The folder in which the staff's database lies, and attached files beside it."""
    if desk.notes.path is None:
        raise StaffUnusable("没有设定 staff.db 的位置；请用 fuwen serve 启动")
    return desk.notes.path.parent


def _attach(number: int, desk: Desk, visit: StaffRequest, sent: Upload) -> None:
    form = sent.field("form")
    if form not in FORMS:
        raise WrongUse(f"佐证要说明是什么：{'、'.join(FORMS.values())}；请选择")
    given = Given(
        form=cast(Form, form),
        address=sent.field("address") or None if form == "address" else None,
        day=sent.field("day") or None,
        note=sent.field("note"),
    )
    with staff_database(desk) as database:
        permit_edit(visit.account, organ=entry_for(database, number, visit).organ)
        keep = None
        if sent.name:
            checked = files.checked(sent.name, sent.file, limits_of(desk.settings))
            keep = partial(checked, _data(desk))
        attach(
            database,
            seen_of(f"{number}:{sent.field('version')}"),
            given,
            relation=relation_named(sent.field("relation")),
            by=visit.by,
            reason=sent.field("reason"),
            keep=keep,
        )
