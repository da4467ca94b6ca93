"""What is done to what: the objects of a promise, part by part, and the subject of a later clause.

Of the characters that both sentences have, most tell where it is; these tell which thing it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb.analysis.evidence.things import COUNTED

_TAIL = 4  # characters at a run's end that name the thing
_HELD = 0.5  # of them from which on it is named
_NAMED = 0.7  # of them that name it surely
_ABSENT = 0.4
_MOST = 3
_DOING = (
    "更换|更新|改造|改建|扩建|新建|重建|补建|建设|建成|建立|建|修建|修缮|修复|修订|维修|新增|增设|增加|添置|加装|安装|设置|设立|配备|配齐"
    "|购置|投入使用|投入|投用|启用|使用|完成|开展|实施|推行|推广|进行|开通|开放|开办|延伸|通到|打通|接入|铺设|敷设|清理|清除|清运|整治|治理"
    "|拆除|查处|处罚|检测|检查|排查|摸底|巡查|编制|制定|印发|公布|出台|发放|补贴给|提高|提升|扩大|降低|调整|恢复|取消|纳入|列入|引入|移交|答复|验收"
    "|补齐|补植|栽植|种植|绿化|施划|举办|组织|聘请|招聘|培训|扩容|加固|覆盖|实现|达到|运行|办理|解决|落实|受理"
)
_EMPTY = (
    "下一步|下步|今后|年底|年内|期间|之前|以上|以内|不低于|不少于|全市|全县|全区|我[局委市县区院办队们]|中心将|尽快|适时|积极|加快|推进|推动|督促|协调|会同"
    "|确保|力争|争取|计划|分别|位于|同步|依法|进一步|继续|加强|任务|工作|项目|工程|问题|有关|相关|部门|存在|目前|先后|共计|规划"
)
_APART = re.compile(
    rf"\d+(?:\.\d+)?[余多]?(?:{COUNTED})?|[^\u4e00-\u9fff]|{_DOING}|{_EMPTY}"
    r"|[的在把对于至到为向由将拟已共各均被给从因等]|[一二两三四五六七八九十]+[个处座所家条]"
)
_SEGMENTS = re.compile(r"[，；]|并(?!网)|同时")
_JOINED = re.compile(r"、|和(?!谐)|以?及(?!时)|与")
_ASIDE = re.compile(  # says when, with whom or what for, not what is done
    r"^(?:待|如|若|会同|联合|按|根据|针对|明确|让|(?:争取)?在.*[前后内]$|对(?!.*(?:改造|清理|整治|查处|治理|检测|修缮|加固)))"
)
_KIND = re.compile(
    r"([\u4e00-\u9fff]{2})(馆|厂|所|库|楼|中心|学校|小学|中学|幼儿园|公园|广场|市场|砂场|医院|站|小区|新村|家园|办法|条例|机制|平台|筛查|补贴)"
)
_CITED = re.compile(r"《([^》]{4,200})》")
_TOLD = re.compile(r"已|均|现(?!场|状|代)|全部|正(?!式)|于|先后|陆续|自\d|(?<!新)投|完|竣|启")
_OPPOSED = tuple(
    (re.compile(ours), re.compile(theirs))
    for ours, theirs in (
        (r"免费|免收|不收", r"收费|付费|收取|每人次\d"),
        (r"取消|废止|清退", r"保留|照旧|依旧|继续执行|仍在"),
        (r"保留|留存|继续", r"拆除|关闭|取消|恢复收费|停办|撤销"),
        (r"提高|提升|增加|增至|上调|扩大", r"下调|降低|降至|降为|减少|缩减|调减|下降"),
        (r"降低|下调|减少|减免", r"上调|提高|上涨|涨至|增加"),
        (r"延伸|延长|加密", r"缩线|缩短|缩减|停运|减班"),
        (r"恢复|开放|开通|开办", r"关闭|停运|封闭|停办|停业"),
    )
)  # fmt: skip


def objects(plain: str, words: str, around: str, said: str) -> Iterator[tuple[str, float]]:
    """How far what is done to what agrees, of 1, by name.

    ``plain`` are the promise's words, ``words`` the later clause's and ``around`` those with its
    headings; ``said`` is the part of the clause that has most of the promise.
    """
    asked = [part for part in _SEGMENTS.split(plain) if not _ASIDE.search(part)]
    parts = [part for segment in asked for part in _JOINED.split(segment)]
    shares = [_share(runs[-1], around) for part in parts if (runs := _runs(part))]
    runs = _runs(plain)
    yield "object", shares[-1] if shares else 1.0
    yield "object_least", min(shares, default=1.0)
    yield "object_most", max(shares, default=1.0)
    yield "object_first", _share(runs[0], around) if runs else 1.0
    missing = sum(share < _HELD for share in shares)
    yield "objects_missing", min(missing, _MOST)
    yield "objects_halved", float(0 < missing < len(shares))
    yield "objects_none", float(bool(shares) and missing == len(shares))
    listed = [_listed(segment, around) for segment in asked]
    yield "listed_halved", float(any(listed))
    yield "kin_apart", float(_kin_apart(plain, words))
    yield "object_pairs", _pairs(runs[-1:], around)
    yield "objects_pairs", _pairs(runs, around)
    yield "subject_held", _subject(said, plain)
    yield "subject_first", _subject(words, plain)
    yield "theirs_pairs", _pairs(_runs(said), plain)
    yield "opposed", float(any(o.search(plain) and t.search(words) for o, t in _OPPOSED))


def _runs(words: str) -> list[str]:
    """The runs of characters that name something."""
    return [run for run in _APART.split(words) if run and len(run) > 1]


def _share(run: str, text: str) -> float:
    """How many of the characters that name the thing ``text`` has."""
    tail = run[-_TAIL:]
    return sum(char in text for char in tail) / len(tail)


def _listed(segment: str, around: str) -> bool:
    """True if of the things that ``segment`` lists ``around`` has some and others not at all."""
    items = [runs for item in _JOINED.split(segment) if (runs := _runs(item))]
    if len(items) < 2:
        return False
    found = [_share(runs[-1], around) for runs in items[:-1]]
    last = items[-1]
    found.append(min(_share(last[0][:_TAIL], around), _share(last[-1], around)))
    return max(found) > _NAMED and min(found) < _ABSENT


def _kin_apart(plain: str, words: str) -> bool:
    """True if another thing of a kind or another document is named than what was promised."""
    cited, theirs = _CITED.findall(plain), _CITED.findall(words)
    if cited and theirs and not any(one[:6] in other for one in cited for other in theirs):
        return True
    ours = [(name, kind) for name, kind in _KIND.findall(plain) if name + kind not in words]
    return any(
        kind == other and not set(name) & set(told) and not any(char in words for char in name)
        for name, kind in ours
        for told, other in _KIND.findall(words)
        if told not in plain
    )


def _pairs(runs: Sequence[str], text: str) -> float:
    """How many of the pairs of characters of ``runs`` stand in ``text``."""
    every = [run[at : at + 2] for run in runs for at in range(len(run) - 1)]
    return sum(pair in text for pair in every) / len(every) if every else 1.0


def _subject(said: str, plain: str) -> float:
    """How much of what the clause says something of the promise names."""
    told = _TOLD.search(said)
    runs = _runs(said[: told.start()] if told else said) or _runs(said)
    return _share(runs[-1], plain) if runs else 1.0
