"""How like a clause of a letter is to a promise made before, and in what they agree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from kb.analysis.evidence.things import Things, things_in
from kb.extract.clauses import Clause, clauses_of
from kb.extract.outcomes import CITES, RECALLED, Measure
from kb.extract.types import Due, Target
from kb.ledger.types import Entry
from kb.profile import profile
from kb.text.chars import bare, fold, searchable
from kb.text.normalize import narrowed
from kb.text.places import Place, setting
from kb.text.similarity import held, pairs
from kb.text.synonyms import coverage, meanings
from kb.text.tokens import rarity, subject_tokens, tokens
from kb.types import Letter

ENOUGH = 0.2  # of 1: below it hardly anything is evidence (eval/annotations/evidence_pairs.jsonl)
_PLACED = 0.36  # from which on it is asked where both are: that takes its time
_TELLING = 3  # characters of a shared word that is enough alone
_COUNTY = 2  # kinds of places from here on (kb.text.places)
DATED = 6  # characters of a due date that hardly stands there by chance
_ANY = ("个", "元")  # units of anything
_SHOWN = 3  # shared words that are shown
_DATE = re.compile(
    r"(?:20\d\d|今|明|去|当)?年?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:年?[底末初前内])+|20\d\d年?|\d{1,2}月"
)
_NUMBER = re.compile(r"(?<![\d.])\d{2,}(?:\.\d+)?(?![\d.年月日])")
_NUMBERED = re.compile(r"[\u4e00-\u9fffA-Z]\d+(?:路|号线|线|号|期|标段)")
# Words that every other promise has.
_EMPTY = frozenset((
    "万元", "亿元", "今年", "明年", "去年", "全年", "年内", "上半年", "下半年", "年底", "月底",
    "每年", "完成", "建成", "新增", "投入", "达到", "推进", "实施", "开展", "进一步", "继续",
    "力争", "争取", "计划", "全部", "全市", "我市", "我局",
))  # fmt: skip
_FORM = re.compile(
    r"收悉|日印发$|^抄送|联系(?:人|单位)|^感谢|^欢迎"
)  # no part of what a letter says
_CAPPED = re.compile(r"以内|以下|不超过|不高于|[降缩减压][到至低为少短]")
_APART = re.compile(r"[，、；]|和|及|与|并")  # between the parts of a promise
_CITED = re.compile(r"《[^》]{4,200}》")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """A promise as somebody made it; ``action`` is what is to be done, ``organs`` are concerned."""

    text: str
    action: str
    organs: tuple[str, ...] = ()
    due: Due | None = None
    target: Target | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """A promise as it is looked for; ``plain`` are its words without its dates."""

    pledge: Pledge
    plain: str
    words: tuple[str, ...]
    head: tuple[str, ...]
    pairs: frozenset[str]
    numbers: frozenset[str]
    cited: tuple[str, ...]
    organs: tuple[str, ...]
    places: tuple[Place, ...]
    parts: tuple[tuple[str, ...], ...]
    things: Things

    @property
    def asked(self) -> Measure:
        """What it is measured by: not by a figure that it is to stay below."""
        target = None if _CAPPED.search(self.pledge.text) else self.pledge.target
        return Measure(due=self.pledge.due, target=target)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A clause of a letter; ``around`` are its words with its headings and what it recalls.

    ``rest`` are the words of the other clauses of its sentence.
    """

    letter: Letter
    clause: Clause
    around: str
    rest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Agreed:
    """Something two have in common; ``sure`` where hardly anything else has it."""

    reason: str
    worth: float
    sure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A clause that is like enough to a promise, how like, and why, in words for people."""

    score: float
    statement: Statement
    why: tuple[str, ...]


def pledge_of(entry: Entry) -> Pledge:
    """The promise that ``entry`` keeps."""
    organs = (entry.organ, entry.citation.issuer)
    return Pledge(
        text=entry.text,
        action=entry.action,
        organs=tuple(organ for organ in organs if organ),
        due=entry.due,
        target=entry.target,
    )


def sought_of(pledge: Pledge) -> Sought:
    """``pledge`` as it is looked for."""
    plain = _DATE.sub("", narrowed(bare(pledge.text)))
    words, head = _words(plain), _words(_DATE.sub("", pledge.action))
    known = [name for organ in pledge.organs for name in called(organ)]
    return Sought(
        pledge=pledge,
        plain=plain,
        words=words,
        head=head if len(head) > 1 else words,
        pairs=pairs(re.sub(r"\d", "", plain)),
        numbers=frozenset(_NUMBER.findall(plain)),
        cited=tuple(_CITED.findall(plain)),
        organs=tuple(dict.fromkeys(known)),
        places=places_in(plain),
        parts=tuple(own for part in _APART.split(plain) if (own := _words(part))),
        things=things_in(plain),
    )


def statements(letter: Letter) -> Iterator[Statement]:
    """The clauses of ``letter``, each with what it stands under and what the one before recalls."""
    recalled = ""
    for _, group in groupby(clauses_of(letter), key=lambda clause: clause.sentence):
        clauses = list(group)
        for clause in clauses:
            above = "".join(heading.text for heading in clause.path)
            around = searchable(f"{above}{recalled}{clause.plain.words}")
            if not _FORM.search(clause.plain.words):
                rest = "；".join(other.plain.words for other in clauses if other is not clause)
                yield Statement(letter=letter, clause=clause, around=around, rest=rest)
            recalled = clause.plain.words if CITES.search(clause.masked) else ""


def match_of(sought: Sought, statement: Statement) -> Match | None:
    """How like a clause is to a promise, and in what; None if not enough."""
    around, words = statement.around, statement.clause.plain.words
    whole = coverage(sought.words, around)
    words_held = max(whole, (whole + coverage(sought.head, around)) / 2)
    if words_held < ENOUGH / 2:
        return None
    both = held(sought.pairs, pairs(around))
    agreed = list(_agreements(sought, statement, words))
    score = 0.5 * words_held + 0.3 * both + sum(agreement.worth for agreement in agreed)
    if score >= _PLACED:
        agreed += _places(sought, words)
        score = 0.5 * words_held + 0.3 * both + sum(agreement.worth for agreement in agreed)
    places = {place.name for place in sought.places}
    shared = _shared(sought.words, around)
    own = [word for word in _shared(sought.words, fold(words)) if word not in places]
    telling = sum(map(len, own)) >= _TELLING
    if score < ENOUGH or not shared or not (telling or any(agreement.sure for agreement in agreed)):
        return None
    why = (
        *(agreement.reason for agreement in agreed if agreement.reason),
        f"都提到{'、'.join(shared[:_SHOWN])}",
    )
    return Match(score=score, statement=statement, why=why)


def _agreements(sought: Sought, statement: Statement, words: str) -> Iterator[_Agreed]:
    """What the two agree in besides their words."""
    issuer, due, target = (
        statement.letter.value("issuer") or "",
        sought.pledge.due,
        sought.pledge.target,
    )
    if any(organ in issuer for organ in sought.organs):
        yield _Agreed(reason="同一单位", worth=0.1)
    elif named := next((organ for organ in sought.organs if organ in words), None):
        yield _Agreed(reason=f"提到{named}", worth=0.1)
    if cited := next((document for document in sought.cited if document in words), None):
        yield _Agreed(reason=f"都提到{cited}", worth=0.1, sure=True)
    if due and narrowed(bare(due.raw)) in words:
        sure = len(due.raw) >= DATED  # not 2025年 alone
        yield _Agreed(reason=f"提到原定期限“{due.raw}”", worth=0.1, sure=sure)
    elif RECALLED.search(words) or CITES.search(words):
        yield _Agreed(reason="回顾了过去的承诺", worth=0.06)
    if numbers := sought.numbers & frozenset(_NUMBER.findall(words)):
        number = max(numbers, key=lambda digits: (len(digits), digits))
        yield _Agreed(reason=f"提到同一个数字{number}", worth=0.08, sure=True)
    if target and target.unit not in _ANY and target.unit in words:
        yield _Agreed(reason=f"同一数量单位“{target.unit}”", worth=0.04)


def _places(sought: Sought, words: str) -> list[_Agreed]:
    """What it is worth that both name a place, or that they name different ones of a kind."""
    ours, theirs = sought.places, places_in(words)
    if both := [place.name for place in ours if place in theirs]:
        return [_Agreed(reason=f"都在{both[0]}", worth=0.04)]
    apart = {place.kind for place in ours} & {place.kind for place in theirs}
    return [_Agreed(reason="", worth=-0.1)] if apart else []


def places_in(words: str) -> tuple[Place, ...]:
    """The counties, districts and towns that ``words`` name."""
    named = setting(words, (), words=tokens(words)).places
    return tuple(place for place in named if place.kind >= _COUNTY)


def _shared(words: Sequence[str], around: str) -> list[str]:
    """The most telling words that both have, those that stand together joined."""
    held = [word for word in words if any(meaning in around for meaning in meanings(word))]
    joined: list[str] = []
    for left, right in pairwise(("", *held)):
        if joined and left + right in around and joined[-1].endswith(left):
            joined[-1] += right
        else:
            joined.append(right)
    return sorted(joined, key=lambda word: -0.1 * len(word) - rarity(word))


def called(organ: str) -> tuple[str, ...]:
    """The names that an organ goes by, 市教育局 among them."""
    return profile().aliases(organ.removeprefix("市")) or (organ,)


def _words(plain: str) -> tuple[str, ...]:
    """The words of ``plain`` that tell something, numbered names (夜1路) among them."""
    telling = (
        word
        for word in subject_tokens(plain)
        if len(word) > 1 and not word[0].isdigit() and word not in _EMPTY
    )
    return (*telling, *_NUMBERED.findall(plain))
