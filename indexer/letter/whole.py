"""Whether a letter's text still holds every word that was read from its file."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kb.text.chars import bare

# Mending drops these: invisible characters, page numbers, a running line once it was seen.
_INVISIBLE = re.compile(
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]"
)
_PAGE_NUMBER = re.compile(
    r"[-—–―－·]*\d{1,4}[-—–―－·]*|第\d{1,4}页(?:[，,/]?共\d{1,4}页)?|\d{1,4}/\d{1,4}"
    r"|[Pp]age\d{1,4}(?:of\d{1,4})?"
)
_MOST_READINGS = 64  # ways in which the lines may lie on the text; more are not followed


def is_whole(lines: Iterable[str], text: str) -> bool:
    """True if ``text`` is ``lines`` one after the other, white space aside.

    Only a page number may be missing, and a line that stood above already. Where that cannot be
    told it is False.
    """
    whole = _words(text)
    reached, seen = {0}, set[str]()
    for line in lines:
        words = _words(line)
        if not words:
            continue
        after = {at + len(words) for at in reached if whole.startswith(words, at)}
        if words in seen or _PAGE_NUMBER.fullmatch(words):
            after |= reached
        if not after or len(after) > _MOST_READINGS:
            return False
        reached = after
        seen.add(words)
    return len(whole) in reached


def _words(text: str) -> str:
    return bare(_INVISIBLE.sub("", text))
