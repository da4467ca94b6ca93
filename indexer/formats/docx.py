"""DOCX → raw text, straight from the XML. Runs in the child process only.

python-docx leaves out automatic numbers, text boxes and content controls, and builds its
objects before anything is checked (53 s and 5.9 GB for a file of 209 kB); lxml with entities
off, no network and libxml2's own limits on depth and text does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml.etree import _Element as Element

from indexer.formats import zip
from indexer.formats.numbering import Numbering, attribute, child, numbering
from indexer.formats.parts import root
from indexer.formats.raw import MARKING, Limits, Raw, refused, row_lines, told
from indexer.formats.searched.docx import is_searched
from indexer.formats.vanish import drop_hidden

MAIN = "word/document.xml"
# Deleted and moved-away text, properties, phonetic guides, notes: not words of the letter.
LEFT_OUT = frozenset(
    ("del", "moveFrom", "pPr", "rPr", "tblPr", "trPr", "tcPr", "sdtPr", "rt", "Fallback")
)
SPELLED = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
# Check boxes and ticks of the fonts Wingdings, as Word keeps them: w:sym with a number.
SYMBOLS = {"F0FE": "☑", "F052": "☑", "F0FC": "√", "F06F": "□", "F0A3": "□", "F0A8": "□"}
AROUND = re.compile(r"(?:header|footer|footnotes|endnotes|comments)\d*\.xml")
PROPERTIES = re.compile(r"docProps/(?:core|custom)\d*\.xml")


def read(file: BinaryIO, limits: Limits) -> Raw:
    """The letter in the docx ``file``.

    Headers, footers, notes, comments, watermarks, hidden words and the document's properties are
    ``around`` it. Flag ``macros`` if the package holds any; ``searched`` if all in it is the
    letter. Raises UnreadableFile as ``zip.open_package``, and ``damaged_file``, ``no_text``.
    """
    package = zip.open_package(file, limits)
    parts = zip.xml_parts(package, limits)
    main = _main_part(parts)
    folder = main.rpartition("/")[0]
    styles = root(parts, f"{folder}/styles.xml")
    lists = numbering(root(parts, f"{folder}/numbering.xml"), styles)
    document = root(parts, main)
    body = child(document, "body")
    if body is None:
        raise refused("damaged_file", f"{main} 里没有正文")
    marking = [*_watermarks(body), *drop_hidden(body, styles)]
    text = "\n".join(_lines(body, lists))
    marking.extend(_marking(parts, folder, lists))
    names = package.namelist()
    if not text.strip() and any("/media/" in name for name in names):
        raise refused("no_text", "只有图片")
    macros = any("vbaproject" in name.lower() for name in names)
    del document, body, styles  # searching makes trees of its own
    return Raw(
        id=None,
        text=text,
        around="\n".join(filter(MARKING.search, dict.fromkeys(marking))),
        flags=("macros",) if macros else (),
        searched=is_searched(package, parts, text=text),
    )


def _marking(parts: dict[str, bytes], folder: str, lists: Numbering) -> Iterator[str]:
    """The lines of the package, outside its body, that may mark the letter."""
    for name in sorted(parts):
        if AROUND.fullmatch(name.rpartition("/")[2]) and name.startswith(folder):
            part = root(parts, name, recover=True)
            yield from _lines_around(part, lists)
            yield from _watermarks(part)
        elif PROPERTIES.fullmatch(name):
            yield from _properties(root(parts, name, recover=True))


def _watermarks(part: Element | None) -> Iterator[str]:
    """The words of watermarks and WordArt, which old Word draws along a path."""
    for path in part.iter("{*}textpath") if part is not None else ():
        yield attribute(path, "string") or ""


def _properties(part: Element | None) -> Iterator[str]:
    """The document's properties, a line each: those with names of their own as 名称：值."""
    for entry in part.iterchildren() if part is not None else ():
        value = "".join(map(str, entry.itertext()))
        name = attribute(entry, "name")
        yield from (f"{name}：{' '.join(value.split())}",) if name else told(value)


def _lines_around(part: Element | None, lists: Numbering) -> Iterator[str]:
    """The lines of a header, a footer, or of each note of a part."""
    for block in () if part is None else (part, *part.iterchildren()):
        if _name(block) not in ("p", "tbl"):
            yield from _lines(block, lists)


def _main_part(parts: dict[str, bytes]) -> str:
    """The name of the part that holds the body, from the package's relationships."""
    relations = root(parts, "_rels/.rels")
    for relation in relations if relations is not None else ():
        target = (attribute(relation, "Target") or "").lstrip("/")
        kind = attribute(relation, "Type") or ""
        if kind.endswith("/officeDocument") and target in parts:
            return target
    if MAIN not in parts:
        raise refused("damaged_file", f"缺少 {MAIN}")
    return MAIN


def _name(element: Element) -> str:
    """The local name; "" for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _lines(block: Element, lists: Numbering) -> Iterator[str]:
    """The lines of the paragraphs and tables in ``block``, in the order of the letter."""
    for element in block.iterchildren():
        match _name(element):
            case "p":
                yield from _paragraph(element, lists)
            case "tbl":
                for row in _within(element, "tr"):
                    cells = _within(row, "tc")
                    yield from row_lines([list(_lines(cell, lists)) for cell in cells])
            case name if name in LEFT_OUT:
                pass
            case "sdt" if _is_placeholder(element):
                pass
            case _:  # sdt, sdtContent, ins, customXml, AlternateContent, Choice, …
                yield from _lines(element, lists)


def _within(element: Element, name: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, also those in content controls."""
    for inner in element.iterchildren():
        tag = _name(inner)
        if tag == name:
            yield inner
        elif tag in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _within(inner, name)


def _is_placeholder(sdt: Element) -> bool:
    """True for a content control that nobody has filled in (“单击此处输入文字”)."""
    return child(sdt, "sdtPr", "showingPlcHdr") is not None


def _paragraph(element: Element, lists: Numbering) -> Iterator[str]:
    """A paragraph's lines, its number before the first; its text boxes come before it."""
    words: list[str] = []
    boxes: list[Element] = []
    _collect(element, words, boxes)
    for box in boxes:
        yield from _lines(box, lists)
    text = "".join(words)
    number = lists.number(child(element, "pPr"))  # an empty paragraph counts too
    yield from (f"{number}{text}" if text.strip() else text).split("\n")


def _collect(element: Element, words: list[str], boxes: list[Element]) -> None:
    """Add the words under ``element`` to ``words``, the text boxes to ``boxes``."""
    for inner in element.iterchildren():
        name = _name(inner)
        if name == "t":
            words.append((inner.text or "").replace("\n", " "))
        elif name in SPELLED:
            words.append(SPELLED[name])
        elif name == "sym":
            words.append(SYMBOLS.get((attribute(inner, "char") or "").upper(), ""))
        elif name == "txbxContent":
            boxes.append(inner)
        elif name in LEFT_OUT:
            continue
        elif name != "sdt" or not _is_placeholder(inner):
            _collect(inner, words, boxes)
