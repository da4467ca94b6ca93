"""The questions on which the program did worst, with what it showed and what was right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal, get_args

from eval.gold import gold_spans
from eval.measures.per_question import PerQuestion
from eval.record import Record, Shown, Texts
from kb.answer.refusal import REASONS

AROUND = 60  # code points shown on either side of a known answer

# In the order in which they are shown.
Fault = Literal["出错", "答错", "答不了却答了", "能答却拒答"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A known answer where it stands: ``before + words + after`` is a stretch of the text."""

    docid: str
    start: int
    end: int
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question that went wrong. ``shown`` is what was shown, or would have been.

    ``unplaced`` says why there are no ``contexts``, where an answer is known.
    """

    record: Record
    fault: Fault
    reason: str
    shown: tuple[Shown, ...]
    contexts: tuple[Context, ...]
    unplaced: str


def fault(record: Record, per_question: PerQuestion) -> Fault | None:
    """What went wrong, if anything did.

    An answer is wrong if that is its outcome or, where only the right document is known, if
    that isn't the first that was found (R@1 0).
    """
    if record.status == "error":
        return "出错"
    if record.status == "refusal":
        return "能答却拒答" if record.question.answerable else None
    if not record.question.answerable:
        return "答不了却答了"
    value = per_question.get("outcome", {}).get(record.id)
    wrong = per_question.get("R@1", {}).get(record.id) == 0 if value is None else value < 0
    return "答错" if wrong else None


def worst(records: Sequence[Record], per_question: PerQuestion, *, n: int = 20) -> list[Record]:
    """The ``n`` worst, the worst of each kind of fault in turn, so that no kind hides another.

    What was shown and should not have been comes by falling confidence, the most misleading
    first; refusals of what could have been answered come by rising confidence, those farthest
    from being answered first. Equals go by id.
    """
    kinds: dict[Fault, list[Record]] = {}
    for record in sorted(records, key=lambda record: (-record.confidence, record.id)):
        kind = fault(record, per_question)
        if kind:
            kinds.setdefault(kind, []).append(record)
    if "能答却拒答" in kinds:
        kinds["能答却拒答"].sort(key=lambda record: (record.confidence, record.id))
    rows = (kinds[kind] for kind in get_args(Fault) if kind in kinds)
    return [record for turn in zip_longest(*rows) for record in turn if record is not None][:n]


def tally(records: Sequence[Record], per_question: PerQuestion) -> dict[Fault, int]:
    """How many questions went wrong in each way."""
    counts: dict[Fault, int] = {"出错": 0, "答错": 0, "答不了却答了": 0, "能答却拒答": 0}
    for record in records:
        kind = fault(record, per_question)
        if kind:
            counts[kind] += 1
    return counts


def cases(records: Sequence[Record], per_question: PerQuestion, *, texts: Texts) -> list[Case]:
    """The worst of ``records`` as the report shows them; ``texts`` needn't hold every letter."""
    return [
        Case(
            record=record,
            fault=kind,
            reason=REASONS[record.code].label if record.code in REASONS else "",
            shown=record.quotes or record.forced[:1],
            contexts=tuple(_contexts(record, texts)),
            unplaced=_unplaced(record, texts),
        )
        for record in worst(records, per_question)
        if (kind := fault(record, per_question))
    ]


def _contexts(record: Record, texts: Texts) -> list[Context]:
    """The first place of a known answer in each relevant document at hand."""
    contexts: list[Context] = []
    for docid in record.question.relevant:
        text = texts.get(docid, "")
        places = [span for answer in record.question.answers for span in gold_spans(answer, text)]
        for span in places[:1]:
            contexts.append(
                Context(
                    docid=docid,
                    start=span.start,
                    end=span.end,
                    before=text[max(0, span.start - AROUND) : span.start],
                    words=span.of(text),
                    after=text[span.end : span.end + AROUND],
                )
            )
    return contexts


def _unplaced(record: Record, texts: Texts) -> str:
    if not record.question.answers:
        return ""
    at_hand = all(docid in texts for docid in record.question.relevant)
    return "原文里没有同样的字样" if at_hand else "这里没有附它的原文"
