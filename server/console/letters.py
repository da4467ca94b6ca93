"""Letters as staff see them: whole, those that are not public too, for roles that may.

What the program missed in one is entered on its page.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kb.errors import KbError
from kb.extract.commitments import commitment_at
from kb.intake import corrections, uploads
from kb.intake.corrections import Changes
from kb.intake.flags import stood_for, told
from kb.ledger import edit
from kb.ledger.policy import permit_edit
from kb.profile import profile
from kb.query.directory import letter_named
from kb.store.protocol import SnapshotReader
from kb.text.recognised import doubts
from kb.text.titles import name_of
from kb.types import EVERY_LETTER, Letter, Scope, Span
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.access.forms import Sent, one
from server.console.claims import marked, place_of
from server.console.fields import changes, lines, permit_correcting, rows, shown_values
from server.console.intake.job import intake_of
from server.console.layout import show
from server.desk import PUBLIC, AtDesk, Desk
from server.http.numbers import Number
from server.http.problems import NoSuchRoute, outward
from server.pages.original import kind, page_starts, sent
from server.pages.render import Text
from server.present import views

# What draws a page of an original: the browser itself, or our viewer of PDFs; others it can't draw.
DRAWN = {"PDF": "viewer", "PNG": "image", "JPG": "image", "JPEG": "image"}
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


def scope_of(visit: StaffRequest) -> Scope:
    """The letters that ``visit`` may see."""
    return EVERY_LETTER if visit.sees_all else PUBLIC


def letter_of(name: str, reader: SnapshotReader, visit: StaffRequest) -> Letter:
    """The letter of this id or number, as the ledger's places hold in it. Raises LetterNotFound."""
    return letter_named(name, reader, scope=scope_of(visit))


def seen(letter: Letter, reader: SnapshotReader, visit: StaffRequest) -> Letter:
    """``letter`` as ``visit`` may see it: with what is hidden from citizens, at the same places."""
    return reader.unmasked(letter.id) if visit.sees_all else letter


def address(letter_id: str, start: int, end: int) -> str:
    """The address of a letter's page in the console, at the words from ``start`` to ``end``."""
    return views.link(f"/staff/letters/{letter_id}", start=start, end=end, anchor="quote")


@routes.get("/staff/letters/{letter_id:anytext}/original")
@requires("read_unmasked")
def original(request: Request, letter_id: str, desk: AtDesk, visit: Visiting) -> Response:
    """The file that a letter was read from, whatever it holds beside the text."""
    reader = desk.store.current()
    file = reader.original(letter_of(letter_id, reader, visit).id)
    if file is None:
        raise NoSuchRoute("这份复文没有保存原件；请看网页上的全文")
    return sent(request, file)


@routes.get("/staff/letters/{letter_id:anytext}/page/{number}")
@requires("read_unmasked")
def scanned_page(
    request: Request, letter_id: str, number: Number, desk: AtDesk, visit: Visiting
) -> Response:
    """One page of a scan beside what was read of it, the doubtful words marked."""
    reader = desk.store.current()
    letter = seen(letter_of(letter_id, reader, visit), reader, visit)
    starts, file = page_starts(letter), reader.original(letter.id)
    if not 1 <= number <= len(starts) or file is None:
        raise NoSuchRoute("没有这一页；请回到复文全文")
    span = Span(start=starts[number - 1], end=[*starts, len(letter.text)][number])
    return show(
        "page.html",
        request=request,
        visit=visit,
        letter=letter,
        name=name_of(letter),
        page=number,
        pages=len(starts),
        drawn=DRAWN.get(kind(file), ""),
        file=views.link(f"/staff/letters/{letter.id}/original"),
        pieces=views.pieces(letter.text, span, marks=doubts(letter)),
    )


@routes.post("/staff/letters/{letter_id:anytext}/fields")
@requires("correct")
def correct(
    request: Request, letter_id: str, desk: AtDesk, visit: Visiting, fields: Sent
) -> Response:
    """Correct what was read of a letter, or undo a correction; it is indexed anew beside this."""
    reader = desk.store.current()
    letter = letter_of(letter_id, reader, visit)
    whole = seen(letter, reader, visit)
    try:
        permit_correcting(visit.account, letter)
        with staff_database(desk) as database:
            held = corrections.holding(corrections.history(database, letter.id))
            shown = shown_values(whole, held)
            undone = one(fields, "undo")
            wanted: Changes = (
                {undone: (shown[undone], None)} if undone in held else changes(fields, shown)
            )
            reason = one(fields, "reason")
            number = corrections.correct(database, letter.id, wanted, by=visit.by, reason=reason)
    except KbError as error:
        return _page(request, desk, visit, whole, wrong=error)
    intake_of(request).wake()
    did = f"已记下 {number} 项更正，编入以后生效" if number else "没有改动"
    address = views.link(f"/staff/letters/{letter.id}", did=visit.said(did), anchor="fields")
    return RedirectResponse(address, status_code=303)


@routes.get("/staff/letters/{letter_id:anytext}")
@requires("read")
def show_letter(
    request: Request,
    letter_id: str,
    desk: AtDesk,
    visit: Visiting,
    start: Text = "",
    end: Text = "",
    add: Text = "",
    did: Text = "",
) -> Response:
    """A whole letter, the words of a commitment marked; for htmx only what the side panel shows.

    With ``add`` the marked words stand in the form by which a commitment is added.
    """
    reader = desk.store.current()
    letter = seen(letter_of(letter_id, reader, visit), reader, visit)
    mark = views.span_of(start, end, length=len(letter.text))
    words = mark.of(letter.text) if add and mark else ""
    return _page(request, desk, visit, letter, mark=mark, did=did, words=words)


@routes.post("/staff/letters/{letter_id:anytext}")
@requires("review")
def add(request: Request, letter_id: str, desk: AtDesk, visit: Visiting, fields: Sent) -> Response:
    """Enter a commitment that the program missed, by its words."""
    reader = desk.store.current()
    letter = letter_of(letter_id, reader, visit)
    whole, words = seen(letter, reader, visit), one(fields, "words")
    place = views.span_of(one(fields, "start"), one(fields, "end"), length=len(whole.text))
    try:
        span = place_of(whole, words, place)
        commitment = commitment_at(letter, span, profile())
        permit_edit(visit.account, organ=commitment.organ)
        with staff_database(desk) as database:
            number = edit.add(
                database, letter, commitment, by=visit.by, reason=one(fields, "reason")
            )
    except KbError as error:
        return _page(request, desk, visit, whole, problem=error, words=words, mark=place)
    did = "已补录；程序读出的各项不对的，请更正"
    address = views.link(f"/staff/commitments/{number}", did=visit.said(did))
    return RedirectResponse(address, status_code=303)


def _page(
    request: Request,
    desk: Desk,
    visit: StaffRequest,
    letter: Letter,
    *,
    mark: Span | None = None,
    problem: KbError | None = None,
    wrong: KbError | None = None,
    words: str = "",
    did: str = "",
) -> Response:
    panel = request.headers.get("hx-request") == "true"
    return show(
        "letter_panel.html" if panel else "letter.html",
        request=request,
        visit=visit,
        problem=problem or wrong,
        wrong=outward(wrong) if wrong else "",
        missed=outward(problem) if problem else "",
        did=visit.heard(did),
        words=words,
        letter=letter,
        name=name_of(letter),
        original=visit.sees_all and bool(desk.store.current().original(letter.id)),
        page=bisect_right(page_starts(letter), mark.start) if mark else 1,
        mark=mark,
        **marked(letter, desk, mark=mark),
        **_read(letter, desk, visit),
    )


def _read(letter: Letter, desk: Desk, visit: StaffRequest) -> dict[str, Any]:
    """What was read of the letter, what staff made of it, and the upload that it came with."""
    reader = desk.store.current()
    with staff_database(desk) as database:
        events = corrections.history(database, letter.id)
        applied = corrections.applied(database)
        may_upload = visit.may("upload")
        upload = uploads.published_as(database, letter.source) if may_upload else None
    return {
        # What staff wrote, and what had been read, is whole: for roles that may see it.
        "rows": rows(letter, corrections.holding(events) if visit.sees_all else {}),
        "events": events if visit.sees_all else [],
        "upload": upload,
        "pending": any(event.id > applied for event in events),
        "editable": visit.sees_all and _may_correct(visit, letter),
        # As citizens see the letter: only then something is masked.
        "told": (
            *stood_for(reader.set_aside().get(letter.id)),
            *told(reader.letter(letter.id).flags),
        ),
        "labels": corrections.LABELS,
        "value_lines": lines,
    }


def _may_correct(visit: StaffRequest, letter: Letter) -> bool:
    try:
        permit_correcting(visit.account, letter)
    except KbError:
        return False
    return True
