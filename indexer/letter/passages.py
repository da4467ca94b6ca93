"""Cut a letter into passages that follow its heading tree.

Passages partition ``Letter.body``: whole sentences, 300 to 700 code points. A text shorter
than 300 gives a shorter passage, and so does a section beside a sentence too long to be
joined with; only a sentence, or a clause up to its ；, longer than 700 gives a longer one.
Whoever changes the cut raises ``kb.store.open.RULE_VERSIONS``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.text.sentences import clauses, heading_path, sentences
from kb.types import Heading, Letter, Passage, Span

# Code points. Longer than the 120 to 400 of before: an answer of several sentences is seldom cut
# in two, and fewer characters have to be read to meet it.
SHORTEST = 300
LONGEST = 700
AIM = 500  # where a section is cut in even parts
CLAUSE_FROM = 60  # sentences longer than this are scored clause by clause


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    units: tuple[Span, ...]
    above: tuple[Heading, ...]

    @property
    def length(self) -> int:
        return self.units[-1].end - self.units[0].start


def cut(letter: Letter) -> tuple[Passage, ...]:
    """The passages of ``letter``, in the order of its text."""
    pieces = [part for piece in _sections(letter) for part in _evenly(piece)]
    return tuple(
        Passage(
            letter_id=letter.id,
            span=Span(start=piece.units[0].start, end=piece.units[-1].end),
            headings=tuple(heading.text for heading in piece.above),
            sentences=tuple(c for unit in piece.units for c in _clauses(letter.text, unit)),
        )
        for piece in _merged(_rebalanced(_merged(pieces)))  # giving can leave two that fit
    )


def _units(letter: Letter) -> Iterator[Span]:
    for sentence in sentences(letter.text, letter.body):
        if sentence.end - sentence.start <= LONGEST:
            yield sentence
        else:
            yield from clauses(letter.text, sentence)


def _clauses(text: str, sentence: Span) -> Iterator[Span]:
    if sentence.end - sentence.start < CLAUSE_FROM:
        return iter((sentence,))
    return clauses(text, sentence)


def _sections(letter: Letter) -> Iterator[_Piece]:
    units: list[Span] = []
    above: tuple[Heading, ...] = ()
    for unit in _units(letter):
        here = heading_path(letter.headings, unit.start)
        if units and here != above:
            yield _Piece(units=tuple(units), above=above)
            units = []
        units.append(unit)
        above = here
    if units:
        yield _Piece(units=tuple(units), above=above)


def _evenly(piece: _Piece) -> Iterator[_Piece]:
    """A section in about equal parts of at most ``LONGEST``."""
    parts = -(-piece.length // AIM) if piece.length > LONGEST else 1
    aim = piece.length / parts
    run: list[Span] = []
    for unit in piece.units:
        length = unit.end - run[0].start if run else 0
        over = length - aim
        if run and (length > LONGEST or over > (unit.end - unit.start) / 2):
            yield _Piece(units=tuple(run), above=piece.above)
            run = []
        run.append(unit)
    yield _Piece(units=tuple(run), above=piece.above)


def _merged(pieces: list[_Piece]) -> list[_Piece]:
    """Join pieces shorter than ``SHORTEST`` to a neighbour, the next one first."""
    done: list[_Piece] = []
    for piece in pieces:
        if done and (done[-1].length < SHORTEST) and done[-1].length + piece.length <= LONGEST:
            done[-1] = _joined(done[-1], piece)
        else:
            done.append(piece)
    backwards: list[_Piece] = []
    for piece in reversed(done):
        after = backwards[-1] if backwards else None
        small = after is not None and min(after.length, piece.length) < SHORTEST
        if after and small and piece.length + after.length <= LONGEST:
            backwards[-1] = _joined(piece, after)
        else:
            backwards.append(piece)
    return backwards[::-1]


def _joined(first: _Piece, second: _Piece) -> _Piece:
    common = tuple(a for a, b in zip(first.above, second.above, strict=False) if a == b)
    above = max(first.above, second.above, key=len)
    nested = common in (first.above, second.above)
    return _Piece(units=first.units + second.units, above=above if nested else common)


def _rebalanced(pieces: list[_Piece]) -> list[_Piece]:
    """Give a piece that is still short whole sentences of its neighbour, where both gain."""
    for index, piece in enumerate(pieces):
        if piece.length >= SHORTEST:
            continue
        for neighbour in (index + 1, index - 1):
            if 0 <= neighbour < len(pieces):
                low, high = sorted((index, neighbour))
                both = _joined(pieces[low], pieces[high])
                split = _best_split(both)
                if split:
                    pieces[low] = _Piece(units=both.units[:split], above=pieces[low].above)
                    pieces[high] = _Piece(units=both.units[split:], above=pieces[high].above)
                    break
    return pieces


def _best_split(piece: _Piece) -> int | None:
    """Where to cut so that both halves are of lawful length, nearest to the middle."""
    start, end = piece.units[0].start, piece.units[-1].end
    lawful = [
        (abs(2 * unit.start - start - end), index)
        for index, unit in enumerate(piece.units)
        if SHORTEST <= unit.start - start <= LONGEST and SHORTEST <= end - unit.start <= LONGEST
    ]
    return min(lawful)[1] if lawful else None
