"""The ledger for printing and signing: 承诺事项台账 as a Word document, A4 across, by organ."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from itertools import groupby, islice
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt

from kb.errors import WrongUse
from kb.ledger.formats.table import Line

MOST = 5000  # rows: some 600 pages; beyond it nobody prints
TITLE = "承诺事项台账"
NOBODY = "未写明负责单位"
SONG, FANGSONG = "宋体", "仿宋"  # ours, and the letters' own words
StatusOf = Callable[[Line], str]
# Heading, width in centimetres; 26.1 in all between the margins of 1.8.
COLUMNS = (
    ("编号", 1.2), ("状态", 2.0), ("承诺原文", 8.2), ("会办单位", 2.8), ("期限", 2.9),
    ("目标", 1.8), ("复文", 4.2), ("佐证", 1.1), ("备注", 1.9),
)  # fmt: skip
WORDS = 2  # the column of the letter's own words
_UNITS = 567  # twentieths of a point in a centimetre
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0, 2.2


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
    subtitle = f"{caption}　共 {len(found)} 项　打印日期：{_chinese(printed)}"
    document.add_paragraph(_proper(subtitle), style="Caption")
    found.sort(key=lambda line: (line.entry.organ is None, line.entry.organ or ""))
    for organ, of_organ in groupby(found, key=lambda line: line.entry.organ):
        rows = list(of_organ)
        document.add_paragraph(_proper(f"{organ or NOBODY}（{len(rows)} 项）"), style="Heading 1")
        table = parse_xml(_table([_cells(line, status_of) for line in rows]))
        document.element.body.insert(len(document.element.body) - 1, table)
    document.save(str(path))
    return len(found)


def _cells(line: Line, status_of: StatusOf) -> Sequence[str]:
    entry = line.entry
    due = entry.due
    last = f"{_chinese(date.fromisoformat(due.last))}止" if due and due.last else ""
    first = entry.put_off_from
    original = f"（原定{_chinese(date.fromisoformat(first))}）" if first else ""
    issued = entry.citation.issued_on
    letter = (
        entry.citation.name,
        entry.citation.number,
        issued and _chinese(date.fromisoformat(issued)),
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
    styles = document.styles
    for name in ("Row", "Words"):
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    for name, face, size in (
        ("Normal", SONG, 10.5),
        ("Title", SONG, 22),
        ("Caption", SONG, 10.5),
        ("Heading 1", SONG, 14),
        ("Row", SONG, 9),
        ("Words", FANGSONG, 10.5),
    ):
        _set_face(styles[name], face, size)
    styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    styles["Heading 1"].paragraph_format.keep_with_next = True
    properties = document.core_properties
    properties.title, properties.author, properties.comments = TITLE, "复文", ""
    properties.created = properties.modified = datetime.combine(printed, time())
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words in ("第 ", "PAGE", " 页　共 ", "NUMPAGES", " 页"):
        footer._p.append(_field(words) if words.isascii() and words.isupper() else _run(words))


def _set_face(style: Any, face: str, size: float) -> None:
    style.font.name, style.font.size = "Times New Roman", Pt(size)
    style.font.color.rgb, style.font.italic = None, False
    fonts = style.element.rPr.rFonts
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:eastAsia"), face)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(2)


def _table(rows: Sequence[Sequence[str]]) -> str:
    """The table as XML: python-docx itself takes a hundred times as long for it."""
    grid = "".join(f'<w:gridCol w:w="{round(width * _UNITS)}"/>' for _, width in COLUMNS)
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:color="808080"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    head = _row([name for name, _ in COLUMNS], "<w:tblHeader/>", bold=True)
    body = "".join(_row(row, "") for row in rows)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="5000" w:type="pct"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>"
    )


def _row(cells: Sequence[str], more: str, *, bold: bool = False) -> str:
    drawn = (
        f'<w:tc><w:tcPr><w:tcW w:w="{round(width * _UNITS)}" w:type="dxa"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{"Words" if place == WORDS else "Row"}"/></w:pPr>'
        f"{_text(cell, bold=bold)}</w:p></w:tc>"
        for place, (cell, (_, width)) in enumerate(zip(cells, COLUMNS, strict=True))
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{more}</w:trPr>{''.join(drawn)}</w:tr>"


def _text(words: str, *, bold: bool = False) -> str:
    style = "<w:rPr><w:b/></w:rPr>" if bold else ""
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in _proper(words).split("\n")
    )
    return f"<w:r>{style}{lines}</w:r>"


def _run(words: str) -> Any:
    return parse_xml(f'<w:r {nsdecls("w")}><w:t xml:space="preserve">{escape(words)}</w:t></w:r>')


def _field(name: str) -> Any:
    """A number that the program which prints works out."""
    return parse_xml(
        f'<w:fldSimple {nsdecls("w")} w:instr="{name}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    )


def _proper(words: str) -> str:
    """``words`` without what XML cannot hold."""
    return _NOT_XML.sub("\ufffd", words)


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
