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
from kb.search.later import later
from kb.search.suggest import suggestions
from kb.serialize import Plain
from kb.store.protocol import SnapshotReader
from kb.text.titles import citation_of
from kb.types import Citation, Quote, Span
from server.api.feedback import noted_of
from server.desk import PUBLIC, AtDesk, Desk, Replied
from server.http.asking import Asker, while_there
from server.http.forms import FORM_POLICY, SentForm, check_ours
from server.http.problems import come_back, outward
from server.pages.render import Text, render
from server.present import cards, views

BEFORE = 5  # earlier questions that a follow-up may draw on
USEFUL = {"yes": True, "no": False}
Before = Annotated[list[str] | None, Query()]
AROUND = 20  # code points of its line shown on each side of what puts a letter on a list
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
) -> Response:
    """The question form and, where a question was asked, the reply.

    ``before`` are the earlier questions; with ``carry=no`` the question is taken as it was typed.
    ``said`` is set where its asker just said whether it was useful.
    """
    question, earlier = q.strip(), tuple(before or ())[-BEFORE:]
    shown: dict[str, Any] = {"reply": None, "resolved": None, "problem": None}
    status, headers, today = 200, FORM_POLICY, desk.today()
    how: dict[str, Any] = {"before": earlier, "as_typed": carry == "no", "again": bool(said)}
    ask = partial(desk.ask, question, client=asker, **how)
    try:
        shown |= await (_asked(request, ask, today) if question else run_sync(_welcome, desk))
    except KbError as error:
        status, headers = error.status, headers | come_back(error)
        ours = "" if isinstance(error, WrongUse) else "现在还不能回答问题："
        shown["problem"] = f"{ours}{outward(error)}"
    page = render(
        "ask.html",
        request=request,
        status=status,
        q=question,
        before=earlier,
        carry=carry,
        said=bool(said),
        longest=desk.settings.question_length,
        dated=partial(views.dated, today=today),
        **shown,
    )
    page.headers.update(headers)
    return page


@routes.post("/ask/feedback", dependencies=[Depends(check_ours)])
async def take_feedback(
    desk: AtDesk,
    form: SentForm,
    q: Text = "",
    before: Before = None,
    carry: Text = "",
    size: Text = "",
) -> Response:
    """Note whether the reply was useful, and show it again, with thanks."""
    fields = {name: form.get(name, "") for name in ("question", "snapshot", "verdict")}
    useful, reason = USEFUL.get(form.get("useful", "")), form.get("reason") or None
    desk.notes.add(noted_of({**fields, "useful": useful, "reason": reason}, desk))
    there = views.link("/ask", q=q, before=before, carry=carry, said="yes", size=size)
    return RedirectResponse(there, status_code=303)


async def _asked(
    request: Request, ask: Callable[[], Awaitable[Replied]], today: date
) -> dict[str, Any]:
    """What the page shows of the reply, if whoever asked waits for it. Raises what ``ask`` does."""
    return await run_sync(_replied, await while_there(request, ask()), today)


def _replied(replied: Replied, today: date) -> dict[str, Any]:
    """What the page shows of a reply, by kind."""
    shown: dict[str, Any] = {"reply": replied.reply, "resolved": replied.resolved}
    of_kind = _of_kind(replied.reply, replied.reader, today)
    return shown | of_kind | {"it": {"reply": replied.reply, "id": "verdict", **of_kind}}


def _of_kind(reply: Reply, reader: SnapshotReader, today: date) -> dict[str, Any]:
    match reply:
        case Answer():
            cards_ = [_card(quote, reader, today=today) for quote in reply.quotes]
            masked = any(cards.masked(quote, reader) for quote in reply.quotes)
            return {"kind": "answer", "cards": cards_, "masked": masked}
        case Refusal():
            return {
                "kind": "refusal",
                "whom": cards.whom(reply.nearest, reader),
                "related": [near.citation for near in reply.nearest],
            }
        case Listing():
            rows = [_row(row, reader, today=today) for row in reply.rows]
            promises = any(row.standing for row in reply.rows)
            return {"kind": "listing", "rows": rows, "promises": promises}
        case Notice():
            return {"kind": "notice"}
        case Several():
            parts = [
                {
                    "label": part.label,
                    "id": f"verdict-{number}",
                    "reply": part.reply,
                    **_of_kind(part.reply, reader, today),
                }
                for number, part in enumerate(reply.parts, 1)
            ]
            return {"kind": "several", "parts": parts}
        case _:
            assert_never(reply)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A quote with what stands around it; ``later`` are later letters on the same subject.

    ``notes`` are words of ours about its words, ``earlier`` what older letters answered.
    """

    quote: Quote
    pieces: Sequence[views.Piece]
    kind: str
    notes: Sequence[str]
    earlier: Sequence[Plain]
    permalink: str
    later: Sequence[Citation]
    standing: Plain | None


def _card(quote: Quote, reader: SnapshotReader, *, today: date) -> Card:
    letter = reader.letter(quote.letter_id)
    return Card(
        quote=quote,
        pieces=views.emphasised(quote),
        kind=cards.kind_of(quote),
        notes=cards.notes(quote),
        earlier=cards.earlier(quote, today=today),
        permalink=cards.permalink(quote),
        later=[citation_of(following) for following in later(letter, reader, scope=PUBLIC)],
        standing=cards.standing(quote, today=today),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A row of a listing; ``line`` is the line of the letter that its quote stands in."""

    quote: Quote
    line: Sequence[views.Piece]
    standing: Plain | None


def _row(quote: Quote, reader: SnapshotReader, *, today: date) -> Cited:
    text, span = reader.letter(quote.letter_id).text, quote.span
    start = max(text.rfind("\n", 0, span.start) + 1, span.start - AROUND)
    end = text.find("\n", span.end)
    line = Span(start=start, end=min(end if end >= 0 else len(text), span.end + AROUND))
    return Cited(
        quote=quote,
        line=views.pieces(text, line, marks=[span]),
        standing=cards.standing(quote, today=today),
    )


def _welcome(desk: Desk) -> dict[str, Any]:
    reader = desk.store.current()
    approved = desk.notes.approved()
    return {
        "examples": suggestions("", reader, scope=PUBLIC, approved=approved),
        "count": len(reader.letters(PUBLIC)),
    }
