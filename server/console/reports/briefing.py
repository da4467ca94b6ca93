"""Before a reply is written: what was said, promised and counted on the subject of a proposal.

What is pasted is neither kept nor logged.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from functools import cache, partial
from itertools import pairwise
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.analysis.briefing import LONGEST, Briefing, beforehand
from kb.errors import KbError, WrongUse
from kb.ledger.policy import visible
from kb.ledger.types import Entry, stage_of
from kb.store.protocol import SnapshotReader
from kb.types import Quote, Span
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.access.uploads import Upload, Uploaded
from server.console.layout import show
from server.console.ledger.list import row_words
from server.console.letters import letter_of, scope_of, seen
from server.desk import AtDesk, Desk
from server.http.asking import Asker

PAGE = "/staff/before"
AROUND = 120  # code points of a passage on either side of its sentence
# Chinese plain text is one of these; the marks that a file begins with tell the first three.
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
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
        text = proposal_of(upload)
        shown = await desk.in_turn(asker, partial(_worked, desk, visit, text))
    except KbError as error:
        return _page(request, visit, text=text, problem=error)
    return _page(request, visit, text=text, **shown)


def proposal_of(upload: Upload) -> str:
    """The text of the file, else what was pasted. Raises WrongUse."""
    if not upload.file:
        return upload.field("text").replace("\r\n", "\n")
    mark = next((mark for mark in MARKS if upload.file.startswith(mark)), b"")
    for encoding in (MARKS[mark],) if mark else ("utf-8", "gb18030"):
        try:
            return upload.file.decode(encoding).replace("\r\n", "\n")
        except ValueError:
            continue
    raise WrongUse("文件不是纯文本，或编码无法确定；请另存为 UTF-8 的 .txt，或打开后复制粘贴")


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


def _promised(briefing: Briefing, visit: StaffRequest) -> Mapping[str, list[Entry]]:
    """What was promised and ``visit`` may see: what is still open, and the rest."""
    seen = [entry for entry in briefing.promised if visible(entry, visit.account)]
    open_ = [entry for entry in seen if stage_of(entry.status) in ("open", "queue")]
    return {"open": open_, "rest": [entry for entry in seen if entry not in open_]}


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
        **{"briefing": None, **row_words(), **shown},
    )
