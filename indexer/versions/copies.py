"""Whether two letters are copies of one text, whatever a page has around it.

Nothing is taken for alike that is not the same: a letter that differs from another in one
character of what it says is no copy of it, be it a figure, a name or 不. What may differ is how a
text is set (lines, spaces, punctuation, width, traditional characters), and what stands before
the salutation or behind the date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.versions.facts import Facts, of_one_text
from kb.text.chars import fold
from kb.text.similarity import held, pairs
from kb.types import Letter, Span

WHOLE = 0.6  # of the longer text, that a copy has at least
TAIL = 120  # characters behind the date that may be others: copies to, contact
SHORT = 30  # characters of the letter proper under which the same words tell nothing
ALIKE = 0.5  # of the pairs of the shorter of two versions, that stand in the longer
_PAGE = re.compile(r"[ \t]*(?:[-—–−]+[ \t]*\d{1,4}[ \t]*[-—–−]+|第[ \t]?\d{1,4}[ \t]?页)[ \t]*")
# Signs that part figures or tick boxes say something; all others only set a text.
_SETTING = re.compile(r"(?<=\d)([.,:/~–—−-])(?=\d)|([−-])(?=\d)|[^\w%‰√×✓✔✗✘☑☒☐□■○●◎]|_")
_FIGURES = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a letter says, less how it is set: all of it; the letter proper; what is behind."""

    whole: str
    proper: str
    tail: str


def words_of(letter: Letter) -> Words:
    """The words of ``letter`` as it was read, nothing of it hidden."""
    body = letter.body
    people = [person.span for person in letter.lists.get("addressees", ()) if person.span]
    if not people and letter.title and letter.title.span:
        people = [letter.title.span]
    start = min((span.start for span in people if body.holds(span)), default=body.start)
    dated = letter.fields.get("issued_on")
    end = dated.span.end if dated and dated.span and body.holds(dated.span) else body.end
    if 2 * end < start + body.end:
        end = body.end
    return Words(
        whole=plain(body.of(letter.text)),
        proper=plain(Span(start=start, end=end).of(letter.text)),
        tail=plain(Span(start=end, end=body.end).of(letter.text)),
    )


def plain(text: str) -> str:
    """``text`` less how it is set and its page numbers, folded."""
    lines = (line for line in text.split("\n") if not _PAGE.fullmatch(line))
    return _SETTING.sub(lambda sign: sign[1] or sign[2] or "", fold("\n".join(lines)))


def copied(one: Facts, other: Facts, *, words: tuple[Words, Words]) -> bool:
    """True if the two letters, whose ``words`` are given in the same order, are copies."""
    if not of_one_text(one, other):
        return False
    left, right = words
    if left.proper == right.proper:
        longest = max(len(left.whole), len(right.whole))
        telling = len(left.proper) >= SHORT or bool(one.number and other.number)
        if telling and len(left.proper) >= WHOLE * longest and _tails_agree(left.tail, right.tail):
            return True
    shorter, longer = sorted((left.whole, right.whole), key=len)
    return len(shorter) >= max(SHORT, WHOLE * len(longer)) and _stands_in(shorter, longer)


def alike(words: tuple[Words, Words]) -> bool:
    """True if two texts share enough to be versions of one: each letter of a town does a little."""
    shorter, longer = sorted((words[0].whole, words[1].whole), key=len)
    return held(pairs(shorter), pairs(longer)) >= ALIKE


def _tails_agree(one: str, other: str) -> bool:
    if one in other or other in one:
        return True
    left, right = set(_FIGURES.findall(one)), set(_FIGURES.findall(other))
    return max(len(one), len(other)) <= TAIL and (left <= right or right <= left)


def _stands_in(shorter: str, longer: str) -> bool:
    """True if ``shorter`` stands in ``longer`` with no figure cut at its ends."""
    at = longer.find(shorter)
    if at < 0:
        return False
    around = (longer[at - 1 : at] + shorter[:1], shorter[-1:] + longer[at + len(shorter) :][:1])
    return not any(edge.isdecimal() and len(edge) == 2 for edge in around)
