"""Uploads: files dropped, read by the indexer, looked at, corrected, published or held."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kb.errors import KbError, WrongUse
from kb.intake import files, uploads
from kb.intake.corrections import Changes, Correction, history, holding
from kb.intake.flags import told
from kb.intake.uploads import ACTS, BUSY, OPEN, STATES, Upload, UploadNotFound
from kb.privacy.redact import restored
from kb.staff.database import StaffUnusable
from kb.staff.places import Place
from kb.store.codec import letter_from
from kb.text.titles import name_of
from kb.types import Hidden, Letter
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.access.forms import Fields, Sent, one
from server.console.fields import Row, changes, rows, shown_values
from server.console.intake.job import intake_of
from server.console.intake.receive import kept, received
from server.console.layout import show
from server.desk import AtDesk, Desk
from server.http.numbers import Number
from server.pages.render import Text
from server.present import views
from server.telemetry import security

PAGE = "/staff/uploads"
SHOWN = 50  # published uploads on the page
LETTERS_SHOWN = 20  # letters of one upload on its page
ACCEPTED = (
    ".txt", ".html", ".htm", ".docx", ".pdf", ".ofd", ".doc", ".wps", ".png", ".jpg", ".jpeg",
    ".tif", ".tiff", ".zip", ".jsonl", ".csv", ".xlsx", ".xls", ".et",
)  # fmt: skip
DID = {
    "publish": "已排队发布，编入以后市民就看得到（标明不公开的除外）",
    "hold": "已搁置，没有公开",
    "withdraw": "已排队撤下",
    "discard": "已删除",
    "again": "已排队重读",
    "fields": "已记下更正，发布时一起生效",
}
# Shape and word, never colour alone (look.md).
SHAPES = {
    "waiting": "◌",
    "read": "○",
    "refused": "×",
    "held": "–",
    "publishing": "◐",
    "published": "●",
    "withdrawing": "◐",
}
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A letter that was read in an upload: whole, what there is to know of it, its fields."""

    letter: Letter
    name: str
    told: tuple[str, ...]
    masked: int
    taken: bool
    rows: list[Row]


@routes.get(PAGE)
@requires("upload")
def list_uploads(request: Request, desk: AtDesk, visit: Visiting, did: Text = "") -> Response:
    """Where files are dropped, and what became of those that were."""
    return _list(request, desk, visit, did=did)


@routes.post(PAGE)
@requires("upload")
async def receive(request: Request, desk: AtDesk, visit: Visiting) -> Response:
    """Keep the files that were sent; they are read beside this request."""
    try:
        async with received(request, desk.settings) as given:
            keep = partial(kept, given, _path(desk), desk.settings, by=visit.by)
            numbers = await anyio.to_thread.run_sync(keep)
    except KbError as error:
        return await anyio.to_thread.run_sync(partial(_list, request, desk, visit, problem=error))
    intake_of(request).wake()
    did = f"收到 {len(numbers)} 个文件"
    return RedirectResponse(views.link(PAGE, did=visit.said(did)), status_code=303)


@routes.get(f"{PAGE}/{{number}}")
@requires("upload")
def show_upload(
    request: Request, number: Number, desk: AtDesk, visit: Visiting, did: Text = ""
) -> Response:
    """One upload: its letters as they were read, and what can be done with it."""
    return _page(request, number, desk, visit, did=did)


@routes.post(f"{PAGE}/{{number}}/{{act}}")
@requires("upload")
def change(
    request: Request, number: Number, act: str, desk: AtDesk, visit: Visiting, fields: Sent
) -> Response:
    """Publish, hold, withdraw, delete, read again, or correct what was read."""
    try:
        if act == "fields":
            _correct(desk, number, fields, visit)
        else:
            _act(desk, number, act, visit)
    except UploadNotFound:
        raise
    except KbError as error:
        return _page(request, number, desk, visit, problem=error)
    intake_of(request).wake()
    address = PAGE if act == "discard" or one(fields, "back") else f"{PAGE}/{number}"
    return RedirectResponse(views.link(address, did=visit.said(DID[act])), status_code=303)


def _act(desk: Desk, number: int, act: str, visit: StaffRequest) -> None:
    with staff_database(desk) as database:
        found = uploads.act(database, number, act, by=visit.by)  # type: ignore[arg-type]
    if act == "withdraw":
        security.tell("taken_down", upload=str(number))
    if act == "discard" and found.folder:
        files.discard(_path(desk).parent, found.folder)


def _correct(desk: Desk, number: int, fields: Fields, visit: StaffRequest) -> None:
    """Keep what the form says otherwise than what was read. Raises WrongUse."""
    wanted = one(fields, "letter")
    with staff_database(desk) as database:
        found = uploads.get(database, number)
        letters = [letter for letter, _ in _letters(desk, found) if letter.id == wanted]
        if not letters:
            raise WrongUse("这个文件里没有这份复文；请回到列表")
        shown = shown_values(letters[0], holding(history(database, wanted)))
        uploads.edit(database, number, wanted, changes(fields, shown), by=visit.by)


def _list(
    request: Request,
    desk: Desk,
    visit: StaffRequest,
    *,
    did: str = "",
    problem: KbError | None = None,
) -> Response:
    with staff_database(desk) as database:
        open_ = uploads.listed(database, states=OPEN, limit=desk.settings.upload_waiting)
        published = uploads.listed(database, states=["published"], limit=SHOWN)
    return show(
        "uploads.html",
        request=request,
        visit=visit,
        problem=problem,
        did=visit.heard(did),
        page=PAGE,
        uploads=open_,
        published=published,
        busy=any(upload.state in BUSY for upload in open_),
        accepted=",".join(ACCEPTED),
        settings=desk.settings,
        **_words(),
    )


def _page(
    request: Request,
    number: int,
    desk: Desk,
    visit: StaffRequest,
    *,
    did: str = "",
    problem: KbError | None = None,
) -> Response:
    with staff_database(desk) as database:
        found = uploads.get(database, number)
        read = _letters(desk, found)
        here = _ids(desk)
        letters = [
            _read(letter, masked, found, here=here, held=holding(history(database, letter.id)))
            for letter, masked in read[:LETTERS_SHOWN]
        ]
    return show(
        "upload.html",
        request=request,
        visit=visit,
        problem=problem,
        did=visit.heard(did),
        page=PAGE,
        upload=found,
        busy=found.state in BUSY,
        letters=letters,
        more=len(read) - len(letters),
        editable=found.state in ("read", "held"),
        acts=[act for act, (before, _) in ACTS.items() if found.state in before],
        lines=lambda letter: views.lines(letter, mark=None),
        **_words(),
    )


def _words() -> dict[str, Any]:
    """What uploads are drawn with."""
    return {"STATE_WORDS": STATES, "STATE_SHAPES": SHAPES, "size_of": size_of}


def size_of(count: int) -> str:
    """Bytes as people read them."""
    if count < 1000:
        return f"{count} 字节"
    if count < 1_000_000:
        return f"{count / 1000:.0f} KB"
    large = count < 1_000_000_000
    return f"{count / 1_000_000:.1f} MB" if large else f"{count / 1_000_000_000:.1f} GB"


def _letters(desk: Desk, upload: Upload) -> list[tuple[Letter, int]]:
    """The letters that were read in an upload, whole, with how many characters get masked."""
    if not upload.folder or upload.state in ("waiting", "refused"):
        return []
    try:
        path = files.reading(_path(desk).parent, upload.folder)
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    found = []
    for told_ in read["letters"]:
        hidden = [Hidden(start=start, text=text) for start, text in told_["hidden"]]
        letter = restored(letter_from(told_["letter"]), hidden)
        found.append((letter, sum(len(run.text) for run in hidden)))
    return found


def _read(
    letter: Letter,
    masked: int,
    upload: Upload,
    *,
    here: frozenset[str],
    held: Mapping[str, Correction],
) -> Read:
    edits: Changes = upload.edits.get(letter.id, {})
    return Read(
        letter=letter,
        name=name_of(letter),
        told=told(letter.flags),
        masked=masked,
        taken=upload.state in ("read", "held") and letter.id in here,
        rows=rows(letter, held, edits),
    )


def _ids(desk: Desk) -> frozenset[str]:
    try:
        reader = desk.store.current()
        return frozenset((*(head.id for head in reader.letters()), *reader.set_aside()))
    except KbError:
        return frozenset()


def _path(desk: Desk) -> Place:
    """Where ``staff.db`` is. Raises StaffUnusable."""
    if desk.notes.path is None:
        raise StaffUnusable("没有设定 staff.db 的位置；请用 fuwen serve 启动")
    return desk.notes.path
