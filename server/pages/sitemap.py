"""What search engines are told: which letters there are, and what they need not read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.types import LetterHead
from server.desk import PUBLIC, AtDesk
from server.http.etag import fresh
from server.http.problems import NoSuchRoute
from server.pages.address import site_of
from server.present import views

SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
# Letters in one file. The protocol admits 50,000 and 50 MB: a name of 200 Chinese characters takes
# 2 KB in an address.
MOST = 20_000
# Where each request is work, and nothing is that is not on the letters' pages too.
CLOSED = ("/api/", "/ask", "/staff", "/v1/")
routes = APIRouter(include_in_schema=False)


@routes.get("/robots.txt")
def robots(request: Request, desk: AtDesk) -> Response:
    """What crawlers are to leave alone, and where the map is."""
    closed = "".join(f"Disallow: {path}\n" for path in CLOSED)
    text = f"User-agent: *\n{closed}\nSitemap: {site_of(request, desk.settings)}/sitemap.xml\n"
    return Response(text, media_type="text/plain; charset=utf-8")


@routes.get("/sitemap.xml")
def whole(request: Request, desk: AtDesk) -> Response:
    """The pages of all public letters, or where there are many the maps that have them."""
    return _answered(request, _whole(desk.store.current(), site_of(request, desk.settings)))


@routes.get("/sitemap-{number:int}.xml")
def part(request: Request, number: int, desk: AtDesk) -> Response:
    """One of those maps, from 1."""
    reader = desk.store.current()
    if not 1 <= number <= _parts(reader):
        raise NoSuchRoute("没有这一张地图；请看 /sitemap.xml")
    return _answered(request, _part(reader, site_of(request, desk.settings), number))


@memo()
def _whole(reader: SnapshotReader, site: str) -> bytes:
    if (parts := _parts(reader)) < 2:
        return _map(reader.letters(PUBLIC), site)
    places = (f"{site}/sitemap-{number}.xml" for number in range(1, parts + 1))
    return _written("sitemapindex", (f"<sitemap>{_at(place)}</sitemap>" for place in places))


@memo()
def _part(reader: SnapshotReader, site: str, number: int) -> bytes:
    return _map(reader.letters(PUBLIC)[(number - 1) * MOST : number * MOST], site)


def _parts(reader: SnapshotReader) -> int:
    return -(-len(reader.letters(PUBLIC)) // MOST)


def _map(heads: Iterable[LetterHead], site: str) -> bytes:
    return _written("urlset", (_page(head, site) for head in heads))


def _page(head: LetterHead, site: str) -> str:
    day = f"<lastmod>{head.issued_on}</lastmod>" if head.issued_on else ""
    return f"<url>{_at(site + views.link(f'/letters/{head.id}'))}{day}</url>"


def _at(address: str) -> str:
    return f"<loc>{escape(address)}</loc>"


def _written(root: str, rows: Iterable[str]) -> bytes:
    lines = "\n".join(rows)
    head = '<?xml version="1.0" encoding="utf-8"?>'
    return f'{head}\n<{root} xmlns="{SCHEMA}">\n{lines}\n</{root}>\n'.encode()


def _answered(request: Request, body: bytes) -> Response:
    headers = {
        "etag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
        "cache-control": "no-cache",
    }
    if fresh(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/xml; charset=utf-8")
