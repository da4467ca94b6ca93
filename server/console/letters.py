"""Letters as staff see them: whole, those that are not public too, for roles that may.

What the program missed in one is entered on its page.
"""

from __future__ import annotations

from bisect import bisect_right

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kb.errors import KbError
from kb.extract.commitments import commitment_at
from kb.feedback.rulings import gold_in
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
from server.console.layout import show
from server.desk import PUBLIC, AtDesk, Desk
from server.http.numbers import Number
from server.http.problems import NoSuchRoute
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


@routes.get("/staff/letters/{letter_id:anytext}")
@requires("read")
def show_letter(
    request: Request,
    letter_id: str,
    desk: AtDesk,
    visit: Visiting,
    start: Text = "",
    end: Text = "",
) -> Response:
    """A whole letter, the words of a commitment marked; for htmx only what the side panel shows."""
    reader = desk.store.current()
    letter = seen(letter_of(letter_id, reader, visit), reader, visit)
    mark = views.span_of(start, end, length=len(letter.text))
    return _page(request, desk, visit, letter, mark=mark)


@routes.post("/staff/letters/{letter_id:anytext}")
@requires("review")
def add(request: Request, letter_id: str, desk: AtDesk, visit: Visiting, fields: Sent) -> Response:
    """Enter a commitment that the program missed, by its words."""
    reader = desk.store.current()
    letter = letter_of(letter_id, reader, visit)
    whole, words = seen(letter, reader, visit), one(fields, "words")
    try:
        span = gold_in(whole, words).place.span
        commitment = commitment_at(letter, span, profile())
        permit_edit(visit.account, organ=commitment.organ)
        with staff_database(desk) as database:
            number = edit.add(
                database, letter, commitment, by=visit.by, reason=one(fields, "reason")
            )
    except KbError as error:
        return _page(request, desk, visit, whole, problem=error, words=words)
    did = "已补录；程序读出的各项不对的，请更正"
    address = views.link(f"/staff/commitments/{number}", did=did)
    return RedirectResponse(address, status_code=303)


def _page(
    request: Request,
    desk: Desk,
    visit: StaffRequest,
    letter: Letter,
    *,
    mark: Span | None = None,
    problem: KbError | None = None,
    words: str = "",
) -> Response:
    panel = request.headers.get("hx-request") == "true"
    return show(
        "letter_panel.html" if panel else "letter.html",
        request=request,
        visit=visit,
        problem=problem,
        words=words,
        letter=letter,
        name=name_of(letter),
        original=visit.sees_all and bool(desk.store.current().original(letter.id)),
        page=bisect_right(page_starts(letter), mark.start) if mark else 1,
        mark=mark,
        lines=views.lines(letter, mark=mark),
        facts=views.facts(letter, today=desk.today()),
    )
