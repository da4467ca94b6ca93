"""What the best passages say becomes quotes, word for word, or the question is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from kb.answer import newest, rerank, sentences
from kb.answer.current import standing_first
from kb.answer.designation import designated
from kb.answer.quotes import quote
from kb.answer.refusal import probability, unsure
from kb.answer.related import related
from kb.answer.sentences import Candidate
from kb.models.reading import ReadingModel
from kb.query.expect import of_the_clock
from kb.query.parse import Query
from kb.replies import Answer, Refusal
from kb.search.hybrid import Found
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.text.chars import bare
from kb.text.years import years_told
from kb.types import Quote, Span


def answer(
    query: Query,
    found: Found,
    reader: SnapshotReader,
    *,
    model: ReadingModel | None = None,
    settings: Settings,
) -> Answer | Refusal:
    """One to ``settings.quotes`` quotes, or a refusal with the nearest letters.

    Older answers of the same organ to the same are told with the first quote. With the ``model``
    that read what was ``found``, later letters that may answer are read before.
    """
    ranked = candidates(query, found, reader, read=settings.read)
    confidence = probability(query, found, ranked, reader) if ranked else 0.0
    if not ranked or confidence < settings.threshold:
        return unsure(query, found, reader, confidence=confidence)
    told = _newest(query, ranked, found, reader, model=model, settings=settings)
    margin = SECTION_MARGIN if query.expected.sections else RUN_MARGIN
    shown = runs(told.ranked, margin=margin)[: settings.quotes]
    quotes = tuple(quoted(run, score=run[0].score) for run in shown)
    if of_other_years(query, quotes[0]) or not of_the_clock(query.text, quotes[0].text):
        return unsure(query, found, reader, confidence=0.0)
    older = tuple(quoted([place], score=place.score) for place in told.older)
    quotes = (replace(quotes[0], earlier=older), *quotes[1:])
    return Answer(
        question=query.typed,
        snapshot=reader.snapshot.version,
        quotes=quotes,
        nearest=related(query, found, reader),
        confidence=confidence,
    )


def of_other_years(query: Query, first: Quote) -> bool:
    """True if ``query`` names years and the quote tells of later or of earlier ones only.

    A letter of a year that is named may tell of any; 今年 is no year that is named.
    """
    issued = first.citation.issued_on
    written = date.fromisoformat(issued) if issued else None
    asked = years_told(query.text, written=None)
    told = years_told(first.text, written=written)
    if not asked or not told or (written and written.year in asked):
        return False
    return not any(min(told) <= year <= max(told) for year in asked)


def _newest(
    query: Query,
    ranked: Sequence[Candidate],
    found: Found,
    reader: SnapshotReader,
    *,
    model: ReadingModel | None,
    settings: Settings,
) -> newest.Told:
    """The candidates with the newest answer first, once what later letters say was read."""
    if query.expected.sections:
        return newest.Told(ranked=ranked)
    more = newest.unread(query, ranked[0], found, reader) if model else []
    if model and more:
        found = newest.read_more(query, found, more, reader, model)
        ranked = candidates(query, found, reader, read=settings.read)
    return newest.newest_first(query, ranked, found, reader)


def candidates(query: Query, found: Found, reader: SnapshotReader, *, read: int) -> list[Candidate]:
    """Spans where passages were read by a model; else, or for a whole section, sentences."""
    if found.readings and not query.expected.sections:
        told = designated(query, rerank.span_candidates(query, found, reader))
        return standing_first(query, told)
    return sentences.sentence_candidates(query, found, reader, read=read)


RUN_MARGIN = 1.0  # log-odds below the best within which a sentence is shown too
SECTION_MARGIN = 3.0  # the same where a whole part of the letter is asked for
RUN_LONGEST = 4  # sentences in one quote
MARK_MARGIN = 0.5  # below the best span of a quote within which another is emphasised beside it


def runs(ranked: Sequence[Candidate], *, margin: float) -> list[list[Candidate]]:
    """The sentences near enough to the best, neighbours joined, strongest run first."""
    close = [c for c in ranked if c.score >= ranked[0].score - margin]
    groups: list[list[Candidate]] = []
    seen: set[str] = set()
    for candidate in close:
        words = bare(candidate.span.of(candidate.letter.text))
        same = next((g for g in groups if candidate.exact and _holds(g, candidate)), None)
        if same:
            same.append(candidate)
        if same or words in seen:
            continue
        seen.add(words)
        home = next((g for g in groups if len(g) < RUN_LONGEST and _adjoins(g, candidate)), None)
        if home:
            home.append(candidate)
        else:
            groups.append([candidate])
    return groups


def _holds(group: Sequence[Candidate], candidate: Candidate) -> bool:
    """True if the run shows the candidate's words already, so that only its exact part is new."""
    return group[0].letter.id == candidate.letter.id and _extent(group).holds(candidate.span)


def _extent(group: Sequence[Candidate]) -> Span:
    return Span(start=min(c.span.start for c in group), end=max(c.span.end for c in group))


def _adjoins(group: Sequence[Candidate], candidate: Candidate) -> bool:
    """True if only white space lies between the run and the candidate."""
    if candidate.letter.id != group[0].letter.id:
        return False
    run = _extent(group)
    low, high = (
        (run.end, candidate.span.start)
        if candidate.span.start >= run.end
        else (candidate.span.end, run.start)
    )
    return low <= high and not candidate.letter.text[low:high].strip()


def quoted(run: Sequence[Candidate], *, score: float) -> Quote:
    """A run of neighbouring sentences as one quote."""
    letter = run[0].letter
    span = _extent(run)
    least = max(c.score for c in run) - MARK_MARGIN
    exact = {c.exact for c in run if c.exact and span.holds(c.exact) and c.score >= least}
    made = quote(letter, span, score=score)
    return replace(made, exact=tuple(sorted(exact, key=lambda span: span.start)))
