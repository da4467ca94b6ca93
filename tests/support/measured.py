"""Records made by hand, and the two letters that they point into."""

from __future__ import annotations

from collections.abc import Sequence

from eval.gold import gold_spans
from eval.record import Place, Record, Shown, Status
from eval.suite import Question

TEXTS = {
    "d1": "市财政对每部电梯补助8万元，区县按不低于4万元配套。\n三个月内建立台账。\n",
    "d2": "课后服务由学校提供。市财政对每部电梯补助8万元。\n",
}


def quote(docid: str, words: str) -> Shown:
    """A verbatim quote: the first place of ``words``, with the white space that is there."""
    span = gold_spans(words, TEXTS[docid])[0]
    return Shown(docid=docid, start=span.start, end=span.end, text=span.of(TEXTS[docid]))


def place(docid: str, start: int, end: int) -> Place:
    return Place(docid=docid, start=start, end=end)


def asked(
    name: str = "q1", *, relevant: Sequence[str] = ("d1",), answers: Sequence[str] = ()
) -> Question:
    """A question that the documents ``relevant`` answer, if any do."""
    return Question(
        id=name, question="问？", relevant=dict.fromkeys(relevant, 1), answers=tuple(answers)
    )


def answered(
    question: Question,
    *quotes: Shown,
    status: Status = "answer",
    confidence: float = 0.5,
    passages: Sequence[Place] = (),
    ranking: Sequence[str] = (),
) -> Record:
    """A reply; ``quotes`` are shown, or forced only where the status isn't "answer"."""
    return Record(
        question=question,
        status=status,
        confidence=confidence,
        seconds=0.1,
        quotes=quotes if status == "answer" else (),
        forced=quotes,
        passages=tuple(passages),
        ranking=tuple(ranking),
    )
