"""Figures as records: what was counted, how many, where, and as of which day.

Precision before recall: a figure whose words do not plainly say what it counts is left out.
What is promised is no record.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kb.extract.as_of import AsOf, as_of
from kb.extract.clauses import Clause, clauses_of
from kb.extract.commitments import LONGEST, commitments
from kb.extract.figures import placed_figures
from kb.extract.types import Commitment, Precision, Target
from kb.profile import profile
from kb.text.places import known_places
from kb.text.titles import subject_words
from kb.types import Letter, Publicity, Span

SHORTEST, LONGEST_NAME = 3, 16  # characters of an indicator
MOST = 2000  # figures of a letter that are kept
_SHORTEST_SHARE = 5  # 合格率 alone says nothing of what
_SHARES = ("%", "‰", "个百分点")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A figure of a letter. ``indicator`` is what is counted; ``value`` is in whole ``unit``s.

    ``scope`` is the place, else the organ, that it speaks of. ``as_of`` is an ISO day, exact to
    ``precision``; ``during``: what came about in that period, not what there is at its end;
    ``stated``: the words name it, else it is the letter's own day. ``raw`` is verbatim what
    stands at ``span`` of the letter.
    """

    letter_id: str
    indicator: str
    value: float
    unit: str
    scope: str
    as_of: str
    precision: Precision
    during: bool
    stated: bool
    organ: str | None
    publicity: Publicity
    span: Span
    raw: str


# A part with one of these tells no plain count: a wish, a rule, a rate, a comparison, a part.
_BARS = re.compile(
    r"建议|提案|要求|希望|原则|不超过|不低于|不少于|不足|每|如果|若|应当?|拟|计划|预计|预期|原定|目标|力争|规定|测算|需要?|补贴标准|缺口?"
    r"|以上|以下|以内|比|占|增长|同比|下降|高出|减少|节约|以来|合同期|近[一二两三四五六七八九十\d]+年|连续|平均|日均|人均|首次|当年|其余|剩余|差|余下"
)
_STOCK = (
    r"累计|总计|合计|共计|一共|目前|现在|现有|现|已经|已|共|全部|总数|建成并投用|建成|建有|拥有|设有|开设|设立了?|设置了?|配备了?|配置|安装了?"
    r"|覆盖|投放|投用|开通|登记|注册|也|均|都|还|又|再|仅|只|则|先后|陆续|分别|实有|有|实际|实现|完成|达|通过|全年|当年|我[市县区局委]|本[市县区]|全[市省县区]"
)
_HEAD = re.compile(rf"^(?:{_STOCK}|其中|[但而且并另其]|[上下]?半年来?|[一二三四]季度|中心城区的?)+")
_IN_USE = r"(?:累计)?(?:建成)?(?:并?投入使用|投用|建成|在用)"
_TAIL = re.compile(
    rf"(?:总数|数量|数)?(?:{_IN_USE})?(?:已经|已|全部|目前|总计|累计|合计|共计|共|约|近|超过|超|突破|达到了?|达|为|是|有|至|到|增加|提高|提升|扩大|上升|降低|降|增|仅|只|仍|新[增建])*$"
)
_TIME = re.compile(
    r"(?:截至|截止到?|到|至|自)?(?:20\d\d|[今本去前])年(?:度|来)?(?:\d{1,2}月份?[至到-])?(?:\d{1,2}月份?)?(?:\d{1,2}日)?"
    r"(?:[上下]半年|年?[底末]|[底末]|第?[一二三四]季度)?|(?:截至|到|至)\d{1,2}月(?:\d{1,2}日|[底末])?|截至目前"
)
_PLACE = re.compile(
    r"^(?:全[市省县区]|我[市县区]|本[市县区]|[\u4e00-\u9fff]{2,4}?[市县区](?!域|间|级|民|政|场))"
)
_NEW = re.compile(r"^(?:新[增建设开修装办添打]|增设|增加)(?:了|建成)?")
_CHANGED = re.compile(
    r"(?:由|从)(?:[^，由从]{0,12}?)\d[\d.]*[万亿千百]?[^\d，]{1,4}(?:增|提|扩|上|升|降|减|缩|调|发展|延)?[^\d，]{0,3}[到至为]$"
)
_NAME = re.compile(r"[\u4e00-\u9fffA-Z]+[\u4e00-\u9fff]")
_NO_NAME = re.compile(
    r"[的了将把被从由向与和及在以对其按某该此等后前时中内上下但距只仅现]|建成|完成|投入|累计|达到|惠及|投资|总额|资金$|最高|面积$|^清出|^受理申请$"
    r"|[付升设至取给送有来作看门]$|[一二两三四五六七八九十]{1,2}[年月天张条个次家]"
)
# Verbs of one character before what was built, and a subject that has it: 建泵站, 城区段共有排口.
_BUILT = re.compile(
    r"^(?:.{2,8}[共现设建]有|建(?![设筑成材档立制])|设(?![施计备区置立])|打(?![造击])|修(?![复缮]))(?=.{2})"
)
# A figure without a name: 累计投入使用281部. What its unit counts may be what the letter is about.
_NAMELESS = re.compile(rf"(?:加装)?(?:{_IN_USE})?")
_COUNTED = {"部": "电梯", "辆": "公交车", "座": "书房", "张": "床位"}
# Other ways to write an indicator → the one that it is known by.
_KNOWN_AS = {"既有住宅加装电梯": "加装电梯", "住宅加装电梯": "加装电梯"}
_FROM = re.compile(r"[由从].{0,7}$")
_GOES_ON = re.compile(r"[\u4e00-\u9fff]")


def records(letter: Letter, promised: Sequence[Commitment] | None = None) -> tuple[Record, ...]:
    """The first ``MOST`` plain figures of ``letter``, in order; none where it has no date.

    ``promised`` is what it promises, where that is known already.
    """
    signed = letter.issued_on
    if signed is None:
        return ()
    about = subject_words(letter)
    ahead = commitments(letter, profile()) if promised is None else promised
    spans = sorted((commitment.span for commitment in ahead), key=lambda span: span.end)
    ends = [span.end for span in spans]
    found: list[Record] = []
    for clause in clauses_of(letter):
        # Promises do not overlap: of those that end after the clause begins, the first meets it.
        after = bisect_right(ends, clause.span.start)
        promises = any(span.meets(clause.span) for span in spans[after : after + 1])
        if len(clause.plain.words) <= LONGEST and not promises and len(found) < MOST:
            found += _records(letter, clause, signed, about)
    return tuple(found[:MOST])


def _records(
    letter: Letter, clause: Clause, signed: date, about: Sequence[str]
) -> Iterator[Record]:
    words = clause.plain.words
    for start, end in clause.parts:
        part, end_before = words[start:end], 0
        if _BARS.search(clause.masked[start:end]):
            continue
        for at, figure in placed_figures(part):
            stop, begin = at + len(figure.text), end_before
            end_before = stop
            name = _indicator(part, begin, at, figure, about=about)
            time = as_of(words[: start + at], signed=signed)
            if name and time:
                span = clause.plain.span(start + begin, start + stop)
                yield _record(letter, figure, time, name=name, span=span, before=part[:at])


def _record(
    letter: Letter, figure: Target, time: AsOf, *, name: str, span: Span, before: str
) -> Record:
    new = bool(_NEW.match(name))
    issuer = letter.value("issuer")
    return Record(
        letter_id=letter.id,
        indicator=_NEW.sub("新增", name),
        value=figure.value,
        unit=figure.unit,
        scope=_scope(before, issuer),
        as_of=time.day,
        precision=time.precision,
        during=time.during or new,
        stated=time.stated,
        organ=issuer,
        publicity=letter.publicity,
        span=span,
        raw=span.of(letter.text),
    )


def _indicator(
    part: str, begin: int, at: int, figure: Target, *, about: Sequence[str]
) -> str | None:
    """What the words before a figure say that it counts; None where that is not plain."""
    changed = _CHANGED.search(part[:at])
    before = part[: changed.start()] if changed else part[begin:at]
    if not changed and (_FROM.search(before) or _GOES_ON.match(part[at + len(figure.text) :])):
        return None
    words = _HEAD.sub("", _PLACE.sub("", _HEAD.sub("", _TIME.sub("", before))))
    words = _TAIL.sub("", _BUILT.sub("", words))
    if not begin and _NAMELESS.fullmatch(words):
        thing = _COUNTED.get(figure.unit, "")
        return next((word for word in about if thing and word.endswith(thing)), None)
    words = _KNOWN_AS.get(words, words)
    least = _SHORTEST_SHARE if figure.unit in _SHARES else SHORTEST
    plain = least <= len(words) <= LONGEST_NAME and _NAME.fullmatch(words)
    return words if plain and not _NO_NAME.search(words) else None


def _scope(before: str, issuer: str | None) -> str:
    """The place that the words before a figure begin with, else that of the organ."""
    places = known_places([_HEAD.sub("", before)], []) or known_places([issuer or ""], [])
    return places[-1].name if places else issuer or ""
