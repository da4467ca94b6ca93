"""Small talk: a message that asks nothing of the letters."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from kb.text.chars import bare, made_of
from kb.text.traditional import simplified

WORDS = Path(__file__).with_name("talk.toml")
_MARKS = re.compile(r"[^\w]|_")


@lru_cache(maxsize=1)
def _words() -> tuple[tuple[str, frozenset[str]], ...]:
    """By code, in the order in which they are tried: all that such a message is made of."""
    table = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    around = table.pop("around")
    return tuple((code, frozenset((*own, *around))) for code, own in table.items())


def talk(question: str) -> str | None:
    """The code of the small talk that ``question`` is, or None if it asks something."""
    words = _MARKS.sub("", bare(simplified(question))).lower()
    return next((code for code, own in _words() if words and made_of(words, own)), None)
