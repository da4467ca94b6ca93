"""A number that no letter's fields bear, looked for in the letters' own words before it is denied.

Rules never read every number: of 31 real letters they missed 12. What a letter says at its head
is its own number; what it says further down may be another's.
"""

from __future__ import annotations

from dataclasses import replace

from kb.query.directory import Named, directory_of
from kb.query.parse import Query
from kb.store.protocol import SnapshotReader
from kb.text.chars import fold
from kb.text.own_numbers import FIGURES, mentioned, plain_number
from kb.text.tokens import number_key
from kb.text.traditional import simplified

MENTIONING = 20  # passages in which a proposal is looked for that no letter answers


def stated(query: Query, reader: SnapshotReader) -> Named:
    """What ``query`` names, its missing number looked for in the words of the letters in scope.

    ``letter_ids`` are then those whose own number it is by their words; where there is none,
    ``mentioned`` are those that mention the proposal.
    """
    named = query.named
    if not named.missing:
        return named
    bearers = reader.bearing("own_number", [_key(named.missing)])
    heads = directory_of(reader, query.scope).heads
    found = [one.head for one in bearers if heads.get(one.head.id)]
    of_kind = [head for head in found if simplified(head.kind or "?") in query.text]
    if found:
        letter_ids = tuple(head.id for head in of_kind or found)
        return replace(named, letter_ids=letter_ids, by="正文", missing=None)
    if "〔" in named.missing:
        return named
    return replace(named, mentioned=_mentioning(named.missing, query, reader))


def _key(number: str) -> str:
    """What a number is looked up by: 第0222号 and 222 are one, and so are brackets of any form."""
    if "〔" in number:
        return number_key(number)
    figures: list[str] = FIGURES.findall(number) or [""]
    return plain_number(figures[-1])


def _mentioning(missing: str, query: Query, reader: SnapshotReader) -> tuple[str, ...]:
    """The letters that mention a proposal of this number in a passage, best first."""
    number = _key(missing)
    tokens = [f"{'0' * zeros}{number}号" for zeros in range(4)]
    found: dict[str, None] = {}
    for ordinal, _ in reader.lexical(tokens, limit=MENTIONING, scope=query.scope):
        passage = reader.passage(ordinal)
        words = fold(passage.span.of(reader.letter(passage.letter_id).text))
        if number in mentioned(words):
            found[passage.letter_id] = None
    return tuple(found)
