"""Who took part in a proposal, as a question for a list names it: its bringers and co-organs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.privacy.surnames import COMPOUND, RARE, SURNAMES
from kb.query.conditions import Session
from kb.text.numerals import number

# The parties, each by all its names; a letter calls it by one of them.
PARTIES = (
    ("民革", "国民党革命委员会"),
    ("民盟", "民主同盟"),
    ("民建", "民主建国会"),
    ("民进", "民主促进会"),
    ("农工党", "农工民主党"),
    ("致公党",),
    ("九三学社", "九三"),
    ("台盟", "台湾民主自治同盟"),
)
ANY_PARTY, ANY_BODY = "民主党派", "集体"
_OTHERS = ("工商联", "无党派", "共青团", "青联", "妇联", "总工会", "侨联", "科协", "台联", "残联")

_HAN = "[\u4e00-\u9fff]"
_PERSON = rf"(?:{COMPOUND}|[{SURNAMES}{RARE}]){_HAN}{{1,2}}?"
_OFFICE = r"(?:市?(?:政协|人大))?(?:委员|代表)(?![会团大])"
_PEOPLE = (
    re.compile(rf"(?P<name>{_PERSON}){_OFFICE}"),
    re.compile(rf"{_OFFICE}(?P<name>{_PERSON})(?=[提的一共都有是]|联名|$|，)"),
    re.compile(rf"(?:^|，|由|是)(?P<name>{_PERSON})(?=(?:都|一共|总共|共)?提(?![高升供前到]))"),
)
_NO_NAME = re.compile(r"政协|人大|这|那|各|位|名|全体|所有|单位|部门|市民")
_BRANCH = rf"(?:{_HAN}{{0,4}}?[省市区县])?(?:委员会|[省市区县]?委会?|支部|总支)?"
_PARTY = re.compile(
    rf"(?P<party>{'|'.join(name for names in PARTIES for name in names)})"
    rf"{_BRANCH}(?:集体)?"
)
_ANY_PARTY = re.compile(r"(?:写给|给)?各?(?:民主)?党派(?:团体)?(?:[省市区县]委会?|支部)?(?:集体)?")
_OTHER = re.compile(rf"(?P<body>{'|'.join(_OTHERS)}){_BRANCH}(?:集体)?(?=提(?![高升供]))")
_ANY_BODY = re.compile(r"集体(?=提案|提(?![高升供])|的提案)")
_TOGETHER = re.compile(
    r"(?:[几多]?[位名个]?(?:委员|代表))?联名(?=提|的|建议|议案|$|，)|(?:几位|多位|几名|多名)(?:委员|代表)?(?:联合|一起|共同)?(?=提)"
)

_WITH = r"(?:和|与|跟|同|会同|联合)"
_TOGETHER_WITH = re.compile(
    rf"{_WITH}(?P<name>[^，。和与跟同的\d]{{2,14}}?)(?:一起|一同|一道|共同|联合|合作|协同)"
    r"(?:来)?(?:办理|研究|答复|回复|会办|会商|承办|协商|处理|完成|办|发|回|做)?(?:过|了)?"
)
_JOINED = re.compile(
    r"(?:会同|联合)(?P<name>[^，。和与跟同的\d]{2,14}?)(?:来)?(?:办理|研究|答复|回复|会商|承办|办)(?:过|了)?"
)
_HELPED = re.compile(
    r"(?:由|是|经|请|有)?(?P<name>[^，。和与跟同的\d]{1,12}?(?:局|委|办|公司|中心|厅|部门|[支大]队|院|联|银行))"
    r"(?:来|也)?(?:(?:参与|配合|协助)(?:了|过)?(?:会办|协办|办理|研究|答复)|(?:会办|协办)(?!意见|函|件|单位))(?:过|了)?"
)
_LISTED = re.compile(
    r"(?:会办|协办)(?:单位|部门)(?:里|中)?(?:面)?(?:有|是|为|包括|含|包含)(?P<name>[^，。的\d]{2,14}?)(?=的|，|$)"
)
_NO_ORGAN = re.compile(r"[哪谁几各这那]|什么|多少|^(?:单位|部门)$|其他|别的")
_LED_BY = re.compile(
    r"^(?:请|帮我|给我|查一下|查询|查|列出|列举|列一下|找出|找|所有|全部|哪些|哪几件|哪几份|多少|几|件|份|封|有|是|由|提案|建议|答复|复文)+"
)

_COUNT = r"[一二三四五六七八九十]{1,3}|\d{1,2}"
_SESSION = re.compile(
    rf"[省市区县]?(?P<body>政协|人大)?第?(?P<term>{_COUNT})届(?:[省市区县]?(?P<after>政协|人大))?(?:委员会)?"
    rf"(?:第?(?P<number>{_COUNT})次)?(?:全体)?(?:会议|全会|大会|会)?(?:上|期间)?"
    rf"|[省市区县]?(?P<only>政协|人大)第?(?P<single>{_COUNT})次(?:全体)?(?:会议|全会|大会)(?:上|期间)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """Who brought the proposals that are asked for, and who helped to answer them."""

    partners: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    together: bool = False


def brought(text: str) -> tuple[Brought, str]:
    """Who ``text`` says took part, and ``text`` without that."""
    partners, text = _partners(text)
    people, text = _people(text)
    bodies, text = _bodies(text)
    joint = _TOGETHER.search(text)
    if joint:
        text = text[: joint.start()] + text[joint.end() :]
    found = Brought(partners=partners, people=people, bodies=bodies, together=bool(joint))
    return found, text


def session(text: str) -> tuple[Session | None, str]:
    """The session of an assembly that ``text`` names, and ``text`` without it."""
    match = _SESSION.search(text)
    if not match:
        return None, text
    term, count = match["term"], match["number"] or match["single"]
    found = Session(
        called=match[0].removesuffix("期间").removesuffix("上"),
        body=match["body"] or match["after"] or match["only"] or "",
        term=number(term) if term else None,
        number=number(count) if count else None,
    )
    return found, text[: match.start()] + text[match.end() :]


def _partners(text: str) -> tuple[tuple[str, ...], str]:
    found = []
    for pattern in (_LISTED, _TOGETHER_WITH, _JOINED, _HELPED):
        match = pattern.search(text)
        if match:
            lead = _LED_BY.match(match["name"])
            start = match.start("name") + lead.end() if lead else match.start()
            name = text[match.start("name") + (lead.end() if lead else 0) : match.end("name")]
            if len(name) > 1 and not _NO_ORGAN.search(name):
                found.append(name)
                text = text[:start] + text[match.end() :]
    return tuple(found), text


def _people(text: str) -> tuple[tuple[str, ...], str]:
    found = []
    for pattern in _PEOPLE:
        for match in reversed(list(pattern.finditer(text))):
            if not _NO_NAME.search(match["name"]):
                found.append(match["name"])
                start = match.start() if pattern is not _PEOPLE[-1] else match.start("name")
                text = text[:start] + text[match.end() :]
    return tuple(dict.fromkeys(found)), text


def _bodies(text: str) -> tuple[tuple[str, ...], str]:
    found = []
    for pattern in (_PARTY, _ANY_PARTY, _OTHER, _ANY_BODY):
        match = pattern.search(text)
        if match is None or text[: match.start()].endswith(("关于", "有关", "涉及", "对")):
            continue
        named = match.groupdict().get("party") or match.groupdict().get("body")
        found.append(named or (ANY_PARTY if pattern is _ANY_PARTY else ANY_BODY))
        text = text[: match.start()] + text[match.end() :]
    return tuple(found), text
