"""Where quotes come from: the letter's page, and links to a quote that last."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.errors import LetterNotFound
from kb.privacy.redact import MASKED
from kb.search import highlight
from kb.search.later import later
from kb.search.versions import Kin, kin_of
from kb.store.protocol import SnapshotReader
from kb.text.titles import citation_of
from kb.types import Citation, Letter, Span
from server.api.letters import find
from server.desk import PUBLIC, AtDesk, Desk
from server.http.problems import NoSuchRoute
from server.pages.address import site_of
from server.pages.commitments import promised
from server.pages.original import kind, no_original, original_of, page_starts, paged
from server.pages.render import Text, render
from server.present import blocks, cards, views
from server.present.fragments import published_at
from server.present.hits import hits_around
from server.present.preview import previewed
from server.present.structured import structured

COMPARED = 50_000_000  # code points hashed at most in looking for a quote that moved
_DIGEST = re.compile(rf"[0-9a-f]{{{cards.DIGEST}}}")
_PLACE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
routes = APIRouter(include_in_schema=False)


@routes.get("/letters/{letter_id:anytext}")
def show_letter(
    request: Request, letter_id: str, desk: AtDesk, start: Text = "", end: Text = "", q: Text = ""
) -> Response:
    """A whole letter, with the quoted characters marked, or the next of the words of ``q``."""
    reader = desk.store.current()
    letter = find(reader, letter_id)
    mark = views.span_of(start, end, length=len(letter.text))
    words = q.strip()[: desk.settings.question_length]
    return letter_page(request, letter, reader, desk=desk, mark=mark, words=words)


@routes.get("/quotes/{letter_id:anytext}/{place}/{digest}")
def show_quote(request: Request, letter_id: str, place: str, digest: str, desk: AtDesk) -> Response:
    """The permanent link of a quote: shows it in its letter, or says what became of it."""
    stated = _PLACE.fullmatch(place)
    if not stated or not _DIGEST.fullmatch(digest):
        raise NoSuchRoute("这个固定链接不完整；请检查网址")
    reader = desk.store.current()
    try:
        letter = find(reader, letter_id)
    except LetterNotFound:
        return render("withdrawn.html", request=request, status=410)
    start, end = map(int, stated.groups())
    kin = kin_of(letter.id, reader, scope=PUBLIC)
    for version in (letter, *(older.letter for older in kin.earlier)):
        span = views.span_of(*stated.groups(), length=len(version.text))
        if span and cards.digest(span.of(version.text)) == digest:
            return letter_page(request, version, reader, desk=desk, mark=span, lasting=True)
    return render(
        "changed.html",
        request=request,
        letter=letter,
        cited=citation_of(letter),
        found=moved_to(letter.text, digest, length=end - start),
        dated=partial(views.dated, today=desk.today()),
    )


def letter_page(
    request: Request,
    letter: Letter,
    reader: SnapshotReader,
    *,
    desk: Desk,
    mark: Span | None,
    words: str = "",
    lasting: bool = False,
) -> Response:
    """The page of ``letter``; ``lasting`` if a permanent link led here."""
    spans = highlight.found(words, letter.text, letter.body)[:MOST_HITS] if words else []
    asked, mark = mark, mark or (spans[0] if spans else None)
    lines = views.lines(letter, mark=mark, hits=spans)
    set_out = blocks.set_out(lines, letter, focus=mark or blocks.opening(letter))
    kin, site = kin_of(letter.id, reader, scope=PUBLIC), site_of(request, desk.settings)
    shown: dict[str, Any] = {
        "cited": citation_of(letter),
        "dated": partial(views.dated, today=desk.today()),
        "blocks": set_out,
        "folded": any(block.far for block in set_out),
        "preview": previewed(letter, asked, site=site),
        "jumps": views.jumps(letter),
        "facts": views.facts(letter, today=desk.today()),
        "published": views.web_address(letter.url),
        "published_at": published_at(letter, mark),
        "structured": structured(letter, site=site),
        **_filed(letter, reader),
        "page": bisect_right(page_starts(letter), mark.start) if mark else 1,
        "masked": MASKED in letter.flags,
        "scanned": bool(letter.recognised),
        "doubtful": any(line.doubtful for line in lines),
        "hits": hits_around(spans, mark) if spans else None,
        "promises": promised(letter, reader, desk=desk),
        "later": _later(letter, reader, kin=kin),
        "kin": kin,
    }
    return render(
        "letter.html", request=request, letter=letter, mark=mark, q=words, lasting=lasting, **shown
    )


def _filed(letter: Letter, reader: SnapshotReader) -> dict[str, Any]:
    """The file that citizens may have, or why there is none."""
    file = original_of(letter, reader)
    return {
        "original": file,
        "no_original": "" if file else no_original(letter, reader),
        "kind": kind(file),
        "paged": paged(file),
    }


def _later(letter: Letter, reader: SnapshotReader, *, kin: Kin) -> list[Citation]:
    """Later letters on the same subject, but for the one that is named as its newer version."""
    found = later(letter, reader, scope=PUBLIC)
    return [citation_of(other) for other in found if other not in (kin.newer, kin.copy_of)]


MOST_HITS = 500  # places of the words on one page


def moved_to(text: str, digest: str, *, length: int) -> Span | None:
    """Where the words of ``digest``, ``length`` code points long, stand now, if exactly once."""
    if not 0 < length <= len(text) or len(text) * length > COMPARED:
        return None
    starts = [
        start
        for start in range(len(text) - length + 1)
        if cards.digest(text[start : start + length]) == digest
    ]
    return Span(start=starts[0], end=starts[0] + length) if len(starts) == 1 else None
