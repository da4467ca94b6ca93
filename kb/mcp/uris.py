"""Addresses of letters: ``fuwen://`` for models, and the pages that people open."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlencode

from kb.types import Span

LETTERS = "fuwen://letters/"
LETTER = LETTERS + "{id}"  # templates by RFC 6570: an id is percent-encoded, its slashes too
SPAN = LETTERS + "{id}/{start}-{end}"
_URI = re.compile(rf"{LETTERS}(?P<id>[^/?#]+)(?:/(?P<start>\d{{1,9}})-(?P<end>\d{{1,9}}))?")


def uri_of(letter_id: str, span: Span | None = None) -> str:
    """The resource that a letter is, or its code points at ``span``."""
    place = f"/{span.start}-{span.end}" if span else ""
    return f"{LETTERS}{quote(letter_id, safe='')}{place}"


def read(uri: str) -> tuple[str, Span | None] | None:
    """The letter's id and the span that ``uri`` names; None where it is no such address."""
    match = _URI.fullmatch(uri)
    if not match:
        return None
    try:
        letter_id = unquote(match["id"], errors="strict")
    except UnicodeDecodeError:
        return None
    if match["start"] is None:
        return letter_id, None
    return letter_id, Span(start=int(match["start"]), end=int(match["end"]))


def page_of(site: str, letter_id: str, span: Span | None = None) -> str | None:
    """The page of a letter, at ``span``, as ``server.present.views`` has it; None without site."""
    if not site:
        return None
    asked = {"start": span.start, "end": span.end} if span else {}
    anchor = f"?{urlencode(asked)}#quote" if asked else ""
    return f"{site}{quote(f'/letters/{letter_id}')}{anchor}"
