"""The file that a letter was read from, where citizens may have it; else a copy of its text."""

from __future__ import annotations

import codecs
from contextlib import suppress
from pathlib import Path, PurePath
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from kb.privacy.originals import may_be_given
from kb.privacy.redact import MASKED
from kb.store.protocol import SnapshotReader
from kb.text.titles import citation_of, name_of
from kb.types import Letter, Original, Span
from server.api.letters import find
from server.desk import AtDesk
from server.http.etag import fresh
from server.http.numbers import Number
from server.http.problems import NoSuchRoute
from server.pages.render import Text, render
from server.present import views
from server.present.blocks import set_out

# How an original is sent, by its extension: media type, and whether browsers show it in a
# sandbox. They show no PDF there; for that there is ``original_page``.
ORIGINALS = {
    ".pdf": ("application/pdf", False),
    ".txt": ("text/plain", True),
    ".text": ("text/plain", True),
    ".html": ("text/html", True),
    ".htm": ("text/html", True),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", False),
    ".ofd": ("application/ofd", False),
    ".doc": ("application/msword", False),
    ".wps": ("application/vnd.ms-works", False),
    ".png": ("image/png", False),
    ".jpg": ("image/jpeg", False),
    ".jpeg": ("image/jpeg", False),
    ".tif": ("image/tiff", False),
    ".tiff": ("image/tiff", False),
    ".docm": ("application/vnd.ms-word.document.macroEnabled.12", False),
}
OTHER = ("application/octet-stream", False)
# An original comes from outside: nothing in it may run, load or send.
SANDBOX = "default-src 'none'; sandbox; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
CHARSETS = ("utf-8-sig", "gb18030")  # the first that reads a plain text names its encoding
SNIFFED = 65536  # bytes of it that are tried
WITHHELD = "原件含有个人信息，不对外提供"
UNSEARCHED = "原件里可能有网页上没有的内容，不对外提供"
NOT_KEPT = "这份复文没有保存原件"
routes = APIRouter(include_in_schema=False)


@routes.get("/letters/{letter_id:anytext}/original")
def original(request: Request, letter_id: str, desk: AtDesk) -> Response:
    """The file that a public letter was read from, byte for byte."""
    reader = desk.store.current()
    letter = find(reader, letter_id)
    file = original_of(letter, reader)
    if file is None:
        raise NoSuchRoute(
            f"{no_original(letter, reader)}；请看网页上的全文，或下载由原文文字生成的副本"
        )
    return sent(request, file)


@routes.get("/letters/{letter_id:anytext}/copy")
def clean_copy(request: Request, letter_id: str, desk: AtDesk) -> Response:
    """The text of a public letter as a file of its own, to keep or to print."""
    letter = find(desk.store.current(), letter_id)
    cited = citation_of(letter)
    page = render(
        "copy.html",
        letter=letter,
        cited=cited,
        dated=views.dated(cited.issued_on, today=desk.today(), aged=False),
    )
    name = f"{PurePath(letter.id).stem or letter.id}（文字副本）.html"
    page.headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    page.headers["content-security-policy"] = SANDBOX
    return page


@routes.get("/letters/{letter_id:anytext}/page/{number}")
def original_page(
    request: Request, letter_id: str, number: Number, desk: AtDesk, start: Text = "", end: Text = ""
) -> Response:
    """One page of a PDF original beside the text that was read from it."""
    reader = desk.store.current()
    letter = find(reader, letter_id)
    starts = page_starts(letter)
    if not 1 <= number <= len(starts) or not paged(original_of(letter, reader)):
        raise NoSuchRoute("没有这一页；请回到复文全文")
    bounds = [*starts, len(letter.text)]
    mark = views.span_of(start, end, length=len(letter.text))
    page = Span(start=bounds[number - 1], end=bounds[number])
    lines = views.lines(letter, mark=mark, within=page)
    return render(
        "page.html",
        request=request,
        letter=letter,
        name=name_of(letter),
        page=number,
        pages=len(starts),
        mark=mark,
        blocks=set_out(lines, letter, focus=None, start=page.start),
    )


def sent(request: Request, file: Original) -> Response:
    """``file`` under its own name, byte for byte; nothing in it can do anything."""
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


def original_of(letter: Letter, reader: SnapshotReader) -> Original | None:
    """The file of ``letter`` that citizens may have, or None."""
    return reader.original(letter.id) if may_be_given(letter) else None


def no_original(letter: Letter, reader: SnapshotReader) -> str:
    """Why citizens get no original of ``letter``, where they get none."""
    if reader.original(letter.id) is None:
        return NOT_KEPT
    return WITHHELD if MASKED in letter.flags else UNSEARCHED


def page_starts(letter: Letter) -> list[int]:
    """Where each page of the letter begins; of a letter without pages, its one page."""
    return [0, *letter.pages]


def paged(file: Original | None) -> bool:
    """True if the pages of ``file``, one that citizens may have, can be shown: it is a PDF."""
    return kind(file) == "PDF"


def kind(file: Original | None) -> str:
    """The format of ``file`` as its name ends, in capitals; "" where there is none."""
    return PurePath(file.name).suffix[1:].upper() if file else ""
