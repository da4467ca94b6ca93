"""A question that only names a letter is answered by its card: what it is, and what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb.answer.quotes import quote
from kb.answer.related import related
from kb.query.expect import SECTIONS
from kb.query.parse import Query
from kb.replies import Answer
from kb.search.hybrid import Found
from kb.store.protocol import SnapshotReader
from kb.text.sentences import (
    answers_from,
    headings_over,
    quotable,
    sentences,
    trimmed,
    without_lead,
)
from kb.types import Field, Letter, Quote, Span

MOST_LETTERS = 3  # of one number whose cards are shown
SUBSTANCE = 300  # code points of what a letter says that are quoted in one place
LOOKED_AT = 20_000  # of the text in which its substance is looked for


def card(query: Query, found: Found, reader: SnapshotReader) -> Answer | None:
    """The cards of the letters that ``query`` names and asks nothing of; None for other questions.

    Each is the title, to whom, from whom and when, then the first that the letter answers and the
    first that it plans.
    """
    if not query.bare or not found.named.letter_ids:
        return None
    letters = [reader.letter(letter_id) for letter_id in found.named.letter_ids]
    quotes = [line for letter in letters[:MOST_LETTERS] for line in _lines(letter)]
    if not quotes:
        return None
    return Answer(
        question=query.typed,
        snapshot=reader.snapshot.version,
        quotes=tuple(quotes),
        nearest=related(query, found, reader),
        confidence=1.0,
    )


def _lines(letter: Letter) -> Iterator[Quote]:
    for label, span in _heads(letter):
        yield quote(letter, span, score=1.0, about=label)
    for label, span in substance(letter):
        yield quote(letter, span, score=1.0, about=label)


def _heads(letter: Letter) -> Iterator[tuple[str, Span]]:
    """Title, addressees, issuer and date, each where the letter says it."""
    people = [field.span for field in letter.lists.get("addressees", ()) if field.span]
    named: Sequence[tuple[str, Field | Span | None]] = (
        ("题目", _title(letter)),
        ("称呼", Span(start=people[0].start, end=people[-1].end) if people else None),
        ("发文单位", letter.fields.get("issuer")),
        ("日期", letter.fields.get("issued_on")),
    )
    for label, place in named:
        span = place.span if isinstance(place, Field) else place
        if span and span.of(letter.text).strip():
            yield label, span


def _title(letter: Letter) -> Field | None:
    """What it is called; a line that only greets is no title."""
    title = letter.title
    greets = title is not None and title.value.endswith(("：", ":"))
    return letter.fields.get("proposal_title") if title is None or greets else title


def substance(letter: Letter) -> Iterator[tuple[str, Span]]:
    """What ``letter`` answers first, and what it plans first, each in a few sentences."""
    told = list(_told(letter))
    if not told:
        return
    first = _run(letter, told)
    yield "主要内容", first
    (plans,) = SECTIONS
    later = [
        span
        for span in told
        if span.start >= first.end
        and any(plans.shows.search(heading) for heading in headings_over(letter, span.start))
    ]
    if later:
        yield "下一步", _run(letter, later)


def _told(letter: Letter) -> Iterator[Span]:
    """The whole sentences that state something, behind the receipt."""
    begin = answers_from(letter)
    end = min(letter.body.end, begin + LOOKED_AT)
    for sentence in sentences(letter.text, Span(start=begin, end=end)):
        span = without_lead(letter.text, trimmed(letter.text, sentence))
        whole = span.of(letter.text).endswith(("。", "！", "；", ";", "”"))
        if whole and quotable(letter, span, contact=False):
            yield span


def _run(letter: Letter, told: Sequence[Span]) -> Span:
    """The first of ``told`` and those that follow it at once, ``SUBSTANCE`` at most."""
    run = told[0]
    for span in told[1:]:
        beside = not letter.text[run.end : span.start].strip()
        if not beside or span.end - run.start > SUBSTANCE:
            break
        run = Span(start=run.start, end=span.end)
    return run
