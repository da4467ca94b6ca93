"""What a letter says that it will do, and nobody has taken for a promise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.extract.clauses import SIGNED, Clause, clauses_of, stands_alone
from kb.extract.commitments import RUN_IN
from kb.extract.promise_rules import announces
from kb.text.voices import contact, formal, own_words
from kb.types import Letter, Span

SHORTEST = 5  # characters: what is shorter names what follows
MOST = 100
_OPENS = re.compile(
    r"\s*(?:（[一二三四五六七八九十]{1,2}）|[一二三四五六七八九十]、|\d[.、．])?\s*(?:下一?步|下阶段|今后|接下来)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclaimed:
    """A clause that no promise claims; ``text`` is verbatim what stands at ``span``.

    ``under`` is the heading that it stands under, "" where its own paragraph says 下一步.
    """

    span: Span
    text: str
    under: str


def unclaimed(letter: Letter, claimed: Sequence[Span]) -> tuple[Unclaimed, ...]:
    """The first ``MOST`` clauses under 下步工作 and the like that meet none of ``claimed``."""
    found: list[Unclaimed] = []
    for clause, under in _ahead(letter):
        span = clause.span
        if len(found) == MOST:
            break
        if not (any(span.meets(other) for other in claimed) or _says_nothing(letter, clause)):
            found.append(Unclaimed(span=span, text=span.of(letter.text), under=under))
    return tuple(found)


def _ahead(letter: Letter) -> Iterator[tuple[Clause, str]]:
    """The clauses that say what comes next, with their headings."""
    for clause in clauses_of(letter):
        names = [heading.text for heading in clause.path]
        under = next((name for name in reversed(names) if announces(name)), "")
        line = letter.text.rfind("\n", 0, clause.span.start) + 1
        if under or _OPENS.match(letter.text, line, clause.span.end):
            yield clause, under


def _says_nothing(letter: Letter, clause: Clause) -> bool:
    """True of headings, scraps, thanks, whom to call, who signed, and what others wish."""
    words = clause.plain.words
    if len(words) < SHORTEST or words.endswith("如下") or SIGNED.search(words):
        return True
    if formal(words) or contact(words):
        return True
    if own_words(words, Span(start=0, end=len(words))) is None:
        return True
    # A heading that runs into its paragraph is a sentence of it.
    above = clause.path[-1] if clause.path else None
    titled = bool(above and above.level < RUN_IN and above.span.holds(clause.span))
    return titled and not stands_alone(letter, clause)
