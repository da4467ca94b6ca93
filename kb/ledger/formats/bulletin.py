"""The 督查通报 of a week as a Word document, A4 upright."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from docx import Document
from docx.shared import Cm

from kb.ledger.changed import OUTCOMES, STEPS, WHATS, Change, What
from kb.ledger.formats.word import Columns, add_table, chinese, proper, set_up
from kb.ledger.types import Entry
from kb.ledger.weekly import Week

TITLE = "承诺办理情况督查通报"
NOBODY = "未写明负责单位"
# Headings, widths in centimetres: 17.4 in all between margins of 1.8.
ORGANS: Columns = (
    ("单位", 5.4), ("没办完", 1.5), ("逾期", 1.5), ("新逾期", 1.5), ("新增", 1.5), ("办结", 1.5),
    ("延期", 1.5), ("不再实施", 1.5), ("催办", 1.5),
)  # fmt: skip
LATE: Columns = (("编号", 1.4), ("事项", 7.0), ("负责单位", 4.0), ("责任人", 2.0), ("末日", 3.0))
CHANGED: Columns = (
    ("编号", 1.4), ("事项", 5.6), ("负责单位", 3.6), ("变化", 3.6), ("说明", 3.2)
)  # fmt: skip
_ALWAYS: Sequence[What] = (*OUTCOMES, "moved")  # told even where there were none
_NUMERALS = ("三", "四", "五", "六", "七", "八", "九", "十", "十一")


def write(path: Path, week: Week, *, printed: date) -> None:
    """Write the document to ``path``."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    set_up(document, title=TITLE, printed=printed)
    document.add_paragraph(TITLE, style="Title")
    document.add_paragraph(f"{span(week)}　印发日期：{chinese(printed)}", style="Caption")
    document.add_paragraph(proper(summary(week)))
    _heading(document, "一、各单位情况")
    add_table(document, ORGANS, [_organ_row(one) for one in week.organs])
    _heading(document, f"二、本周新逾期（{week.newly} 项）")
    rows = [_late_row(entry) for entry in week.newly_late]
    _table(document, LATE, rows, week.newly)
    whats = _whats(week)
    for numeral, what in zip(_NUMERALS, whats, strict=False):
        _heading(document, f"{numeral}、本周{WHATS[what]}（{week.number(what)} 项）")
        rows = [_change_row(change) for change in week.of(what)]
        _table(document, CHANGED, rows, week.number(what))
    _heading(document, f"{_NUMERALS[len(whats)]}、待核实而已过期（{week.lapsed_number} 项）")
    _table(document, LATE, [_late_row(entry) for entry in week.lapsed], week.lapsed_number)
    document.save(str(path))


def span(week: Week) -> str:
    """2026年6月22日至2026年6月28日."""
    return f"{chinese(week.first)}至{chinese(week.last)}"


def summary(week: Week) -> str:
    """The week in one sentence, for the document and the page."""
    changed = "、".join(f"{WHATS[what]} {week.number(what)} 项" for what in _whats(week))
    return (
        f"截至统计时，没有办完的承诺 {week.open} 项，其中逾期 {week.late} 项；"
        f"本周新逾期 {week.newly} 项，{changed}，催办 {week.reminders} 次。"
        f"另有待核实而已过期的 {week.lapsed_number} 项，不算逾期。"
    )


def _whats(week: Week) -> Sequence[What]:
    return (*_ALWAYS, *(what for what in STEPS if week.number(what)))


def _heading(document: Any, words: str) -> None:
    document.add_paragraph(words, style="Heading 1")


def _table(document: Any, columns: Columns, rows: Sequence[Sequence[str]], number: int) -> None:
    if not rows:
        document.add_paragraph("没有。")
        return
    add_table(document, columns, rows)
    if number > len(rows):
        document.add_paragraph(f"另有 {number - len(rows)} 项，见台账。")


def _organ_row(one: Any) -> Sequence[str]:
    figures = (one.open, one.late, one.newly_late)
    changed = (one.changes[what] for what in OUTCOMES)
    return (one.organ or NOBODY, *map(str, (*figures, *changed, one.reminders)))


def _late_row(entry: Entry) -> Sequence[str]:
    last = entry.due.last if entry.due else None
    return (
        str(entry.id),
        entry.action or entry.text,
        entry.organ or NOBODY,
        entry.owner or "",
        chinese(date.fromisoformat(last)) if last else "",
    )


def _change_row(change: Change) -> Sequence[str]:
    entry = change.entry
    day = change.at.astimezone().date()
    return (
        str(entry.id),
        entry.action or entry.text,
        entry.organ or NOBODY,
        f"{change.told}\n{chinese(day)}",
        change.reason,
    )
