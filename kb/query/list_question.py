"""Questions for a list of letters or their number: the conditions that they state."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain, product
from pathlib import Path

from kb.query.brought import Brought, brought, session
from kb.query.conditions import ListConditions, Period, Session
from kb.query.directory import Directory
from kb.query.mentions import Mention, mentions, without
from kb.query.newest_question import Newest, newest
from kb.query.periods import periods
from kb.query.topic import in_title, topic
from kb.text.chars import bare, made_of, narrow
from kb.text.places import Place
from kb.text.tokens import word_lists
from kb.text.traditional import simplified

VOCABULARY = Path(__file__).with_name("listing.txt")

_KINDS = ("提案", "建议", "议案")

CONSULTED = "会办意见"

_EACH = r"(?:件|份|封|个|条|篇|次|回|趟|遍)"

_ASKS = re.compile(
    rf"哪些|哪几{_EACH}?|列出|列举|列一下|列个|清单|名单|一览|全部|所有|(?:多少|几)(?:{_EACH}|$)|多少|总数|数量"
    r"|都(?:拿|发)?给我|列一列|全列|列给|[找挑翻调列]出来|(?:给我|让我|我想|都想)看|统计|哪[几些]年|有没有|有无|(?:答复|回复|答|回|提)过(?:些)?(?:什么|啥)"
    r"|有.{0,20}(?:答复[函件]?|回复|复文|复函|提案|议案)吗$"
)
_ANSWERED = re.compile(
    r"(?:答复|回复|答|回)(?:了|过)?(?:多少|几|哪些|哪几)|哪些(?:单位|部门)(?:答复|回复|答|回)"
    r"|(?:发|提|办|写)(?:出|布)?(?:了|过)?(?:多少|几|哪些|哪几)"
    r"|(?:答复|回复|答|回|提)过(?:些)?(?:什么|啥)|哪[几些]年(?:都|又)?(?:答复|回复|答|回)"
)
_NAMED_KIND = re.compile(
    r"提案|议案|会办意见|(?:人大|代表)建议|(?:件|份|封)建议|(?:关于|涉及|[有相]关).{0,14}的建议|建议(?:的?(?:答复|回复|复文|复函))"
    r"|(?:答复|回复|办理)(?:了|过)?(?:的|哪些|多少)?建议|(?:类|年|提|会议)上?的?建议|答复[函件信]?|回复|回信|复信|复文|复函"
    r"|(?:多少|几)[份封]|[答回](?:了|过)?(?:多少|几)[次回封份]"
)
_NEWEST_OF = re.compile(r"[答复函信]|提案|[份封]|[回办发](?:过|了)")
# A letter's class where the question leaves 类 out: 拿了B的, 定成C.
_BARE_CLASS = re.compile(
    r"(?:(?<=[拿得获评定判算归列][了到成为])|(?<=[拿得获评定判算是])|(?<=结果[是为]))"
    r"(?P<classes>[A-Da-d甲乙丙](?:[、和或与][A-Da-d甲乙丙])*)(?=的|$|有|，|一共|总共|共|答复|[了吗呢呀啊吧])"
)
# 26年的复文; and what says once more what is asked for: 不是个人提的那种, 办得最好的，就是A类.
_SHORT_YEAR = re.compile(r"(?<!\d)2\d年(?=的|度|[里内，]|[发出办答回提评]|[A-D]类)")
_NO_OTHERS = re.compile(r"[，。？?！!]?不是[^，。；？?！!]{2,10}那[种些个]?[。？?！!]*$")
_BEST = re.compile(r"办得最好的?，?就是(?=[A-Da-d]类)")
_SMALL_CLASS = re.compile(r"(?<![A-Za-z])[a-d](?=\s?类)")
_ABOUT = re.compile(r"(?:关于|涉及|针对|围绕|对|给)$")
_OF_ONE_LETTER = re.compile(
    r"单位|部门|结果|(?<!政协)委员|(?<!人大)代表"
)  # fields that one letter has of itself
# 是哪些委员提的 asks of one letter.
_OF_WHOM = re.compile(r"[是由]哪[些几](?:位|个|名)?(?:政协|人大)?(?:委员|代表|单位|部门)")
_MARKS = re.compile(r"[，。；：？！?!,.“”\"《》~～…]+")
_WHO = r"(?:是|由)?(?:谁|哪[个些家]?(?:单位|部门|局)|哪家)(?:负责)?"
_DOES = r"(?:答复|回复|承办|办理|主办|印发|发出|答|回|办|发)"
_WHEN = r"(?:哪一?年|什么时候|哪天|哪一天|何时|几号|几月)"
_CALLED = r"(?:题目|标题|名称|名字)"
_ALL = r"(?:都|分别|各|又)*"
# What is asked of each letter on the list besides; its citation says it.
_TOLD = (
    ("issuer", re.compile(rf"{_ALL}{_WHO}{_DOES}(?:的|了)*")),
    ("issued_on", re.compile(rf"{_ALL}是?{_WHEN}{_DOES}?的")),
    ("issued_on", re.compile(rf"(?:答复|回复|发文)?(?:日期|时间){_ALL}是?(?:什么|多少|哪天)?")),
    ("number", re.compile(rf"(?:文号|字号){_ALL}是?(?:什么|多少)?")),
    ("title", re.compile(rf"{_CALLED}?{_ALL}(?:叫|是)(?:什么|啥){_CALLED}?|{_CALLED}")),
    (
        "addressees",
        re.compile(rf"{_ALL}[是由]?(?:谁|哪[些几]?[位个名]?(?:委员|代表))(?:联名)?提出?的"),
    ),
    ("title", re.compile(rf"{_ALL}是?(?:关于|讲|说)(?:什么|啥|哪)(?:方面|事|内容)?的?")),
)
_EACH_OF = (
    ("year", re.compile(r"[每各逐历]一?年|哪[几些]年")),
    ("class", re.compile(r"[各每]类|[A-D甲乙丙]类(?:各|分别)")),
    ("issuer", re.compile(r"[各每]个?(?:单位|部门|局)")),
    ("kind", re.compile(r"(?:提案|建议)[和、与](?:提案|建议)(?:分别|各)")),
)


@lru_cache(maxsize=1)
def _understood() -> frozenset[str]:
    return frozenset(chain.from_iterable(word_lists(VOCABULARY)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What was read of a question before its organs, places and topic are; ``rest`` is left."""

    periods: tuple[Period, ...]
    session: Session | None
    brought: Brought
    newest: Newest | None
    rest: str


def list_question(
    question: str, known: Directory, *, places: Sequence[Place], today: date | None = None
) -> ListConditions | None:
    """The list that ``question`` asks for; None if it asks for content or says more than that.

    ``places`` are those that it names; 去年 and the like are understood where ``today`` is given.
    """
    text = _normal(question)
    read = _read(text, today)
    if read is None:
        return None
    named = mentions(read.rest, known, places=places, today=today)
    if not _all_understood(named, read.rest):
        return None
    rest = _MARKS.sub("，", without(read.rest, named))
    titled, rest = in_title(rest)
    shows, rest = _told(rest, read.newest)
    if _OF_WHOM.search(rest):
        return None
    about, rest = (
        (titled, rest)
        if titled
        else topic(rest, understood=_understood(), leading=read.newest is not None)
    )
    rest = rest.replace("，", "")
    told = named or about or read.periods or read.session or read.brought != Brought()
    if not told and not read.newest and _OF_ONE_LETTER.search(rest):
        return None
    if not _asked(rest, text, named, read) or not made_of(rest, _understood()):
        return None
    return _conditions(text, rest, named, about, read, shows)


def _normal(question: str) -> str:
    text = narrow(simplified(bare(question)))
    text = _BEST.sub("", _NO_OTHERS.sub("", _SHORT_YEAR.sub(r"20\g<0>", text)))
    text = _SMALL_CLASS.sub(lambda match: match[0].upper(), text)
    return _BARE_CLASS.sub(lambda match: match["classes"].upper() + "类", text)


def _read(text: str, today: date | None) -> _Read | None:
    dated = periods(text, today=today)
    if dated is None:
        return None
    found, rest = dated
    sitting, rest = session(rest)
    latest, rest = newest(rest)
    took_part, rest = brought(rest)
    return _Read(periods=found, session=sitting, brought=took_part, newest=latest, rest=rest)


def _all_understood(named: Sequence[Mention], text: str) -> bool:
    """False where something is named that no condition can hold."""
    if sum(mention.kind == "place" for mention in named) > 1:
        return False
    return not any(
        mention.kind == "number" or not mention.means or _is_topic(mention, text)
        for mention in named
    )


def _asked(rest: str, text: str, named: Sequence[Mention], read: _Read) -> bool:
    """True if letters are asked for, or how many there are."""
    if read.newest:
        return bool(_NEWEST_OF.search(text))
    if not _ASKS.search(rest):
        return False
    brings = bool(read.brought.people or read.brought.bodies or read.brought.partners)
    return bool(
        _ANSWERED.search(rest)
        or _NAMED_KIND.search(text)
        or any(mention.kind == "class" for mention in named)
        or (brings and re.search(r"提|办", text))
    )


def _told(rest: str, latest: Newest | None) -> tuple[str, str]:
    """The field that is asked of each letter, "" if none is, and ``rest`` without that."""
    shows = latest.shows if latest else ""
    for field, pattern in _TOLD:
        match = pattern.search(rest)
        left = rest[: match.start()] + rest[match.end() :] if match else rest
        if match and (latest or _ASKS.search(left)):
            shows, rest = shows or field, left
    return shows, rest


def _conditions(
    text: str,
    rest: str,
    named: Sequence[Mention],
    about: tuple[str, ...],
    read: _Read,
    shows: str,
) -> ListConditions:
    organs = tuple(mention.text for mention in named if mention.kind == "organ")
    partners, issuers = read.brought.partners, frozenset(_means(named, "organ"))
    pairs = product(organs, "和与跟同", partners)
    if any("".join(pair) in text for pair in pairs):
        organs, issuers, partners = (), frozenset(), (*organs, *partners)  # whichever of them wrote
    return ListConditions(
        organs=organs,
        issuers=issuers,
        places=_means(named, "place"),
        years=_means(named, "year"),
        periods=read.periods,
        classes=_means(named, "class"),
        kinds=_kinds(rest, read),
        consulted=CONSULTED in rest,
        topic=about,
        partners=partners,
        people=read.brought.people,
        bodies=read.brought.bodies,
        together=read.brought.together,
        session=read.session,
        newest=read.newest.count if read.newest else None,
        each=next((by for by, pattern in _EACH_OF if pattern.search(text)), ""),
        shows=shows,
    )


def _kinds(rest: str, read: _Read) -> tuple[str, ...]:
    """提案, 建议 or 议案; of 代表 without either, those that they bring."""
    kinds = tuple(kind for kind in _KINDS if kind in rest)
    if kinds or read.brought.people:
        return kinds
    if "代表" in rest or "人大" in rest:
        return ("建议", "议案")
    return ("提案",) if "委员" in rest or "政协" in rest else ()


def _is_topic(mention: Mention, text: str) -> bool:
    """True of 关于教育局的提案 and 给教育局的意见, which others may answer."""
    return mention.kind == "organ" and bool(_ABOUT.search(text[: mention.span.start]))


def _means(named: Sequence[Mention], kind: str) -> tuple[str, ...]:
    return tuple(word for mention in named if mention.kind == kind for word in mention.means)
