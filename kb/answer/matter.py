"""Whether two places of letters tell of the same matter, so that the later one holds."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from kb.query.parse import Query
from kb.search.hybrid import Found
from kb.store.protocol import SnapshotReader
from kb.text.places import known_places
from kb.text.sentences import trimmed
from kb.text.synonyms import coverage
from kb.text.titles import consulted, speaks_of_opinions
from kb.text.tokens import carrying, rarity, tokens
from kb.types import Letter, Span

# Shares by rarity of the words of the less wordy place and of the wordier that both hold. Set on
# the sample letters: of 40 pairs of one organ the same matter holds .38 and .19 or more.
LESS, MORE = 0.35, 0.15
SAME = (0.5, 0.35)  # the same shares where the older figure is set beside the newer
ASKED = 0.6  # of the question's words that one place holds, the share that the other must hold
ASKED_OF_OUTCOME = 0.4  # what became of a plan is told in fewer words than the plan
_TELLING = 4  # characters of a word that is enough alone
_PAUSES = "，。；：！？,;\n"
_KEPT = 8192  # sentences whose words are kept

# What became of a plan: it was dropped or put off, or it was carried out.
_BECAME = re.compile(
    r"不再(?!赘|另行|一一)|取消了?|暂缓|暂停|停[办建止]|缓建|终止|撤销|未能|推迟|推后|延[期后至]|改[为到]"
    r"|调整[为到至]|没有(?:按|做到|达到|延续|开工|完成|落实)|决定不|不予实施|不单独"
    r"|原[定计说先]|比(?:原定|原计划|计划|说好|预定)|提前|才(?:正式)?[印开完建到出落]"
)
_DONE = re.compile(
    r"已于(?=[^，。；]{2,20}(?:完|建成|开通|投|启用|印发|出台))|已(?:经|全部|基本|如期)*(?:完工|完成|建成|开通|投用|启用|印发|出台)"
    r"|[按如]期(?:完|建成|开|投|启|印)"
)
_RECITED = re.compile(
    r"答复[^。；]{0,24}时|(?:去年|上年|当时|此前|曾)[^。；]{0,10}(?:承诺|答应|提出|计划)"
)


def became(words: str) -> bool:
    """True if ``words`` tell what became of a plan: 不再单独建设, 推迟到10月, 已于5月完工."""
    return changed(words) or bool(_DONE.search(words))


def changed(words: str) -> bool:
    """True if ``words`` tell that a plan was dropped, put off or made another."""
    return bool(_BECAME.search(words))


def recites(words: str) -> bool:
    """True if ``words`` say again what was promised once, before they tell what came of it."""
    return bool(_RECITED.search(words))


def outcome(text: str, span: Span) -> Span | None:
    """The clause of the sentence at ``span`` that tells what became of a plan, if one does."""
    rules = (_BECAME, _DONE)
    match = next(filter(None, (rule.search(text, span.start, span.end) for rule in rules)), None)
    if match is None:
        return None
    return clause(text, Span(start=match.start(), end=match.end()), within=span)


def clause(text: str, part: Span, *, within: Span) -> Span:
    """What stands between the pauses around ``part``, in ``within``, which holds it."""
    start = max(text.rfind(mark, within.start, part.start) for mark in _PAUSES) + 1
    ends = [at for mark in _PAUSES if (at := text.find(mark, part.end, within.end)) >= 0]
    return trimmed(text, Span(start=max(start, within.start), end=min(ends, default=within.end)))


@lru_cache(_KEPT)
def subject(words: str) -> frozenset[str]:
    """The words of a sentence that tell what it is about; figures and dates tell it not."""
    kept = carrying(tokens(words))
    return frozenset(w for w in kept if len(w) > 1 and not any(c.isdigit() for c in w))


def alike(one: str, other: str, *, less: float = LESS, more: float = MORE) -> bool:
    """True if the places tell of the same, be the figures in them others.

    ``less`` and ``more`` are the shares by rarity of the words of the less wordy and of the
    wordier place that both must hold.
    """
    left, right = subject(one), subject(other)
    common = left & right
    if len(common) < 2 and not any(len(word) >= _TELLING for word in common):
        return False
    least, most = sorted(sum(map(rarity, words)) for words in (left, right))
    shared = sum(map(rarity, common))
    return shared >= less * least and shared >= more * most


def answers_too(query: Query, *, one: str, other: str) -> bool:
    """True if ``other`` holds the question's words about as ``one`` does.

    Both are texts without white space, as ``kb.text.chars.searchable`` folds them.
    """
    asked = [word for word in query.words if not any(c.isdigit() for c in word)]
    held = [word for word in asked if coverage([word], one) >= 1.0]
    least = ASKED_OF_OUTCOME if became(other) else ASKED
    return not held or coverage(held, other) >= least


def same_organ(one: Letter, other: Letter) -> bool:
    """True if both are replies of one organ; a 会办意见 is no reply."""
    left, right = one.value("issuer"), other.value("issuer")
    return bool(left) and left == right and not consultation(other)


def same_town(one: Letter, other: Letter) -> bool:
    """True if both are replies of organs of one place."""
    left, right = one.value("issuer"), other.value("issuer")
    if not left or not right or consultation(other):
        return False
    return left == right or known_places([left], []) == known_places([right], []) != ()


def without_opinions(query: Query, found: Found, reader: SnapshotReader) -> Found:
    """``found`` without the 会办意见 whose proposal has a reply of its own.

    A question for such an opinion, or for a letter that it names, keeps them.
    """
    if query.named.letter_ids or speaks_of_opinions(query.text):
        return found
    letters = ((hit, reader.letter(hit.passage.letter_id)) for hit in found.hits)
    kept = (hit for hit, letter in letters if not _replied(letter, query, reader))
    return replace(found, hits=tuple(kept))


def _replied(letter: Letter, query: Query, reader: SnapshotReader) -> bool:
    """True of a 会办意见 to whose proposal a reply is in the scope of the question."""
    number, assembly = letter.value("proposal_no"), letter.value("assembly")
    if not number or not consultation(letter):
        return False
    heads = reader.letters(replace(query.scope, proposal_no=number))
    others = (reader.letter(head.id) for head in heads if not consulted(head.title))
    return any(other.value("assembly") == assembly for other in others)


def consultation(letter: Letter) -> bool:
    """True of a 会办意见, a part of somebody else's reply."""
    return consulted(letter.title.value if letter.title else None)
