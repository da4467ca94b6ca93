"""What a widget shows of letters: where a quote comes from, where it leads, whom to ask."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kb.answer.followed import followed
from kb.privacy import pii
from kb.privacy.redact import MASKED
from kb.serialize import RECORD, Plain
from kb.store.protocol import SnapshotReader
from kb.text.confidence import DOUBT
from kb.text.titles import citation_of, consulted
from kb.text.years import glosses
from kb.types import Citation, Letter, Nearest, Quote, Scope, Span
from server.present import views

HIDDEN_WORDS = "姓名和电话已按规定遮去"
DIGEST = 16  # hex digits of a permanent link


def source(cited: Citation, *, today: date) -> Plain:
    """The line under a quote: which letter, whose, of when, and its address."""
    return {
        "letter_id": cited.letter_id,
        "name": cited.name,
        "issuer": cited.issuer,
        "number": cited.number,
        "date": cited.issued_on,
        "dated": views.dated(cited.issued_on, today=today),
        "graded": views.graded(cited.result_class),
        "href": views.link(f"/letters/{cited.letter_id}"),
    }


def pieces(quote: Quote) -> list[Plain]:
    """The quote in pieces that join to it exactly; ``exact`` are those that answer."""
    return [{"text": piece.text, "exact": piece.marked} for piece in views.emphasised(quote)]


def kind_of(quote: Quote) -> str:
    """What kind of letter the quote is from where that is no reply, else empty."""
    return "会办意见，不是主办单位的正式答复" if consulted(quote.title) else ""


def notes(quote: Quote) -> list[str]:
    """What 今年 and the like in the quote mean, each word once: 原文的“今年”指 2024 年.

    And that it was read from a scan, where some of it was not read surely.
    """
    start, meant = quote.span.start, {}
    for told in glosses(quote):
        word = quote.text[told.span.start - start : told.span.end - start]
        meant[word] = f"{told.year} 年" + (word if word.endswith("半年") else "")
    doubt = [DOUBT] if quote.doubtful else []
    return [*(f"原文的“{word}”指 {year}" for word, year in meant.items()), *doubt]


def masked(quote: Quote, reader: SnapshotReader) -> bool:
    """True if words of the quote, or of an older one beside it, are hidden."""
    return any(
        pii.HIDDEN in one.text and MASKED in reader.letter(one.letter_id).flags
        for one in (quote, *quote.earlier)
    )


def earlier(quote: Quote, *, today: date) -> list[Plain]:
    """What older letters answered to the same, the oldest first, each with its own place."""
    return [
        {
            "told": f"{views.dated(older.citation.issued_on, today=today, aged=False)}的答复",
            "pieces": pieces(older),
            "notes": notes(older),
            "source": source(older.citation, today=today),
            "href": place(older),
        }
        for older in quote.earlier
    ]


def later(quote: Quote, reader: SnapshotReader, *, scope: Scope, today: date) -> list[Plain]:
    """Later letters on the subject, the newest first, each with what it says of the matter."""
    return [
        {
            **source(citation_of(one.letter), today=today),
            "fact": {"text": one.fact.text, "href": place(one.fact)} if one.fact else None,
        }
        for one in followed(quote, reader, scope=scope)
    ]


def shape_of(state: str, *, overdue: bool) -> str:
    """The sign beside a state, so that it is never told by colour alone."""
    return views.SHAPES["overdue" if overdue else state]


def standing(quote: Quote, *, today: date) -> Plain | None:
    """What staff confirmed of the promise in the quote, with the words that prove it."""
    found = quote.standing
    if found is None:
        return None
    return {
        "shape": shape_of(found.state, overdue=found.overdue),
        "told": found.told + ("（已过期限）" if found.overdue else ""),
        "due": found.due,
        "record": RECORD,
        "evidence": [
            {
                "says": proof.about,
                "text": proof.text,
                "source": source(proof.citation, today=today),
                "href": place(proof),
            }
            for proof in found.evidence
        ],
    }


def place(quote: Quote) -> str:
    """The address of the letter's page at the quote."""
    return views.place(quote.letter_id, quote.span)


def permalink(quote: Quote) -> str:
    """An address that tells, for as long as it is kept, whether these words still stand."""
    return _lasting(quote.letter_id, quote.span, quote.text)


def lasting(letter: Letter, span: Span) -> str:
    """The permanent address of the words of ``letter`` at ``span``."""
    return _lasting(letter.id, span, span.of(letter.text))


def _lasting(letter_id: str, span: Span, words: str) -> str:
    return views.link(f"/quotes/{letter_id}/{span.start}-{span.end}/{digest(words)}")


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
        letter = reader.letter(near.citation.letter_id)
        organ, office = letter.value("issuer"), letter.value("contact_unit")
        if organ:
            offices[organ] = offices.get(organ) or office
    return [Office(organ, office) for organ, office in offices.items()]
