"""What a reply is to the person who asked: right, partly, wrong, refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from eval.gold import gold_spans
from eval.meant.asking import Replied
from eval.meant.questions import Alternative, Meant
from eval.measures.known import best_share
from eval.measures.outcome import LONGEST, PARTLY, RIGHT, Outcome
from eval.record import Place, Texts
from kb.replies import Answer, Listing, Notice, Refusal, Reply, Several, quotes_of
from kb.text.chars import bare
from kb.types import Quote, Span

LATEST = "latest"  # the group of which the first letter counts
LIST_PARTLY = 0.5  # F1 of a list's letters that are at least partly right

LeadOutcome = Literal["right", "absent", "wrong"]

# The codes of notices (kb.answer.talk.SAID) that are right for each kind of small talk.
SAID_BY: Mapping[str, tuple[str, ...]] = {
    "hello": ("hello", "test"),
    "thanks": ("thanks",),
    "who": ("who",),
    "able": ("able",),
    "insult": ("insult",),
    "bye": ("bye",),
    "guide": ("guide",),
    "foreign": ("foreign",),
}
# What leads may say in other words for the word that the suite has.
LEAD_WORDS: Mapping[str, tuple[str, ...]] = {
    "是": ("是", "是的", "有", "可以", "能", "会", "已经", "对"),
    "不是": ("不是", "不", "没有", "不可以", "不能", "不会"),
    "还没有": ("还没有", "没有", "尚未", "暂未"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The outcome of a question; ``lead`` only where the suite says which one is right."""

    replied: Replied
    outcome: Outcome
    lead: LeadOutcome | None = None


def judged(replied: Replied, texts: Texts) -> Judged:
    """The outcome of a reply; ``texts`` are those that quotes point into."""
    return Judged(
        replied=replied,
        outcome=_outcome(replied, texts),
        lead=_lead(replied.asked, replied.reply) if replied.asked.lead else None,
    )


def placed(asked: Meant, texts: Texts) -> bool:
    """True if the letters are there, and each part's words in one of them: else none is right."""
    found = all(_places(part, texts) for part in asked.parts)
    return found and asked.letters <= texts.keys()


def _outcome(replied: Replied, texts: Texts) -> Outcome:
    asked, reply = replied.asked, replied.reply
    if reply is None and not replied.untaken:
        return "wrong" if asked.answerable else "wrongly_answered"
    if not asked.answerable:
        return "rightly_refused" if declines(reply) else "wrongly_answered"
    if asked.expect == "said":
        return _said(asked, reply)
    if asked.expect == "choice" and any(asked.letters & letters for letters in replied.offered):
        return "right"
    if reply is None or declines(reply):
        return "refused"
    match asked.expect:
        case "quote":
            return _quoted(asked, reply, texts)
        case "list":
            return _listed(asked, reply)
        case _:
            return "partly" if asked.letters & _letters(reply) else "wrong"


def declines(reply: Reply | None) -> bool:
    """True if nothing is quoted or listed: a refusal, a notice, or several of nothing else."""
    match reply:
        case Several(parts=parts):
            return all(declines(part.reply) for part in parts)
        case Answer() | Listing():
            return False
        case _:
            return True


def _said(asked: Meant, reply: Reply | None) -> Outcome:
    match reply:
        case Notice(code=code):
            return "right" if code in SAID_BY[asked.kind] else "partly"
        case Refusal(code=code) if code in SAID_BY[asked.kind]:
            return "right"
        case _:
            return "refused" if declines(reply) else "wrong"


def _quoted(asked: Meant, reply: Reply, texts: Texts) -> Outcome:
    """``right``: each part stands in one readable place; a single part in the first quote."""
    shown = [*_shown(reply)]
    first = shown if len(asked.parts) > 1 else shown[:1]
    runs = [run for quote in first for run in _readable(quote, texts)] + [*_leads(reply)]
    parts = [_places(part, texts) for part in asked.parts]
    held = [
        any(best_share(places, run, texts=texts) >= RIGHT for run in runs)
        or any(_is_field(quote, part) for quote in first)
        for places, part in zip(parts, asked.parts, strict=True)
    ]
    if all(held):
        return "right"
    whole = [_place(quote, quote.span) for quote in shown]
    some = any(held) or any(best_share(places, whole, texts=texts) >= PARTLY for places in parts)
    return "partly" if some else "wrong"


def _is_field(quote: Quote, part: Sequence[Alternative]) -> bool:
    """True for the value of a field inside an answer: its name, which people see, says the rest."""
    return quote.about is not None and any(
        quote.letter_id == given.letter and gold_spans(quote.text, given.answer) for given in part
    )


def _shown(reply: Reply) -> Iterator[Quote]:
    """Every quote that people see, with those that stand in its card, in order."""
    for quote in quotes_of(reply):
        yield quote
        yield from quote.earlier
        yield from quote.standing.evidence if quote.standing else ()


def _place(quote: Quote, span: Span) -> Place:
    return Place(docid=quote.letter_id, start=span.start, end=span.end)


def _places(part: Sequence[Alternative], texts: Texts) -> tuple[Place, ...]:
    return tuple(
        Place(docid=given.letter, start=span.start, end=span.end)
        for given in part
        for span in gold_spans(given.answer, texts.get(given.letter, ""))
    )


def _readable(quote: Quote, texts: Texts) -> Iterator[tuple[Place, ...]]:
    """What a person reads of a quote: all of it, and what is emphasised; never what is too long."""
    exact = tuple(_place(quote, span) for span in quote.exact)
    for run in ((_place(quote, quote.span),), exact):
        length = sum(len(bare(texts[part.docid][part.start : part.end])) for part in run)
        if 0 < length <= LONGEST:
            yield run


def _answers(reply: Reply | None) -> tuple[Answer, ...]:
    if isinstance(reply, Several):
        return tuple(part.reply for part in reply.parts if isinstance(part.reply, Answer))
    return (reply,) if isinstance(reply, Answer) else ()


def _leads(reply: Reply) -> Iterator[tuple[Place, ...]]:
    """The words of letters that stand before quotes."""
    for answer in _answers(reply):
        if answer.lead and answer.lead.span and answer.quotes:
            yield (_place(answer.quotes[0], answer.lead.span),)


def _listed(asked: Meant, reply: Reply) -> Outcome:
    letters = _letters(reply)
    if asked.group == LATEST:
        first = next(iter(quotes_of(reply)), None)
        if first and first.letter_id in asked.letters:
            return "right"
        return "partly" if asked.letters & letters else "wrong"
    counted = reply.count if isinstance(reply, Listing) else 0
    if letters == asked.letters and counted == len(letters):
        return "right"
    f1 = 2 * len(letters & asked.letters) / (len(letters) + len(asked.letters))
    return "partly" if f1 >= LIST_PARTLY else "wrong"


def _letters(reply: Reply) -> frozenset[str]:
    return frozenset(quote.letter_id for quote in quotes_of(reply))


def _lead(asked: Meant, reply: Reply | None) -> LeadOutcome:
    """Whether the first answer's lead says the word of the suite, in one way or another."""
    lead = next((answer.lead for answer in _answers(reply) if answer.lead), None)
    if lead is None or lead.span:
        return "absent"
    return "right" if lead.text in LEAD_WORDS[asked.lead] else "wrong"
