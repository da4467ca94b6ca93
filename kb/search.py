"""Two rankings fused into one, exact names first, places and years in their favour."""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from kb.embed import Embedder
from kb.errors import LetterNotFound
from kb.places import Place, Setting, bonus, known_places, setting
from kb.profile import profile
from kb.reader import Reading, Weights
from kb.settings import Settings
from kb.store import EVERY_LETTER, LetterHead, Reader, Vectors
from kb.text import bare, expanded, fold, number_key, tokens
from kb.types import Hit, Letter, Scope

_PROPOSAL = re.compile(
    r"(?:第\s?(?P<a>[A-Za-z]?\d{1,9})(?:\s?号|(?![\d个条点项件次届年]))"
    r"|(?P<b>\d{1,9})\s?号)\s?[^，。？\s]{0,4}?(?:提案|建议|议案)"
    r"|(?:提案|建议|议案)\s?(?:编号|号)?\s?第?\s?"
    r"(?P<c>\d{1,9})(?:\s?号|(?![\d年月日届次个条项户人万亿.%％]))"
)
NEIGHBOURS = 50  # nearest passages whose cosines are kept
CITING = 10  # hits in which a foreign document number is looked for
SYNONYM_WEIGHT = 0.5  # of an official word that is looked for besides the everyday one asked
SETTLED = 30  # hits in which places and years are looked for; their letters have to be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a question names outright: letters by number, and organs."""

    letter_ids: tuple[str, ...] = ()
    by: str = ""
    missing: str | None = None
    organs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hits, best first, with the question's vector and what the question names.

    ``near`` are the cosines of the nearest passages, greatest first, hits or not;
    ``readings`` what a reading model says of passages, by ordinal, where one was asked, and
    ``weights`` that model's own.
    """

    hits: tuple[Hit, ...]
    vector: Vectors
    named: Named
    near: tuple[float, ...] = ()
    readings: Mapping[int, Reading] = field(default_factory=dict)
    weights: Weights = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """What the heads of a snapshot's letters name: organs by every alias, places, ids."""

    organs: Mapping[str, frozenset[str]]
    places: tuple[Place, ...]
    heads: Mapping[str, LetterHead]


def directory(heads: Iterable[LetterHead]) -> Directory:
    """The directory of ``heads``: seconds for 100,000, so it is made once a snapshot."""
    by_id = {head.id: head for head in heads}
    issuers = {head.issuer for head in by_id.values() if head.issuer}
    called: dict[str, frozenset[str]] = {}
    for issuer in issuers:
        for alias in profile().aliases(issuer):
            called[alias] = called.get(alias, frozenset()) | {issuer}
    titles = (head.title for head in by_id.values() if head.title)
    return Directory(organs=called, places=known_places(issuers, titles), heads=by_id)


@lru_cache(maxsize=4)
def _directory(reader: weakref.ref[Reader], scope: Scope) -> Directory:
    """Cached for as long as it is asked for; the reader itself is not kept alive."""
    alive = reader()
    return directory(alive.letters(scope) if alive else ())


def search(
    question: str, reader: Reader, embedder: Embedder, *, scope: Scope, settings: Settings
) -> Found:
    """The best ``settings.hits`` passages for ``question``.

    Scores are the min-max convex combination of two rankings (Bruch et al.,
    arXiv 2210.11934): ``w * lexical + (1 - w) * dense``, each scaled to 0–1 over its own first
    ``settings.depth`` candidates, 0 where a passage is in one ranking only. A question that
    names a document or proposal number stays inside those letters; hits of an organ that it
    names come first among those at least half as good as the best. Official words for its
    everyday ones count ``SYNONYM_WEIGHT``; letters of the places and years that it names have
    ``kb.places.bonus`` added to the scores of their hits, which may so pass 1.
    """
    known = _directory(weakref.ref(reader), scope)
    named = names(question, reader.letters(scope), known=known)
    if named.letter_ids:
        scope = replace(scope, letter_ids=named.letter_ids)
    vector = embedder.question(question)
    lexical = _lexical(tokens(question), reader, limit=settings.depth, scope=scope)
    dense = reader.nearest(vector, limit=settings.depth, scope=scope)
    fused = fuse(lexical, dense, weight=settings.lexical_weight)
    hits = _hits(fused[: settings.hits], lexical, dense, reader)
    hits = _settled(hits, setting(question, known.places), known.heads, reader)
    if named.missing and _cited(named.missing, hits[:CITING], reader):
        named = replace(named, missing=None)
    organs = _letters_of(named.organs, known)
    near = tuple(cosine for _, cosine in dense[:NEIGHBOURS])
    return Found(hits=_organ_first(hits, organs), vector=vector, named=named, near=near)


def _lexical(
    asked: Sequence[str], reader: Reader, *, limit: int, scope: Scope
) -> list[tuple[int, float]]:
    """The lexical ranking, with official words for the everyday ones at ``SYNONYM_WEIGHT``."""
    found = reader.lexical(asked, limit=limit, scope=scope)
    added = expanded(asked)
    if not added:
        return found
    scores = dict(found)
    for ordinal, score in reader.lexical(added, limit=limit, scope=scope):
        scores[ordinal] = scores.get(ordinal, 0.0) + SYNONYM_WEIGHT * score
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]


def _settled(
    hits: list[Hit], asked: Setting, heads: Mapping[str, LetterHead], reader: Reader
) -> list[Hit]:
    """The hits with their letters' bonus in their scores, best first.

    A letter earns what the best of its passages among the first ``SETTLED`` hits does: by
    passage the one that repeats the place would outrank the one that answers.
    """
    if not asked:
        return hits
    earned: dict[str, float] = {}
    for hit in hits[:SETTLED]:
        letter_id = hit.passage.letter_id
        head = heads.get(letter_id)
        more = bonus(
            asked,
            about=f"{head.title or ''}\n{head.issuer or ''}" if head else "",
            words=hit.passage.span.of(reader.letter(letter_id).text),
            issued_on=head.issued_on if head else None,
        )
        earned[letter_id] = max(more, earned.get(letter_id, 0.0))
    moved = [replace(h, score=h.score + earned.get(h.passage.letter_id, 0.0)) for h in hits]
    return sorted(moved, key=lambda hit: (-hit.score, hit.ordinal))


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


def names(question: str, heads: Sequence[LetterHead], *, known: Directory | None = None) -> Named:
    """The letters and organs that ``question`` names outright.

    ``known`` is the directory of ``heads``, made anew where it is not given.
    """
    stated_organs = organs(question, known or directory(heads))
    asked = number_key(question)
    numbers = {number_key(head.number) for head in heads if head.number}
    stated = {number for number in numbers if number in asked}
    # 建办〔2024〕3号 also stands inside 焦建办〔2024〕3号, which is another organ's.
    stated -= {one for one in stated for other in stated if one != other and one in other}
    if stated:
        exact = tuple(sorted(h.id for h in heads if h.number and number_key(h.number) in stated))
        return Named(letter_ids=exact, by="文号", organs=stated_organs)
    proposal = _PROPOSAL.search(fold(question))
    if proposal:
        number = (proposal["a"] or proposal["b"] or proposal["c"]).upper()
        bearers = _bearers(number, question, heads)
        if bearers or "号" in proposal[0] or len(number) > 2:
            missing = None if bearers else f"第{number}号"
            return Named(letter_ids=bearers, by="提案号", missing=missing)
    unknown = next((token for token in tokens(question) if re.match(r"[^〔]+〔", token)), None)
    return Named(missing=unknown, organs=stated_organs)


def _bearers(number: str, question: str, heads: Sequence[LetterHead]) -> tuple[str, ...]:
    """Letters that answer proposal ``number``; its kind decides where both kinds bear it."""
    bearers = [h for h in heads if h.proposal_no and _same_number(h.proposal_no, number)]
    of_kind = [head for head in bearers if head.kind and head.kind in question]
    return tuple(head.id for head in of_kind or bearers)


def _same_number(one: str, other: str) -> bool:
    return one.upper().lstrip("0") == other.lstrip("0")


def organs(question: str, known: Directory) -> frozenset[str]:
    """Issuers that the question names, in full, without their place, or in short.

    A name inside a longer one that is asked does not count: 焦作市住建局 is no other 住建局.
    """
    asked = bare(question)
    stated = [alias for alias in known.organs if alias in asked]
    whole = [one for one in stated if not any(one != other and one in other for other in stated)]
    return frozenset(issuer for alias in whole for issuer in known.organs[alias])


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


def _letters_of(issuers: frozenset[str], known: Directory) -> set[str]:
    return {h.id for h in known.heads.values() if h.issuer in issuers} if issuers else set()


def _organ_first(hits: list[Hit], letter_ids: set[str]) -> tuple[Hit, ...]:
    if not hits or not letter_ids:
        return tuple(hits)
    enough = hits[0].score / 2
    marked = [
        replace(hit, exact=("单位",))
        if hit.passage.letter_id in letter_ids and hit.score >= enough
        else hit
        for hit in hits
    ]
    return tuple(sorted(marked, key=lambda hit: not hit.exact))


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
