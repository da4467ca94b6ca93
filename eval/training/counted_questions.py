"""Questions for the figures of documents, where the same passage holds several of a kind.

"累计改造老旧小区827个" answers 一共改造了多少个老旧小区; beside it stands how many were done last
year. Which of the two is asked for is what a reading model learns here: passages with several
figures of one unit come first, and sums (累计、共、合计) before others. The clause's own words are
thinned, turned round and put in everyday ones, so that matching them is not enough.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.peers.peer import plain_segmenter
from kb.types import Span

MOST = 1200
_EACH = 2  # questions to one passage
_UNITS = (
    "万平方米|平方公里|平方米|万人次|人次|万公里|公里|千米|万户|户|万人|个百分点|个工作日|个月|亿元|万元|元|%|％"
    "|万名|名|人|万家|家|所|处|座|台|套|张|件|条|辆|项|次|期|亩|吨|栋|间|个|例|批|场|天"
)
_FIGURE = re.compile(
    r"(?:超过|突破|近|约|达到|达)?\d[\d,]*(?:\.\d+)?\s?[余多]?\s?[万亿]?[余多]?\s?"
    rf"({_UNITS})(?!\d|月|底|度|来|内|前|以来|代)(?:以上|左右)?"
)
_CLAUSE = re.compile(r"[^，。；：！？\n]{10,46}")
_OPENS = re.compile(
    r"^(?:其中|截至目前|截至[^，]{2,10}|目前|同时|并|[今去]年以来|(?:20\d\d年)?(?:\d{1,2}月)?底?"
    r"|[一二三四五六七八九十]是|（[一二三四五六七八九十]+）|\d+[.．、])+"
)
_CUT_OFF = re.compile(r"[第不×*、和及的《“（(〔]\s*$")  # the figure is a part of something longer
_SUM = re.compile(r"累计|共|合计|总")
# Official word → everyday ones, one of which is drawn, or nothing.
_SAID = (
    ("累计|共计|合计", "一共|总共|到现在一共"), ("老年人", "老人"), ("家庭", "人家|"),
    ("帮助", "帮|给"), ("投入", "花了|投了|投入"), ("完成", "做了|完成了"),
    ("进行", "做"), ("新建", "新修|新盖|新建"), ("达到|为", "是"),
    ("发放", "发了|发放"), ("全市|全省|全国", "|我们这儿|"), ("开展", "搞了|开展了"),
    ("建成", "建了|建好|建成"), ("实施", "做|实施"), ("惠及", "照顾到|惠及"),
    ("现有", "有"), ("设置|设立", "设了"), ("培训", "培训了"),
    ("减免", "免了|减免"), ("下达|拨付|安排", "给了|安排"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figure:
    """A figure of passage ``number`` between the words of its clause."""

    number: int
    left: str
    right: str
    unit: str
    span: Span


def asked(passages: Sequence[str], *, seed: int) -> Iterator[tuple[int, str, Span]]:
    """(number of the passage, question, place of the figure in it), ``MOST`` at most."""
    drawing = random.Random(seed)
    ranked = [(worth + drawing.random() * 2.5, figure) for worth, figure in _figures(passages)]
    per: Counter[int] = Counter()
    chosen: list[_Figure] = []
    for _, figure in sorted(ranked, key=lambda pair: -pair[0]):
        per[figure.number] += 1
        if per[figure.number] <= _EACH and len(chosen) < MOST:
            chosen.append(figure)
    for figure in chosen:
        yield figure.number, _question(figure, drawing), figure.span


def _figures(passages: Sequence[str]) -> Iterator[tuple[int, _Figure]]:
    """Figures that stand alone in their clause, with what they are worth to learn from."""
    for number, text in enumerate(passages):
        matches = list(_FIGURE.finditer(text))
        units = Counter(match[1] for match in matches)
        for clause in _CLAUSE.finditer(text) if len(matches) > 1 else ():
            own = [m for m in matches if m.start() >= clause.start() and m.end() <= clause.end()]
            if len(own) != 1:
                continue
            figure = own[0]
            left, right = text[clause.start() : figure.start()], text[figure.end() : clause.end()]
            characters = re.findall(r"[\u4e00-\u9fff]", _OPENS.sub("", left) + right)
            if len(characters) < 5 or _CUT_OFF.search(left):
                continue
            several = units[figure[1]] > 1
            yield (
                2 * several + 3 * (several and bool(_SUM.search(left))),
                _Figure(
                    number=number,
                    left=left,
                    right=right,
                    unit=figure[1],
                    span=Span(start=figure.start(), end=figure.end()),
                ),
            )


def _question(figure: _Figure, drawing: random.Random) -> str:
    how_many = drawing.choice(_how_many(figure.unit))
    left, right = (_thinned(_OPENS.sub("", figure.left), drawing), _thinned(figure.right, drawing))
    order = drawing.random()
    if order < 0.5:
        question = left + how_many + right
    elif order < 0.8:
        question = right + left + how_many
    else:
        question = left + right + drawing.choice(("是", "有", "有")) + how_many
    for old, new in _SAID:
        if drawing.random() < 0.6:
            question = re.sub(old, drawing.choice(new.split("|")), question, count=1)
    return question.strip(" 、“”（）") + drawing.choice(("？", "？", "", "呢？"))


def _how_many(unit: str) -> Sequence[str]:
    if "元" in unit:
        return "多少钱", "多少" + unit, "多少资金", "多少"
    if unit in ("%", "％", "个百分点"):
        return "多少", "百分之多少", "多少"
    of = unit.lstrip("万亿")
    return "多少" + of, "多少" + of, "几" + of, "多少"


def _thinned(words: str, drawing: random.Random) -> str:
    """``words`` without about one in eight; those with digits stay."""
    cut = plain_segmenter().lcut(words)
    return "".join(w for w in cut if drawing.random() > 0.13 or any(c.isdigit() for c in w))
