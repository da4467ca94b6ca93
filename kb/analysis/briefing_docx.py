"""A briefing as a Word document: what was said on each point, every quote with its source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from kb.types import Citation, Span

SONG, FANGSONG = "宋体", "仿宋"  # ours, and the letters' own words
NOTHING = "没有找到说这件事的复文。"
UNSAID = "以前的复文里没有直接说到这一点。"
UNSEARCHED = "这一点没有查；可以单独再查。"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0, 2.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words of a letter with what stands around them in their paragraph."""

    before: str
    words: str
    after: str
    citation: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a table, ``words`` verbatim from the letter of ``citation`` at ``span``."""

    lead: str
    words: str
    cells: tuple[str, ...]
    citation: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What the document tells; ``points``: each with what was said on it, or why nothing is."""

    title: str
    points: tuple[tuple[str, Said | str], ...]
    letters: tuple[Said, ...]
    promises: tuple[Line, ...]
    figures: tuple[Line, ...]
    similar: tuple[Citation, ...]


def write(path: Path, paper: Paper, *, printed: date) -> int:
    """Write the document to ``path``; how many letters it cites."""
    document = Document()
    _set_up(document, paper.title, printed)
    sources = _Sources()
    _add(document, f"回复之前：{paper.title}", style="Title")
    _add(
        document, f"{_chinese(printed)}查得；引号里和表里的原文都是复文原话，方括号里是来源的序号。"
    )
    if not (paper.letters or paper.similar):
        _add(document, NOTHING)
    _points(document, paper, sources)
    if paper.letters:
        _add(document, "以前的答复", style="Heading 1")
        for said in paper.letters:
            _said(document, said, sources)
    heads = ("状态", "承诺原文", "对应", "负责单位", "期限")
    _table(document, "答应过的", heads, paper.promises, sources)
    _table(document, "给过的数字", ("指标", "原文", "范围", "截至"), paper.figures, sources)
    if paper.similar:
        _add(document, "相似的提案", style="Heading 1")
        for citation in paper.similar:
            _add(document, f"{citation.name}{sources.mark(citation, None)}")
    if sources.cited:
        _add(document, "来源", style="Heading 1")
        for line in sources.lines():
            _add(document, line)
    document.save(str(path))
    return len(sources.cited)


class _Sources:
    """The letters cited, numbered in the order in which they come."""

    def __init__(self) -> None:
        self.cited: dict[str, tuple[Citation, list[Span]]] = {}

    def mark(self, citation: Citation, span: Span | None) -> str:
        """[2], and that this place of the letter is cited."""
        _, spans = self.cited.setdefault(citation.letter_id, (citation, []))
        if span and span not in spans:
            spans.append(span)
        return f"［{list(self.cited).index(citation.letter_id) + 1}］"

    def lines(self) -> Sequence[str]:
        """Each letter with where in its text it was quoted, in characters."""
        told = []
        for number, (cited, spans) in enumerate(self.cited.values(), 1):
            issued = _chinese(date.fromisoformat(cited.issued_on)) if cited.issued_on else None
            result = f"{cited.result_class} 类" if cited.result_class else None
            parts = (cited.name, cited.issuer, cited.number, issued, result)
            places = "、".join(f"{span.start + 1}—{span.end}" for span in spans)
            where = f"；引用处（全文第几字）：{places}" if places else ""
            told.append(f"［{number}］{'，'.join(part for part in parts if part)}{where}")
        return told


def _points(document: Any, paper: Paper, sources: _Sources) -> None:
    if paper.points:
        _add(document, "逐点对照", style="Heading 1")
    for number, (point, said) in enumerate(paper.points, 1):
        _add(document, f"{number}. {point}", bold=True)
        if isinstance(said, Said):
            _said(document, said, sources)
        else:
            _add(document, said)


def _said(document: Any, said: Said, sources: _Sources) -> None:
    paragraph = document.add_paragraph(style="Quote")
    paragraph.add_run(_proper(f"“{said.before}"))
    paragraph.add_run(_proper(said.words)).bold = True
    paragraph.add_run(_proper(f"{said.after}”"))
    paragraph.add_run(sources.mark(said.citation, said.span))


def _table(
    document: Any, name: str, heads: Sequence[str], lines: Sequence[Line], sources: _Sources
) -> None:
    if not lines:
        return
    _add(document, f"{name}（{len(lines)}）", style="Heading 1")
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
    for line in lines:
        words = f"{line.words}{sources.mark(line.citation, line.span)}"
        cells = (line.lead, words, *line.cells)
        for cell, content in zip(table.add_row().cells, cells, strict=True):
            cell.text = _proper(content)


def _add(document: Any, words: str, *, style: str | None = None, bold: bool = False) -> None:
    document.add_paragraph(style=style).add_run(_proper(words)).bold = bold or None


def _set_up(document: Any, title: str, printed: date) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    for name, face, size in (
        ("Normal", SONG, 10.5), ("Title", SONG, 18), ("Heading 1", SONG, 14),
        ("Quote", FANGSONG, 11),
    ):  # fmt: skip
        style = document.styles[name]
        style.font.name, style.font.size = "Times New Roman", Pt(size)
        style.font.color.rgb, style.font.italic = None, False
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    document.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    properties = document.core_properties
    properties.title, properties.author, properties.comments = _proper(title), "复文", ""
    properties.created = properties.modified = datetime.combine(printed, time())


def _proper(words: str) -> str:
    """``words`` without what XML cannot hold."""
    return _NOT_XML.sub("\ufffd", words)


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
