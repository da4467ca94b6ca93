"""One commitment: its words in the letter, its evidence and history, the forms to decide on it."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kb.errors import KbError, LetterNotFound, WrongUse
from kb.extract.types import PRECISIONS
from kb.ledger.history import changes, evidence_of, history, successors
from kb.ledger.policy import as_seen, may_edit
from kb.ledger.types import KINDS, MOVES, WAYS, CommitmentNotFound, Entry
from kb.ledger.work import owners_for
from kb.store.protocol import SnapshotReader
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.access.forms import Fields, Sent
from server.console.layout import show
from server.console.ledger import people
from server.console.ledger.actions import ACTS, Doing, entry_for
from server.console.ledger.list import row_words
from server.console.letters import letter_of
from server.desk import AtDesk, Desk
from server.http.numbers import Number
from server.present import views

routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@routes.get("/staff/commitments/{number}")
@requires("read")
def show_commitment(
    request: Request, number: Number, desk: AtDesk, visit: Visiting, did: str = ""
) -> Response:
    """The page of one commitment."""
    return _page(request, number, desk, visit, did=did)


@routes.post("/staff/commitments/{number}/{act}")
@requires("review")
def change(
    request: Request, number: Number, act: str, desk: AtDesk, visit: Visiting, fields: Sent
) -> Response:
    """Do what a form of the page asks for, and show the page again."""
    try:
        with staff_database(desk) as database:
            doing = Doing(
                database=database,
                entry=entry_for(database, number, visit),
                fields=fields,
                reader=desk.store.current(),
                visit=visit,
                today=desk.today(),
            )
            acts = {**ACTS, **people.ACTS}
            if act not in acts:
                raise WrongUse("没有这种操作；请回到这条承诺的页面")
            did = acts[act](doing)
    except CommitmentNotFound:
        raise
    except KbError as error:
        return _page(request, number, desk, visit, problem=error, form=fields)
    address = views.link(f"/staff/commitments/{number}", did=did)
    return RedirectResponse(address, status_code=303)


def _page(
    request: Request,
    number: int,
    desk: Desk,
    visit: StaffRequest,
    *,
    did: str = "",
    problem: KbError | None = None,
    form: Fields | None = None,
) -> Response:
    with staff_database(desk) as database:
        entry = entry_for(database, number, visit)
        shown = as_seen(entry, unmasked=visit.sees_all) or entry
        events = [(event, changes(event)) for event in history(database, entry.id)]
        evidence = evidence_of(database, entry.id)
        parts = successors(database, entry.id)
        owners = owners_for(database, entry.organ, publicity=entry.publicity)
    return show(
        "detail.html",
        request=request,
        visit=visit,
        problem=problem,
        did=did[:100],
        form={name: values[0] for name, values in (form or {}).items()},
        entry=shown,
        may_edit=partial(may_edit, visit.account, organ=entry.organ),
        around=_around(desk.store.current(), entry, visit),
        events=events,
        evidence=evidence,
        names=_names(desk.store.current(), {proof.letter_id for proof in evidence}, visit),
        parts=parts,
        owners=owners,
        ways=WAYS,
        moves={to: need for (was, to), need in MOVES.items() if was == entry.status},
        kinds=KINDS,
        precisions=PRECISIONS,
        **row_words(),
    )


CONTEXT = 200  # code points of the letter before and after


def _around(
    reader: SnapshotReader, entry: Entry, visit: StaffRequest
) -> tuple[str, str, str] | None:
    """The words before, of and after a commitment as its letter has them now."""
    if entry.place == "gone":
        return None
    try:
        text = letter_of(entry.citation.letter_id, reader, visit).text
    except LetterNotFound:
        return None
    start, end = entry.span.start, entry.span.end
    if text[start:end] != entry.text:
        return None
    before = text[max(0, start - CONTEXT) : start].rpartition("\n")[2]
    after = text[end : end + CONTEXT].partition("\n")[0]
    return before, entry.text, after


def _names(reader: SnapshotReader, letter_ids: set[str], visit: StaffRequest) -> dict[str, str]:
    """Names of the letters that ``visit`` may see; the others are left out."""
    names = {}
    for letter_id in letter_ids:
        try:
            letter = letter_of(letter_id, reader, visit)
        except LetterNotFound:
            continue
        names[letter_id] = letter.title.value if letter.title else letter.id
    return names
