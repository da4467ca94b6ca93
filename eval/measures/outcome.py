"""What a person sees of a question: right, partly, wrong or refused; and the score of it all.

The headline of an evaluation and its gate. A wrong answer costs as much as a right one gains,
so that answering everything does not pay, and refusing everything doesn't either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from eval.gold import gold_spans
from eval.measures.known import best_share, gold_places
from eval.measures.per_question import PerQuestion
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
OF_ANSWERABLE: tuple[Outcome, ...] = ("right", "partly", "wrong", "refused")
OF_UNANSWERABLE: tuple[Outcome, ...] = ("rightly_refused", "wrongly_answered")
BAD_SHOWN: tuple[Outcome, ...] = ("wrong", "wrongly_answered")
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

    An answer that failed the program's own check (status "error") is wrong, as is one that
    shows nothing (a list that says there is none). Questions of which only the right document
    is known have no outcome.
    """
    return {
        record.id: _of(record, texts)
        for record in records
        if record.question.answers or not record.question.answerable
    }


def _of(record: Record, texts: Texts) -> Outcome:
    shown = record.quotes if record.status == "answer" else ()
    if record.question.answerable and record.status != "refusal" and not shown:
        return "wrong"
    return judged(record.question, shown, texts=texts, refused=record.status == "refusal")


def judged(question: Question, shown: Sequence[Shown], *, texts: Texts, refused: bool) -> Outcome:
    """The outcome of ``shown`` for a question of either kind; ``refused`` says if it was."""
    if question.answerable:
        return outcome(shown, gold(question, texts), texts=texts)
    return "rightly_refused" if refused else "wrongly_answered"


def strata(found: Iterable[Outcome]) -> list[tuple[float, list[float]]]:
    """Weight and values of the answerable questions and of the others, those that there are.

    The weights are those of the score: they sum to 1.
    """
    given = list(found)
    kinds = (
        (ANSWERABLE, [VALUES[each] for each in given if each not in OF_UNANSWERABLE]),
        (UNANSWERABLE, [VALUES[each] for each in given if each in OF_UNANSWERABLE]),
    )
    there = [(weight, values) for weight, values in kinds if values]
    return there if len(there) > 1 else [(1.0, values) for _, values in there]


def score(found: Iterable[Outcome]) -> float | None:
    """.8 × the mean value of answerable questions + .2 × that of unanswerable ones: −1 to 1.

    Where there are only questions of one kind, their mean alone; None for no question.
    """
    parts = strata(found)
    return sum(weight * sum(values) / len(values) for weight, values in parts) if parts else None


def by_question(found: Mapping[str, Outcome]) -> PerQuestion:
    """``outcome`` of answerable questions and ``refusal_outcome`` of the others, as VALUES."""
    values: dict[str, dict[str, float]] = {"outcome": {}, "refusal_outcome": {}}
    for id_, each in found.items():
        name = "refusal_outcome" if each in OF_UNANSWERABLE else "outcome"
        values[name][id_] = VALUES[each]
    return values
