"""What a widget shows of letters: where a quote comes from, where it leads, whom to ask."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kb.serialize import Plain
from kb.store.codec import head_of
from kb.store.protocol import SnapshotReader
from kb.text.titles import name_of
from kb.types import Letter, Nearest, Quote, Row
from server.present import views

DIGEST = 16  # hex digits of a permanent link


def source(letter: Letter, *, today: date) -> Plain:
    """The line under a quote: which letter, whose, of when, and its address."""
    head = head_of(letter)
    return _source(
        letter.id,
        name=name_of(letter),
        issuer=head.issuer,
        number=head.number,
        day=head.issued_on,
        result_class=head.result_class,
        today=today,
    )


def row_source(row: Row, *, today: date) -> Plain:
    """The same of a row of a listing."""
    return _source(
        row.letter_id,
        name=row.name,
        issuer=row.issuer,
        number=row.number,
        day=row.issued_on,
        result_class=row.result_class,
        today=today,
    )


def _source(
    letter_id: str,
    *,
    name: str,
    issuer: str | None,
    number: str | None,
    day: str | None,
    result_class: str | None,
    today: date,
) -> Plain:
    return {
        "letter_id": letter_id,
        "name": name,
        "issuer": issuer,
        "number": number,
        "date": day,
        "dated": views.dated(day, today=today),
        "graded": views.graded(result_class),
        "href": views.link(f"/letters/{letter_id}"),
    }


def pieces(quote: Quote) -> list[Plain]:
    """The quote in pieces that join to it exactly; ``exact`` are those that answer."""
    return [{"text": one.text, "exact": one.marked} for one in views.emphasised(quote)]


def place(quote: Quote) -> str:
    """The address of the letter's page at the quote."""
    return views.place(quote.letter_id, quote.span)


def permalink(quote: Quote) -> str:
    """An address that tells, for as long as it is kept, whether these words still stand."""
    span = f"{quote.span.start}-{quote.span.end}"
    return views.link(f"/quotes/{quote.letter_id}/{span}/{digest(quote.text)}")


def digest(words: str) -> str:
    """What a permanent link keeps of the words that it is for."""
    return hashlib.sha256(words.encode()).hexdigest()[:DIGEST]


@dataclass(frozen=True, slots=True)
class Office:
    """Whom to ask about what could not be answered: an organ and, if known, its public office."""

    organ: str
    office: str | None


def whom(nearest: Iterable[Nearest], reader: SnapshotReader) -> list[Office]:
    """The organs of the ``nearest`` letters, each once, with the office that a letter names."""
    offices: dict[str, str | None] = {}
    for near in nearest:
        letter = reader.letter(near.letter_id)
        organ, office = letter.value("issuer"), letter.value("contact_unit")
        if organ:
            offices[organ] = offices.get(organ) or office
    return [Office(organ, office) for organ, office in offices.items()]
