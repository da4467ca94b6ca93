"""Feeds of new letters, for whoever wants to be told without leaving an address."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.search.browse import Match, Wanted, browse
from kb.store.protocol import SnapshotReader
from server.desk import PUBLIC, AtDesk
from server.http.etag import fresh
from server.pages.address import site_of
from server.pages.render import Text, render, templates
from server.present import views
from server.present.preview import Preview, previewed

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
MOST = 50  # letters in a feed, the newest
FACETS = ("topic", "issuer")  # what a feed can be of, and in which order its address names it
LABELS = {"topic": "主题", "issuer": "单位"}
NOON = "T12:00:00+08:00"  # letters bear a day and no time; that noon is on it in all of China
BEGINNING = date(1970, 1, 1).isoformat()
# No XML may hold these, not even escaped.
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
routes = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A letter in a feed: its preview, whose it is, what it is about, and since when."""

    preview: Preview
    issuer: str
    topics: Sequence[str]
    updated: str


@routes.get("/feed.atom")
def feed(request: Request, desk: AtDesk, topic: Text = "", issuer: Text = "") -> Response:
    """The newest public letters, of one topic or organ if it is named, as an Atom feed."""
    reader, site = desk.store.current(), site_of(request, desk.settings)
    chosen = {name: value for name, value in (("topic", topic), ("issuer", issuer)) if value}
    found = browse(Wanted(chosen=chosen, by_date=True), reader, scope=PUBLIC)
    entries = [_entry(match, reader, site=site) for match in found.matches[:MOST]]
    text = templates.get_template("feed.atom").render(
        heading="、".join(["复文：新的答复", *chosen.values()]),
        here=site + views.link("/feed.atom", **chosen),
        page=site + views.link("/", **chosen, sort="date"),
        updated=max((entry.updated for entry in entries), default=BEGINNING + NOON),
        entries=entries,
    )
    body = _UNWRITABLE.sub("", text).encode("utf-8", "replace")
    headers = {
        "etag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
        "cache-control": "no-cache",
    }
    if fresh(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=MEDIA_TYPE)


@routes.get("/feeds")
def feeds(request: Request, desk: AtDesk) -> Response:
    """How to be told of new letters, and the feed of each topic and organ."""
    facets = browse(Wanted(), desk.store.current(), scope=PUBLIC).facets
    return render(
        "feeds.html",
        request=request,
        site=site_of(request, desk.settings),
        groups=[(facet, LABELS[facet], facets[facet]) for facet in FACETS],
        plain=views.link,
    )


def _entry(match: Match, reader: SnapshotReader, *, site: str) -> Entry:
    letter = reader.letter(match.entry.citation.letter_id)
    day = letter.issued_on.isoformat() if letter.issued_on else BEGINNING
    return Entry(
        preview=previewed(letter, None, site=site),
        issuer=match.entry.citation.issuer or "",
        topics=match.entry.topics,
        updated=day + NOON,
    )
