"""Score the answers of any system: ``python -m eval score SUITE answers.jsonl``.

The file has the form that a run writes: a line for each question, {id, status, confidence?,
quotes: [{docid or letter, text, start?, end?}], question?, seconds?, cpu?, note?}.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from eval.measures.headline import headline
from eval.measures.known import best_share
from eval.measures.outcome import Gold, by_question, gold, outcomes
from eval.record import Record, Shown, Status, Texts
from eval.rows import SuiteRow, lines
from eval.suite import BadSuite, Question, Suite
from kb.text.normalize import folded

ANSWER_KEYS = ("id", "status", "confidence", "quotes", "question", "seconds", "cpu", "note")
QUOTE_KEYS = ("docid", "letter", "text", "start", "end", "exact", "note")
NAMED = 5  # questions named in an error


def read_answers(path: Path, suite: Suite, texts: Texts) -> list[Record]:
    """A record for each question of the suite, in its order.

    A quote is taken where its offsets say, or where its words stand in its document, white
    space and width aside: of several places the one that answers. One whose words stand
    nowhere is kept, at 0 to 0, and covers nothing. Without a confidence an answer has 1 and a
    refusal 0. Raises BadSuite for a bad line, and where questions are missing or unknown.
    """
    asked = {question.id: question for question in suite.questions}
    records: dict[str, Record] = {}
    for row in lines(path):
        id_ = row.only(ANSWER_KEYS).identity("id")
        if id_ not in asked:
            row.bad(f"题集里没有编号为 {id_} 的问题", "请改正编号，或换成对应的题集")
        if id_ in records:
            row.bad(f"编号 {id_} 写了两次", "一题只写一行")
        records[id_] = _record(row, asked[id_], suite.equal, texts)
    if missing := [id_ for id_ in asked if id_ not in records]:
        names = "、".join(missing[:NAMED]) + ("…" if len(missing) > NAMED else "")
        raise BadSuite(f"{path}：缺 {len(missing)} 题（{names}）；请一题写一行，拒答的也写")
    return [records[id_] for id_ in asked]


def score_answers(
    suite: Suite, records: Sequence[Record], texts: Texts, *, digest: str, seed: int
) -> dict[str, Any]:
    """The outcomes in the form of ``results.json``, so that runs can be compared with them."""
    outcome = headline(records, texts, seed=seed)
    answerable = sum(question.answerable for question in suite.questions)
    return {
        "suite": {
            "name": suite.name,
            "digest": digest,
            "questions": answerable,
            "unanswerable": len(suite.questions) - answerable,
        },
        "config": {"seed": seed},
        "figures": {"outcome": outcome.pop("figures", None)},
        "outcome": outcome,
        "broken": _nowhere(records),
        "per_question": by_question(outcomes(records, texts)),
    }


def _record(row: SuiteRow, question: Question, equal: Mapping[str, str], texts: Texts) -> Record:
    status = row.text("status")
    if status not in get_args(Status):
        row.bad(f"status 是 {status}", f"应是 {'、'.join(get_args(Status))} 之一")
    known = gold(question, texts)
    quotes = tuple(_shown(quote, known, equal, texts) for quote in row.rows("quotes"))
    if (status == "answer") != bool(quotes):
        row.bad(f"status 是 {status}，quotes 有 {len(quotes)} 条", "作答的要有摘录，别的不能有")
    return Record(
        question=question,
        status=status,  # type: ignore[arg-type]
        confidence=_number(row, "confidence", most=1.0, default=float(status == "answer")),
        seconds=_number(row, "seconds", default=0.0),
        cpu=_number(row, "cpu", default=0.0),
        quotes=quotes,
        forced=quotes,
    )


def _number(row: SuiteRow, key: str, *, default: float, most: float = float("inf")) -> float:
    value = row.values.get(key)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= most:
        row.bad(f"{key} 是 {value}", "应是 0 到 1 的数" if most == 1 else "应是不小于 0 的数")
    return float(value)


def _shown(row: SuiteRow, known: Gold, equal: Mapping[str, str], texts: Texts) -> Shown:
    row.only(QUOTE_KEYS)
    docid = row.identity("letter" if "letter" in row.values else "docid")
    docid = equal.get(docid, docid)
    if docid not in texts:
        row.bad(f"没有编号为 {docid} 的文件", "请改正编号")
    words = row.text("text")
    start = row.values.get("start")
    if type(start) is int and start >= 0 and texts[docid].startswith(words, start):
        return Shown(docid=docid, start=start, end=start + len(words), text=words)
    places = [
        Shown(docid=docid, start=span.start, end=span.end, text=words)
        for span in folded(texts[docid]).each(folded(words).words)
    ]
    nowhere = Shown(docid=docid, start=0, end=0, text=words)
    return max(
        places, key=lambda place: best_share(known.places, [place], texts=texts), default=nowhere
    )


def _nowhere(records: Sequence[Record]) -> list[str]:
    return [
        f"问题 {record.id} 的摘录在 {quote.docid} 里找不到：“{quote.text}”"
        for record in records
        for quote in record.quotes
        if quote.end == 0
    ]
