"""Questions about the letter itself: its number, issuer, class, proposer, dates."""

from __future__ import annotations

import re

from kb.answer.quotes import quote
from kb.answer.refusal import refuse
from kb.answer.related import related
from kb.query.field_question import CONTENT, FieldQuestion
from kb.query.parse import Query
from kb.replies import Answer, Refusal
from kb.search.hybrid import Found
from kb.store.protocol import SnapshotReader
from kb.text.chars import searchable
from kb.text.sentences import answers_from
from kb.text.synonyms import coverage
from kb.types import Field, Letter, Scope, Span

MOST = 3  # places of one field that are quoted
ENOUGH = 0.5  # share of the other words of the question that the letter's subject must hold


def field_answer(query: Query, found: Found, reader: SnapshotReader) -> Answer | Refusal | None:
    """The field that is asked for, quoted; a refusal if it is not clear of which letter.

    None where no field is asked for but what a letter says.
    """
    about = query.field
    if about is None:
        return None
    nearest = related(query, found, reader)
    label = about.asking.label
    letter, sure = _which(about, found, reader, query.scope)
    if letter is None:
        if about.subject:
            return None
        return refuse("which_letter", query, reader, nearest=nearest, field=label)
    if about.asking.field == CONTENT:
        return None
    spans = [field.span for field in _fields(letter, about.asking.field) if field.span]
    spans = spans or _in_words(letter, about.asking.field)
    if not spans:
        return refuse("field_absent", query, reader, nearest=nearest, field=label)
    return Answer(
        question=query.typed,
        snapshot=reader.snapshot.version,
        quotes=tuple(quote(letter, span, score=sure, about=label) for span in spans[:MOST]),
        nearest=nearest,
        confidence=sure,
    )


def _fields(letter: Letter, name: str) -> tuple[Field, ...]:
    single = letter.fields.get(name)
    return (single,) if single else tuple(letter.lists.get(name, ()))


# Fields that the text may show though no rule read them, looked for before the receipt.
_SHOWN = {"result_class": re.compile(r"(?<![A-Za-zＡ-Ｚ])[A-DＡ-Ｄ甲乙丙丁]\s?类(?![型别似人])")}


def _in_words(letter: Letter, name: str) -> list[Span]:
    """Where the head of ``letter`` shows a field that its rules did not read."""
    start, end = letter.body.start, answers_from(letter)
    places = _SHOWN[name].finditer(letter.text, start, end) if name in _SHOWN else ()
    return [Span(start=place.start(), end=place.end()) for place in places]


def _which(
    about: FieldQuestion, found: Found, reader: SnapshotReader, scope: Scope
) -> tuple[Letter | None, float]:
    """The letter that is meant, and how sure that is (0 to 1)."""
    named = found.named.letter_ids
    if len(named) == 1:
        return reader.letter(named[0]), 1.0
    heads = reader.letters(scope)
    if not about.subject:
        return (reader.letter(heads[0].id), 1.0) if len(heads) == 1 else (None, 0.0)
    best: tuple[float, Letter | None] = (0.0, None)
    for letter_id in dict.fromkeys(hit.passage.letter_id for hit in found.hits[:20]):
        letter = reader.letter(letter_id)
        share = coverage(about.subject, _subject_words(letter))
        if share > best[0]:
            best = (share, letter)
    return (best[1], best[0]) if best[0] >= ENOUGH else (None, 0.0)


def _subject_words(letter: Letter) -> str:
    """What a letter is about: its title, its proposal's title, names, place and headings."""
    singles = (
        letter.value(n) or ""
        for n in (
            "proposal_title",
            "issuer",
            "issued_on",
            "number",
            "proposal_no",
            "assembly",
            "kind",
        )
    )
    people = (field.value for field in letter.lists.get("addressees", ()))
    title = letter.title.value if letter.title else ""
    return searchable("\n".join((title, *singles, *people)))
