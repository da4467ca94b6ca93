"""The ledger for printing and signing: 承诺事项台账 as a Word document, A4 across, by organ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.shared import Cm

from kb.errors import WrongUse
from kb.ledger.formats.table import Line
from kb.ledger.formats.word import add_table, chinese, proper, set_up

MOST = 5000  # rows: some 600 pages; beyond it nobody prints
TITLE = "承诺事项台账"
NOBODY = "未写明负责单位"
StatusOf = Callable[[Line], str]
# Heading, width in centimetres; 26.1 in all between the margins of 1.8.
COLUMNS = (
    ("编号", 1.2), ("状态", 2.0), ("承诺原文", 8.2), ("会办单位", 2.8), ("期限", 2.9),
    ("目标", 1.8), ("复文", 4.2), ("佐证", 1.1), ("备注", 1.9),
)  # fmt: skip
WORDS = 2  # the column of the letter's own words


def write(
    path: Path, lines: Iterable[Line], *, status_of: StatusOf, caption: str, printed: date
) -> int:
    """Write the document to ``path``; how many commitments.

    ``status_of`` a line is its status with its shape, ``caption`` says what was chosen. Raises
    WrongUse for more than ``MOST``.
    """
    found = list(islice(lines, MOST + 1))
    if len(found) > MOST:
        raise WrongUse(
            f"符合条件的超过 {MOST} 条，不便打印；请按单位、年份或到期日缩小范围，"
            "或者导出 xlsx、csv"
        )
    document = Document()
    _set_up(document, printed)
    document.add_paragraph(TITLE, style="Title")
    subtitle = f"{caption}　共 {len(found)} 项　打印日期：{chinese(printed)}"
    document.add_paragraph(proper(subtitle), style="Caption")
    found.sort(key=lambda line: (line.entry.organ is None, line.entry.organ or ""))
    for organ, of_organ in groupby(found, key=lambda line: line.entry.organ):
        rows = list(of_organ)
        document.add_paragraph(proper(f"{organ or NOBODY}（{len(rows)} 项）"), style="Heading 1")
        cells = [_cells(line, status_of) for line in rows]
        add_table(document, COLUMNS, cells, verbatim=(WORDS,))
    document.save(str(path))
    return len(found)


def _cells(line: Line, status_of: StatusOf) -> Sequence[str]:
    entry = line.entry
    due = entry.due
    last = f"{chinese(date.fromisoformat(due.last))}止" if due and due.last else ""
    first = entry.put_off_from
    original = f"（原定{chinese(date.fromisoformat(first))}）" if first else ""
    issued = entry.citation.issued_on
    letter = (
        entry.citation.name,
        entry.citation.number,
        issued and chinese(date.fromisoformat(issued)),
    )
    return (
        str(entry.id),
        status_of(line),
        entry.text,
        "、".join(entry.co_organs),
        "\n".join(part for part in (due.raw if due else "", last, original) if part),
        entry.target.text if entry.target else "",
        "\n".join(part for part in letter if part),
        str(line.evidence or ""),
        entry.note,
    )


def _set_up(document: Any, printed: date) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin = section.bottom_margin = Cm(1.6)
    set_up(document, title=TITLE, printed=printed)
