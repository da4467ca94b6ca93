"""``/``: the letters themselves, searched by words and narrowed down by facets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kb.errors import KbError
from kb.search import browse, highlight
from kb.search.browse import FACETS, Match, Wanted
from kb.store.protocol import SnapshotReader
from kb.text.chars import encodable
from kb.types import Span
from server.desk import PUBLIC, AtDesk, Desk
from server.http.numbers import number_in
from server.http.problems import outward
from server.pages import feed
from server.pages.render import Text, render
from server.present import views

PAGE = 20  # letters on one page
LATEST = 5  # letters shown where nothing was looked for
LABELS = {"issuer": "发文单位", "year": "年份", "result_class": "办理结果", "topic": "主题"}
routes = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A letter on the page: its name in pieces, the words found in it, where they stand.

    ``headless`` and ``endless`` if their sentence goes on before and after the excerpt.
    """

    match: Match
    name: tuple[views.Piece, ...]
    excerpt: tuple[views.Piece, ...] = ()
    headless: bool = False
    endless: bool = False
    at: Span | None = None


@routes.get("/")
def search(
    request: Request,
    desk: AtDesk,
    q: Text = "",
    issuer: Text = "",
    year: Text = "",
    result_class: Text = "",
    topic: Text = "",
    sort: Text = "",
    page: Text = "",
) -> Response:
    """The public letters that hold the words, or the latest; the address carries it all."""
    words = q.strip()[: desk.settings.question_length]
    words = words if encodable([words]) else ""
    given = dict(zip(FACETS, (issuer, year, result_class, topic), strict=True))
    chosen = {facet: value for facet, value in given.items() if value}
    wanted = Wanted(words=words, chosen=chosen, by_date=sort == "date")
    looked = bool(words or chosen or page or sort)
    shown: dict[str, Any] = {"q": words, "longest": desk.settings.question_length, "feed": ""}
    try:
        shown |= _found(wanted, desk, page=page if looked else None)
    except KbError as error:
        shown |= {"status": error.status, "problem": outward(error)}
    return render("browse.html", request=request, looked=looked, chosen=given, **shown)


def _found(wanted: Wanted, desk: Desk, *, page: str | None) -> dict[str, Any]:
    """What the page shows of what was found, or of the latest letters where ``page`` is None.

    Raises NoSnapshot, BadSnapshot.
    """
    reader = desk.store.current()
    found = browse.browse(wanted, reader, scope=PUBLIC)
    count = len(found.matches)
    pages = max(1, -(-count // PAGE))
    number = min(max(number_in(page or "") or 1, 1), pages)
    first = (number - 1) * PAGE
    latest = page is None
    matches = found.matches[:LATEST] if latest else found.matches[first : first + PAGE]
    letters = [_shown(match, wanted.words, reader) for match in matches]
    return {
        "problem": None,
        "count": count,
        "letters": letters,
        "masked": any("*" in piece.text for one in letters for piece in one.excerpt),
        "facets": found.facets,
        "labels": LABELS,
        "narrowed": wanted.chosen,
        "by_date": wanted.by_date,
        "page": number,
        "pages": pages,
        "first": first,
        "asked": {"q": wanted.words, **wanted.chosen, "sort": "date" if wanted.by_date else ""},
        "examples": desk.examples() if latest else (),
        **_feed(wanted),
        "dated": partial(views.dated, today=desk.today()),
    }


def _feed(wanted: Wanted) -> dict[str, str]:
    """The feed of what is looked through, where topic or organ alone narrow it down."""
    of = {name: value for name, value in wanted.chosen.items() if name in feed.FACETS}
    if wanted.words or len(of) < len(wanted.chosen):
        return {"feed": "", "feed_title": ""}
    return {
        "feed": views.link("/feed.atom", **of),
        "feed_title": "、".join(("新的答复", *of.values())),
    }


@routes.get("/letters")
def moved(request: Request) -> Response:
    """Where the list used to be; its parameters mean the same on the search page."""
    asked = request.url.query
    return RedirectResponse("/?" + (asked or "sort=date"), status_code=308)


def _shown(match: Match, words: str, reader: SnapshotReader) -> Shown:
    name = match.entry.citation.name
    whole = Span(start=0, end=len(name))
    marks = highlight.found(words, name, whole) if words else []
    titled = tuple(views.pieces(name, whole, marks=marks))
    if match.ordinal is None or not words:
        return Shown(match=match, name=titled)
    letter, passage = reader.letter(match.entry.citation.letter_id), reader.passage(match.ordinal)
    cut = highlight.excerpt(words, letter, passage)
    if cut.span.of(letter.text) in name:  # says nothing that the title does not
        return Shown(match=match, name=titled)
    places = highlight.found(words, letter.text, cut.span)
    return Shown(
        match=match,
        name=titled,
        excerpt=tuple(views.pieces(letter.text, cut.span, marks=places)),
        headless=cut.headless,
        endless=cut.endless,
        at=places[0] if places else None,
    )
