"""How public a letter is: the strictest of its marks, and why it is held back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.publicity.forwarding import not_to_forward
from indexer.publicity.marks import LONGEST, Mark, marks
from indexer.publicity.words import LEVEL_WORDS, plain
from kb.privacy.publicity import (
    CONFLICT,
    CONTRIBUTION,
    NAMES,
    NOT_TO_FORWARD,
    UNKNOWN,
    UNMARKED,
    strictest,
)
from kb.profile import Held
from kb.text.chars import bare
from kb.types import Field, Publicity, Span

_NAME_PARTS = re.compile(r"[-_—.+\s]+")
# Names that say that what they hold is public, and nothing else.
_OPEN_NAME = re.compile(
    r"(?:\d{4}年?)?(?:可以?|能|已|应|主动|全文|全部|对外|向社会){0,3}公开(?:的|版|类)?"
    r"(?:复文|复函|答复|答复函|文件|材料|意见|信件|来信|部分)?(?:\d{1,6})?(?:\.[a-z]{1,5})?"
)
EVERY_KIND = Held()
NOT_UNDERSTOOD = "读不懂"  # the rule of a mark that no row reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Who may see a letter, the marks that say so, and the flags that say why it is held back.

    A mark's value is its words, its span where they stand in the letter (None: beside it), and
    its rule what they say.
    """

    publicity: Publicity
    marks: tuple[Field, ...]
    flags: tuple[str, ...]


def verdict(
    text: str,
    *,
    raw: str = "",
    beside: Iterable[str] = (),
    named: Iterable[str] = (),
    given: Publicity | None = None,
    contribution: bool = False,
    unmarked: Publicity = "public",
    held: Held = EVERY_KIND,
) -> Verdict:
    """How public a letter with ``text`` is; the strictest mark wins.

    ``raw`` is the text before its lines were mended: what mending hides is looked for there.
    ``beside`` are words around the letter that may mark it; of ``named``, the names of its file
    and folders, only what bars citizens counts. ``given`` is what came with it. Marks that
    disagree and marks that are not understood hold the letter back. So does, whatever the marks
    say, what ``held`` names: a ``contribution`` (会办意见), and what is not to be passed on. A
    contribution that is not held so must say that it is public. A letter without a mark is
    ``unmarked``.
    """
    placed = marks(text)
    loose = [*_more(placed, raw), *_outside(beside), *_barring(named)]
    found = [*placed, *(replace(mark, span=None) for mark in loose)]
    if given:
        found.append(Mark(level=given, words=f"publicity: {given}", span=None))
    if any(not mark.empty for mark in found):
        found = [mark for mark in found if not mark.empty]
    kept = not_to_forward(text) if held.not_to_forward else []
    troubles = _troubles(found, contribution=contribution, unmarked=unmarked, held=held)
    flags = (*troubles, *[NOT_TO_FORWARD][: len(kept)])
    levels: list[Publicity] = [mark.level for mark in found] or [unmarked]
    if flags:
        levels.append("held")
    first = {(mark.words, mark.level): mark for mark in reversed(found)}
    return Verdict(
        publicity=strictest(tuple(levels)),
        marks=(*map(_field, reversed(first.values())), *(_plea(text, span) for span in kept)),
        flags=flags,
    )


def _more(inside: Sequence[Mark], raw: str) -> Iterator[Mark]:
    """Marks of the text before mending that say what those of the mended text do not."""
    known = {mark.level for mark in inside if mark.clear}
    return (mark for mark in marks(raw) if mark.clear and mark.level not in known)


def _outside(beside: Iterable[str]) -> Iterator[Mark]:
    for words in beside:
        yield from marks(words)


def _barring(named: Iterable[str]) -> Iterator[Mark]:
    """The marks in names of files: their parts are cells, as in a table."""
    for name in named:
        if _OPEN_NAME.fullmatch(plain(name)):
            continue
        cells = _NAME_PARTS.sub("\t", name)
        yield from (mark for mark in marks(cells) if mark.level != "public")


def _troubles(
    found: Sequence[Mark], *, contribution: bool, unmarked: Publicity, held: Held
) -> Iterator[str]:
    """The flags of a letter that is held back for another reason than a clear mark."""
    clear = {mark.level for mark in found if mark.clear}
    if len(clear) > 1:
        yield CONFLICT
    if any(not mark.clear for mark in found):
        yield UNKNOWN
    if contribution and (held.contributions or not clear):
        yield CONTRIBUTION
    elif not found and unmarked != "public":
        yield UNMARKED


def _plea(text: str, span: Span) -> Field:
    first = Span(start=span.start, end=min(span.end, span.start + LONGEST))
    return Field(value=bare(first.of(text)), span=first, rule="不转发")


def _field(mark: Mark) -> Field:
    return Field(
        value=mark.words,
        span=mark.span,
        rule=NAMES[mark.level] if mark.clear else NOT_UNDERSTOOD,
    )


def level_named(words: str) -> Publicity | None:
    """The level that ``words`` alone name (主动公开, 不予公开, closed …), or None."""
    for level, name in NAMES.items():
        if words.strip().lower() in (level, name):
            return level
    short = bare(plain(words))
    return next((level for level, row in LEVEL_WORDS.items() if row.fullmatch(short)), None)
