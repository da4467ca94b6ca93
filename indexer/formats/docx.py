"""DOCX → raw text, straight from the XML. Runs in the child process only.

python-docx leaves out automatic numbers, text boxes and content controls, and builds its
objects before anything is checked (53 s and 5.9 GB for a file of 209 kB); lxml with entities
off, no network and libxml2's own limits on depth and text does not. What the XML is made of
stands in ``indexer.formats.word``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from lxml.etree import _Element as Element

from indexer.formats import zip
from indexer.formats.numbering import attribute, child, numbering
from indexer.formats.parts import root
from indexer.formats.raw import MARKING, Limits, Raw, refused, told
from indexer.formats.searched.docx import is_searched
from indexer.formats.vanish import drop_hidden
from indexer.formats.word.blocks import Story, lines_of
from indexer.formats.word.margins import head_lines, notes_of, without_repeats
from indexer.formats.word.xml import main_part, name_of

AROUND = re.compile(r"(?:header|footer|footnotes|endnotes|comments)\d*\.xml")
PROPERTIES = re.compile(r"docProps/(?:core|custom)\d*\.xml")
# Parts whose words Word shows in the letter and that are not read: tables of a spreadsheet,
# charts, diagrams, other documents that are taken in.
UNREAD = re.compile(r"(?:embeddings/.|charts/chart|diagrams/data|afchunk)", re.I)


def read(file: BinaryIO, limits: Limits) -> Raw:
    """The letter in the docx ``file``.

    The head in the first page's header stands before the body, notes at the foot of what cites
    them. Headers, footers, notes, comments, watermarks, hidden words and the document's properties
    are ``around`` it. Flags: ``macros`` if the package holds any, ``unread_parts`` if it holds
    charts or files of other kinds whose words are not read, ``tracked_changes`` if changes were
    accepted to get the text. ``searched`` if all in it is the letter. Raises UnreadableFile as
    ``zip.open_package``, and ``damaged_file``, ``no_text``.
    """
    package = zip.open_package(file, limits)
    parts = zip.xml_parts(package, limits)
    main = main_part(parts)
    folder = main.rpartition("/")[0]
    styles = root(parts, f"{folder}/styles.xml")
    lists = numbering(root(parts, f"{folder}/numbering.xml"), styles)
    document = root(parts, main)
    body = child(document, "body")
    if body is None:
        raise refused("damaged_file", f"{main} 里没有正文")
    names = package.namelist()
    flags = _flags(names, body)
    marking = [*_watermarks(body), *drop_hidden(body, styles)]
    story = Story(lists=lists, notes=notes_of(parts, folder, styles))
    text = "\n".join(lines_of(body, story))
    head = without_repeats(head_lines(parts, main, body, styles), text)
    text = "\n".join([*head, text])
    marking.extend(_marking(parts, folder, Story(lists=lists)))
    if not text.strip() and any("/media/" in name for name in names):
        raise refused("no_text", "只有图片")
    del document, body, styles, story  # searching makes trees of its own
    return Raw(
        id=None,
        text=text,
        around="\n".join(filter(MARKING.search, dict.fromkeys(marking))),
        flags=flags,
        searched=is_searched(package, parts, text=text),
    )


def _flags(names: Sequence[str], body: Element) -> tuple[str, ...]:
    """What there is to doubt about a package with the members ``names`` and its ``body``."""
    changed = next(body.iter("{*}del", "{*}ins", "{*}moveFrom", "{*}moveTo"), None) is not None
    found = {
        "macros": any("vbaproject" in name.lower() for name in names),
        "tracked_changes": changed,
        "unread_parts": any(map(UNREAD.search, names)),
    }
    return tuple(flag for flag, holds in found.items() if holds)


def _marking(parts: dict[str, bytes], folder: str, story: Story) -> Iterator[str]:
    """The lines of the package, outside its body, that may mark the letter."""
    for name in sorted(parts):
        if AROUND.fullmatch(name.rpartition("/")[2]) and name.startswith(folder):
            part = root(parts, name, recover=True)
            yield from _lines_around(part, story)
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


def _lines_around(part: Element | None, story: Story) -> Iterator[str]:
    """The lines of a header, a footer, or of each note of a part."""
    for block in () if part is None else (part, *part.iterchildren()):
        if name_of(block) not in ("p", "tbl"):
            yield from lines_of(block, story)
