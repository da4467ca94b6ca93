"""Before a reply is written: what was said, promised and counted on the subject of a proposal.

What is pasted is neither kept nor logged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import anyio
from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.analysis.briefing import LONGEST, POINTS, Briefing, Promised, beforehand
from kb.errors import KbError
from kb.ledger.policy import visible
from kb.store.protocol import SnapshotReader
from kb.text.titles import citation_of
from kb.types import Quote, Span
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.access.uploads import Uploaded
from server.console.intake.job import intake_of
from server.console.layout import show
from server.console.ledger.list import row_words
from server.console.letters import letter_of, scope_of, seen
from server.console.reports.briefing_paper import on_paper
from server.console.reports.proposal_file import ACCEPTED, proposal_of
from server.desk import AtDesk, Desk
from server.http.asking import Asker

PAGE = "/staff/before"
AROUND = 120  # code points of a passage on either side of its sentence
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@routes.get(PAGE)
@requires("read")
def ask_proposal(request: Request, visit: Visiting) -> Response:
    """Where a proposal is pasted."""
    return _page(request, visit)


@routes.post(PAGE)
@requires("read")
async def brief(
    request: Request, desk: AtDesk, visit: Visiting, asker: Asker, upload: Uploaded
) -> Response:
    """All that the letters and the ledger hold on it."""
    text = ""
    try:
        read = partial(proposal_of, upload, intake_of(request))
        text = await anyio.to_thread.run_sync(read)
        shown = await desk.in_turn(asker, partial(_worked, desk, visit, text))
    except KbError as error:
        return _page(request, visit, text=text, problem=error)
    return _page(request, visit, text=text, **shown)


@routes.post(f"{PAGE}.docx")
@requires("read")
async def brief_on_paper(
    request: Request, desk: AtDesk, visit: Visiting, asker: Asker, upload: Uploaded
) -> Response:
    """The same as a Word document with its sources; made anew, since nothing is kept."""
    text = ""
    try:
        read = partial(proposal_of, upload, intake_of(request))
        text = await anyio.to_thread.run_sync(read)
        shown = await desk.in_turn(asker, partial(_worked, desk, visit, text))
        make = partial(on_paper, shown, visit, today=desk.today())
        written = await anyio.to_thread.run_sync(make)
    except KbError as error:
        return _page(request, visit, text=text, problem=error)
    name = quote(f"回复之前-{desk.today():%Y%m%d}.docx")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(written, media_type=DOCX, headers=headers)


def _worked(desk: Desk, visit: StaffRequest, text: str) -> Mapping[str, Any]:
    """The briefing, and how its quotes are shown to ``visit``."""
    reader = desk.store.current()
    with staff_database(desk) as database:
        briefing = beforehand(
            text, reader, desk.embedder(), database, settings=desk.settings, scope=scope_of(visit)
        )
    words = _words(reader, visit)
    return {
        "briefing": briefing,
        "promised": _promised(briefing, visit),
        "figures": [
            figure
            for figure in briefing.figures
            if words(figure.letter_id, figure.span) == figure.raw
        ],
        "words": words,
        "cited": lambda letter_id: citation_of(letter_of(letter_id, reader, visit)),
        "sentence": partial(_sentence, words),
    }


def _words(reader: SnapshotReader, visit: StaffRequest) -> Callable[[str, Span], str]:
    """What stands at a place of a letter, as ``visit`` may see it."""

    @cache
    def text(letter_id: str) -> str:
        return seen(letter_of(letter_id, reader, visit), reader, visit).text

    return lambda letter_id, span: span.of(text(letter_id))


def _sentence(words: Callable[[str, Span], str], quote: Quote) -> tuple[str, str, str]:
    """The sentence of a quote that is nearest to what was asked, between what surrounds it.

    Of its own paragraph only, and not all of a long one: the whole is a click away.
    """
    nearest = quote.exact[0]
    start = max(quote.span.start, nearest.start - AROUND)
    end = min(quote.span.end, nearest.end + AROUND)
    before, inside, after = (
        words(quote.letter_id, Span(start=begin, end=stop))
        for begin, stop in pairwise((start, nearest.start, nearest.end, end))
    )
    return before.rpartition("\n")[2].lstrip(), inside, after.partition("\n")[0].rstrip()


def _promised(briefing: Briefing, visit: StaffRequest) -> Mapping[str, list[Promised]]:
    """What was promised and ``visit`` may see: what is still open, and the rest."""
    seen = [one for one in briefing.promised if visible(one.entry, visit.account)]
    return {
        "open": [one for one in seen if one.open],
        "rest": [one for one in seen if not one.open],
    }


def _page(
    request: Request,
    visit: StaffRequest,
    *,
    text: str = "",
    problem: KbError | None = None,
    **shown: Any,
) -> Response:
    return show(
        "briefing.html",
        request=request,
        visit=visit,
        problem=problem,
        text=text,
        longest=LONGEST,
        most_points=POINTS,
        accepted=",".join(ACCEPTED),
        **{"briefing": None, **row_words(), **shown},
    )
