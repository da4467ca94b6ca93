"""What the documents that leave the ledger have in common: faces, tables, numbered pages."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from xml.sax.saxutils import escape

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

SONG, FANGSONG = "宋体", "仿宋"  # ours, and the letters' own words
_UNITS = 567  # twentieths of a point in a centimetre
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0, 2.2
Columns = Sequence[tuple[str, float]]  # heading, width in centimetres
FACES: Mapping[str, tuple[str, float]] = {
    "Normal": (SONG, 10.5),
    "Title": (SONG, 22),
    "Caption": (SONG, 10.5),
    "Heading 1": (SONG, 14),
    "Row": (SONG, 9),
    "Words": (FANGSONG, 10.5),
}


def set_up(document: Any, *, title: str, printed: date) -> None:
    """The styles, what the file says of itself, and the numbers of the pages."""
    styles = document.styles
    for name in ("Row", "Words"):
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    for name, (face, size) in FACES.items():
        _set_face(styles[name], face, size)
    styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    styles["Heading 1"].paragraph_format.keep_with_next = True
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "复文", ""
    properties.created = properties.modified = datetime.combine(printed, time())
    footer = document.sections[0].footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words in ("第 ", "PAGE", " 页　共 ", "NUMPAGES", " 页"):
        footer._p.append(_field(words) if words.isascii() and words.isupper() else _run(words))


def add_table(
    document: Any,
    columns: Columns,
    rows: Sequence[Sequence[str]],
    *,
    verbatim: Collection[int] = (),
) -> None:
    """A table at the end of ``document``; the columns ``verbatim`` have a letter's own words."""
    drawn = parse_xml(_table(columns, rows, verbatim))
    document.element.body.insert(len(document.element.body) - 1, drawn)


def proper(words: str) -> str:
    """``words`` without what XML cannot hold."""
    return _NOT_XML.sub("\ufffd", words)


def chinese(day: date) -> str:
    """2026年6月30日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _set_face(style: Any, face: str, size: float) -> None:
    style.font.name, style.font.size = "Times New Roman", Pt(size)
    style.font.color.rgb, style.font.italic = None, False
    fonts = style.element.rPr.rFonts
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:eastAsia"), face)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(2)


def _table(columns: Columns, rows: Sequence[Sequence[str]], verbatim: Collection[int]) -> str:
    """The table as XML: python-docx itself takes a hundred times as long for it."""
    grid = "".join(f'<w:gridCol w:w="{round(width * _UNITS)}"/>' for _, width in columns)
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:color="808080"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    widths = [width for _, width in columns]
    names = [name for name, _ in columns]
    head = _row(names, widths, "<w:tblHeader/>", verbatim, bold=True)
    body = "".join(_row(row, widths, "", verbatim) for row in rows)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="5000" w:type="pct"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>"
    )


def _row(
    cells: Sequence[str],
    widths: Sequence[float],
    more: str,
    verbatim: Collection[int],
    *,
    bold: bool = False,
) -> str:
    drawn = (
        f'<w:tc><w:tcPr><w:tcW w:w="{round(width * _UNITS)}" w:type="dxa"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{"Words" if place in verbatim else "Row"}"/></w:pPr>'
        f"{_text(cell, bold=bold)}</w:p></w:tc>"
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{more}</w:trPr>{''.join(drawn)}</w:tr>"


def _text(words: str, *, bold: bool = False) -> str:
    style = "<w:rPr><w:b/></w:rPr>" if bold else ""
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in proper(words).split("\n")
    )
    return f"<w:r>{style}{lines}</w:r>"


def _run(words: str) -> Any:
    return parse_xml(f'<w:r {nsdecls("w")}><w:t xml:space="preserve">{escape(words)}</w:t></w:r>')


def _field(name: str) -> Any:
    """A number that the program which prints works out."""
    return parse_xml(
        f'<w:fldSimple {nsdecls("w")} w:instr="{name}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    )
