"""The promises of a letter on its page: each marked in the text, and what none of them claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kb.extract.unclaimed import unclaimed
from kb.feedback.rulings import gold_in
from kb.ledger.claimed import Claim, claims
from kb.ledger.types import OFF
from kb.types import Letter, Span
from server.console.access.auth import staff_database
from server.desk import Desk
from server.present import views


def place_of(letter: Letter, words: str, place: Span | None) -> Span:
    """Where a promise that is added stands: at ``place`` if these are its words, else the first.

    Raises WrongUse where the letter does not have the words.
    """
    if place and words.strip() and "".join(place.of(letter.text).split()) == "".join(words.split()):
        return place
    return gold_in(letter, words).place.span


def marked(letter: Letter, desk: Desk, *, mark: Span | None) -> dict[str, Any]:
    """What the text of a letter is drawn with: lines, promises by line and piece, the unclaimed."""
    with staff_database(desk) as database:
        every = claims(database, letter.id)
    promised = [one for one in every if one.status not in OFF]
    lines = views.lines(letter, mark=mark, hits=[one.span for one in promised])
    return {
        "lines": lines,
        "claims": _by_piece(lines, promised),
        "promised": promised,
        # What staff rejected is no promise, and nobody has to look at it again.
        "unclaimed": unclaimed(letter, [one.span for one in every]),
    }


def _by_piece(
    lines: Sequence[views.Line], promised: Sequence[Claim]
) -> dict[tuple[int, int], Claim]:
    """The promise that a piece of a line is words of, by the numbers of line and piece."""
    found: dict[tuple[int, int], Claim] = {}
    offset = 0
    for row, line in enumerate(lines):
        for column, piece in enumerate(line.pieces):
            if piece.hit:
                within = (one for one in promised if one.span.start <= offset < one.span.end)
                if claim := next(within, None):
                    found[row, column] = claim
            offset += len(piece.text)
        offset += 1  # the line break
    return found
