"""Two rankings fused into one, exact names first; then words, places and years are weighed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kb.embed import Embedder
from kb.names import Directory, Named, directory_of, names
from kb.places import bonus, setting
from kb.reader import Reading, Weights
from kb.settings import Settings
from kb.store import Reader, Vectors
from kb.text import bare, coverage, expanded, fold, number_key, subject_tokens, tokens
from kb.types import Hit, Scope

NEIGHBOURS = 50  # nearest passages whose cosines are kept
CITING = 10  # hits in which a foreign document number is looked for
SYNONYM_WEIGHT = 0.5  # of an official word that is looked for besides the everyday one asked
SETTLED = 15  # hits in which words, places and years are looked for; their letters are read


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


def search(
    question: str, reader: Reader, embedder: Embedder, *, scope: Scope, settings: Settings
) -> Found:
    """The best ``settings.hits`` passages for ``question``.

    Scores are the min-max convex combination of two rankings (Bruch et al.,
    arXiv 2210.11934): ``w * lexical + (1 - w) * dense``, each scaled to 0–1 over its own first
    ``settings.depth`` candidates, 0 where a passage is in one ranking only. A question that
    names a document or proposal number stays inside those letters; hits of an organ that it
    names come first among those at least half as good as the best. Official words for its
    everyday ones count ``SYNONYM_WEIGHT``. The first ``SETTLED`` hits have the share of the
    question's words that they hold (``kb.text.coverage``, times ``settings.coverage_weight``)
    added to their scores, and letters of the places and years that it names ``kb.places.bonus``.
    """
    known = directory_of(reader, scope)
    named = names(question, known)
    if named.letter_ids:
        scope = replace(scope, letter_ids=named.letter_ids)
    vector = embedder.question(question)
    lexical = _lexical(tokens(question), reader, limit=settings.depth, scope=scope)
    dense = reader.nearest(vector, limit=settings.depth, scope=scope)
    fused = fuse(lexical, dense, weight=settings.lexical_weight)
    hits = _hits(fused[: settings.hits], lexical, dense, reader)
    hits = _settled(question, hits, known, reader, weight=settings.coverage_weight)
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
    question: str, hits: list[Hit], known: Directory, reader: Reader, *, weight: float
) -> list[Hit]:
    """The hits with coverage and the bonus of places in their scores, best first.

    A letter earns what the best of its passages among the first ``SETTLED`` hits does: by
    passage the one that repeats the place would outrank the one that answers.
    """
    asked, words = setting(question, known.places), subject_tokens(question) or tokens(question)
    earned: dict[str, float] = {}
    covered: dict[int, float] = {}
    for hit in hits[:SETTLED]:
        letter_id = hit.passage.letter_id
        text = passage_words(hit, reader)
        covered[hit.ordinal] = weight * coverage(words, text)
        if asked:
            head = known.heads.get(letter_id)
            more = bonus(
                asked,
                about=f"{head.title or ''}\n{head.issuer or ''}" if head else "",
                words=hit.passage.span.of(reader.letter(letter_id).text),
                issued_on=head.issued_on if head else None,
            )
            earned[letter_id] = max(more, earned.get(letter_id, 0.0))
    moved = [
        replace(
            hit,
            score=hit.score
            + covered.get(hit.ordinal, 0.0)
            + earned.get(hit.passage.letter_id, 0.0),
        )
        for hit in hits
    ]
    return sorted(moved, key=lambda hit: (-hit.score, hit.ordinal))


def passage_words(hit: Hit, reader: Reader) -> str:
    """A passage with its letter's subject and its headings, folded, without white space."""
    letter = reader.letter(hit.passage.letter_id)
    names_ = ("issuer", "proposal_title", "number")
    subject = (letter.title.value if letter.title else "", *(letter.value(n) or "" for n in names_))
    return bare(
        fold("\n".join((*subject, *hit.passage.headings, hit.passage.span.of(letter.text))))
    )


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
