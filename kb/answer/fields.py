"""Questions about the letter itself: its number, issuer, class, proposer, dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kb.answer.extent import extents
from kb.answer.quotes import quote
from kb.answer.refusal import refuse
from kb.answer.related import related
from kb.query.field_question import CONTENT, Asking, FieldQuestion
from kb.query.parse import Query
from kb.replies import Answer, Refusal
from kb.search.hybrid import Found
from kb.store.protocol import SnapshotReader
from kb.text.chars import searchable
from kb.text.sentences import answers_from
from kb.text.synonyms import coverage
from kb.types import Field, Letter, Quote, Span

MOST = 3  # places of one field that are quoted
MOST_LETTERS = 3  # that a question may mean alike
ENOUGH = 0.5  # share of the other words of the question that the letter's subject must hold
CERTAIN = 0.99  # share from which several letters are meant, and not only the nearest


def field_answer(query: Query, found: Found, reader: SnapshotReader) -> Answer | Refusal | None:
    """The fields that are asked for, quoted; a refusal if it is not clear of which letter.

    None where no field is asked for but what a letter says.
    """
    about = query.field
    if about is None:
        return None
    nearest = related(query, found, reader)
    label = "、".join(asking.label for asking in about.askings)
    letters, sure = _which(about, found, reader, query)
    if not letters:
        if about.subject:
            return None
        return refuse("which_letter", query, reader, nearest=nearest, field=label)
    if about.asking.field == CONTENT:
        return None
    quotes = [
        shown
        for letter in letters
        for asking in about.askings
        for shown in _quotes(letter, asking, score=sure)
    ]
    if not quotes:
        return refuse("field_absent", query, reader, nearest=nearest, field=label)
    return Answer(
        question=query.typed,
        snapshot=reader.snapshot.version,
        quotes=tuple(quotes),
        nearest=nearest,
        confidence=sure,
    )


def _quotes(letter: Letter, asking: Asking, *, score: float) -> Iterator[Quote]:
    for span, exact in places(letter, asking.field)[:MOST]:
        yield replace(quote(letter, span, score=score, about=asking.label), exact=exact)


def places(letter: Letter, name: str) -> list[tuple[Span, tuple[Span, ...]]]:
    """Where ``letter`` tells the field ``name``, and of each place the words that are its value."""
    spans = [field.span for field in _fields(letter, name) if field.span]
    return extents(letter, name, spans or _in_words(letter, name))


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
    about: FieldQuestion, found: Found, reader: SnapshotReader, query: Query
) -> tuple[Sequence[Letter], float]:
    """The letters that are meant, the nearest first, and how sure that is (0 to 1).

    Of several that hold all words of the subject none is chosen in silence.
    """
    named = found.named.letter_ids
    if len(named) == 1:
        return [reader.letter(named[0])], 1.0
    heads = reader.letters(query.scope)
    if not about.subject:
        return ([reader.letter(heads[0].id)], 1.0) if len(heads) == 1 else ([], 0.0)
    ids = dict.fromkeys(hit.passage.letter_id for hit in found.hits[:20])
    letters = [reader.letter(letter_id) for letter_id in ids]
    shares = [(coverage(about.subject, _subject_words(letter)), letter) for letter in letters]
    best = max((share for share, _ in shares), default=0.0)
    if best < ENOUGH:
        written_to = [letter for letter in letters if _is_to(letter, query.text)]
        return (written_to, ENOUGH) if len(written_to) == 1 else ([], 0.0)
    alike = [letter for share, letter in shares if share == best]
    of_kind = [one for one in alike if (one.value("kind") or " ") in query.text] or alike
    return of_kind[: MOST_LETTERS if best >= CERTAIN else 1], best


_TITLE = re.compile(r"(?:政协委员|人大代表|委员|代表|等)+$")


def _is_to(letter: Letter, question: str) -> bool:
    """True if the letter is addressed to somebody whom the ``question`` names."""
    people = (_TITLE.sub("", field.value) for field in letter.lists.get("addressees", ()))
    return any(len(name) > 1 and name in question for name in people)


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
