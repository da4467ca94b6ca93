"""A question in a model's words, let through only where it can ask nothing else.

Nothing can prove that two sentences mean the same. What is looked for here is all that would make
a letter of another matter the answer: a figure, a day, a place, an organ, a person or a 不 more,
less or another, or another thing that is asked of it. What is not sure is not let through.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kb.privacy.names import name_at
from kb.privacy.pii import masked
from kb.query.directory import Directory
from kb.query.expect import expected
from kb.query.follow_up import asking_words
from kb.query.mentions import mentions
from kb.text.chars import fold, searchable
from kb.text.places import elsewhere, setting
from kb.text.synonyms import coverage
from kb.text.tokens import carrying, segmenter, stopwords, tokens

LONGEST = 60  # code points of a rewriting
# Of the weight of the question's nouns, their like in letters included; of all words without one.
KEPT_NOUNS, KEPT_WORDS = 0.6, 0.15
# Why a rewriting is not let through, the first that holds.
Reason = Literal[
    "malformed", "same", "figure", "time", "negation", "organ", "people", "name", "word", "asked",
    "subject",
]  # fmt: skip

# What the line may have though the question has it not.
_PLAIN = re.compile(r"[\u4e00-\u9fff，、？]*")
# What has a numeral or a negation in it and counts or denies nothing.
_NO_NUMERAL = re.compile(
    r"一(?:下|般|起|直|定|律|样|些|旦|切|致|边|体化|次性|并|站式)|统一|唯一|万一|百姓|十分|千万别?"
)
_NO_NEGATION = re.compile(
    r"特别|分别|区别|级别|类别|性别|个别|识别|别的|非常|无障碍|不动产|[是能可]否|可不可以|有无"
    r"|(?P<asked>[\u4e00-\u9fff]{1,2})[不没](?P=asked)"  # 是不是, 有没有, 管不管
)
_ARABIC = re.compile(r"[a-z0-9]+(?:[.,/\-][a-z0-9]+)*[%‰]?")
_NUMERALS = re.compile(r"[〇零一二两三四五六七八九十百千万亿半壹贰叁肆伍陆柒捌玖拾佰仟甲乙丙丁]+")
_TIMES = re.compile(
    r"[今去前明后本上来]年|[上下]半年|年[初底末中]|月[初底末]|[今昨前明后]天|[本这上下]个?[月周]|季度|周末"
    r"|[春夏秋冬](?=[天季])|节假日|工作日|近年|近期|近几年|最近|以前|以后|之前|之后|过去|今后|现在|目前|当前|现行|最新"
)
_NOW = re.compile(r"现在|目前|当前|现行|最新|最近|近期")
_NEGATION = re.compile(
    r"没有|必须|强制|只[能准限]|取消|停[止办发用]|暂[停缓]|废止|撤销|终止|反对|[不未没无非否莫勿别禁免拒](?!$)"
)
_ORGAN = re.compile(
    r"[布全格结大]?局(?![面部限势])|[省市区县]委|厅|政府|法院|检察院|委员会|管委会|办事处|办公室|[总支大中]队|派出所"
    r"|医院|卫生院|[学大小中]学|学[院校]|幼儿园|公司|集团|银行|联合会|协会|残联|妇联|工会|管理[处所站]|中心|海关|街道|社区|小区"
    r"|村委|居委|业委|物业|物管|政协|人大|公安|城管|交警|消防|电网|燃气|自来水"
)
# What is called something: 惠民家园, 解放路; of 我家门口的路 and 农村公路 nobody says what.
_CALLED = re.compile(
    r"家园|花园|广场|大厦|公寓|新村|大道|公园|市场|水库|(?:国|省|市|县|区|镇|乡|村)级|中央|[全本我][国省市县区]"
    r"|(?<![的了这那哪条个座修铺建走过公道马铁线门口面前后旁边上下大小新老旧断农们我本全家乡城县道])[路街巷桥河渠湖山岛镇乡村县站苑庄]"
)
# How a name ends, or an organ, that no rule above knows.
_ENDS = re.compile(
    r"(?:(?<![道公线铁马])路|(?<![学辖片城园校])区|(?<![农乡])村|(?<!城)[市镇]|[省县州旗街巷桥湖山岛江部委办院队站所社团馆署处科室组校]"
    r"|(?<!社)会)$"
)
# Of whom it is asked: one row, one kind of people.
_PEOPLE = tuple(
    re.compile(words)
    for words in (
        "老人|老年|老头|老太|高龄",
        "孩子|小孩|娃|儿童|幼儿|婴|小朋友|未成年",
        "学生",
        "残疾|残障|盲人|聋",
        "低保|最低生活保障",
        "特困|五保|孤儿",
        "男",
        "女|妇|产妇|孕",
        "军人|退役|老兵|烈士|优抚",
        "农民|村民",
        "职工|工人|员工|打工",
        "教师|老师",
        "医生|医师|护士|村医",
        "外地|外来|流动人口",
        "本地|户籍|户口",
        "企业|商户|个体",
    )
)
# Beside words that carry no subject; not those by which somebody is told to do a thing.
_BETWEEN = frozenset("未无旧新费应按于向前后内每时期类型式性化者")
_TELLING = frozenset(("请", "你", "你们", "您", "告诉", "说", "讲"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriting:
    """A question as a model put it, let through."""

    text: str


def rewritten(
    content: str, question: str, known: Directory, *, longest: int = LONGEST
) -> Rewriting | Reason:
    """What a model wrote of ``question``, which is put to the letters that ``known`` names.

    It has ``longest`` code points at most.
    """
    text = content.strip()
    if not 0 < len(text) <= longest or not _is_line(text, question):
        return "malformed"
    if _words_only(text) == _words_only(question):
        return "same"
    for reason, told in _SAME.items():
        if told(text) != told(question):
            return reason
    if _named(text, known) != _named(question, known):
        return "name"
    if not _is_plain(text, question) or masked(text) != text:
        return "word"
    if expected(text) != expected(question):
        return "asked"
    if not _keeps_subject(text, question):
        return "subject"
    return Rewriting(text=text)


def _is_line(text: str, question: str) -> bool:
    """True for one line of Chinese, and of what else the question has."""
    return text.splitlines() == [text] and all(char in question for char in _PLAIN.sub("", text))


def _words_only(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text)))


def _figures(text: str) -> Counter[str]:
    plain = fold(text)
    numerals = _NUMERALS.findall(_NO_NUMERAL.sub("，", plain))
    return Counter((*_ARABIC.findall(plain), *numerals))


def _times(text: str) -> Counter[str]:
    return Counter(_NOW.sub("现在", word) for word in _TIMES.findall(fold(text)))


def _negations(text: str) -> Counter[str]:
    """Each negation with the character after it: 没有修, 没修 and 未修 are the same."""
    plain = _NO_NEGATION.sub("，", fold(text))
    return Counter(
        ("未" if match[0] in ("没", "没有", "无", "不", "未") else match[0])
        + plain[match.end() : match.end() + 1]
        for match in _NEGATION.finditer(plain)
    )


def _organs(text: str) -> frozenset[str]:
    """How organs and other things are called: what a name ends in, and two characters before."""
    plain = fold(text)
    return frozenset(
        plain[max(0, match.start() - 2) : match.end()]
        for pattern in (_ORGAN, _CALLED)
        for match in pattern.finditer(plain)
    )


def _people(text: str) -> list[bool]:
    return [bool(words.search(fold(text))) for words in _PEOPLE]


_SAME: Mapping[Reason, Callable[[str], object]] = {
    "figure": _figures,
    "time": _times,
    "negation": _negations,
    "organ": _organs,
    "people": _people,
}


def _named(text: str, known: Directory) -> frozenset[tuple[str, ...]]:
    """What ``text`` names: organs and letters of the base, places of anywhere, persons."""
    plain = fold(text)
    words = tokens(plain)
    places = setting(plain, known.places, words=words).places
    found = {
        (mention.kind, *(mention.means or (mention.text,)))
        for mention in mentions(plain, known, places=places)
    }
    found |= {("elsewhere", city) for city in elsewhere(words, ())}
    found |= {("other", word) for word in words if segmenter().is_proper(word)}
    return frozenset((*found, *(("person", name) for name in _persons(plain, words))))


def _persons(text: str, words: Sequence[str]) -> Iterator[str]:
    """The words of ``text`` that are persons' names, in the dictionary or not."""
    at = 0
    for word in words:
        at = text.find(word, at)
        name = name_at(text, at, sure=False) if at >= 0 and len(word) > 1 else None
        if name and name.end == at + len(word):
            yield word
        at = max(at, 0)


def _is_plain(text: str, question: str) -> bool:
    """True if each word that the question lacks is one of the dictionary, and none that names."""
    asked, plain = fold(question), fold(text)
    return all(
        word in asked or _is_common(word)
        for word in segmenter().cut(plain, HMM=False)
        if any(map(str.isalnum, word))
    )


def _is_common(word: str) -> bool:
    if word in _TELLING:
        return False
    if word in stopwords() or word in _BETWEEN:
        return True
    return len(word) > 1 and not _ENDS.search(word) and segmenter().is_common(word)


def _keeps_subject(text: str, question: str) -> bool:
    words = [word for word in carrying(tokens(question)) if word not in asking_words()]
    nouns = [word for word in words if segmenter().is_noun(word)]
    least = KEPT_NOUNS if nouns else KEPT_WORDS
    return coverage(nouns or words, searchable(text)) >= least
