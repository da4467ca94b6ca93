"""Which later sentences speak of a promise: proposed only.

A person looks at both quotes side by side and decides; nothing here writes anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.analysis.evidence.judge import Judgement, judged
from kb.analysis.evidence.match import (
    Match,
    Sought,
    Statement,
    match_of,
    pledge_of,
    sought_of,
    statements,
)
from kb.analysis.evidence.meaning import Meaning
from kb.analysis.evidence.wording import telling
from kb.errors import LetterNotFound
from kb.extract.outcomes import outcome
from kb.extract.types import Relation
from kb.ledger.types import Entry
from kb.models.embedding import Embedder
from kb.profile import profile
from kb.search.browse import catalogue_of
from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.text.titles import citation_of
from kb.text.tokens import tokens
from kb.types import EVERY_LETTER, Citation, Scope, Span, Vectors

MOST = 8
_FOUND = 150  # passages of each ranking, of which the later ones count
_READ = 30  # passages whose clauses are compared
_JUDGED = 16  # best clauses that are asked what they say
_LOOKED = 4  # of these, those whose meaning may be compared
_LETTERS = 64  # whose clauses are kept, of some 200 kB each
_CONSTANT = 60.0  # of reciprocal rank fusion (Cormack et al., SIGIR 2009)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Words of a letter that may say something of a commitment; ``why`` in words for people.

    ``text`` is verbatim what stands at ``span`` of the letter ``citation`` names. Unless ``sure``
    it is only told as what has to do with it: ``relation`` is then a guess.
    """

    relation: Relation
    sure: bool
    citation: Citation
    span: Span
    text: str
    score: float
    why: tuple[str, ...]


def evidence_candidates(
    entry: Entry,
    reader: SnapshotReader,
    *,
    embedder: Embedder | None = None,
    scope: Scope = EVERY_LETTER,
    most: int = MOST,
) -> tuple[Candidate, ...]:
    """What later letters in ``scope`` may say of ``entry``, the likeliest first.

    With ``embedder`` what seems to say 已兑现 is looked at a second time, by its meaning.
    """
    meaning = Meaning(entry.text, embedder) if embedder else None
    sought = sought_of(pledge_of(entry))
    stated = (
        statement
        for letter_id, ordinals in _later(entry, sought, reader, scope=scope).items()
        for statement in _in_passages(letter_id, ordinals, reader)
    )
    return tuple(_judged(sought, stated, meaning=meaning)[:most])


def _later(
    entry: Entry, sought: Sought, reader: SnapshotReader, *, scope: Scope
) -> dict[str, list[int]]:
    """The likeliest passages of later letters, by letter."""
    asked = list(dict.fromkeys((*sought.words, *tokens(entry.citation.name))))
    rankings = [reader.lexical(asked, limit=_FOUND, scope=scope)]
    vector = _vector(entry, reader)
    if vector is not None:
        rankings.append(reader.nearest(vector, limit=_FOUND, scope=scope))
    fused: dict[int, float] = {}
    for ranking in rankings:
        for rank, (ordinal, _) in enumerate(ranking, 1):
            fused[ordinal] = fused.get(ordinal, 0.0) + 1 / (_CONSTANT + rank)
    catalogue, day = catalogue_of(reader, scope), entry.citation.issued_on or "9999"
    found: dict[str, list[int]] = {}
    taken = 0
    for ordinal in sorted(fused, key=lambda ordinal: (-fused[ordinal], ordinal)):
        cited = catalogue.at(ordinal).citation
        if (cited.issued_on or "") > day and cited.letter_id != entry.citation.letter_id:
            found.setdefault(cited.letter_id, []).append(ordinal)
            taken += 1
        if taken == _READ:
            break
    return found


def _vector(entry: Entry, reader: SnapshotReader) -> Vectors | None:
    """The vector of the sentence that promises; None where its letter is not in the snapshot."""
    try:
        ordinals = reader.passages_of(entry.citation.letter_id)
    except LetterNotFound:
        return None
    for ordinal in ordinals:
        for number, sentence in enumerate(reader.passage(ordinal).sentences):
            if sentence.start <= entry.span.start < sentence.end:
                vector: Vectors = reader.sentence_vectors(ordinal)[number]
                return vector
    return None


def _in_passages(
    letter_id: str, ordinals: Sequence[int], reader: SnapshotReader
) -> Iterator[Statement]:
    spans = [reader.passage(ordinal).span for ordinal in ordinals]
    for statement in _statements(reader, letter_id):
        if any(span.meets(statement.clause.span) for span in spans):
            yield statement


@memo(most=_LETTERS)
def _statements(reader: SnapshotReader, letter_id: str) -> tuple[Statement, ...]:
    """All that a letter states; what follows of it is asked again for every other promise."""
    return tuple(statements(reader.letter(letter_id)))


def _judged(
    sought: Sought, stated: Iterable[Statement], *, meaning: Meaning | None
) -> list[Candidate]:
    """Those that are like enough and speak of it, best first."""
    matches = [match for statement in stated if (match := match_of(sought, statement))]
    matches.sort(key=lambda match: (-match.score, *_place(match.statement)))
    found = []
    for number, match in enumerate(matches[:_JUDGED]):
        looked = meaning if number < _LOOKED else None
        if judgement := judged(sought, match, meaning=looked):
            found.append((match, judgement))
    found.sort(key=lambda pair: (-_score(*pair), *_place(pair[0].statement)))
    return [_candidate(sought, match, judgement) for match, judgement in found]


def _place(statement: Statement) -> tuple[str, int]:
    return statement.letter.id, statement.clause.span.start


def _score(match: Match, judgement: Judgement) -> float:
    """How like it is and how likely it speaks of it, weighed the same."""
    return round((match.score + judgement.related) / 2, 4)


def _candidate(sought: Sought, match: Match, judgement: Judgement) -> Candidate:
    letter, span = match.statement.letter, match.statement.clause.span
    return Candidate(
        relation=judgement.relation,
        sure=judgement.sure,
        citation=citation_of(letter),
        span=span,
        text=span.of(letter.text),
        score=_score(match, judgement),
        why=(*match.why, *_why(sought, match, judgement)),
    )


def _why(sought: Sought, match: Match, judgement: Judgement) -> Iterator[str]:
    """What the rules find that says the same, else words that do."""
    letter, clause = match.statement.letter, match.statement.clause
    found = outcome(clause, sought.asked, signed=letter.issued_on, calendar=profile().calendar)
    if found and found.relation == judgement.relation:
        yield from found.why
    elif judgement.sure:
        words = telling(clause.plain.words, judgement.relation)
        yield f"写有“{words}”" if words else "照整句的意思"
    if not judgement.sure:
        yield "是不是这种情况，没有把握"
