"""Questions whose answer is known: where the answer stands, and how much of it was shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from eval.gold import gold_spans
from eval.measures.per_question import PerQuestion
from eval.record import Place, Record, Shown, Texts
from eval.suite import Question

_spans = lru_cache(maxsize=8192)(gold_spans)  # several measures look for the same answers


def known(records: Iterable[Record]) -> list[Record]:
    """The records of answerable questions of which the words of an answer are known."""
    return [record for record in records if record.question.answerable and record.question.answers]


def shown(record: Record) -> tuple[Shown, ...]:
    """The quotes that the reader saw: none in a refusal or an error."""
    return record.quotes if record.status == "answer" else ()


def gold_places(question: Question, texts: Texts) -> tuple[Place, ...]:
    """Every place of any of the question's answers in any of its relevant documents.

    A relevant document that has no text (one that could not be indexed) holds none.
    """
    return tuple(
        Place(docid=docid, start=span.start, end=span.end)
        for docid in question.relevant
        for answer in question.answers
        for span in _spans(answer, texts.get(docid, ""))
    )


def best_share(places: Iterable[Place], ranges: Iterable[Place | Shown], *, texts: Texts) -> float:
    """The largest share of one of ``places`` that ``ranges`` cover together: 0 to 1.

    Counted in characters, white space aside, so that a line break between two neighbouring
    ranges is no gap.
    """
    given = tuple(ranges)
    return max((_share(place, given, texts[place.docid]) for place in places), default=0.0)


def _share(place: Place, ranges: tuple[Place | Shown, ...], text: str) -> float:
    own = [(part.start, part.end) for part in ranges if part.docid == place.docid]
    offsets = [n for n in range(place.start, place.end) if not text[n].isspace()]
    return sum(any(start <= n < end for start, end in own) for n in offsets) / len(offsets)


def by_measure(rows: Mapping[str, Mapping[str, float]]) -> PerQuestion:
    """Question id → measure → value, turned round to measure → question id → value."""
    turned: dict[str, dict[str, float]] = {}
    for question, row in rows.items():
        for measure, value in row.items():
            turned.setdefault(measure, {})[question] = value
    return turned
