"""What tells how a later clause stands to a promise: numbers by name, the same for training.

Three kinds: what both speak of (words weighed by rarity, names, figures), how far the clause says
it is (``kb.analysis.evidence.wording``, by the part it stands in), and what the rules make of it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence

from kb.analysis.evidence.match import DATED, Sought, Statement, places_in
from kb.analysis.evidence.objects import objects
from kb.analysis.evidence.things import PART_OF, Things, things_in
from kb.analysis.evidence.wording import FINISHED, ROWS, tally
from kb.extract.outcomes import CITES, RECALLED, Facts, facts_of, settled
from kb.extract.types import RELATIONS
from kb.profile import profile
from kb.text.chars import bare, fold
from kb.text.normalize import narrowed
from kb.text.similarity import held, jaccard, pairs
from kb.text.synonyms import coverage, meanings
from kb.text.tokens import rarity, subject_tokens

_LONGEST_RUN = 10  # characters in common that are told apart
_TAIL = 8  # characters at a promise's end, which tend to name what is done to what
_SUBJECT = 10  # characters a clause begins with, which tend to name what it is about
_MOST = 5
_LIKE = 0.5  # of a word's characters
_NAMED = 0.75  # of an object's characters
_COVERED = 0.4  # of a part's words
_DATES = re.compile(r"\d+|[去今]年|截至|目前|[上下]半年|[年月日]")
_SMALL = re.compile(r"[，。、\d的了和与]")
_ASKED = {  # what kind of promise it is
    "begins": re.compile(r"(?:开工|启动|动工|立项|上报|申请|编制方案|论证|研究|探索|约谈|登记|[查踏]勘).{0,8}$"),
    "studies": re.compile(r"^.{0,10}(?:研究|探索)"),
    "forbids": re.compile(r"不再|禁止|严禁|杜绝|停止|不得|取消"),
    "conditional": re.compile(r"^(?:如|若|一旦)|发现"),
    "lowers": re.compile(r"[降减压]|缩短|控制在|以内|以下|不超过|不高于"),
    "lists": re.compile(r"纳入|列入"),
    "recurs": re.compile(r"每[年月周季]|定期|日常|长期|常态"),
}  # fmt: skip
_LISTED = re.compile(r"(?:已|均|起，?|正式|全部)[^，]{0,24}(?:纳入|列入)|(?:纳入|列入)了")
_BEGUN = re.compile(r"开工|动工|启动|进场|开建|破土|招标|选址|在建|封顶|调试|征求意见|草案|报送")
_GOING_ON = re.compile(
    r"正在|尚[未待无在]|还[没未在]|仍[未在]|过半(?!年)|尾声|筹备|待(?=[^，]{0,8}后)"
)
Features = Mapping[str, float]


def features(sought: Sought, statement: Statement) -> Features:
    """How ``statement`` stands to what is ``sought``; every name is always there."""
    words = statement.clause.plain.words
    facts = facts_of(
        statement.clause,
        sought.asked,
        signed=statement.letter.issued_on,
        calendar=profile().calendar,
    )
    told = dict(
        (
            *_shared(sought, words, statement.around),
            *_surface(sought.plain, words, statement.around),
            *_parts(sought, statement),
            *_things(sought.things, things_in(words), words),
            *_named(sought, words),
            *_measured(sought, facts),
            *_said(sought, statement),
            *((f"asked_{kind}", _true(rule.search(sought.plain))) for kind, rule in _ASKED.items()),
        )
    )
    reached = told["figures_reached"] and not told["figures_short"] and not told["rules_ahead"]
    told["reached_of_it"] = _true(reached and told["object"] >= _NAMED)
    told["finished_it"] = _true(told["best finished"] and told["object_least"] >= _NAMED)
    return told


def _true(value: object) -> float:
    return float(bool(value))


def _shared(sought: Sought, words: str, around: str) -> Iterator[tuple[str, float]]:
    """Which words both have, by how rare they are, and which one of them only."""
    likeness = [(rarity(word), _likeness(word, around)) for word in sought.words]
    total = sum(rare for rare, _ in likeness) or 1.0
    own = [word for word in sought.words if not any(word in a + b for a, b in sought.things.named)]
    yield "covered", coverage(sought.words, around)
    yield "covered_unnamed", coverage(own or sought.words, around)
    yield "covered_head", coverage(sought.words[:3], around)
    yield "covered_tail", coverage(sought.words[-3:], around)
    yield "covered_softly", sum(rare * like for rare, like in likeness) / total
    yield "rarest_shared", max((rare for rare, like in likeness if like == 1), default=0.0)
    yield "rarest_missing", max((rare for rare, like in likeness if like < _LIKE), default=0.0)
    yield "words_shared", min(sum(like == 1 for _, like in likeness), _MOST)
    said = [
        (rarity(word), _likeness(word, sought.plain))
        for word in subject_tokens(words)
        if len(word) > 1 and not word[0].isdigit() and not any(r.pattern.search(word) for r in ROWS)
    ]
    every = sum(rare for rare, _ in said) or 1.0
    yield "new", sum(rare * (1 - like) for rare, like in said) / every
    yield "rarest_new", max((rare for rare, like in said if like < _LIKE), default=0.0)


def _likeness(word: str, text: str) -> float:
    if any(meaning in text for meaning in meanings(word)):
        return 1.0
    return sum(char in text for char in word) / len(word)


def _surface(plain: str, words: str, around: str) -> Iterator[tuple[str, float]]:
    """What characters both have."""
    ours, theirs, there = (pairs(re.sub(r"\d", "", text)) for text in (plain, words, around))
    yield "pairs_held", held(ours, there)
    yield "pairs_held_back", held(theirs, ours)
    yield "pairs", jaccard(len(ours & theirs), len(ours), len(theirs) or 1) if ours else 0.0
    yield "run", _run(plain, around)
    tail = pairs(_SMALL.sub("", plain)[-_TAIL:])
    yield "tail", held(tail, there)
    subject = _DATES.sub("", re.split("[，：]", words)[0])[:_SUBJECT]
    yield "subject", held(pairs(subject), ours)
    yield "subject_chars", held(frozenset(subject), frozenset(plain))
    chars, own = frozenset(_SMALL.sub("", words)), frozenset(_SMALL.sub("", plain))
    yield "chars_held", held(own, frozenset(around))
    yield "chars_held_back", held(chars, own)


def _run(plain: str, words: str) -> int:
    """The length of the longest run of characters that both have."""
    longest = 0
    for start in range(len(plain)):
        while longest < _LONGEST_RUN and start + longest < len(plain):
            if plain[start : start + longest + 1] not in words:
                break
            longest += 1
    return longest


def _parts(sought: Sought, statement: Statement) -> Iterator[tuple[str, float]]:
    """How much of each part of the promise is there, and which part of the clause has most."""
    words = statement.clause.plain.words
    found = [coverage(part, statement.around) for part in sought.parts]
    yield "part_least", min(found, default=0.0)
    yield "parts_asked", min(len(found), _MOST)
    yield "parts_covered", sum(part >= _COVERED for part in found) / max(len(found), 1)
    said = [words[start:end] for start, end in statement.clause.parts] or [words]
    covered = [coverage(sought.words, fold(part)) for part in said]
    best = covered.index(max(covered))
    yield from objects(sought.plain, words, statement.around, said[best])
    yield "best", covered[best]
    yield "best_first", _true(best == 0)
    yield "best_last", _true(best == len(said) - 1)
    for place, part in (("best", said[best]), ("first", said[0]), ("last", said[-1])):
        for name, count in tally(part).items():
            yield f"{place} {name}", count


def _things(ours: Things, theirs: Things, words: str) -> Iterator[tuple[str, float]]:
    """Whether the names, numbers, sides and figures agree."""
    same = ours.names(words)
    yield "named_same", _true(same)
    yield "named_new", _true(theirs.named and not same)
    yield "named_missing", _true(ours.named and not same)
    yield "named_apart", _true(ours.named and theirs.named and not same)
    yield "road_apart", _true(ours.other_road(theirs))
    yield "kind_apart", _true(ours.apart(theirs, words))
    numbered = ours.numbered.keys() & theirs.numbered.keys()
    yield "numbered_same", _true(any(ours.numbered[k] == theirs.numbered[k] for k in numbered))
    yield "numbered_apart", _true(any(ours.numbered[k] != theirs.numbered[k] for k in numbered))
    sided = ours.sides.keys() & theirs.sides.keys()
    yield "side_same", _true(any(ours.sides[k] & theirs.sides[k] for k in sided))
    yield "side_apart", _true(any(not ours.sides[k] & theirs.sides[k] for k in sided))
    shares = [
        min(max(theirs.figures[unit]) / max(values), 3.0)
        for unit, values in ours.figures.items()
        if unit in theirs.figures and max(values)
    ]
    yield "figures_asked", min(len(ours.figures), 3)
    yield "figures_reached", sum(share >= 1 for share in shares)
    yield "figures_short", sum(share < 1 for share in shares)
    yield "figures_same", sum(share == 1 for share in shares)
    yield "figures_least", min((*shares, 1.0))
    yield "figures_untold", _true(ours.figures and not shares)
    yield "figures_two", _true(any(len(values) > 1 for values in theirs.figures.values()))
    yield "figures_part", _true(PART_OF.search(words))


def _named(sought: Sought, words: str) -> Iterator[tuple[str, float]]:
    """Whether the districts and the documents agree."""
    theirs = places_in(words)
    same = any(place in theirs for place in sought.places)
    kinds = {place.kind for place in sought.places} & {place.kind for place in theirs}
    yield "place_same", _true(same)
    yield "place_apart", _true(kinds and not same)
    cited = any(document in words for document in sought.cited)
    yield "cited_same", _true(cited)
    yield "cited_missing", _true(sought.cited and not cited)
    due = sought.pledge.due
    yield "due_told", _true(due and len(due.raw) >= DATED and narrowed(bare(due.raw)) in words)
    yield "number_same", _true(any(number in words for number in sought.numbers))


def _measured(sought: Sought, facts: Facts) -> Iterator[tuple[str, float]]:
    """What the rules make of it, and the figure that it is measured by."""
    result = settled(facts, sought.asked)
    for relation in RELATIONS:
        yield f"rules_{relation}", _true(result and result.relation == relation)
    for name in ("done", "whole", "late", "dropped", "going", "ahead", "partly"):
        yield f"rules_{name}", _true(getattr(facts, name))
    target, reached = sought.asked.target, facts.reached
    told = reached.value / target.value if target and reached and target.value else 1.0
    yield "target", _true(target)
    yield "target_told", _true(target and reached)
    yield "target_share", max(-2.0, min(2.0, math.log(told))) if told > 0 else -2.0


def _said(sought: Sought, statement: Statement) -> Iterator[tuple[str, float]]:
    """How far the clause and the rest of its sentence say it is."""
    words = statement.clause.plain.words
    for name, count in tally(words).items():
        yield f"all {name}", count
    for name, count in tally(statement.rest, most=1).items():
        yield f"rest {name}", count
    listed = _ASKED["lists"].search(sought.plain) and _LISTED.search(words)
    yield "listed_as_asked", _true(listed)
    begun = _BEGUN.search(words) and not (FINISHED.search(words) or listed)
    yield "begun_only", _true(begun and not _ASKED["begins"].search(sought.plain))
    yield "going_on", _true(_GOING_ON.search(words))
    yield "recalls", _true(RECALLED.search(words) or CITES.search(words))


def grams(words: str, known: Sequence[str] | Mapping[str, object]) -> frozenset[str]:
    """The runs of one to three characters of ``words`` that are ``known``, figures as 0."""
    text = re.sub(r"\d+(?:\.\d+)?", "0", words)
    every = (text[at : at + size] for size in (1, 2, 3) for at in range(len(text) - size + 1))
    return frozenset(run for run in every if run in known)
