"""Questions made from the wording of documents, with the words that answer them.

What is 是指 something answers 什么是…; what comes after 对…， answers 对…怎么处理. Nobody asks
quite so, but where an answer begins and ends in an official document is learned from it. Used
by eval.training.reader_examples on documents that no figure is reported on.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.types import Span

_PLAIN = r"[^，。；：、？！“”（）()《》\n]"
_WORDS = r"[^，。；：？！\n]"
_OPEN = r"(?:^|[，。；\n])"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Group 1 fills ``{0}`` of each question, group 2 answers; ``most`` are drawn."""

    shows: re.Pattern[str]
    asks: Sequence[str]
    most: int


def _row(shows: str, asks: str, most: int) -> Wording:
    return Wording(shows=re.compile(shows), asks=asks.split("|"), most=most)


WORDINGS = (
    _row(rf"{_OPEN}({_PLAIN}{{2,18}})[，]?是指([^。；\n]{{8,120}})",
         "什么是{0}？|{0}是指什么？", 250),
    _row(rf"{_OPEN}({_PLAIN}{{4,24}}?)(?:工作)?由({_PLAIN}{{3,24}}?)(?:负责|承担|组织实施|牵头)(?=[，。；])",
         "{0}由谁负责？|哪个部门负责{0}？", 150),
    _row(r"()(自\d{4}年\d{1,2}月\d{1,2}日起(?:施行|实施|执行))",
         "{title}从什么时候开始施行？|{title}什么时候实施？", 120),
    _row(r"()有效期[为至]?((?:限)?[一二三四五\d]{1,4}年|\d{4}年\d{1,2}月\d{1,2}日)",
         "{title}有效期多久？", 60),
    _row(rf"{_OPEN}对({_WORDS}{{4,40}})，([^。；\n]{{0,60}}"
         r"(?:补助|补贴|奖励|奖补|补偿|资助|减免|免征|免收|优惠|支持|给予)[^。；\n]{2,80})",
         "对{0}有什么支持政策？|{0}可以得到什么补助？|对{0}如何补贴？", 800),
    _row(rf"{_OPEN}对({_WORDS}{{4,40}})，"
         r"((?:要|应当|应|须|必须|由|依法|依规|一律|不得|可以|可|予以|及时|严格|从严)[^。；\n]{6,100})",
         "对{0}怎么处理？|{0}应当怎么办？|如何对待{0}？", 600),
    _row(rf"{_OPEN}({_WORDS}{{6,50}})的，((?:由|责令|处|给予|依法|应当|可以|对)[^。\n]{{8,140}})",
         "{0}的，如何处理？|{0}会受到什么处罚？|{0}怎么办？", 700),
    _row(r"(到20\d\d年底?)，([^。；\n]{10,120})",
         "{0}要达到什么目标？|{title}提出{0}实现什么目标？", 300),
    _row(rf"{_OPEN}({_PLAIN}{{4,24}}?)(?:的)?(?:标准|比例|额度|金额|限额)(?:统一)?"
         r"(?:为|不超过|不低于|提高到|调整为)([^，。；\n]{2,40})",
         "{0}标准是多少？|{0}是多少？", 100),
    _row(rf"{_OPEN}({_PLAIN}{{4,24}}?)(?:期限|时限|时间)(?:为|不超过|不少于|不得超过)([^，。；\n]{{2,30}})",
         "{0}期限是多久？|{0}多长时间？", 60),
    _row(rf"{_OPEN}({_PLAIN}{{2,24}}?)(?:主要)?(?:包括|包含|分为)[：]?"
         r"([^。；\n]{2,100}、[^。；\n]{2,60})(?=[。；\n])",
         "{0}包括哪些？|{0}有哪些？", 350),
    _row(rf"{_OPEN}(符合{_WORDS}{{4,40}}的{_WORDS}{{0,16}})，((?:可|可以|给予|按|优先|享受)[^。；\n]{{6,100}})",
         "{0}可以享受什么政策？|{0}怎么办？", 40),
    _row(r"(?:联系|咨询|投诉|举报|监督|服务)(电话|热线)[：:]\s?(\d[\d\-－—、，;； ]{5,40}\d)",
         "{title}的{0}是多少？", 60),
    _row(r"(?:^|\n)(?:（[一二三四五六七八九十]+）|[一二三四五六七八九十]+、|\d{1,2}[\.．、])\s?"
         r"((?:加强|推进|推动|完善|建立|健全|提高|提升|强化|落实|支持|鼓励|开展|优化|实施|加快|扩大|深化|促进|做好|规范"
         r"|保障|严格|加大|培育|创新)[^，。；：\n]{2,20})[。．：]\s?\n?([^\n]{20,160}?。)",
         "如何{0}？|{0}有哪些措施？|怎样{0}？|{0}方面有什么举措？", 900),
)  # fmt: skip


def asked(passages: Sequence[tuple[str, str]], *, seed: int) -> Iterator[tuple[int, str, Span]]:
    """(number of the passage, question, place of the answer in it), at most so many a wording.

    ``passages`` are (title of its document, text).
    """
    drawing = random.Random(seed)
    for row in WORDINGS:
        found = [
            (number, title, match)
            for number, (title, text) in enumerate(passages)
            for match in row.shows.finditer(text)
        ]
        for number, title, match in drawing.sample(found, min(row.most, len(found))):
            question = drawing.choice(row.asks).format(match[1], title=_short(title))
            yield number, question, Span(start=match.start(2), end=match.end(2))


def _short(title: str) -> str:
    """What a title is about: the words in 《》, or those between 关于 and 的通知."""
    quoted = re.search(r"《([^《》]+)》", title)
    if quoted:
        return quoted[1]
    return re.sub(r"^.*?关于(?:印发)?|的(?:通知|意见|公告|通告|函|批复|答复)$", "", title) or title
