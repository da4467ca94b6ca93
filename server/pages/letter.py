"""Where quotes come from: the letter's page, its original file, links to a quote that last."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from kb.errors import LetterNotFound
from kb.privacy.redact import MASKED
from kb.profile import profile
from kb.search import highlight
from kb.search.later import later
from kb.store.protocol import SnapshotReader
from kb.text.titles import citation_of, name_of
from kb.types import Letter, Original, Span
from server.api.letters import find
from server.desk import PUBLIC, AtDesk, Desk
from server.http.etag import fresh
from server.http.numbers import Number
from server.http.problems import NoSuchRoute
from server.pages.commitments import promised
from server.pages.render import Text, render
from server.present import cards, views

# How an original is sent, by its extension: media type, and whether browsers show it in a
# sandbox. They show no PDF there; for that there is ``original_page``.
ORIGINALS = {
    ".pdf": ("application/pdf", False),
    ".txt": ("text/plain", True),
    ".text": ("text/plain", True),
    ".html": ("text/html", True),
    ".htm": ("text/html", True),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", False),
    ".docm": ("application/vnd.ms-word.document.macroEnabled.12", False),
}
OTHER = ("application/octet-stream", False)
# An original comes from outside: nothing in it may run, load or send.
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
CHARSETS = ("utf-8-sig", "gb18030")  # the first that reads a plain text names its encoding
SNIFFED = 65536  # bytes of it that are tried
SEARCHED = 50_000_000  # code points hashed at most in looking for a quote that moved
_DIGEST = re.compile(rf"[0-9a-f]{{{cards.DIGEST}}}")
_PLACE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
WITHHELD = "原件含有个人信息，不对外提供"
routes = APIRouter(include_in_schema=False)


@routes.get("/letters/{letter_id:anytext}/original")
def original(request: Request, letter_id: str, desk: AtDesk) -> Response:
    """The file that a public letter was read from, byte for byte."""
    reader = desk.store.current()
    letter = find(reader, letter_id)
    file = original_of(letter, reader)
    if file is None:
        why = WITHHELD if withheld(letter) else "这份复文没有保存原件"
        raise NoSuchRoute(f"{why}；请看网页上的全文，或向发文单位索取")
    media_type, shown = ORIGINALS.get(PurePath(file.name).suffix.lower(), OTHER)
    disposition = "inline" if shown else "attachment"
    headers = {
        "content-disposition": f"{disposition}; filename*=UTF-8''{quote(file.name)}",
        "content-security-policy": SANDBOX,
        "etag": f'"{file.sha256}"',
        "cache-control": "no-cache",
    }
    if fresh(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    response = FileResponse(file.path, headers=headers)
    response.headers["content-type"] = media_type + _charset(file.path, media_type)
    return response


def _charset(path: Path, media_type: str) -> str:
    """The parameter of a plain text's encoding; a web page states its own."""
    if media_type != "text/plain":
        return ""
    with path.open("rb") as file:
        head = file.read(SNIFFED)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "; charset=utf-16"
    for name in CHARSETS:
        with suppress(UnicodeDecodeError):
            codecs.getincrementaldecoder(name)().decode(head)
            return f"; charset={name.removesuffix('-sig')}"
    return ""


@routes.get("/letters/{letter_id:anytext}/page/{number}")
def original_page(
    request: Request, letter_id: str, number: Number, desk: AtDesk, start: Text = "", end: Text = ""
) -> Response:
    """One page of a PDF original beside the text that was read from it."""
    reader = desk.store.current()
    letter = find(reader, letter_id)
    starts = page_starts(letter)
    if not 1 <= number <= len(starts) or not paged(reader, letter):
        raise NoSuchRoute("没有这一页；请回到复文全文")
    bounds = [*starts, len(letter.text)]
    mark = views.span_of(start, end, length=len(letter.text))
    shown = views.pieces(
        letter.text,
        Span(start=bounds[number - 1], end=bounds[number]),
        marks=[mark] if mark else [],
    )
    return render(
        "page.html",
        request=request,
        letter=letter,
        name=name_of(letter),
        page=number,
        pages=len(starts),
        mark=mark,
        pieces=shown,
    )


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
    span = views.span_of(*stated.groups(), length=len(letter.text))
    if span and cards.digest(span.of(letter.text)) == digest:
        return letter_page(request, letter, reader, desk=desk, mark=span, lasting=True)
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
    mark = mark or (spans[0] if spans else None)
    file = original_of(letter, reader)
    shown: dict[str, Any] = {
        "cited": citation_of(letter),
        "dated": partial(views.dated, today=desk.today()),
        "lines": views.lines(letter, mark=mark, hits=spans),
        "jumps": views.jumps(letter),
        "facts": views.facts(letter, today=desk.today()),
        "published": views.web_address(letter.url),
        "original": file,
        "no_original": WITHHELD if withheld(letter) else "没有保存",
        "kind": _kind(file),
        "page": bisect_right(page_starts(letter), mark.start) if mark else 1,
        "paged": paged(reader, letter),
        "hits": views.hits_around(spans, mark) if spans else None,
        "promises": promised(letter, reader, desk=desk),
        "later": [citation_of(following) for following in later(letter, reader, scope=PUBLIC)],
    }
    return render(
        "letter.html", request=request, letter=letter, mark=mark, q=words, lasting=lasting, **shown
    )


MOST_HITS = 500  # places of the words on one page


def page_starts(letter: Letter) -> list[int]:
    """Where each page of the letter begins; of a letter without pages, its one page."""
    return [0, *letter.pages]


def paged(reader: SnapshotReader, letter: Letter) -> bool:
    """True if the letter's pages can be shown: citizens may have its original, a PDF."""
    file = original_of(letter, reader)
    return bool(file) and _kind(file) == "PDF"


def withheld(letter: Letter) -> bool:
    """True if the file tells what the text hides, and its place does not publish such files."""
    return MASKED in letter.flags and not profile().masking.of(letter.value("issuer")).originals


def original_of(letter: Letter, reader: SnapshotReader) -> Original | None:
    """The file of ``letter`` that citizens may have, or None."""
    return None if withheld(letter) else reader.original(letter.id)


def _kind(file: Original | None) -> str:
    return PurePath(file.name).suffix[1:].upper() if file else ""


def moved_to(text: str, digest: str, *, length: int) -> Span | None:
    """Where the words of ``digest``, ``length`` code points long, stand now, if exactly once."""
    if not 0 < length <= len(text) or len(text) * length > SEARCHED:
        return None
    starts = [
        start
        for start in range(len(text) - length + 1)
        if cards.digest(text[start : start + length]) == digest
    ]
    return Span(start=starts[0], end=starts[0] + length) if len(starts) == 1 else None
