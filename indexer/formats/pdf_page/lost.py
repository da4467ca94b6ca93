"""How many characters of a PDF's pages were lost, by another reader's count of them (pypdf)."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Sequence

import pypdf

from indexer.formats.searched.words import LARGEST
from kb.text.chars import bare

RADICAL = re.compile("[\u2e80-\u2fdf]")
MOST_PAGES = 100  # that are counted; it takes tens of milliseconds a page


def lost_characters(content: bytes, pages: Sequence[int], words: str) -> int | None:
    """How many characters the ``pages`` of a PDF have beside their ``words``; None if not known.

    One stands for some that may be mere repeats.
    """
    if len(content) > LARGEST or len(pages) > MOST_PAGES:
        return None
    try:
        file = pypdf.PdfReader(io.BytesIO(content))
        drawn = "".join(file.pages[number].extract_text() for number in pages)
    except Exception:  # whatever the library trips over, nothing was counted
        return None
    drawn, words = _plain(drawn), _plain(words)
    missing = max(0, len(drawn) - len(words))
    # The readers differ in which of two like characters they tell, and in what is drawn twice.
    return missing if set(RADICAL.sub("", drawn)) - set(words) else min(missing, 1)


def _plain(text: str) -> str:
    return bare(unicodedata.normalize("NFKC", text))
