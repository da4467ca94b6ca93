"""Items and sentences under 下步工作, 整改措施 and the like that say a deed without a cue.

The weights of ``kb.extract.tagger`` learned from running text, where a cue is seldom missing:
they pass over 补建无障碍坡道6处. This adds the whole of it where the tagger has no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb.extract.promise_cues import barred
from kb.extract.promise_features import Part
from kb.extract.promise_rules import DONE, announces

SHORTEST = 5  # characters of an item that names what is done and to what

# Before the deed: when, how hard, and 对…: 对3家餐馆安装净化器.
_BEFORE = re.compile(
    r"(?:会?尽最大努力|会?尽力|积极|及时|逐步|分批|再|同时|全面|重新|统一|年底前|在[^，。；]{2,20}?(?=[补更划修增新加安拆])"
    r"|[对为给][^，。；]{2,24}?(?=补[建种划装]|更[换新]|划[设定]|修[订复缮补]|增[设加派配]|新[建增设]|加装|安装|拆除|清[理淤运]|改造|迁移|配[备齐]))*"
)
_DEED = re.compile(
    r"(?:补[建种划植设装办]|更[换新]|替换|划[设定]|修[订复缮剪建补编]|增[设加派建开配种]|新[建增设开]|加[装密固]|安装|拆[除改]|清[理淤运除]|改[造建装]"
    r"|迁[移建改]|移[栽植]|扩[建容]|建[成立]|建设(?!性)|出台|制[定订]|编制|印发|公布|公示|开[通设办行]|设[立置]|配[备建齐]|整治|检修|维修|疏[通浚]|拓宽"
    r"|硬化|铺设|绿化|亮化|购[置买]|采购|引进|培训|举办|延[长伸]|取消|发放|争取|组建|选派|聘请|复查|抽查|排查|接入|升级)(?P<of>[^，。；]+)"
)
# What no one could check: 建立机制, 组建工作专班 names a thing, 增加工作力度 none.
_ABSTRACT = re.compile(
    r"(?:一批|更多|相关|有关|长效|工作|管理|服务|监管|协调|联动|良好|各项|的|和|与|、|机制|体系|力度|水平|意识|能力|质量|环境|氛围|合力|支持|理解|投入|措施)*$"
)


def with_items(
    parts: Sequence[Part], labelled: Sequence[int], *, out: int, begins: int, goes_on: int
) -> list[int]:
    """``labelled`` with the items that say a deed labelled too, where no part of them was.

    ``out``, ``begins`` and ``goes_on`` are the labels of ``kb.extract.tagger``.
    """
    labels = list(labelled)
    for first, last in each_clause(parts):
        if all(labels[n] == out for n in range(first, last)) and _is_deed(parts[first:last]):
            labels[first] = begins
            labels[first + 1 : last] = [goes_on] * (last - first - 1)
    return labels


def each_clause(parts: Sequence[Part]) -> Iterator[tuple[int, int]]:
    """From where to where the parts are of one clause."""
    first = 0
    for n in range(1, len(parts) + 1):
        if n == len(parts) or parts[n].said is not parts[first].said:
            yield first, n
            first = n


def _is_deed(parts: Sequence[Part]) -> bool:
    """True of a whole item that begins with a deed and names what it is done to."""
    clause = parts[0].said.clause
    if len(parts) < len(clause.parts) or len(clause.masked) < SHORTEST:
        return False
    if not any(announces(heading.text) for heading in clause.path):
        return False
    words = clause.masked[_before(clause.masked) :]
    found = _DEED.match(words)
    return bool(
        found
        and not _ABSTRACT.match(found["of"])
        and not barred(words)
        and not DONE.search(clause.masked)
    )


def _before(words: str) -> int:
    found = _BEFORE.match(words)
    return found.end() if found else 0
