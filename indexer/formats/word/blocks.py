"""The lines of a docx's paragraphs, tables and text boxes, as they read with changes accepted.

Deleted and moved-away words are out, inserted ones in; where the mark at the end of a paragraph
was deleted, the next one goes on in the same line. What a footnote or an endnote says stands at the
foot of the paragraph or table that cites it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from indexer.formats.numbering import Numbering, attribute, child
from indexer.formats.word.tables import table_lines
from indexer.formats.word.xml import name_of

# Deleted and moved-away text, properties, phonetic guides: not words of the letter.
LEFT_OUT = frozenset(
    ("del", "moveFrom", "pPr", "rPr", "tblPr", "trPr", "tcPr", "sdtPr", "rt", "Fallback")
)
SPELLED = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
# Check boxes and ticks of the fonts Wingdings, as Word keeps them: w:sym with a number.
SYMBOLS = {"F0FE": "☑", "F052": "☑", "F0FC": "√", "F06F": "□", "F0A3": "□", "F0A8": "□"}
NOTES = {"footnote": "脚注：", "endnote": "尾注："}  # kind of note → what stands before its words

Mark = tuple[str, str]  # kind of note, its id


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What one reading of a document needs: its lists, its notes, and those cited so far."""

    lists: Numbering
    notes: Mapping[Mark, Element] = field(default_factory=dict)
    cited: list[Mark] = field(default_factory=list)
    told: set[Mark] = field(default_factory=set)


def lines_of(block: Element, story: Story, *, foot: bool = True) -> Iterator[str]:
    """The lines of the paragraphs and tables in ``block``, in the order of the letter.

    ``foot``: notes stand after what cites them; without it whoever asked has to tell them.
    """
    held = ""  # words of a paragraph that goes on in the next
    for element in block.iterchildren():
        match name_of(element):
            case "p":
                *whole, last = _paragraph(element, story, before=held)
                yield from whole
                held = last if _is_joined(element) else ""
                if not _is_joined(element):
                    yield last
            case "tbl":
                yield from table_lines(
                    element, lambda cell: list(lines_of(cell, story, foot=False))
                )
            case name if name in LEFT_OUT:
                continue
            case "sdt" if is_placeholder(element):
                continue
            case _:  # sdt, sdtContent, ins, customXml, AlternateContent, Choice, …
                yield from lines_of(element, story, foot=foot)
        if foot and not held:
            yield from _told(story)
    if held:
        yield held


def _told(story: Story) -> Iterator[str]:
    """The notes that were cited and not yet told, a line each."""
    cited = [mark for mark in dict.fromkeys(story.cited) if mark not in story.told]
    story.cited.clear()
    story.told.update(cited)
    for mark in cited:
        note = story.notes.get(mark)
        lines = list(lines_of(note, story, foot=False)) if note is not None else []
        words = " ".join(line.strip() for line in lines if line.strip())
        if words:
            yield NOTES[mark[0]] + words


def is_placeholder(sdt: Element) -> bool:
    """True for a content control that nobody has filled in (“单击此处输入文字”)."""
    return child(sdt, "sdtPr", "showingPlcHdr") is not None


def _is_joined(paragraph: Element) -> bool:
    """True if the mark that ends ``paragraph`` was deleted or moved away."""
    mark = child(paragraph, "pPr", "rPr")
    return child(mark, "del") is not None or child(mark, "moveFrom") is not None


def _paragraph(element: Element, story: Story, *, before: str) -> list[str]:
    """A paragraph's lines, at least one, after the words ``before`` that it goes on with.

    Its number stands before the first; its text boxes come before it.
    """
    words: list[str] = []
    boxes: list[Element] = []
    _collect(element, words, boxes, story=story)
    lines = [line for box in boxes for line in lines_of(box, story, foot=False)]
    text = before + "".join(words)
    if _is_joined(element):  # it is the last of the joined ones that has the number
        return [*lines, *text.split("\n")]
    number = story.lists.number(child(element, "pPr"))  # an empty paragraph counts too
    return [*lines, *(f"{number}{text}" if text.strip() else text).split("\n")]


def _collect(element: Element, words: list[str], boxes: list[Element], *, story: Story) -> None:
    """Add the words under ``element`` to ``words``, the text boxes to ``boxes``."""
    for inner in element.iterchildren():
        name = name_of(inner)
        if name == "t":
            words.append((inner.text or "").replace("\n", " "))
        elif name in SPELLED:
            words.append(SPELLED[name])
        elif name == "sym":
            words.append(SYMBOLS.get((attribute(inner, "char") or "").upper(), ""))
        elif name == "txbxContent":
            boxes.append(inner)
        elif name in ("footnoteReference", "endnoteReference"):
            story.cited.append((name.removesuffix("Reference"), attribute(inner, "id") or ""))
        elif name in LEFT_OUT:
            continue
        elif name != "sdt" or not is_placeholder(inner):
            _collect(inner, words, boxes, story=story)
