"""``/ask``: a question and its reply on one page, for browsers without scripts and for paper."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Any, assert_never

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from kb.errors import KbError, WrongUse
from kb.replies import Answer, Listing, Notice, Refusal, Reply, Several
from kb.serialize import MADE, REWORDED, WORDED, Plain
from kb.store.protocol import SnapshotReader
from kb.text.excerpts import whole_words
from kb.text.titles import name_of
from kb.types import Quote, Span
from kb.wording.gate import Wording, Words
from server.api.feedback import noted_of
from server.asked import Replied
from server.desk import PUBLIC, AtDesk, Desk
from server.http.asking import Asker, while_there
from server.http.forms import FORM_POLICY, SentForm, check_ours
from server.http.numbers import number_in
from server.http.problems import come_back, outward
from server.pages.render import Text, render
from server.present import cards, views
from server.present.blocks import Block, table_of

BEFORE = 5  # earlier questions that a follow-up may draw on
USEFUL = {"yes": True, "no": False}
Before = Annotated[list[str] | None, Query()]
AROUND = 20  # code points of its line shown on each side of what puts a letter on a list
PAGE = 20  # letters of a list on one page
SHOWN = ("issuer", "number", "issued_on", "result_class", "proposal_title")  # beside each anyway
routes = APIRouter(include_in_schema=False)


@routes.get("/ask")
async def question_page(
    request: Request,
    desk: AtDesk,
    asker: Asker,
    q: Text = "",
    before: Before = None,
    carry: Text = "",
    said: Text = "",
    page: Text = "",
) -> Response:
    """The question form and, where a question was asked, the reply.

    ``before`` are the earlier questions; with ``carry=no`` the question is taken as it was typed.
    ``said`` tells that an opinion was just given, ``page`` turns the pages of a list.
    """
    typed, longest = q.strip(), desk.settings.question_length
    question, earlier = typed[-longest:].strip(), tuple(before or ())[-BEFORE:]  # as the widget
    shown: dict[str, Any] = {"reply": None, "resolved": None, "problem": None}
    status, headers, today = 200, FORM_POLICY, desk.today()
    how: dict[str, Any] = {"before": earlier, "as_typed": carry == "no", "rewrite": True}
    ask = partial(desk.ask, question, client=asker, again=bool(said or page), **how)
    show = partial(_replied, today=today, page=page)
    try:
        shown |= await (_asked(request, ask, show) if question else run_sync(_welcome, desk))
    except KbError as error:
        status, headers = error.status, headers | come_back(error)
        shown["problem"] = _problem(error)
    shown |= {"longest": longest, "cut": max(0, len(typed) - longest), "said": bool(said)}
    drawn = render(
        "ask.html",
        request=request,
        status=status,
        q=question,
        before=earlier,
        carry=carry,
        dated=partial(views.dated, today=today),
        **shown,
    )
    drawn.headers.update(headers)
    return drawn


@routes.post("/ask/feedback", dependencies=[Depends(check_ours)])
async def take_feedback(
    desk: AtDesk,
    form: SentForm,
    asker: Asker,
    q: Text = "",
    before: Before = None,
    carry: Text = "",
    size: Text = "",
) -> Response:
    """Note whether the reply was useful, and show it again, with thanks."""
    fields = {name: form.get(name, "") for name in ("question", "snapshot", "verdict")}
    useful, reason = USEFUL.get(form.get("useful", "")), form.get("reason") or None
    noted = noted_of({**fields, "useful": useful, "reason": reason}, desk)
    desk.notes.add(noted, client=asker)
    there = views.link("/ask", q=q, before=before, carry=carry, said="yes", size=size)
    return RedirectResponse(there, status_code=303)


def _problem(error: KbError) -> str:
    return ("" if isinstance(error, WrongUse) else "现在还不能回答问题：") + outward(error)


async def _asked(
    request: Request,
    ask: Callable[[], Awaitable[Replied]],
    show: Callable[[Replied], dict[str, Any]],
) -> dict[str, Any]:
    """What the page shows of the reply, if whoever asked waits for it. Raises what ``ask`` does."""
    return await run_sync(show, await while_there(request, ask()))


def _replied(replied: Replied, *, today: date, page: str) -> dict[str, Any]:
    """What the page shows of a reply, by kind."""
    shown: dict[str, Any] = {
        "reply": replied.reply,
        "resolved": replied.resolved,
        "asked": replied.question,
        "reworded": REWORDED,
    }
    of_kind = _of_kind(replied.reply, replied.reader, today=today, page=page)
    if replied.wording:
        of_kind["wording"] = _wording(replied.wording)
    return shown | of_kind | {"it": {"reply": replied.reply, "id": "verdict", **of_kind}}


def _wording(wording: Wording) -> dict[str, Any]:
    parts = [
        {"words": part.text, "quote": None}
        if isinstance(part, Words)
        else {"quote": part, "kind": cards.kind_of(part), "notes": cards.notes(part)}
        for part in wording.parts
    ]
    return {"parts": parts, "made": MADE, "note": WORDED}


def _of_kind(reply: Reply, reader: SnapshotReader, *, today: date, page: str) -> dict[str, Any]:
    match reply:
        case Answer():
            cards_ = [_card(quote, reader, today=today) for quote in reply.quotes]
            masked = any(cards.masked(quote, reader) for quote in reply.quotes)
            return {"kind": "answer", "cards": cards_, "masked": masked}
        case Refusal():
            return {
                "kind": "refusal",
                "whom": _others(reply, reader),
                "related": [near.citation for near in reply.nearest],
            }
        case Listing():
            return {"kind": "listing", **_turned(reply, reader, page=page, today=today)}
        case Notice():
            return {"kind": "notice"}
        case Several():
            parts = [
                {"label": part.label, "id": f"verdict-{number}", "reply": part.reply}
                | _of_kind(part.reply, reader, today=today, page=page)
                for number, part in enumerate(reply.parts, 1)
            ]
            return {"kind": "several", "parts": parts}
        case _:
            assert_never(reply)


def _others(refusal: Refusal, reader: SnapshotReader) -> list[cards.Office]:
    """The organs of the near letters whose telephone is not given."""
    given = {contact.label for contact in refusal.way_out}
    return [one for one in cards.whom(refusal.nearest, reader) if one.organ not in given]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A quote with what stands around it; ``later`` are later letters on the same subject.

    ``table`` is set where it is rows of one. ``notes`` are words of ours about its words,
    ``earlier`` what older letters answered.
    """

    quote: Quote
    pieces: Sequence[views.Piece]
    table: Block | None
    kind: str
    notes: Sequence[str]
    earlier: Sequence[Plain]
    permalink: str
    later: Sequence[Plain]
    standing: Plain | None


def _card(quote: Quote, reader: SnapshotReader, *, today: date) -> Card:
    return Card(
        quote=quote,
        pieces=views.emphasised(quote),
        table=table_of(quote, reader.letter(quote.letter_id)),
        kind=cards.kind_of(quote),
        notes=cards.notes(quote),
        earlier=cards.earlier(quote, today=today),
        permalink=cards.permalink(quote),
        later=cards.later(quote, reader, scope=PUBLIC, today=today),
        standing=cards.standing(quote, today=today),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A row of a listing; ``line`` is the line of the letter that its quote stands in.

    It is empty where the row says the same anyway; ``headless`` and ``endless`` if it goes on.
    """

    quote: Quote
    line: Sequence[views.Piece] = ()
    headless: bool = False
    endless: bool = False
    standing: Plain | None = None


def _turned(listing: Listing, reader: SnapshotReader, *, page: str, today: date) -> dict[str, Any]:
    """The rows on one page of ``listing``."""
    pages = max(1, -(-len(listing.rows) // PAGE))
    number = min(max(number_in(page) or 1, 1), pages)
    quotes = listing.rows[(number - 1) * PAGE : number * PAGE]
    rows = [_row(row, reader, today=today) for row in quotes]
    promises = any(row.standing for row in rows)
    masked = any(cards.masked(row, reader) for row in quotes)
    return {"rows": rows, "promises": promises, "masked": masked, "page": number, "pages": pages}


def _row(quote: Quote, reader: SnapshotReader, *, today: date) -> Cited:
    letter, span = reader.letter(quote.letter_id), quote.span
    shown = [letter.fields[name].span for name in SHOWN if name in letter.fields]
    name = name_of(letter)
    if quote.standing:
        return Cited(quote=quote, standing=cards.standing(quote, today=today))
    if span in shown or quote.text in name:
        return Cited(quote=quote)
    text, end = letter.text, letter.text.find("\n", span.end)
    line = Span(start=text.rfind("\n", 0, span.start) + 1, end=end if end >= 0 else len(text))
    around = Span(start=max(line.start, span.start - AROUND), end=min(line.end, span.end + AROUND))
    cut = whole_words(text, around, within=line, keep=span)
    return Cited(
        quote=quote,
        line=views.pieces(text, cut, marks=[span]),
        headless=cut.start > line.start,
        endless=cut.end < line.end,
    )


def _welcome(desk: Desk) -> dict[str, Any]:
    reader = desk.store.current()
    return {
        "examples": desk.examples(),
        "count": len(reader.letters(PUBLIC)),
    }
