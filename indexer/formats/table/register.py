"""A sheet of a register of proposals → its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from indexer.formats.raw import refused
from indexer.formats.table.columns import Heading, plain
from indexer.formats.table.organs import Organs, organs_in
from indexer.formats.table.sheet import Line, Sheet, broken_width, day, words
from indexer.register.assembly import words_in
from kb.errors import UnreadableFile
from kb.store.register import RegisterRow
from kb.text.chars import bare, narrow

_KIND = re.compile("提案|建议|议案")
_FOOT = re.compile(r"(?:合计|总计|小计|共计|备注|说明|注|填表|制表|审核|填报|联系人|统计|制单)")
_UNNUMBERED = re.compile(r"(?:暂|尚)?(?:未|待|无)(?:编号?|定|立案)?号?")
_NUMBERS = re.compile(r"[A-Z]{0,4}\d{1,12}(?:-\d{1,6})?")
_YEAR = re.compile(r"20\d\d年度?")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+")
_CLASS = re.compile(r"[（(]?(?P<a>[A-D甲乙丙丁])\d?类?[）)]?(?:[（(:、\-— ].*)?|.{1,12}[（(](?P<b>[A-D])\d?类?[）)]")  # fmt: skip
_BETWEEN = re.compile(r"[、，,;；/\s]+")
_MEMBER = re.compile(r"(?:等\d*[人名位]?)?(?:委员|代表|同志)?")
_ASIDE = re.compile(r"[（(][^）)]{0,30}[）)]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Above:
    """What the lines above a row say of it: its session in their words, and its kind."""

    assembly: str
    kind: str

    def under(self, words: str) -> _Above:
        """What holds under a line that says ``words`` and nothing else."""
        return _Above(assembly=words_in(words) or self.assembly, kind=kind_in(words) or self.kind)


def rows(sheet: Sheet, heading: Heading) -> Iterator[RegisterRow | UnreadableFile]:
    """The rows of ``sheet`` under ``heading``; one that is broken is told, the rest goes on."""
    labels = [heading.names[at] for at in heading.columns.get("number", ())]
    above = _Above(assembly="", kind="").under(sheet.name).under(heading.before)
    above = replace(above, kind=kind_in("".join(labels)) or above.kind)
    for line in sheet.lines:
        told = list(dict.fromkeys(filter(None, map(words, line.cells))))
        if line.number <= heading.after or not told or heading.repeats(line):
            continue
        if len(told) == 1 and not _NUMBERS.fullmatch(told[0].upper()):
            above = above.under(told[0])
            continue
        try:
            if row := _row(sheet, line, heading, above):
                yield row
        except UnreadableFile as error:
            yield UnreadableFile(error.code, f"{sheet.place(line)}：{error}")


def _row(sheet: Sheet, line: Line, heading: Heading, above: _Above) -> RegisterRow | None:
    """The row in ``line``; None for sums and remarks. Raises UnreadableFile ``bad_line``."""
    width = broken_width(line, heading.names) if sheet.ragged else ""
    if width.startswith("有"):
        raise refused("bad_line", width)
    cell = {name: words(heading.cell(line, name)) for name in heading.columns}
    if _FOOT.match(next(filter(None, map(words, line.cells)))) and not cell.get("title"):
        return None
    numbers = _numbers(heading, cell.get("number", ""))
    title, reply_number = cell.get("title", ""), bare(cell.get("reply_number", ""))
    if not numbers and not title and not reply_number:
        raise refused("bad_line", "没有编号、案由和答复文号，不知道是哪一件")
    graded = heading.cells(line, "result_class")
    organs = _organs(heading, line)
    return RegisterRow(
        file="",
        place=sheet.place(line),
        numbers=numbers,
        kind=kind_in(f"{cell.get('kind', '')}\n{cell.get('number', '')}") or above.kind,
        assembly=words_in(cell.get("assembly", "")) or words_in(cell.get("number", ""))
        or above.assembly,
        title=title,
        proposers=_proposers(heading.cell(line, "proposers")),
        sector=cell.get("sector", ""),
        host=organs.host,
        co_organs=organs.co_organs,
        organs=organs.untold,
        result_class=next(filter(None, map(_class, graded)), ""),
        handed_on=day(cell.get("handed_on", "")),
        due=day(cell.get("due", "")),
        reply_number=reply_number,
        replied_on=day(cell.get("replied_on", "")),
    )  # fmt: skip


def kind_in(text: str) -> str:
    """提案, 建议 or 议案 where ``text`` names one of them only, else ""."""
    named = set(_KIND.findall(plain(text) if "\n" not in text else text))
    return named.pop() if len(named) == 1 else ""


def _numbers(heading: Heading, cell: str) -> tuple[str, ...]:
    """The numbers in a cell: 第12、15号, 0123, 十四届三次第45号. Raises ``bad_line``."""
    line = bare(narrow(cell, signs=True)).upper()
    line = re.sub(r"^(\d+)\.0+$", r"\1", line)
    named = f"“{heading.name_of('number')}”一列是“{cell[:20]}”" if cell else ""
    if _SCIENTIFIC.fullmatch(line):
        raise refused("bad_line", f"{named}，被表格软件改成了科学计数法；请把这一列设成文本")
    session = words_in(line)
    found = _NUMBERS.findall(_YEAR.sub("", line.replace(session, "") if session else line))
    if line and not found and not _UNNUMBERED.fullmatch(line):
        raise refused("bad_line", f"{named}，不是编号")
    return tuple(dict.fromkeys(found))


def _class(cell: str) -> str:
    """The letter of a result class; "" for what is none (经济建设类)."""
    match = _CLASS.fullmatch(narrow(words(cell), signs=True).upper())
    return (match["a"] or match["b"]) if match else ""


def _proposers(cell: str) -> tuple[str, ...]:
    """The persons or bodies that a cell names, without 等5人, 委员 and asides."""
    line = _ASIDE.sub("", cell)
    parts = [part for part in _BETWEEN.split(line) if part]
    if len(parts) == 2 and all(len(part) == 1 for part in parts):
        parts = ["".join(parts)]  # 王　芳
    names = (re.sub(rf"{_MEMBER.pattern}\Z", "", part) or part for part in parts)
    return tuple(dict.fromkeys(filter(words, names)))


def _organs(heading: Heading, line: Line) -> Organs:
    """The organs of a row and their parts, by the column and by what stands beside their names."""
    found = Organs()
    for column in ("host", "co_organs", "organs"):
        for cell in heading.cells(line, column):
            found = found.more(organs_in(cell, column))
    return found
