"""Sentences of the best passages become quotes, or the question is refused.

Every feature and every weight is in the open: ``kb/models/answer.json`` holds the weights and
how well they did, ``python -m kb.models.fit_answer`` makes it from questions with known answers.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rank_bm25 import BM25Okapi

from kb.expect import expected, sections
from kb.search import Found
from kb.settings import Settings
from kb.store import Reader
from kb.text import bare, coverage, fold, heading_path, subject_tokens, tokens, trimmed
from kb.types import Answer, Hit, Letter, Nearest, Quote, Refusal, Reply, Span

WEIGHTS = Path(__file__).parent / "models" / "answer.json"
SHORTEST = 6  # code points; less is a heading's number or a stray mark
NEIGHBOURS = 50
READ_FOR_COVERAGE = 5  # passages in which the question's words are looked for
# Formal parts that state nothing: the receipt, and dates of signing and printing.
_FORMAL = re.compile(
    r"收悉。?$|(?:答复|函复|回复|报告|复函|会办意见)如下|^[^。，；：]{0,30}\d{4}年\d{1,2}月\d{1,2}日(?:印发)?$"
)
Features = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence that may be quoted, with the features it is scored by."""

    letter: Letter
    hit: Hit
    span: Span
    features: Features
    score: float


@lru_cache(maxsize=1)
def weights() -> Mapping[str, Mapping[str, float]]:
    """``sentence`` and ``decision`` weights of logistic models, by feature name."""
    content: Mapping[str, Mapping[str, float]] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return content


def logit(features: Features, model: Mapping[str, float]) -> float:
    """The log-odds of a logistic model: intercept plus weights times features."""
    return model["intercept"] + sum(model[name] * value for name, value in features.items())


def answer(question: str, found: Found, reader: Reader, *, settings: Settings) -> Reply:
    """One to ``settings.quotes`` quotes, or a refusal with the nearest letters."""
    nearest = nearest_letters(found.hits, reader)
    version = reader.snapshot.version
    ranked = candidates(question, found, reader, read=settings.read)
    if not ranked:
        return Refusal(
            question=question, snapshot=version, code="nothing_found",
            reason="现有复文中没有找到与这个问题有关的内容", nearest=nearest, confidence=0.0,
        )  # fmt: skip
    odds = logit(decision_features(question, found, ranked, reader), weights()["decision"])
    confidence = 1 / (1 + math.exp(-odds))
    if confidence < settings.threshold:
        return Refusal(
            question=question, snapshot=version, code="not_sure",
            reason="没有哪份复文明确回答了这个问题，以下只是内容相近的复文",
            nearest=nearest, confidence=confidence,
        )  # fmt: skip
    margin = SECTION_MARGIN if sections(question) else RUN_MARGIN
    shown = runs(ranked, margin=margin)[: settings.quotes]
    quotes = tuple(quoted(run, score=run[0].score) for run in shown)
    return Answer(
        question=question, snapshot=version, quotes=quotes, nearest=nearest, confidence=confidence
    )


def candidates(question: str, found: Found, reader: Reader, *, read: int) -> list[Candidate]:
    """The quotable sentences of the first ``read`` passages, best first."""
    places: list[tuple[Letter, Hit, Span, float]] = []
    for hit in found.hits[:read]:
        letter = reader.letter(hit.passage.letter_id)
        near = reader.sentence_vectors(hit.ordinal) @ found.vector
        for sentence, cosine in zip(hit.passage.sentences, near, strict=True):
            span = trimmed(letter.text, sentence)
            if quotable(letter, span):
                places.append((letter, hit, span, float(cosine)))
    if not places:
        return []
    words = [tokens(span.of(letter.text)) for letter, _, span, _ in places]
    asked = subject_tokens(question) or tokens(question)
    relevance = BM25Okapi([row or [""] for row in words]).get_scores(asked)
    best = max(float(relevance.max()), 1e-9)
    ranked = []
    for (letter, hit, span, cosine), bm25 in zip(places, relevance, strict=True):
        features = _features(question, letter, span, cosine=cosine, bm25=float(bm25), best=best)
        features["passage"] = hit.score
        score = logit(features, weights()["sentence"]) + _in_section(question, letter, span)
        ranked.append(Candidate(letter=letter, hit=hit, span=span, features=features, score=score))
    return sorted(ranked, key=lambda c: (-c.score, c.hit.ordinal, c.span.start))


def quotable(letter: Letter, span: Span) -> bool:
    """False for headings, the title, the addressees and scraps: they answer nothing."""
    if len(bare(span.of(letter.text))) < SHORTEST:
        return False
    named = [heading.span for heading in letter.headings]
    named += [letter.title.span] if letter.title and letter.title.span else []
    named += [field.span for field in letter.lists.get("addressees", ()) if field.span]
    words = span.of(letter.text)
    if _FORMAL.search(words):
        return False
    return not any(
        other.start <= span.start and span.end <= other.end + 1 for other in named
    ) and not words.endswith(("委员：", "代表："))


def _features(
    question: str, letter: Letter, span: Span, *, cosine: float, bm25: float, best: float
) -> dict[str, float]:
    words = span.of(letter.text)
    return {
        "cosine": cosine,
        "bm25_share": bm25 / best,
        "bm25": min(bm25, 30.0),
        "expected": expected(question, words),
        "log_length": math.log(max(len(bare(words)), 1)),
        "opens_list": float(words.endswith(("：", ":"))),
    }


SECTION_BONUS = 4.0  # log-odds; sets sentences of the section asked for above any other


def _in_section(question: str, letter: Letter, span: Span) -> float:
    if not span.of(letter.text).endswith(("。", "；")):
        return 0.0
    above = "".join(headings_over(letter, span.start))
    return SECTION_BONUS if any(row.shows.search(above) for row in sections(question)) else 0.0


def headings_over(letter: Letter, offset: int) -> tuple[str, ...]:
    """The heading path above ``offset``, outermost first."""
    return tuple(heading.text for heading in heading_path(letter.headings, offset))


def decision_features(
    question: str, found: Found, ranked: Sequence[Candidate], reader: Reader
) -> dict[str, float]:
    """What the refusal is decided by; all of it means the same in a base of any size.

    How much of the question's words the best passages hold (of the first five, and of the one
    quoted from), and how far the nearest passage stands out in cosine from the mean of the
    fifty nearest and from the tenth.
    """
    asked = subject_tokens(question) or tokens(question)
    covered = [coverage(asked, passage_words(h, reader)) for h in found.hits[:READ_FOR_COVERAGE]]
    near = sorted((hit.dense for hit in found.hits if hit.dense_rank), reverse=True)[:NEIGHBOURS]
    return {
        "coverage": max(covered, default=0.0),
        "first_coverage": coverage(asked, passage_words(ranked[0].hit, reader)),
        "above_mean": near[0] - sum(near) / len(near) if near else 0.0,
        "above_tenth": near[0] - near[min(9, len(near) - 1)] if near else 0.0,
    }


def passage_words(hit: Hit, reader: Reader) -> str:
    """A passage with its letter's subject and its headings, folded, without white space."""
    letter = reader.letter(hit.passage.letter_id)
    names = ("issuer", "proposal_title", "number")
    subject = (letter.title.value if letter.title else "", *(letter.value(n) or "" for n in names))
    return bare(
        fold("\n".join((*subject, *hit.passage.headings, hit.passage.span.of(letter.text))))
    )


RUN_MARGIN = 1.0  # log-odds below the best within which a sentence is shown too
SECTION_MARGIN = 3.0  # the same where a whole part of the letter is asked for
RUN_LONGEST = 4  # sentences in one quote


def runs(ranked: Sequence[Candidate], *, margin: float) -> list[list[Candidate]]:
    """The sentences near enough to the best, neighbours joined, strongest run first."""
    close = [c for c in ranked if c.score >= ranked[0].score - margin]
    groups: list[list[Candidate]] = []
    seen: set[str] = set()
    for candidate in close:
        words = bare(candidate.span.of(candidate.letter.text))
        if words in seen:
            continue
        seen.add(words)
        home = next((g for g in groups if len(g) < RUN_LONGEST and _adjoins(g, candidate)), None)
        if home:
            home.append(candidate)
        else:
            groups.append([candidate])
    return groups


def _adjoins(group: Sequence[Candidate], candidate: Candidate) -> bool:
    """True if only white space lies between the run and the candidate."""
    first = min(c.span.start for c in group)
    last = max(c.span.end for c in group)
    if candidate.letter.id != group[0].letter.id:
        return False
    low, high = (
        (last, candidate.span.start)
        if candidate.span.start >= last
        else (candidate.span.end, first)
    )
    return low <= high and not candidate.letter.text[low:high].strip()


def quoted(run: Sequence[Candidate], *, score: float) -> Quote:
    """A run of neighbouring sentences as one quote."""
    letter = run[0].letter
    span = Span(start=min(c.span.start for c in run), end=max(c.span.end for c in run))
    return quote(letter, span, score=score)


def quote(letter: Letter, span: Span, *, score: float, about: str | None = None) -> Quote:
    """The words of ``letter`` at ``span``, with their citation."""
    return Quote(
        letter_id=letter.id,
        span=span,
        text=span.of(letter.text),
        title=letter.title.value if letter.title else None,
        number=letter.value("number"),
        issuer=letter.value("issuer"),
        issued_on=letter.value("issued_on"),
        result_class=letter.value("result_class"),
        headings=headings_over(letter, span.start),
        score=score,
        about=about,
    )


def nearest_letters(hits: Sequence[Hit], reader: Reader, *, most: int = 3) -> tuple[Nearest, ...]:
    """The letters of the best hits, each once."""
    best: dict[str, float] = {}
    for hit in hits:
        best.setdefault(hit.passage.letter_id, hit.score)
    found = []
    for letter_id, score in list(best.items())[:most]:
        letter = reader.letter(letter_id)
        title = letter.title.value if letter.title else None
        found.append(
            Nearest(letter_id=letter_id, title=title, number=letter.value("number"), score=score)
        )
    return tuple(found)
