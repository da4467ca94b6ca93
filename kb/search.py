"""Two rankings fused into one, exact names first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kb.embed import Embedder
from kb.errors import LetterNotFound
from kb.profile import profile
from kb.settings import Settings
from kb.store import EVERY_LETTER, LetterHead, Reader, Vectors
from kb.text import bare, fold, number_key, subject_tokens, tokens
from kb.types import Hit, Letter, Scope

_PROPOSAL = re.compile(
    r"(?:第\s?(?P<a>[A-Za-z]?\d{1,9})(?:\s?号|(?![\d个条点项件次届年]))"
    r"|(?P<b>\d{1,9})\s?号)\s?[^，。？\s]{0,4}?(?:提案|建议|议案)"
    r"|(?:提案|建议|议案)\s?(?:编号|号)?\s?第?\s?"
    r"(?P<c>\d{1,9})(?:\s?号|(?![\d年月日届次个条项户人万亿.%％]))"
)
CITING = 10  # hits in which a foreign document number is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a question names outright: letters by number, and organs."""

    letter_ids: tuple[str, ...] = ()
    by: str = ""
    missing: str | None = None
    organs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hits, best first, with the question's vector and what the question names."""

    hits: tuple[Hit, ...]
    vector: Vectors
    named: Named


def search(
    question: str, reader: Reader, embedder: Embedder, *, scope: Scope, settings: Settings
) -> Found:
    """The passages nearest to ``question``, at most ``settings.depth`` of each ranking.

    Scores are the min-max convex combination of the two rankings (Bruch et al.,
    arXiv 2210.11934): ``w * lexical + (1 - w) * dense``, each scaled to 0–1 over its own
    candidates, 0 where a passage is in one ranking only. A question that names a document or
    proposal number stays inside those letters; hits of an organ that it names come first
    among those at least half as good as the best.
    """
    heads = reader.letters(scope)
    named = names(question, heads)
    if named.letter_ids:
        scope = replace(scope, letter_ids=named.letter_ids)
    vector = embedder.question(question)
    words = subject_tokens(question) or tokens(question)
    lexical = reader.lexical(words, limit=settings.depth, scope=scope)
    dense = reader.nearest(vector, limit=settings.depth, scope=scope)
    fused = fuse(lexical, dense, weight=settings.lexical_weight)
    hits = _hits(fused, lexical, dense, reader)
    if named.missing and _cited(named.missing, hits[:CITING], reader):
        named = replace(named, missing=None)
    organs = {head.id for head in heads if head.issuer in named.organs}
    return Found(hits=_organ_first(hits, organs), vector=vector, named=named)


def _cited(number: str, hits: Sequence[Hit], reader: Reader) -> bool:
    """True if a passage found quotes the number of a document that is no letter here."""
    if "〔" not in number:
        return False
    found = (h.passage.span.of(reader.letter(h.passage.letter_id).text) for h in hits)
    return any(number in number_key(words) for words in found)


def scaled(ranking: Sequence[tuple[int, float]]) -> Mapping[int, float]:
    """Scores scaled to 0–1 by the ranking's own least and greatest."""
    if not ranking:
        return {}
    low, high = min(s for _, s in ranking), max(s for _, s in ranking)
    width = high - low
    return {ordinal: (score - low) / width if width else 1.0 for ordinal, score in ranking}


def fuse(
    lexical: Sequence[tuple[int, float]], dense: Sequence[tuple[int, float]], *, weight: float
) -> list[tuple[int, float]]:
    """The convex combination, best first; equal scores in the order of ordinals."""
    left, right = scaled(lexical), scaled(dense)
    scores = {
        ordinal: weight * left.get(ordinal, 0.0) + (1 - weight) * right.get(ordinal, 0.0)
        for ordinal in {**left, **right}
    }
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def names(question: str, heads: Sequence[LetterHead]) -> Named:
    """The letters and organs that ``question`` names outright."""
    asked = number_key(question)
    numbers = {number_key(head.number) for head in heads if head.number}
    stated = {number for number in numbers if number in asked}
    # 建办〔2024〕3号 also stands inside 焦建办〔2024〕3号, which is another organ's.
    stated -= {one for one in stated for other in stated if one != other and one in other}
    if stated:
        exact = tuple(sorted(h.id for h in heads if h.number and number_key(h.number) in stated))
        return Named(letter_ids=exact, by="文号", organs=organs(question, heads))
    proposal = _PROPOSAL.search(fold(question))
    if proposal:
        number = (proposal["a"] or proposal["b"] or proposal["c"]).upper()
        bearers = _bearers(number, question, heads)
        if bearers or "号" in proposal[0] or len(number) > 2:
            missing = None if bearers else f"第{number}号"
            return Named(letter_ids=bearers, by="提案号", missing=missing)
    unknown = next((token for token in tokens(question) if re.match(r"[^〔]+〔", token)), None)
    return Named(missing=unknown, organs=organs(question, heads))


def _bearers(number: str, question: str, heads: Sequence[LetterHead]) -> tuple[str, ...]:
    """Letters that answer proposal ``number``; its kind decides where both kinds bear it."""
    bearers = [h for h in heads if h.proposal_no and _same_number(h.proposal_no, number)]
    of_kind = [head for head in bearers if head.kind and head.kind in question]
    return tuple(head.id for head in of_kind or bearers)


def _same_number(one: str, other: str) -> bool:
    return one.upper().lstrip("0") == other.lstrip("0")


def organs(question: str, heads: Sequence[LetterHead]) -> frozenset[str]:
    """Issuers that the question names, in full, without their place, or in short."""
    asked = bare(question)
    return frozenset(
        issuer
        for issuer in {head.issuer for head in heads if head.issuer}
        if any(name in asked for name in profile().aliases(issuer))
    )


def _hits(
    fused: Sequence[tuple[int, float]],
    lexical: Sequence[tuple[int, float]],
    dense: Sequence[tuple[int, float]],
    reader: Reader,
) -> list[Hit]:
    words = {ordinal: (rank, score) for rank, (ordinal, score) in enumerate(lexical, 1)}
    near = {ordinal: (rank, score) for rank, (ordinal, score) in enumerate(dense, 1)}
    return [
        Hit(
            ordinal=ordinal,
            passage=reader.passage(ordinal),
            score=score,
            lexical=words.get(ordinal, (0, 0.0))[1],
            dense=near.get(ordinal, (0, 0.0))[1],
            lexical_rank=words[ordinal][0] if ordinal in words else None,
            dense_rank=near[ordinal][0] if ordinal in near else None,
        )
        for ordinal, score in fused
    ]


def _organ_first(hits: list[Hit], letter_ids: set[str]) -> tuple[Hit, ...]:
    if not hits or not letter_ids:
        return tuple(hits)
    enough = hits[0].score / 2
    marked = [
        replace(hit, exact=("单位",)) if hit.passage.letter_id in letter_ids else hit
        for hit in hits
    ]
    return tuple(sorted(marked, key=lambda h: not (h.exact and h.score >= enough)))


def letter_named(name: str, reader: Reader, *, scope: Scope = EVERY_LETTER) -> Letter:
    """The letter in ``scope`` whose id or document number is ``name``.

    Raises LetterNotFound, in the same words whether it is absent or out of scope; where
    several letters bear the number it lists them.
    """
    key = number_key(name)
    heads = reader.letters(scope)
    if any(head.id == name for head in heads):
        return reader.letter(name)
    bearers = [head.id for head in heads if head.number and number_key(head.number) == key]
    if len(bearers) == 1:
        return reader.letter(bearers[0])
    if bearers:
        raise LetterNotFound(f"文号 {name} 有多份复文：{'、'.join(bearers)}；请用编号指明")
    raise LetterNotFound("没有这份复文，或者它没有公开；请核对编号或文号")
