"""What a person sees of a question: right, partly, wrong or refused; and the score of it all.

The headline of an evaluation and its gate. A wrong answer costs as much as a right one gains,
so that answering everything does not pay, and refusing everything doesn't either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from eval.gold import gold_spans
from eval.measures.known import best_share, gold_places
from eval.record import Place, Record, Shown, Texts
from eval.suite import Question
from kb.text.chars import bare

Outcome = Literal["right", "partly", "wrong", "refused", "rightly_refused", "wrongly_answered"]

# Shares of an answer's characters, white space aside. The numbers are agreed, not measured.
RIGHT = 0.8  # that the first quote must hold
PARTLY = 0.3  # that all quotes together must hold
STALE = 0.5  # of an answer of an earlier year, from which the first quote counts as that answer
LONGEST = 200  # characters of the first quote, white space aside, that a person reads for it

VALUES: dict[Outcome, float] = {
    "right": 1.0,
    "partly": 0.5,
    "wrong": -1.0,
    "refused": 0.0,
    "rightly_refused": 1.0,
    "wrongly_answered": -1.0,
}
ANSWERABLE, UNANSWERABLE = 0.8, 0.2  # what each kind of question counts in the score


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """Where a question's answer stands, and where answers of earlier years do."""

    places: tuple[Place, ...]
    stale: tuple[Place, ...] = ()


def gold(question: Question, texts: Texts) -> Gold:
    """Every place of an answer in a document that answers, and of every stale answer."""
    return Gold(
        places=gold_places(question, texts),
        stale=tuple(
            Place(docid=stale.docid, start=span.start, end=span.end)
            for stale in question.stale
            for span in gold_spans(stale.answer, texts.get(stale.docid, ""))
        ),
    )


def outcome(shown: Sequence[Shown], known: Gold, *, texts: Texts) -> Outcome:
    """What the quotes ``shown`` are to someone who asked a question that has an answer.

    "right": the first quote, of at most LONGEST characters, holds RIGHT of an answer.
    "wrong" where it is instead an answer of an earlier year. "partly": all the quotes
    together hold PARTLY of an answer. A quote counts as a whole, whatever is emphasised in it,
    and only in a document that answers the question.
    """
    if not shown:
        return "refused"
    first = shown[:1]
    readable = len(bare(first[0].text)) <= LONGEST
    if readable and best_share(known.places, first, texts=texts) >= RIGHT:
        return "right"
    if is_stale(shown, known, texts=texts):
        return "wrong"
    return "partly" if best_share(known.places, shown, texts=texts) >= PARTLY else "wrong"


def is_stale(shown: Sequence[Shown], known: Gold, *, texts: Texts) -> bool:
    """True if the first quote holds STALE of an answer of an earlier year."""
    return best_share(known.stale, shown[:1], texts=texts) >= STALE


def outcomes(records: Iterable[Record], texts: Texts) -> dict[str, Outcome]:
    """Question id → outcome, of every question of which the answer's words are known.

    An answer that failed the program's own check (status "error") is wrong. Questions of
    which only the right document is known have none.
    """
    return {
        record.id: _of(record, texts)
        for record in records
        if record.question.answers or not record.question.answerable
    }


def _of(record: Record, texts: Texts) -> Outcome:
    if not record.question.answerable:
        return "rightly_refused" if record.status == "refusal" else "wrongly_answered"
    if record.status == "error":
        return "wrong"
    shown = record.quotes if record.status == "answer" else ()
    return outcome(shown, gold(record.question, texts), texts=texts)


def score(found: Iterable[Outcome]) -> float | None:
    """.8 × the mean value of answerable questions + .2 × that of unanswerable ones: −1 to 1.

    Where there are only questions of one kind, their mean alone; None for no question.
    """
    given = list(found)
    refusable = ("rightly_refused", "wrongly_answered")
    answerable = [VALUES[each] for each in given if each not in refusable]
    unanswerable = [VALUES[each] for each in given if each in refusable]
    if not (answerable and unanswerable):
        values = answerable or unanswerable
        return sum(values) / len(values) if values else None
    return ANSWERABLE * sum(answerable) / len(answerable) + UNANSWERABLE * sum(unanswerable) / len(
        unanswerable
    )
