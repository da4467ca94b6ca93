"""Questions that compare: years or organs that each are to be asked about alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.query.directory import Directory
from kb.query.mentions import Mention, mentions
from kb.query.parse import Query
from kb.types import Span

MOST = 6  # sides of a comparison
_JOINT = r"(?:[、，,和与跟同及到至比较—~～\-\s]|以及|相比|对比|从|自|截至|截止到?)*"
_YEAR = (
    r"(?:(?:19|20)\d\d|(?<!\d)[12]\d(?=年))\s?年?"
    r"(?:\d{1,2}月)?(?:[上下]半年|年?底|年?末|年初|度|这?一?年)?"
)
_YEAR_RUN = re.compile(rf"{_JOINT}{_YEAR}(?:{_JOINT}{_YEAR})+(?:以来|之间|期间)?")
_ONE_YEAR = re.compile(
    r"(?P<year>(?:19|20)\d\d|(?<!\d)[12]\d(?=年))\s?年?"
    r"(?P<rest>(?:\d{1,2}月)?(?:[上下]半年|年?底|年?末|年初)?)"
)
_RANGE = re.compile(r"(?P<first>20\d\d)\s?年?\s?[到至—~～\-]+\s?(?P<last>20\d\d)\s?年?")
_EACH_YEAR = re.compile(
    r"历年|逐年|各年|(?:每一?年|(?:这|近)(?:几|[两二三四五])年(?:里|来)?)(?=分别|各[是有]|都(?:是|有|建|做|修)了?[多几])"
)
# What only sets the sides against each other; what is asked of each is the rest.
_AGAINST = re.compile(
    r"分别|各自|(?:这|那)?[两二三四五几]年(?:里|间)?(?:来)?|各(?=[有是为多少几])|相比(?:较|之下)?"
    r"|(?:对比|比较)(?:一下)?|(?:是不是|有没有)?(?:一样|一回事|相同|一致|对得上)(?:吗|不|么)?"
    r"|(?:有|是)?什么(?:不同|区别|差别|两样)|讲的|说的|说法|每一?年(?:是|都|各)?"
)
_CHANGE = re.compile(
    r"(?:比[^，,。？?]{0,6})?(?:增加|增长|减少|下降|多|少|涨|降|差|变化)了?"
    r"(?:多少|几(?:[个座部家台辆条所万])?|吗|没有|多大)?(?=$|[，,。？?])"
)
_SET_AGAINST = re.compile(
    r"一样|一回事|相同|一致|对得上|不同|区别|差别|分别|各自|各(?:说|讲|怎)|对比|比较|相比|谁[多少高低]"
)
_EMPTY = re.compile(r"[，,、\s]{2,}|^[，,、\s的]+|[，,、\s是]+(?=[？?。]?$)")
LONGEST = 80  # code points of a question that compares; what is longer tells a story


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of what is compared: its ``label``, what is asked of it, whose letters may answer."""

    label: str
    question: str
    issuer: str | None = None


def compared(query: Query, known: Directory) -> tuple[Side, ...]:
    """The sides that ``query`` compares, two to six; () where it compares nothing."""
    if query.listing or query.named.letter_ids or len(query.typed) > LONGEST:
        return ()
    return _years(query, known) or _organs(query, known)


def _years(query: Query, known: Directory) -> tuple[Side, ...]:
    text = query.text.rstrip("？?。")
    each = _EACH_YEAR.search(text)
    run = _YEAR_RUN.search(text)
    if run:
        sides = _in_run(run[0])
        text = text[: run.start()] + text[run.end() :]
    elif each:
        sides = [(year, "") for year in _issued(known)]
        text = text[: each.start()] + text[each.end() :]
    else:
        return _apart(text)
    if not 1 < len(sides) <= MOST:
        return ()
    rest = _rest(text)
    return tuple(
        Side(label=f"{year}年{more}", question=f"{year}年{more}{rest}？") for year, more in sides
    )


def _apart(text: str) -> tuple[Side, ...]:
    """24年几块，25年几块: each year with a clause of its own."""
    found = list(_ONE_YEAR.finditer(text))
    if not 1 < len(found) <= MOST or len({match["year"] for match in found}) < 2:
        return ()
    if not all("几" in part or "多少" in part for part in _between(text, found)):
        return ()
    lead = text[: found[0].start()]
    labels = [f"{_whole(match['year'])}年{match['rest']}" for match in found]
    return tuple(
        Side(label=label, question=_tidy(f"{lead}{label}{part}？"))
        for label, part in zip(labels, _between(text, found), strict=True)
    )


def _between(text: str, found: Sequence[re.Match[str]]) -> list[str]:
    ends = [match.start() for match in found[1:]] + [len(text)]
    return [text[match.end() : end].strip("，,、 ") for match, end in zip(found, ends, strict=True)]


def _in_run(run: str) -> list[tuple[str, str]]:
    """The years of ``run`` with the month or half named with each; those between, of a range."""
    between = _RANGE.search(run)
    if between and len(_ONE_YEAR.findall(run)) == 2:
        years = range(int(between["first"]), int(between["last"]) + 1)
        return [(str(year), "") for year in years]
    found = {_whole(match["year"]): match["rest"].strip() for match in _ONE_YEAR.finditer(run)}
    return list(found.items())


def _whole(year: str) -> str:
    return year if len(year) > 2 else f"20{year}"


def _issued(known: Directory) -> list[str]:
    """The years of the letters, the latest six."""
    return sorted(known.heads.years())[-MOST:]


def _rest(text: str) -> str:
    """What is asked of each side, without what only sets them against each other."""
    rest = _AGAINST.sub("", text)
    changed = _CHANGE.sub("", rest)
    asks = re.search(r"多少|几|什么|怎|哪|吗|没有", changed)
    return _tidy(changed if asks else f"{changed}是多少")


def _tidy(text: str) -> str:
    return _EMPTY.sub(lambda match: "，" if match.start() and match.end() < len(text) else "", text)


def _organs(query: Query, known: Directory) -> tuple[Side, ...]:
    text = query.text
    if not _SET_AGAINST.search(text):
        return ()
    named = mentions(text, known, places=query.setting.places)
    organs = [mention for mention in named if mention.kind == "organ" and len(mention.means) == 1]
    if len({mention.means for mention in organs}) < 2 or len(organs) > MOST:
        return ()
    rest = _rest(_cut(text, organs).rstrip("？?。"))
    return tuple(
        Side(label=mention.text, question=f"{rest}？", issuer=mention.means[0])
        for mention in organs
    )


def _cut(text: str, organs: Sequence[Mention]) -> str:
    """``text`` without the ``organs`` and what joins them."""
    joint = r"[和与跟同、，,及]*"
    for mention in reversed(organs):
        before = re.search(rf"{joint}$", text[: mention.span.start])
        start = before.start() if before else mention.span.start
        text = Span(start=0, end=start).of(text) + text[mention.span.end :]
    return text
