"""What a clause of a later letter says became of a promise: rows of words, rules in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kb.calendars import Calendar
from kb.extract.clauses import Clause
from kb.extract.due import Dated, dues
from kb.extract.figures import figures
from kb.extract.promise_rules import CUES
from kb.extract.types import Due, Relation, Target

# A part of a clause that only tells what was promised then; CITES: and so does what follows it.
RECALLED = re.compile(
    r"原[定拟说]|原计划|承诺|答应|当时|去年(?:说|提出)|提出的|的目标|比(?:原|计划|目标|预期|拟定)|(?:计划|预期|拟定)的"
)
CITES = re.compile(r"答复[^，。；]{0,24}(?:时|中)|(?:曾|当时)(?:提出|答复|表示)|提到")
_NOW = re.compile(
    r"[均都]已|已(?!列入|纳入|制定|确定)|才(?=[全正完开建补])|实际|目前|截至|至今|没有|未能|尚未|无法|仅设|只|去年(?!说|提出|答应|底前)"
)
_NOT = re.compile(r"未能|没有|无法|尚未|不能|[仍还]未|未按")
_VERBS = (
    r"建成|完成(?!\d[\d.]*%|[一二三四五六七八九]成)|完工|完毕|竣工|印发|出台|施行|实行|执行|开通|投入使用|投用|投运|启用|上线|补齐|设齐|配齐|通车|通电|开门|开放|公布|到位|兑现"
    r"|验收|达到|达标|恢复|支付|发放|落实|覆盖|更换了|开展了|建立了|反馈了|接通|结案|到车|配了|试了|[装建办改做编修]好|[装建办改做编]完(?!成)|补[到足]|由.{1,12}[降增提减](?:为|至|到|加到|高到)|[降增提减](?:为|至|到|加到|高到)"
)
_STARTED = r"无法|不|经?(?:启动|开工|列入|纳入|报|制定|确定)"
DONE = re.compile(rf"[已才](?!{_STARTED})[^，]{{0,14}}?(?:{_VERBS})|已(?!{_STARTED})|{_VERBS}")
WHOLE = re.compile(
    r"(?<!要)全部[^，不]{0,4}(?:[完成好齐毕通用到竣达]|更换|开放|实行)|均已|都已|补齐|设齐|配齐|如期|(?<!未)(?<!法)按期|按时|超过一半|提前"
)
PARTLY = re.compile(
    r"还没有|尚未|(?<=，)(?:余下|其余|剩余|剩下)|还差|[差少]\d|第一[条批期个](?=[^，]{0,8}[去今]年)|只(?:完成|建成|有|剩)|仅"
)
LATE = re.compile(
    r"推迟|延期|延至(?!\d+[：点])|延后|延到(?!\d+[：点])|拖到|顺延|未能|无法按期|未按[期时]|(?:没有|没能|未)(?=[按完实建达开动出落启兑如装])"
    r"|尚未|不能按|逾期|调整[为至到]"
)
DROPPED = re.compile(
    r"暂不|暂缓|不再(?=实施|推进|建设|列入|考虑|安排|推广|执行)|不宜|终止|停止(?=实施|推进|建设)|搁置|不予|不便实施|撤销|没有延续|停运|停发|[已被]停用|不再(?:单独|另行)"
    r"|取消(?=[该了这]|建设|原)|不具备条件"
)
GOING = re.compile(
    r"正在|目前|进展|完成(?:\d[\d.]*%|[一二三四五六七八九]成)|已经?(?:启动|开工|列入|纳入|报)|剩余|其余|余下|尚有|差距|陆续|仅|正由|开工|列入|施工到"
)
_REACHED = re.compile(r"(?:[成工装案为到至了]|达到?|实际|新增|新建|更换|开通|仅设?|累计|惠及)$")
_LAST_YEAR = re.compile(r"[去前上]年.{0,2}$")  # before a month: it is past, which dues cannot tell
_LONGEST_SHOWN = 16  # characters of a clause that are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a promise is measured by; no target where it is one to stay below."""

    due: Due | None
    target: Target | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a clause says, each as the words that say it; "" or None where it does not.

    ``reached`` is the figure that it tells in the unit of the promise, ``aimed`` the one that it
    promises, ``until`` the last day that it promises, ``day`` the last by which it was done.
    """

    done: str
    whole: str
    late: str
    dropped: str
    going: str
    ahead: str
    partly: bool = False
    reached: Target | None = None
    aimed: Target | None = None
    until: str | None = None
    day: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The relation that a clause proposes, and why, in words for people."""

    relation: Relation
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A relation and when it holds.

    ``example`` is what a letter of May 2025 says of 60部 promised by the end of 2026.
    """

    name: str
    relation: Relation
    holds: Callable[[Facts, Measure], str]
    example: str


def _short(facts: Facts, asked: Measure) -> bool:
    """True if it tells a figure below what was promised or a rest, and not that all is done."""
    if facts.whole:
        return False
    if asked.target and facts.reached:
        return facts.reached.value < asked.target.value
    return facts.partly


def _lowered(facts: Facts, asked: Measure) -> str:
    """The lower figure that is promised for the same year."""
    last = asked.due.last if asked.due else None
    if not (facts.aimed and asked.target and facts.until and last):
        return ""
    same_year = facts.until[:4] == last[:4]
    return facts.aimed.text if same_year and facts.aimed.value < asked.target.value else ""


# In order: the first that holds counts.
RULES: tuple[Rule, ...] = (
    Rule(name="写明不再办", relation="contradicts", holds=lambda f, a: f.dropped,
         example="加装电梯补贴试点效果不好，暂不推广"),
    Rule(name="写明推迟", relation="contradicts",
         holds=lambda f, a: f.late if f.ahead or not f.done else "",
         example="原定60部，因资金不足推迟到2027年年底前建成"),
    Rule(name="写明办成", relation="fulfils",
         holds=lambda f, a: (f.whole or f.done) if f.done and not _short(f, a) else "",
         example="加装电梯60部已于2024年1月全部建成"),
    Rule(name="写明办成一部分", relation="progresses", holds=lambda f, a: f.done,
         example="加装电梯建成35部，其余正在施工"),
    Rule(name="写明正在办", relation="progresses", holds=lambda f, a: f.going,
         example="加装电梯正在施工"),
    Rule(name="调低了数字", relation="contradicts", holds=_lowered,
         example="计划2026年年底前加装电梯40部"),
    Rule(name="又作承诺", relation="repeats", holds=lambda f, a: f.ahead,
         example="将于2026年年底前加装电梯60部"),
    Rule(name="写明数字", relation="progresses",
         holds=lambda f, a: f.reached.text if f.reached and _short(f, a) else "",
         example="加装电梯40部，惠及居民"),
    Rule(name="写明数字", relation="fulfils",
         holds=lambda f, a: f.reached.text if f.reached else "",
         example="加装电梯281部，惠及居民"),
)  # fmt: skip


def outcome(
    clause: Clause, asked: Measure, *, signed: date | None, calendar: Calendar
) -> Outcome | None:
    """What ``clause`` of a letter of the day ``signed`` says of a promise; None if nothing."""
    facts = facts_of(clause, asked, signed=signed, calendar=calendar)
    for rule in RULES:
        if words := rule.holds(facts, asked):
            return Outcome(
                relation=rule.relation, why=(f"{rule.name}：“{words}”", *_figures(facts, asked))
            )
    return None


def _figures(facts: Facts, asked: Measure) -> Iterator[str]:
    """The figure and the day of then and of now."""
    if asked.target and facts.reached and not facts.whole:
        met = "达到" if facts.reached.value >= asked.target.value else "没有达到"
        yield f"当初{asked.target.text}，现在{facts.reached.text}，{met}"
    elif asked.target and facts.aimed and not facts.done:
        yield f"当初{asked.target.text}，这次{facts.aimed.text}"
    last = asked.due.last if asked.due else None
    if last and facts.done and facts.day and facts.day > last:
        yield f"晚于原定的{last}"


def facts_of(clause: Clause, asked: Measure, *, signed: date | None, calendar: Calendar) -> Facts:
    """What the parts of ``clause`` say; a part that recalls the promise says nothing new."""
    words = clause.plain.words
    dated = [
        time
        for time in dues(words, signed=signed, calendar=calendar)
        if not _LAST_YEAR.search(words[: time.span.start]) and not time.due.raw.endswith("工作日")
    ]
    now, ahead = _sorted_parts(clause, dated)
    real = [number for number in now if not _NOT.search(clause.part(number))]
    present = "，".join(clause.part(number) for number in real)
    plain_present, promised = (
        "，".join(_plain(clause, number) for number in numbers) for numbers in (real, ahead)
    )
    unit = asked.target.unit if asked.target else ""
    return Facts(
        done=_matched(DONE, present),
        whole=_matched(WHOLE, present),
        late=_matched(LATE, clause.masked),
        dropped=_matched(DROPPED, clause.masked),
        going=_matched(GOING, present),
        ahead=promised,
        partly=bool(PARTLY.search(clause.masked)),
        reached=_reached(plain_present, unit),
        aimed=_of_unit(promised, unit),
        until=_last(clause, ahead, dated),
        day=_last(clause, now, dated),
    )


def _sorted_parts(clause: Clause, dated: Sequence[Dated]) -> tuple[list[int], list[int]]:
    """The parts that tell what is, and those that tell what is to come.

    What follows a part that cites, or one of what is to come, goes with it until a word such as
    实际 leads back to what is.
    """
    now, ahead, cited, coming = list[int](), list[int](), False, False
    for number in range(len(clause.parts)):
        words = clause.part(number)
        back = bool(_NOW.search(words))
        cited = (cited and not back) or bool(CITES.search(words))
        if cited or (RECALLED.search(words) and not _NOW.search(words)):
            continue
        back = back or _over(clause, number, dated)
        coming = not back and (coming or _ahead(clause, number, dated))
        (ahead if coming else now).append(number)
    return now, ahead


def _last(clause: Clause, parts: Sequence[int], dated: Sequence[Dated]) -> str | None:
    """The last day that ``parts`` name."""
    ranges = [clause.parts[number] for number in parts]
    days = [
        time.due.last
        for time in dated
        if time.due.last and any(start <= time.span.start < end for start, end in ranges)
    ]
    return max(days, default=None)


def _over(clause: Clause, number: int, dated: Sequence[Dated]) -> bool:
    """True if the part names a day that was over when the letter was signed."""
    start, end = clause.parts[number]
    return any(start <= time.span.start < end and time.past for time in dated)


def _ahead(clause: Clause, number: int, dated: Sequence[Dated]) -> bool:
    """True if the part names a day to come or has words that promise."""
    start, end = clause.parts[number]
    words = clause.part(number)
    due = any(start <= time.span.start < end and not time.past and time.due.last for time in dated)
    return due or any(cue.pattern.search(words) for cue in CUES if not cue.dated)


def _plain(clause: Clause, number: int) -> str:
    start, end = clause.parts[number]
    return clause.plain.words[start:end]


def _matched(pattern: re.Pattern[str], words: str) -> str:
    """The words that ``pattern`` finds, with a little of what follows so that they read well."""
    match = pattern.search(words)
    if not match:
        return ""
    tail = words[match.start() :].split("，")[0]
    return tail if len(tail) <= _LONGEST_SHOWN else match[0]


def _of_unit(words: str, unit: str) -> Target | None:
    """The greatest figure of ``unit``."""
    own = [figure for figure in figures(words) if figure.unit == unit]
    return max(own, key=lambda figure: figure.value, default=None)


def _reached(words: str, unit: str) -> Target | None:
    """The figure of ``unit`` that something has come to, else the last of that unit."""
    own = [figure for figure in figures(words.split("其中")[0]) if figure.unit == unit]
    hit = [figure for figure in own if _REACHED.search(words.split(figure.text)[0])]
    return hit[0] if hit else own[-1] if own else None
