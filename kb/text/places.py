"""Places and years in texts: what looks like one, which are known, what a question names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path

from kb.text.chars import fold, searchable
from kb.text.tokens import segmenter, word_lists
from kb.text.traditional import simplified

_KINDS = {
    "特别行政区": 0, "自治区": 0, "省": 0, "自治州": 1, "市": 1, "州": 1, "盟": 1,
    "自治县": 2, "县": 2, "区": 2, "旗": 2, "街道": 3, "镇": 3, "乡": 3, "社区": 4,
}  # fmt: skip
_CITY = 1  # up to here people leave the suffix out
_COUNTY = 2  # up to here a place may begin an issuer or a title
_DIVISION = re.compile(rf"(?P<name>[\u4e00-\u9fff]{{2,7}}?)(?P<suffix>{'|'.join(_KINDS)})(?!场)")
_PEOPLES = re.compile(
    r"(?:(?:壮|回|藏|苗|彝|羌|白|傣|侗|土|土家|布依|朝鲜|哈尼|傈僳|景颇|蒙古|哈萨克)族|维吾尔)+$"
)
# Where a place may begin in a title: at its start, in what it quotes, after what leads to it.
_LEAD = re.compile(r"^|[《“（、]|关于|印发|转发|总局|中共|[对在]")
# What only looks like a place: 小区, 示范区, 贫困县, 全市.
_GENERIC = re.compile(
    r"[的与及各每等我本全哪]|^(?:关于|中共|某|自治)|城[乡镇]$|(?:贫困|直辖|地级|县级|大城)[市县]$|(?:老城|主城|小|校|园|景"
    r"|辖|地|郊|开发|示范|高新|保护|服务|自贸|试验|工业|产业|功能|居民|居住|住宅|行政|核心|灾|疫)区$"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?年")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place; ``kind`` is 0 for a province, 1 a city, 2 a county, 3 a town, 4 a community.

    ``called`` stands in every text that names it: 北京 for 北京市, yet 解放区 in full.
    """

    name: str
    kind: int
    called: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The places and years that a question names; ``rivals`` are others of those kinds."""

    places: tuple[Place, ...] = ()
    years: tuple[str, ...] = ()
    rivals: tuple[Place, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.places or self.years)


def place_record(place: Place) -> str:
    """The place as one line of JSON."""
    return json.dumps([place.name, place.kind, place.called], ensure_ascii=False)


def place_from(record: str) -> Place:
    """The place that ``place_record`` wrote."""
    name, kind, called = json.loads(record)
    return Place(name=name, kind=kind, called=called)


def known_places(issuers: Iterable[str], titles: Iterable[str]) -> tuple[Place, ...]:
    """The places that issuers and titles begin with, by name, in simplified characters.

    A title holds words of every sort, so its places count only if the dictionary has them.
    """
    frequency = segmenter().frequency
    stated = {place for issuer in set(map(simplified, issuers)) for place in _leading(issuer)}
    named = {place for title in set(map(simplified, titles)) for place in _leading(title)}
    likely = {place for place in named if frequency(place.name)}
    return tuple(sorted(stated | likely, key=lambda place: place.name))


def _leading(text: str) -> Iterator[Place]:
    """What stands at each lead of ``text``: a county or greater, and what lies in it."""
    for lead in _LEAD.finditer(text):
        start, above = lead.end(), -1
        while match := _DIVISION.match(text, start):
            place = _place(match)
            if place is None or place.kind <= above or (above < 0 and place.kind > _COUNTY):
                break
            yield place
            start, above = match.end(), place.kind


def _place(match: re.Match[str] | None) -> Place | None:
    if match is None or _GENERIC.search(match[0]):
        return None
    kind = _KINDS[match["suffix"]]
    short = _PEOPLES.sub("", match["name"])
    called = short if kind <= _CITY and len(short) > 1 else match[0]
    return Place(name=match[0], kind=kind, called=called)


def setting(question: str, known: Sequence[Place], *, words: Sequence[str]) -> Setting:
    """The places and years in ``question``, whose tokens are ``words``.

    A place is a known one in full, a known province or city without its suffix, or any
    other word that ends like a place. 去年 and the like are no years: nothing says of when.
    """
    asked = searchable(question)
    single = frozenset(words)
    found = {place for place in known if place.name in asked or place.called in single}
    joined = (
        left + right for left, right in pairwise(words) if right in _KINDS and right != left[-1]
    )
    for word in (*words, *(word for word in joined if word in asked)):
        named = _place(_DIVISION.fullmatch(word))
        if named and all(named.called not in other.name for other in found):
            found.add(named if segmenter().frequency(word) else replace(named, called=word))
    kinds, called = {place.kind for place in found}, {place.called for place in found}
    return Setting(
        places=tuple(sorted(found, key=lambda place: (place.kind, place.name))),
        years=tuple(dict.fromkeys(_YEAR.findall(fold(question)))),
        rivals=tuple(
            place for place in known if place.kind in kinds and place.called not in called
        ),
    )


CITIES = Path(__file__).with_name("cities.txt")
_MARKET = re.compile(r"(?:城|超|集|夜|股|楼|门|都|上|早|花|菜|黑|牛|熊|辖|级)市$")
# What a city's name is only a part of: 北京路, 兰州拉面.
_NAMED_AFTER = re.compile(
    r"(?:[路街道巷弄桥店馆村屯园里庄]|大道|大厦|小区|花园|广场|银行|大学|学院|拉面|火锅|烧烤|小吃|饭店|酒店|米线|包子|烤鸭)"
)
_FROM = frozenset(("从", "由", "自"))
_HERE = frozenset((
    "我市", "本市", "我县", "本县", "我区", "本区", "本地", "老家", "咱", "咱们", "这里", "这边",
    "回来", "转回", "迁回", "转入", "迁入", "转来", "回乡", "返乡",
))  # fmt: skip


@lru_cache(maxsize=1)
def _cities() -> frozenset[str]:
    return frozenset(chain.from_iterable(word_lists(CITIES)))


def elsewhere(words: Sequence[str], known: Sequence[Place]) -> tuple[str, ...]:
    """The provinces and cities that ``words`` name, if none of the ``known`` places is one.

    ``words`` are the tokens of a question, in simplified characters. In 北京路 no city is named,
    and who comes from one asks about here.
    """
    here = _HERE | {called for place in known for called in (place.called, place.name)}
    found: dict[str, None] = {}
    for before, word, after in zip(("", *words), words, (*words[1:], ""), strict=False):
        city = _city(word)
        if word in here or city in here:
            return ()
        named_after = _NAMED_AFTER.match(word[len(city) :] or after)
        if city and not named_after and before not in _FROM:
            found[city] = None
    return tuple(found)


def _city(word: str) -> str:
    """The province or city that ``word`` begins with, as 北京地铁 does; else ""."""
    listed = next((word[:n] for n in (4, 3, 2) if word[:n] in _cities()), "")
    if listed or _MARKET.search(word) or not segmenter().frequency(word):
        return listed
    place = _place(_DIVISION.fullmatch(word))
    return place.name if place and place.name.endswith("市") else ""
