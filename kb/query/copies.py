"""Whether two letters of one number are one letter that was read from two files.

Only letters that bear the same document number are compared, so that few pairs of texts are and
all of each text is: no sketch of it (MinHash) is needed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.store.protocol import SnapshotReader
from kb.text.chars import fold
from kb.text.similarity import held, pairs
from kb.types import Letter, LetterHead

# Of the pairs of characters of the shorter text, the share that stands in the longer one; and the
# share of the longer one's that the shorter one has. A page around a letter adds to the longer
# one; a corrected letter has figures of its own.
INSIDE, WHOLE = 0.95, 0.6
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_DENIED = re.compile(r"[未不无没非]")


def one_letter(heads: Sequence[LetterHead], reader: SnapshotReader) -> LetterHead | None:
    """The one of ``heads`` with the longest text, if all are copies of it; else None.

    A copy has the text of the other, but for what a page has around it, and no figure and no
    denial of its own, nor another day, class or organ.
    """
    if not heads:
        return None
    if len({head.sha256 for head in heads}) == 1:
        return heads[0]
    letters = {head.id: reader.letter(head.id) for head in heads}
    first = max(heads, key=lambda head: len(letters[head.id].text))
    same = (copied(letters[first.id], letter) for letter in letters.values())
    return first if all(same) else None


def copied(one: Letter, other: Letter) -> bool:
    """True if the shorter of the two is a copy of the longer."""
    shorter, longer = sorted((other, one), key=lambda letter: len(letter.text))
    if one.sha256 == other.sha256:
        return one.publicity == other.publicity
    if longer.publicity != shorter.publicity:
        return False
    for fact in ("issuer", "issued_on", "result_class", "proposal_no"):
        stated = {longer.value(fact), shorter.value(fact)} - {None}
        if len(stated) > 1:
            return False
    whole, part = fold(longer.text), fold(shorter.text)
    if not set(_FIGURE.findall(part)) <= set(_FIGURE.findall(whole)):
        return False
    if len(_DENIED.findall(part)) != len(_DENIED.findall(whole)):
        return False
    all_pairs, own = pairs(whole), pairs(part)
    return held(own, all_pairs) >= INSIDE and held(all_pairs, own) >= WHOLE
