"""Which later sentences speak of a promise: proposed only.

A person looks at both quotes side by side and decides; nothing here writes anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from kb.analysis.evidence_match import Sought, Statement, match_of, sought_of, statements
from kb.errors import LetterNotFound
from kb.extract.outcomes import CITES, Outcome, outcome
from kb.extract.types import Relation
from kb.ledger.types import Entry
from kb.profile import profile
from kb.search.browse import catalogue_of
from kb.store.protocol import SnapshotReader
from kb.text.titles import citation_of
from kb.text.tokens import tokens
from kb.types import EVERY_LETTER, Citation, Scope, Span, Vectors

MOST = 8
_FOUND = 150  # passages of each ranking, of which the later ones count
_READ = 30  # passages whose clauses are compared
_JUDGED = 24  # best clauses that are asked what they say
_SAME = 0.55  # of 1: so like that it counts even where it does not say what became of it
_CONSTANT = 60.0  # of reciprocal rank fusion (Cormack et al., SIGIR 2009)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Words of a letter that may say something of a commitment; ``why`` in words for people.

    ``text`` is verbatim what stands at ``span`` of the letter ``citation`` names.
    """

    relation: Relation
    citation: Citation
    span: Span
    text: str
    score: float
    why: tuple[str, ...]


def evidence_candidates(
    entry: Entry, reader: SnapshotReader, *, scope: Scope = EVERY_LETTER, most: int = MOST
) -> tuple[Candidate, ...]:
    """What later letters in ``scope`` may say of ``entry``, the likeliest first."""
    sought = sought_of(entry)
    stated = (
        statement
        for letter_id, ordinals in _later(sought, reader, scope=scope).items()
        for statement in _in_passages(letter_id, ordinals, reader)
    )
    return tuple(islice(_judged(sought, stated), most))


def _later(sought: Sought, reader: SnapshotReader, *, scope: Scope) -> dict[str, list[int]]:
    """The likeliest passages of later letters, by letter."""
    asked = list(dict.fromkeys((*sought.words, *tokens(sought.entry.citation.name))))
    rankings = [reader.lexical(asked, limit=_FOUND, scope=scope)]
    vector = _vector(sought.entry, reader)
    if vector is not None:
        rankings.append(reader.nearest(vector, limit=_FOUND, scope=scope))
    fused: dict[int, float] = {}
    for ranking in rankings:
        for rank, (ordinal, _) in enumerate(ranking, 1):
            fused[ordinal] = fused.get(ordinal, 0.0) + 1 / (_CONSTANT + rank)
    catalogue, day = catalogue_of(reader, scope), sought.entry.citation.issued_on or "9999"
    found: dict[str, list[int]] = {}
    taken = 0
    for ordinal in sorted(fused, key=lambda ordinal: (-fused[ordinal], ordinal)):
        cited = catalogue.at(ordinal).citation
        if (cited.issued_on or "") > day and cited.letter_id != sought.entry.citation.letter_id:
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
    for statement in statements(reader.letter(letter_id)):
        if any(span.meets(statement.clause.span) for span in spans):
            yield statement


def _judged(sought: Sought, stated: Iterable[Statement]) -> Iterator[Candidate]:
    """Those that are like enough and say what became of it, best first."""
    matches = [match for statement in stated if (match := match_of(sought, statement))]
    matches.sort(
        key=lambda match: (
            -match.score,
            match.statement.letter.id,
            match.statement.clause.span.start,
        )
    )
    for match in matches[:_JUDGED]:
        letter, clause = match.statement.letter, match.statement.clause
        result = outcome(clause, sought.asked, signed=letter.issued_on, calendar=profile().calendar)
        if not result and match.score >= _SAME and not CITES.search(clause.masked):
            result = Outcome(relation="progresses", why=("说的是同一件事，没有写明结果",))
        if result:
            yield Candidate(
                relation=result.relation,
                citation=citation_of(letter),
                span=clause.span,
                text=clause.span.of(letter.text),
                score=round(match.score, 4),
                why=(*match.why, *result.why),
            )
