"""Sessions of assemblies as letters and tables call them: 市政协十四届三次会议, 十届人大一次."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.text.chars import bare, narrow
from kb.text.numerals import number

_NUMERAL = r"[〇零一二三四五六七八九十\d]{1,3}"
_TERM = re.compile(rf"第?(?P<term>{_NUMERAL})届(?P<between>[\u4e00-\u9fff]{{0,14}}?)第?(?P<times>{_NUMERAL})次(?:全体)?(?:会议)?")  # fmt: skip
_TERM_ALONE = re.compile(rf"第?(?P<term>{_NUMERAL})届(?:委员会|人民代表大会|人大|政协)?")
_CPPCC, _CONGRESS = re.compile("政协|政治协商"), re.compile("人大|人民代表")
_PLACE = re.compile(r"[\u4e00-\u9fff]{0,10}[省市区县州盟旗镇乡]|全国")
_ASIDE = re.compile(r"中国人民政治协商会议|政治协商会议|政协|人民代表大会|人大|委员会|关于|对于|对|在|就|于|中国共产党")  # fmt: skip
BEFORE = 24  # code points before 第…届 that may name the assembly
KINDS = {"政协": ("提案",), "人大": ("建议", "议案")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """A session: 政协 or 人大 ("" untold), its place ("" untold), term, and session (0 untold)."""

    body: str
    place: str
    term: int
    times: int


def words_in(text: str) -> str:
    """The words of ``text`` that name a session, or ""."""
    for line in text.splitlines():
        if found := _in_line(bare(narrow(line, signs=True))):
            return found
    return ""


def _in_line(line: str) -> str:
    match = _TERM.search(line) or _TERM_ALONE.search(line)
    if match is None:
        return ""
    start = match.start()
    head = re.search(r"[\u4e00-\u9fff]{0,24}\Z", line[max(0, start - BEFORE) : start])
    before = head[0] if head else ""
    named = re.search(r"(?:[\u4e00-\u9fff]{0,8}[省市区县州盟旗镇乡]|全国)?(?:政协|人大|人民代表大会|中国人民政治协商会议)[\u4e00-\u9fff]{0,8}\Z|[\u4e00-\u9fff]{1,8}[省市区县州盟旗镇乡]\Z", before)  # fmt: skip
    after = line[match.end() : match.end() + 8]
    tail = re.match(r"(?:政协|人大|人民代表大会)(?:[一二三四五六七八九十\d]{1,3}次会议)?", after)
    return (named[0] if named else "") + match[0] + (tail[0] if tail else "")


def assembly_in(text: str) -> Assembly | None:
    """The session that ``text`` names, or None."""
    words = words_in(text)
    match = _TERM.search(words) or _TERM_ALONE.search(words)
    if match is None:
        return None
    try:
        term = number(match["term"])
        times = number(match["times"]) if "times" in match.groupdict() else 0
    except KeyError:
        return None
    body = "政协" if _CPPCC.search(words) else "人大" if _CONGRESS.search(words) else ""
    before = words[: match.start()]
    place = _PLACE.search(_ASIDE.sub("", before))
    return Assembly(body=body, place=place[0] if place else "", term=term, times=times)


def agree(one: Assembly, other: Assembly) -> bool:
    """True if both may be the same session."""
    return (
        one.term == other.term
        and (one.times == other.times or 0 in (one.times, other.times))
        and (one.body == other.body or "" in (one.body, other.body))
        and _same_place(one.place, other.place)
    )


def _same_place(one: str, other: str) -> bool:
    """True of 云岭市 and 市; of places that one table or letter leaves out."""
    return one.endswith(other) or other.endswith(one)


def kinds_of(assembly: Assembly | None) -> tuple[str, ...]:
    """What is brought to an assembly of this body: 提案, or 建议 and 议案; () where untold."""
    return KINDS.get(assembly.body, ()) if assembly else ()
