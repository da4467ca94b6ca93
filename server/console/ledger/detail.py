"""One commitment: its words in the letter, its evidence and history, the forms to decide on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kb.errors import KbError, LetterNotFound, WrongUse
from kb.extract.types import PRECISIONS
from kb.ledger.attachments import FORMS as FORM_WORDS
from kb.ledger.attachments import attachments_of
from kb.ledger.bulk import done_together
from kb.ledger.events import entry as entry_of
from kb.ledger.files import Limits
from kb.ledger.history import changes, evidence_of, history, successors
from kb.ledger.policy import as_seen, may_edit, may_undo
from kb.ledger.signing import takes_two
from kb.ledger.types import KINDS, MOVES, OPEN, WAYS, CommitmentNotFound, Entry, Status
from kb.ledger.undo import last_step
from kb.ledger.work import owners_for
from kb.settings import Settings
from kb.staff.permissions import may
from kb.store.protocol import SnapshotReader
from kb.types import Letter
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.access.forms import Fields, Sent
from server.console.layout import show
from server.console.ledger import people
from server.console.ledger.actions import ACTS, Doing, entry_for
from server.console.ledger.finished import finished_by
from server.console.ledger.known import may_name_new
from server.console.ledger.list import row_words
from server.console.ledger.steps import STEPS
from server.console.letters import letter_of
from server.desk import AtDesk, Desk
from server.http.numbers import Number
from server.present import views

FORMS: Mapping[str, Callable[[Doing], str]] = {**ACTS, **STEPS, **people.ACTS}
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@routes.get("/staff/commitments/{number}")
@requires("read")
def show_commitment(
    request: Request, number: Number, desk: AtDesk, visit: Visiting, did: str = ""
) -> Response:
    """The page of one commitment."""
    return commitment_page(request, number, desk, visit, did=did)


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
                two_step=desk.settings.sign_off == "on",
            )
            if act not in FORMS:
                raise WrongUse("没有这种操作；请回到这条承诺的页面")
            did = FORMS[act](doing)
    except CommitmentNotFound:
        raise
    except KbError as error:
        return commitment_page(request, number, desk, visit, problem=error, form=fields, tried=act)
    address = views.link(f"/staff/commitments/{number}", did=visit.said(did))
    return RedirectResponse(address, status_code=303)


def commitment_page(
    request: Request,
    number: int,
    desk: Desk,
    visit: StaffRequest,
    *,
    did: str = "",
    problem: KbError | None = None,
    form: Fields | None = None,
    tried: str = "",
) -> Response:
    """The page of one commitment; of a form that was ``tried`` and refused, open, with why."""
    return show(
        "detail.html",
        request=request,
        visit=visit,
        problem=problem,
        did=visit.heard(did),
        form={name: values[0] for name, values in (form or {}).items()},
        tried=tried,
        limits=limits_of(desk.settings),
        ways=WAYS,
        kinds=KINDS,
        precisions=PRECISIONS,
        forms=FORM_WORDS,
        may_name_new=may_name_new(visit),
        **_story(number, desk, visit),
        **row_words(),
    )


def _story(number: int, desk: Desk, visit: StaffRequest) -> dict[str, Any]:
    """All that is known of a commitment. Raises CommitmentNotFound."""
    reader = desk.store.current()
    with staff_database(desk) as database:
        entry = entry_for(database, number, visit)
        events = [(event, changes(event)) for event in history(database, entry.id)]
        evidence = evidence_of(database, entry.id)
        attached = attachments_of(database, entry.id)
        parts = successors(database, entry.id)
        origin = entry_of(database, entry.split_from) if entry.split_from else None
        step = last_step(database, entry.id, who=visit.account.name)
        together = len(done_together(database, step)) if step else 0
        owners = owners_for(database, entry.organ, publicity=entry.publicity)
    letters = _letters(reader, {proof.letter_id for proof in evidence}, visit)
    may_undo_it = step and may_undo(visit.account, step, organ=entry.organ)
    return {
        "entry": as_seen(entry, unmasked=visit.sees_all) or entry,
        "may_edit": partial(may_edit, visit.account, organ=entry.organ),
        "may_sign": may(visit.account, "sign", organ=entry.organ),
        "step": step if may_undo_it else None,
        "together": together,
        "around": _around(reader, entry, visit),
        "events": events,
        "evidence": evidence,
        "attached": attached,
        "names": {
            letter_id: letter.title.value if letter.title else letter_id
            for letter_id, letter in letters.items()
        },
        "finished": finished_by(entry, evidence, attached, letters),
        "days": _days(entry, desk.today()),
        "parts": parts,
        "promised_for": _promised_for(origin),
        "owners": owners,
        "moves": {to: need for (was, to), need in MOVES.items() if was == entry.status},
        "two_step": _signed_by_two(entry, visit) if desk.settings.sign_off == "on" else (),
    }


def _signed_by_two(entry: Entry, visit: StaffRequest) -> Sequence[Status]:
    """What it may become only if a second person signs."""
    last, today = entry.due.last if entry.due else None, visit.at.astimezone().date()
    becomes = (to for was, to in MOVES if was == entry.status)
    return [to for to in becomes if takes_two(to, was=entry.status, last=last, today=today)]


def limits_of(settings: Settings) -> Limits:
    """How large an attached file may be, and of which kinds."""
    return Limits(megabytes=settings.evidence_mb, kinds=tuple(settings.evidence_types.split()))


def _promised_for(origin: Entry | None) -> str | None:
    """The first last day of what a commitment was split from."""
    return (origin.put_off_from or (origin.due.last if origin.due else None)) if origin else None


def _days(entry: Entry, today: date) -> int | None:
    """How many days are left until its last day, negative once it is over."""
    last = entry.due.last if entry.due and entry.status in OPEN else None
    return (date.fromisoformat(last) - today).days if last else None


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


def _letters(
    reader: SnapshotReader, letter_ids: set[str], visit: StaffRequest
) -> dict[str, Letter]:
    """Those of the letters that ``visit`` may see."""
    letters = {}
    for letter_id in letter_ids:
        with suppress(LetterNotFound):
            letters[letter_id] = letter_of(letter_id, reader, visit)
    return letters
