"""Quotes: whether they are verbatim, and whether they support the answer.

Quotes support an answer if together they cover enough of one of its places in a relevant
document: ``support`` says whether they do, ``support_precision`` how many of them are needed.
The second follows the idea of citation precision of Gao et al. 2023 (arXiv 2305.14627), which
asks a language model about statements that are generated; these figures can't be compared with
theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eval.measures.known import best_share, by_measure, gold_places, known, shown
from eval.measures.per_question import PerQuestion
from eval.record import Place, Record, Shown, Texts

SUPPORT = 0.8  # share of an answer's characters, white space aside; chosen, not measured


def broken(records: Iterable[Record], texts: Texts) -> list[str]:
    """A sentence in Chinese for each quote, shown or forced, that isn't verbatim.

    Also one for each record with status "error". Empty if every quote is valid.
    """
    faults: list[str] = []
    for record in records:
        if record.status == "error":
            faults.append(f"问题 {record.id}：程序自己核对摘录时没有通过；请查看这次运行的日志")
        for quote in dict.fromkeys((*record.quotes, *record.forced)):
            fault = _fault(quote, texts)
            if fault:
                faults.append(f"问题 {record.id} 的摘录（{_place(quote)}）：{fault}")
    return faults


def validity(records: Iterable[Record], texts: Texts) -> float | None:
    """The share of the quotes shown that are verbatim; None if none was shown.

    A record with status "error" counts as one quote that isn't.
    """
    valid = [not _fault(quote, texts) for record in records for quote in record.quotes]
    valid += [False for record in records if record.status == "error"]
    return sum(valid) / len(valid) if valid else None


def _place(quote: Shown) -> str:
    return f"{quote.docid} 第 {quote.start}–{quote.end} 字"


def _fault(quote: Shown, texts: Texts) -> str:
    text = texts.get(quote.docid)
    if text is None:
        return "没有这个编号的文件；请核对记录与文件是否出自同一次运行"
    if not 0 <= quote.start <= quote.end <= len(text):
        return f"起止位置颠倒或超出全文（共 {len(text)} 字）；请检查位置的计算"
    if not quote.text.strip():
        return "摘录是空的；请检查摘录的选取"
    if text[quote.start : quote.end] != quote.text:
        actual = text[quote.start : quote.end]
        return f"与原文不符，原文为“{actual}”，摘录为“{quote.text}”；请检查位置的计算"
    if any(not quote.start <= a < b <= quote.end for a, b in quote.exact):
        return "突出显示的部分不在摘录之内；请检查位置的计算"
    return ""


def citation(records: Iterable[Record], texts: Texts) -> PerQuestion:
    """Whether the quotes support the answer, how few do, and the coverage this rests on.

    ``support``: 1 if the quotes shown together support the answer; over all
    answerable questions with answers, so that every refusal counts 0 (the unkind reading).
    ``support_precision``: the share of the quotes that are precise; over those of them with
    a quote. A quote is precise if support is 1 and it isn't irrelevant; it is irrelevant if it
    alone doesn't support the answer and the others do without it.
    ``support_overlap``: the best share of a place of the answer that the quotes cover.
    """
    return by_measure({record.id: _row(record, texts) for record in known(records)})


def _row(record: Record, texts: Texts) -> dict[str, float]:
    places, quotes = gold_places(record.question, texts), shown(record)
    overlap = best_share(places, quotes, texts=texts)
    row = {"support": float(overlap >= SUPPORT), "support_overlap": overlap}
    if quotes:
        row["support_precision"] = _precision(quotes, places, texts=texts)
    return row


def _precision(quotes: Sequence[Shown], places: Sequence[Place], *, texts: Texts) -> float:
    def support(some: Sequence[Shown]) -> bool:
        return best_share(places, some, texts=texts) >= SUPPORT

    if not support(quotes):
        return 0.0
    precise = [
        support([quote]) or not support([*quotes[:n], *quotes[n + 1 :]])
        for n, quote in enumerate(quotes)
    ]
    return sum(precise) / len(quotes)
