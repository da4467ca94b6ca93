"""The lines of a page's main block → those of the letter, and what was taken from around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.formats.web.titles import same
from indexer.formats.web.words import (
    SHORTEST_PROSE,
    bar,
    begins_list,
    is_furniture,
    is_vague,
    kept,
    stamped,
)
from kb.text.chars import bare

_SALUTATION = re.compile(r"(?:尊敬的)?[\u4e00-\u9fff·、，,（）() ]{2,60}[：:]")
_LETTERHEAD = re.compile(
    r"文件$|[〔\[(（【﹝]\s?\d{4}\s?[〕\])）】﹞]|类\s?别|[A-D甲乙丙丁]\s?类|办理结果|签\s?发|密级|编号|分类|案号"
    r"|公开(?:属性|方式|形式|类别|选项|类型|范围)|是否|[动予宜请]公开|[局厅委办]$|(?:委员会|政府|公室|中心)$"
)
_TITLE_END = re.compile(r"(?:答复|复函|回复|函|意见|提案|建议|议案)$")
_SIGNATURE = re.compile(r"(?:\d{4}|[二〇○零一三四五六七八九]{4})年.{2,8}日")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trimmed:
    """The letter's ``lines``, what was ``dropped``, and the values that bars gave."""

    lines: list[str]
    dropped: list[str]
    values: dict[str, str]


def trimmed(lines: Sequence[str], *, title: str, whole_page: bool) -> Trimmed:
    """What of ``lines`` is the letter's.

    ``title`` is what the page is called; ``whole_page`` if no container of the text was found, so
    that what stands above the title is the site's unless it looks like a letterhead.
    """
    end = _end(lines)
    first = _first(lines[:end])
    last = _last(lines[:end])
    titled = _titled(lines[:first], title) if whole_page else 0
    kept_lines: list[str] = []
    dropped = list(lines[end:])
    values: dict[str, str] = {}
    open_bar = ""  # a bar whose last label has its value on the next line
    for at, line in enumerate(lines[:end]):
        outside = at < first or at > last
        found = bar(open_bar + line) if open_bar and at < first else bar(line)
        cells_after = at > last and "\t" in line  # a table at the letter's end is the letter's
        if found is not None and not cells_after and (outside or not is_vague(line, found)):
            for name, value in kept(found).items():
                values.setdefault(name, value)
            open_bar = line if found and not found[-1][1] and not open_bar else ""
            dropped.append(line)
            continue
        open_bar = ""
        site = at < titled and not _LETTERHEAD.search(line)
        stamp = stamped(line) if outside else ""
        if stamp:
            values.setdefault("发布时间", stamp)
        if is_furniture(line) or site or stamp:
            dropped.append(line)
        else:
            kept_lines.append(line)
    return Trimmed(lines=kept_lines, dropped=dropped, values=values)


def bars(lines: Sequence[str]) -> dict[str, str]:
    """The values of the bars among ``lines``, the first of each name."""
    values: dict[str, str] = {}
    for line in lines:
        for name, value in kept(bar(line) or ()).items():
            values.setdefault(name, value)
    return values


def before_letter(lines: Sequence[str]) -> Sequence[str]:
    """Those of ``lines`` that stand above the first that greets somebody or is prose."""
    return lines[: _first(lines)]


def is_prose(line: str) -> bool:
    """True for a line of running text."""
    words = bare(line)
    signs = "。；" if _TITLE_END.search(words) else "，。；"
    return len(words) >= SHORTEST_PROSE and any(sign in words for sign in signs)


def _end(lines: Sequence[str]) -> int:
    """Where a list of other texts begins that follows the letter."""
    read, prose = 0, False
    everything = sum(len(bare(line)) for line in lines)
    for at, line in enumerate(lines):
        if prose and 2 * read >= everything and begins_list(line):
            return at
        read += len(bare(line))
        prose = prose or is_prose(line)
    return len(lines)


def _first(lines: Sequence[str]) -> int:
    """The first line that greets somebody or is prose."""
    for at, line in enumerate(lines):
        if is_prose(line) or (_SALUTATION.fullmatch(line.strip()) and bar(line) is None):
            return at
    return len(lines)


def _last(lines: Sequence[str]) -> int:
    """The last line that is prose or a signature's day."""
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        if (
            bar(line) is None
            and not is_furniture(line)
            and (is_prose(line) or _SIGNATURE.fullmatch(line.strip()))
        ):
            return at
    return len(lines)


def _titled(lines: Sequence[str], title: str) -> int:
    """The line among those before the letter that is its title; 0 if there is none."""
    return max((at for at, line in enumerate(lines) if title and same(line, title)), default=0)
