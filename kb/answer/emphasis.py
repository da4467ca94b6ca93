"""What of a passage may be quoted for a span that a model found, and what in it is emphasised."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.answer.matter import recites
from kb.answer.quotes import heads_over
from kb.query import expect
from kb.query.parse import Query
from kb.text.chars import searchable
from kb.text.sentences import quotable, trimmed, without_lead
from kb.text.similarity import pairs
from kb.text.synonyms import coverage
from kb.text.voices import own_words
from kb.types import Letter, Passage, Span

LONGEST = 120  # code points that are emphasised; more is a paragraph and points nothing out
READABLE = 200  # code points of a quote that a person reads for its answer
_STOP = re.compile(r"[。！？!?；;\n]+")
_PAUSE = re.compile(r"[，,、；;：:。！？!?]+[”’」』）》】)\"]*")
_CONTACT_ASKED = re.compile(
    r"电话|联系|热线|地址|邮箱|传真|哪个(?:科|部门|单位)|谁负责|找谁|问谁|号码|打哪|怎么找|咋找|咨询"
    r"|反映|举报|投诉"
)
_WHOM = ("phone", "who", "place")  # expectations (kb.query.expect) that such a line may meet


def answering(
    query: Query, letter: Letter, passage: Passage, found: Span
) -> tuple[Span, Span] | None:
    """The sentences to quote for the span ``found``, and the part of them to emphasise.

    The part is one clause or a few of one sentence, in the organ's own words: where the span
    runs over several sentences, the one that holds most of what is asked. All of those are quoted
    while a person can read them (``READABLE``), but for what was promised once and is said again
    before what came of it. None where the words are a heading, a formal line, somebody's wish or
    claim.
    """
    span = trimmed(letter.text, found)
    part = _shortest(query, letter.text, span)
    whole = sentence_around(letter, passage, span)
    short = whole.holds(span) and whole.end - whole.start <= READABLE
    all_of_it = short and not recites(whole.of(letter.text))
    sentence = whole if all_of_it else sentence_around(letter, passage, part)
    own = own_words(sentence.of(letter.text), _moved(part, by=-sentence.start))
    if own is None:
        return None
    exact = trimmed(letter.text, _moved(own, by=sentence.start))
    exact = _cell(query, letter.text, exact)
    shown = without_lead(letter.text, sentence, keep=exact)
    if exact.end == exact.start or not quotable(letter, shown, contact=asks_contact(query)):
        return None
    return shown, exact


def _cell(query: Query, text: str, exact: Span) -> Span:
    """The cell of ``exact``, cells of one row, whose column the question asks for; else all."""
    words = exact.of(text)
    if "\t" not in words or "\n" in words:
        return exact
    heads, line = heads_over(text, exact), text.rfind("\n", 0, exact.start) + 1
    first = text.count("\t", line, exact.start)
    asked: list[tuple[int, Span]] = []
    at = exact.start
    for column, cell in enumerate(words.split("\t"), first):
        head = pairs(searchable(heads[column])) if column < len(heads) else frozenset()
        asked.append((len(head & query.pairs), Span(start=at, end=at + len(cell))))
        at += len(cell) + 1
    most = max(share for share, _ in asked)
    best = [span for share, span in asked if share == most and span.of(text).strip()]
    return best[0] if most and len(best) == 1 else exact


def asks_contact(query: Query) -> bool:
    """True if the question is whom to call, write to or go to, or may be."""
    kind = query.expected.kind
    return bool(_CONTACT_ASKED.search(query.text)) or (kind is not None and kind.name in _WHOM)


def _moved(span: Span, *, by: int) -> Span:
    return Span(start=span.start + by, end=span.end + by)


def sentence_around(letter: Letter, passage: Passage, part: Span) -> Span:
    """The run of whole sentences, or clauses of a long one, that holds ``part``.

    One longer than ``READABLE`` gives way to as many of its parts between commas, around
    ``part``, as stay within that.
    """
    touched = [s for s in passage.sentences if s.start < part.end and s.end > part.start]
    if not touched:
        return part
    run = trimmed(letter.text, Span(start=touched[0].start, end=touched[-1].end))
    return run if run.end - run.start <= READABLE else _parts_around(letter.text, run, part)


def _parts_around(text: str, run: Span, part: Span) -> Span:
    """What stands between pauses of ``run`` around ``part``, what is before it first."""
    pauses = [match.end() for match in _PAUSE.finditer(text, run.start, run.end)]
    before = [at for at in (run.start, *pauses) if at <= part.start]
    behind = [at for at in (*pauses, run.end) if at >= part.end]
    low, high = len(before) - 1, 0
    while True:
        length = behind[high] - before[low]
        if low and length + before[low] - before[low - 1] <= READABLE:
            low -= 1
        elif high + 1 < len(behind) and behind[high + 1] - before[low] <= READABLE:
            high += 1
        else:
            return trimmed(text, Span(start=before[low], end=behind[high]))


def _shortest(query: Query, text: str, span: Span) -> Span:
    """``span``, or where it is long or of several sentences the part of it that tells most."""
    parts = list(_cut(text, span, at=_STOP))
    if len(parts) < 2 and span.end - span.start <= LONGEST:
        return span
    best = max(parts, key=lambda part: _telling(query, part.of(text)))
    if best.end - best.start > LONGEST:
        best = max(_bounded(text, best), key=lambda part: _telling(query, part.of(text)))
    return trimmed(text, best)


def _telling(query: Query, words: str) -> float:
    asked = coverage(query.words, searchable(words)) + expect.shown(query.expected, words) / 4
    return asked - recites(words)


def _cut(text: str, span: Span, *, at: re.Pattern[str]) -> Iterator[Span]:
    start = span.start
    for stop in at.finditer(text, span.start, span.end):
        if text[start : stop.start()].strip():
            yield Span(start=start, end=stop.end())
        start = stop.end()
    if text[start : span.end].strip():
        yield Span(start=start, end=span.end)


def _bounded(text: str, span: Span) -> Iterator[Span]:
    """Runs of clauses that together are at most ``LONGEST``; one that is longer is cut there."""
    start = end = span.start
    for clause in _cut(text, span, at=_PAUSE):
        if clause.end - start > LONGEST and end > start:
            yield Span(start=start, end=end)
            start = clause.start
        end = min(clause.end, start + LONGEST)
    if end > start:
        yield Span(start=start, end=end)
