"""What staff confirmed of promises: replies to questions about them, and what became of a quote."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from kb.answer.quotes import quote
from kb.answer.refusal import refuse
from kb.answer.related import related
from kb.promises import Confirmations, ConfirmedPromise
from kb.query.parse import Query
from kb.query.promise_question import Asked, PromiseQuestion
from kb.replies import Answer, Listing, Refusal
from kb.search.hybrid import Found
from kb.search.promises import Matched, matching, stands, telling
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.text.chars import searchable
from kb.types import Quote, Standing

MOST_ROWS = 200
OF_ALL = 0.5  # confidence where nothing says which are meant: another reading may be surer
OF_ITS_WORDS = 0.5  # of a quote without emphasis, the share that a promise in it must fill
UNDONE = frozenset(("not_started", "under_way"))
# Which of the confirmed ones a list asks for, what they are called, and what is said of none.
SOON = timedelta(days=60)
STATES: Mapping[Asked, tuple[Callable[[ConfirmedPromise], bool], str, str]] = {
    "soon": (
        lambda promise: promise.state in UNDONE and bool(promise.due_on) and not promise.overdue,
        "快到期限的", "中，没有快到期限的",
    ),
    "overdue": (
        lambda promise: promise.overdue, "过了期限还没有办完的", "中，没有过了期限还没有办完的",
    ),
    "open": (
        lambda promise: promise.state in UNDONE, "还没有办完的", "都已经完成或者不再实施",
    ),
    "unkept": (lambda promise: promise.state != "done", "没有办完或者不再实施的", "都已经完成"),
    "dropped": (lambda promise: promise.state == "dropped", "不再实施的", "中，没有不再实施的"),
    "kept": (lambda promise: promise.state == "done", "已经完成的", "中，没有已经完成的"),
}  # fmt: skip


def reply(
    query: Query,
    found: Found,
    reader: SnapshotReader,
    promises: Confirmations,
    *,
    settings: Settings,
) -> Answer | Listing | Refusal | None:
    """What was confirmed of the promises that ``query`` asks for; None if nothing was.

    Then the letters' own words are the answer, as of any question. Up to ``settings.quotes`` are
    an answer, more a listing; that none is overdue is a refusal, told by the record.
    """
    asked = query.promise
    if asked is None or not promises.promises:
        return None
    matched = matching(query, asked, found, reader, promises.promises)
    if not matched:
        return None
    if not asked.lists:
        newest = sorted(matched, key=lambda one: one.promise.issued_on or "", reverse=True)
        if len(newest) > settings.quotes:
            return _listing(query, asked, newest, reader, promises)
        nearest = sorted(newest, key=lambda one: -_alike(query, one.promise))
        return _answer(query, nearest, found, reader)
    none, chosen = STATES[asked.asked][2], _in_state(asked, matched, promises)
    if chosen:
        due = sorted(chosen, key=lambda one: one.promise.due_on or "9")
        return _listing(query, asked, due, reader, promises)
    return refuse(
        "none_promised",
        query,
        reader,
        nearest=related(query, found, reader) if asked.subject else (),
        day=_day(promises),
        listed=f"{_called(query, asked)}{none}",
    )


def _in_state(
    asked: PromiseQuestion, matched: Sequence[Matched], promises: Confirmations
) -> list[Matched]:
    """Those of ``matched`` that are in the state asked for; soon due is so within ``SOON``."""
    wanted = STATES[asked.asked][0]
    chosen = [one for one in matched if wanted(one.promise)]
    if asked.asked == "soon" and promises.day:
        until = (promises.day + SOON).isoformat()
        return [one for one in chosen if (one.promise.due_on or "9") <= until]
    return chosen


def with_standing(answer: Answer, reader: SnapshotReader, promises: Confirmations) -> Answer:
    """``answer`` with what became of the promise in its first quote, if one was confirmed."""
    first = answer.quotes[0]
    shares = [(_share(first, promise, reader), promise) for promise in promises.promises]
    share, best = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    if best is None or share < OF_ITS_WORDS:
        return answer
    told = replace(first, standing=_standing(best, reader))
    return replace(answer, quotes=(told, *answer.quotes[1:]))


def _share(quote: Quote, promise: ConfirmedPromise, reader: SnapshotReader) -> float:
    """The share of what the quote answers with that is words of ``promise``."""
    if quote.letter_id != promise.letter_id or not stands(promise, reader):
        return 0.0
    parts = quote.exact or (quote.span,)
    common = sum(
        max(0, min(part.end, promise.span.end) - max(part.start, promise.span.start))
        for part in parts
    )
    return common / sum(part.end - part.start for part in parts)


def _alike(query: Query, promise: ConfirmedPromise) -> int:
    """How many pairs of neighbouring characters of the question, but for its years, it holds."""
    text = searchable(promise.text)
    return sum(pair in text for pair in query.pairs if not any(c.isdigit() for c in pair))


def _answer(
    query: Query, matched: Sequence[Matched], found: Found, reader: SnapshotReader
) -> Answer:
    return Answer(
        question=query.typed,
        snapshot=reader.snapshot.version,
        quotes=tuple(quoted(one.promise, reader) for one in matched),
        nearest=related(query, found, reader),
        confidence=min(one.whole for one in matched),
    )


def _listing(
    query: Query,
    asked: PromiseQuestion,
    matched: Sequence[Matched],
    reader: SnapshotReader,
    promises: Confirmations,
) -> Listing:
    shown = matched[:MOST_ROWS]
    state = f"中，{STATES[asked.asked][1]}" if asked.lists else ""
    short = f"，这里列出 {MOST_ROWS} 条" if len(matched) > MOST_ROWS else ""
    return Listing(
        question=query.typed,
        snapshot=reader.snapshot.version,
        caption=f"{_called(query, asked)}{state}，共 {len(matched)} 条{short}"
        f"（据本单位自己的记录，截至{_day(promises)}）",
        count=len(matched),
        rows=tuple(quoted(one.promise, reader) for one in shown),
        nearest=(),
        confidence=1.0 if asked.narrow or query.named.letter_ids else OF_ALL,
    )


def _called(query: Query, asked: PromiseQuestion) -> str:
    """Which are asked for, in words: 核实过的住建局关于“电梯”的承诺."""
    of = "、".join(f"{year}年" for year in asked.years) + "、".join((*asked.places, *asked.called))
    of += "这份答复" if query.named.letter_ids else ""
    about = (
        "关于" + "".join(f"“{word}”" for word in telling(asked.subject)) if asked.subject else ""
    )
    return f"核实过的{of}{about}{'的' if of or about else ''}承诺"


def _day(promises: Confirmations) -> str:
    day = promises.day
    return f"{day.year}年{day.month}月{day.day}日" if day else "今天"


def quoted(promise: ConfirmedPromise, reader: SnapshotReader) -> Quote:
    """The promise's own words with what became of it."""
    words = quote(reader.letter(promise.letter_id), promise.span, score=1.0)
    return replace(words, standing=_standing(promise, reader))


def _standing(promise: ConfirmedPromise, reader: SnapshotReader) -> Standing:
    return Standing(
        state=promise.state,
        told=promise.told,
        due=promise.due,
        overdue=promise.overdue,
        evidence=tuple(
            quote(reader.letter(proof.letter_id), proof.span, score=1.0, about=proof.says)
            for proof in promise.evidence
            if stands(proof, reader)
        ),
    )
