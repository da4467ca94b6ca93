"""Where a letter begins and ends among a page's lines, by the form that letters have.

A letter goes from its head, right above whom it greets, to its signature and what offices add
below: whom to call, copies, printing. Comments, lists and bars stand outside that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.formats.web.titles import same
from kb.text.chars import bare, narrow
from kb.text.numerals import DAY
from kb.text.organs import SIGNER
from kb.text.traditional import simplified

HEAD_LINES = 10  # lines above the salutation that may be a head
REACH = 200  # code points in which a letter says what it answers
LONGEST = 80  # code points of a line of a head or of a signature

_GREETING = re.compile(
    r"(?:尊敬的)?[\w·、，,（）() ]{1,60}(?:[：:]|(?:委员|代表)(?:[：:]|$)|(?:您|你)好.?)"
)
_ANSWERED = re.compile(r"收悉|收到|提出|如下|[您你贵]|转来|答复|回复")
_SIGNED = re.compile(rf"(?:{SIGNER}\s{{0,4}})?{DAY}")
_BELOW = re.compile(
    rf"[（(][^）)]*[）)]|{SIGNER}|{DAY}|.{{0,40}}印发|[（(]?(?:联\s?系|经办|承办|主办|附注|备注|审签|核稿|(?:办理|答复)(?:结果|类别|类型)|类别|电\s?话|传\s?真|邮\s?编"
    r"|抄\s{0,4}[送报发]|分送|报送|主题词|此件|公开|是否|密级|共印|签发|领导签).*"
)
_ATTACHED = re.compile(
    r"附\s?[件表：:1-9一二].{0,60}|.{0,20}(?:征询|征求|反馈|评价|回执).{0,10}[表单卡函]"
)
_HEAD = re.compile(
    rf".*(?:[〔\[(（【﹝]\s?\d{{4}}\s?[〕\])）】﹞]).*|[（(【]?[A-DＡ-Ｄ甲乙丙丁]\d?\s?类?[）)】]?|{SIGNER}(?:文件)?"
    rf"|{DAY}|.*(?:答复|复函|回复|函|意见|提案|建议|议案|复文|情况)(?:[（(][^）)]{{1,20}}[）)])?"
    r"|.{0,40}(?:关于|会议|[会第对])|(?:关于|对|第).*|答\s*复|[（(][^）)]{1,40}[）)]"
    r"|.{0,12}(?:签\s?发|类\s?别|办理结果|密级|编号|案号|公开|文\s?号|分类).*|[^：。]{2,10}：[^：。]{1,30}"
)


def letter_within(lines: Sequence[str], *, title: str, alone: bool) -> range:
    """The places in ``lines`` of the letter; all of them where its form does not tell.

    ``alone`` if the block that they are from holds a text alone: then only what follows the
    signature without any sentence is left out.
    """
    greeting = next((at for at in range(len(lines)) if _greets(lines, at)), None)
    start = 0 if alone or greeting is None else _head(lines, greeting, title=title)
    days = [at for at in range((greeting or 0) + 1, len(lines)) if _short(lines[at], _SIGNED)]
    return range(start, _end(lines, days[0], alone=alone) if days else len(lines))


def _short(line: str, form: re.Pattern[str]) -> bool:
    words = line.strip()
    if len(words) > LONGEST:
        return False
    words = simplified(narrow(words)).replace(":", "：")
    return bool(form.fullmatch(words) or form.fullmatch(bare(words)))


def _greets(lines: Sequence[str], at: int) -> bool:
    """True if the line ``at`` names whom the next one speaks to."""
    after = next(filter(bare, lines[at + 1 : at + 3]), "")
    return _short(lines[at], _GREETING) and bool(_ANSWERED.search(after[:REACH]))


def _head(lines: Sequence[str], greeting: int, *, title: str) -> int:
    """The first of the lines above the salutation that look like a letter's head."""
    at = greeting
    while at and greeting - at < HEAD_LINES:
        above = lines[at - 1]
        if not (not bare(above) or same(above, title) or _short(above, _HEAD)):
            break
        at -= 1
    return at


def _end(lines: Sequence[str], day: int, *, alone: bool) -> int:
    """Where what an office adds below its signature ends; all if something is attached."""
    at = day + 1
    while at < len(lines) and (not bare(lines[at]) or _short(lines[at], _BELOW)):
        at += 1
    rest = lines[at:]
    attached = any(_short(line, _ATTACHED) for line in rest[:2])
    if attached or (alone and any("。" in line or "\t" in line for line in rest)):
        return len(lines)
    return at
