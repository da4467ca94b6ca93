"""Which of the confirmed promises a question means; precision goes before recall."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.promises import ConfirmedPromise, Proof
from kb.query.directory import directory_of, organs
from kb.query.parse import Query
from kb.query.promise_question import PromiseQuestion
from kb.search.hybrid import Found
from kb.store.protocol import SnapshotReader
from kb.text.chars import searchable
from kb.text.synonyms import coverage, expanded, meanings
from kb.text.titles import titles_of
from kb.text.tokens import rarity
from kb.text.traditional import simplified
from kb.types import Letter, Passage, Span

# Shares by rarity of the subject's words that a promise, with its headings and titles, must hold:
# of any promise, and of one in a passage that was found among the first.
HELD, HELD_NEAR = 0.8, 0.65
NEAR = 3  # passages found first
SECTIONS = 3  # levels of headings: 一、 （一） 1.
BEHIND = 0.3  # by how much more of the subject another sentence that was found may hold
APART = 0.15  # below the best share in a promise's own words, what is not meant
# Figures, and organs that no letter is of: a promise that does not name them is another.
_PLAINLY = re.compile(r"\d|[局委厅署]$|(?:公司|集团|委员会|医院)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """A promise that may be asked for, and the shares of the subject that it holds.

    ``own``: in its own words, headings and evidence; ``whole``: with its letter's titles too,
    words of one character left aside; none where its own words hold none. ``within`` if both the
    titles and what it stands in are wholly about the subject.
    """

    promise: ConfirmedPromise
    own: float
    whole: float
    within: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A sentence of a letter."""

    letter_id: str
    span: Span


def stands(words: ConfirmedPromise | Proof, reader: SnapshotReader) -> bool:
    """True if its letter has these words where they are said to stand."""
    return words.span.of(reader.letter(words.letter_id).text) == words.text


def matching(
    query: Query,
    asked: PromiseQuestion,
    found: Found,
    reader: SnapshotReader,
    promises: Sequence[ConfirmedPromise],
) -> list[Matched]:
    """Those of ``promises`` that ``query`` asks for; ``found`` is what it finds in the letters."""
    heads = directory_of(reader, query.scope).heads
    near = [hit.passage for hit in found.hits[:NEAR]]
    words = telling(asked.subject)
    rivals = list(_sentences(words, near, reader)) if words else []
    matched = []
    for promise in promises:
        if heads.get(promise.letter_id) is None or not stands(promise, reader):
            continue
        if not _admitted(query, asked, promise, reader):
            continue
        one = _weighed(promise, asked.subject, reader)
        close = any(
            passage.letter_id == promise.letter_id and passage.span.meets(promise.span)
            for passage in near
        )
        ahead = max((held for rival, held in rivals if not _about(promise, rival)), default=0.0)
        if one.whole >= (HELD_NEAR if close else HELD) and (one.whole >= ahead - BEHIND):
            matched.append(one)
    best = max((one.own for one in matched), default=0.0)
    return [one for one in matched if one.within or one.own >= best - APART]


def _admitted(
    query: Query, asked: PromiseQuestion, promise: ConfirmedPromise, reader: SnapshotReader
) -> bool:
    """True if ``promise`` is of the letters, organs, places and years that are asked for."""
    named = query.named.letter_ids
    if (named and promise.letter_id not in named) or query.named.missing:
        return False
    if asked.issuers and not asked.issuers & _organs(query, promise, reader):
        return False
    if asked.places:
        letter = reader.letter(promise.letter_id)
        about = simplified(f"{titles_of(letter)}{letter.value('issuer') or ''}{promise.text}")
        if not all(place in about for place in asked.places):
            return False
    if not asked.years:
        return True
    said = (promise.issued_on or "")[:4]
    due = (promise.due_on or "")[:4]
    return any(
        (year == said and (asked.said or not asked.due))
        or (not asked.said and (year == due or f"{year}年" in promise.text))
        for year in asked.years
    )


def _organs(query: Query, promise: ConfirmedPromise, reader: SnapshotReader) -> frozenset[str]:
    """Whose promise it is: the organ that is to do it, else whoever wrote the letter."""
    known = directory_of(reader, query.scope)
    own = organs(promise.organ, known) if promise.organ else frozenset[str]()
    head = known.heads.get(promise.letter_id)
    issuer = head.issuer if head else None
    return own or (frozenset((issuer,)) if issuer else frozenset())


def _weighed(promise: ConfirmedPromise, subject: Sequence[str], reader: SnapshotReader) -> Matched:
    if not subject:
        return Matched(promise=promise, own=1.0, whole=1.0)
    letter = reader.letter(promise.letter_id)
    words = telling(subject)
    text, titles = searchable(promise.text), titles_of(letter)
    proofs = (proof.text for proof in promise.evidence if stands(proof, reader))
    own = text + searchable("".join((*promise.headings, *proofs)))
    within = _held(words, titles) == _held(words, _around(promise, letter)) == 1.0
    must = [word for word in words if _PLAINLY.search(word)]
    if not (within or _held(words, text)) or not all(_there(word, text) for word in must):
        return Matched(promise=promise, own=0.0, whole=0.0)
    return Matched(
        promise=promise,
        own=_held(subject, own),
        whole=max(_held(words, own + titles), coverage(words, own + titles)),
        within=within,
    )


def _sentences(
    words: Sequence[str], near: Sequence[Passage], reader: SnapshotReader
) -> Iterator[tuple[Place, float]]:
    """The sentences of these passages, each with the share of the words that it holds."""
    for passage in near:
        text = reader.letter(passage.letter_id).text
        over = searchable("".join(passage.headings)) + titles_of(reader.letter(passage.letter_id))
        for span in passage.sentences:
            place = Place(letter_id=passage.letter_id, span=span)
            yield place, _held(words, searchable(span.of(text)) + over)


def _about(promise: ConfirmedPromise, rival: Place) -> bool:
    """True if the rival is a sentence of the promise itself or of its evidence."""
    own: tuple[ConfirmedPromise | Proof, ...] = (promise, *promise.evidence)
    return any(w.letter_id == rival.letter_id and w.span.meets(rival.span) for w in own)


def telling(subject: Sequence[str]) -> Sequence[str]:
    """The words of more than one character, which tell what it is about; all where none is."""
    return [word for word in subject if len(word) > 1] or subject


def _around(promise: ConfirmedPromise, letter: Letter) -> str:
    """The line that the promise stands in, folded; its section where it is most of the line."""
    start = letter.text.rfind("\n", 0, promise.span.start) + 1
    end = letter.text.find("\n", promise.span.end)
    line = letter.text[start : end if end >= 0 else None]
    if len(promise.text) * 2 < len(line):
        return searchable(line)
    heads = [head.span.start for head in letter.headings if head.level <= SECTIONS]
    first = max((head for head in heads if head <= promise.span.start), default=letter.body.start)
    last = min((head for head in heads if head > promise.span.start), default=letter.body.end)
    return searchable(letter.text[first:last])


def _held(subject: Sequence[str], text: str) -> float:
    """The share of the words, by rarity, that ``text`` holds, or others of the same meaning."""
    total = sum(map(rarity, subject))
    return sum(rarity(word) for word in subject if _there(word, text)) / total


def _there(word: str, text: str) -> bool:
    if any(meaning in text for meaning in meanings(word)):
        return True
    official = expanded([word])
    return bool(official) and all(token in text for token in official)
