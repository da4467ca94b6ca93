"""PDF → raw text by pdfium, page by page. Runs in the child process only."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw as pdfium

from indexer.formats.pdf_page.columns import blocks
from indexer.formats.pdf_page.lost import lost_characters
from indexer.formats.pdf_page.tables import Line, lines_of
from indexer.formats.pdf_page.words import RIGHT, Words, words_of
from indexer.formats.raw import MARKING, Limits, Raw, refused, told
from indexer.formats.searched.pdf import is_searched
from kb.text.chars import bare

# What stands for a glyph whose character the file does not tell: controls, private use, U+FFFD.
UNTOLD = re.compile("[\x00-\x08\x0b\x0e-\x1f\ue000-\uf8ff\ufffd]")
SOFT_HYPHEN = re.compile("[\ufffe\u00ad\x02]\n?")  # pdfium's marks of a word broken by a line
INDENT = "\u3000"
MAX_INDENT = 30  # ems
MARGIN_SHARE = 0.1  # of the lines must begin at the same place to make it the margin
# What notes, stamps and form fields say; names of stamps too: /Confidential (ISO 32000-1, 12.5.6).
NOTED = (b"Contents", b"Subj", b"V", b"Name")
UNTOLD_SHARE = 0.02  # of a page's characters may be bullets of symbol fonts
MOST_LOST, LOST_SHARE = 20, 0.05  # characters that may be lost before the file is refused
INFO = ("Title", "Subject", "Keywords")
STEP = 2.0  # points within which two lines begin at the same place


@dataclass(slots=True, kw_only=True)
class _Reading:
    """The pages read so far, what is noted on them, and what to doubt."""

    pages: list[list[Line]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    lost: dict[int, int] = field(default_factory=dict)  # page → drawings without a character
    drawn: int = 0


def read(file: BinaryIO, limits: Limits) -> Raw:
    """The text layer of the PDF ``file``, pages parted by ``\\f``.

    A line's indent is given in ideographic spaces, one for each em that it begins to the
    right of the margin; columns are read one after the other, cells of tables parted by tabs.
    Notes on its pages and the data about it are ``around`` it. Flags: ``scanned_pages`` if some
    pages are images without text, ``two_columns``, ``turned_text`` if words run up or down a page
    as it is shown, ``font_not_embedded``, ``untold_characters`` and ``lost_text`` if characters
    could not be read. ``searched`` if the file holds nothing but this text. Raises UnreadableFile
    ``needs_password``, ``damaged_file``, ``too_large``, ``no_text`` or ``unreadable_layer``.
    """
    content = file.read()
    try:
        letter = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD:
            raise refused("needs_password") from error
        raise refused("damaged_file", "不是完整的 PDF") from error
    if len(letter) > limits.pages:
        raise refused("too_large", f"有 {len(letter)} 页，上限 {limits.pages} 页")
    reading = _Reading()
    for number in range(len(letter)):
        try:
            _read_page(letter, number, reading)
        except pypdfium2.PdfiumError as error:
            raise refused("damaged_file", f"第{number + 1}页读不出来") from error
    words = "".join(words for lines in reading.pages for words, _, _ in lines)
    missing = _missing(content, reading, words)
    if 2 * len(UNTOLD.findall(words)) >= len(bare(words)):
        raise refused("no_text")
    text = laid_out(reading.pages)
    if missing:
        reading.flags.add("lost_text")
    marking = [line for key in INFO for line in told(letter.get_metadata_value(key))]
    around = "\n".join(filter(MARKING.search, dict.fromkeys(marking + reading.notes)))
    searched = is_searched(content, text=text)
    flags = tuple(sorted(reading.flags))
    return Raw(id=None, text=text, around=around, flags=flags, searched=searched)


def _read_page(letter: pypdfium2.PdfDocument, number: int, reading: _Reading) -> None:
    """Add the page ``number`` of ``letter``, what is noted on it and what to doubt about it."""
    page = letter[number]
    words = words_of(page)
    lines, parted = page_lines(words)
    said = "".join(line for line, _, _ in lines)
    doubts = {
        "font_not_embedded": words.foreign,
        "scanned_pages": not lines and has_image(page),
        "turned_text": words.direction != RIGHT and bool(said),
        "two_columns": parted,
        "untold_characters": len(UNTOLD.findall(said)) > UNTOLD_SHARE * len(bare(said)),
    }
    reading.flags |= {flag for flag, holds in doubts.items() if holds}
    reading.pages.append(lines)
    reading.notes.extend(notes(page))
    reading.drawn += words.drawn
    if words.lost:
        reading.lost[number] = words.lost
    page.close()


def _missing(content: bytes, reading: _Reading, words: str) -> int:
    """About how many characters pdfium lost. Raises UnreadableFile ``unreadable_layer`` for many.

    It draws nothing for some fonts that are not in the file, and then tells no text of them.
    """
    if not reading.lost:
        return 0
    read = "".join(line for page in reading.lost for line, _, _ in reading.pages[page])
    missing = lost_characters(content, sorted(reading.lost), read)
    if missing is None:  # not known; a drawing is a character at the least
        missing = sum(reading.lost.values())
    if missing > max(MOST_LOST, LOST_SHARE * len(bare(words))) or (missing and not bare(words)):
        raise refused("unreadable_layer", f"约有 {missing} 个字读不出来")
    return missing


def notes(page: pypdfium2.PdfPage) -> Iterator[str]:
    """The lines of what is noted, stamped or filled in on ``page``, which is no text of it."""
    for number in range(pdfium.FPDFPage_GetAnnotCount(page)):
        note = pdfium.FPDFPage_GetAnnot(page, number)
        if note:
            for key in NOTED:
                yield from _string(note, key).splitlines()
            pdfium.FPDFPage_CloseAnnot(note)


def _string(note: pdfium.FPDF_ANNOTATION, key: bytes) -> str:
    """The words under ``key`` in the annotation ``note``; "" if there are none."""
    length = pdfium.FPDFAnnot_GetStringValue(note, key, None, 0)
    words = ctypes.create_string_buffer(length)
    units = ctypes.cast(words, ctypes.POINTER(pdfium.FPDF_WCHAR))
    pdfium.FPDFAnnot_GetStringValue(note, key, units, length)
    return words.raw[: max(length - 2, 0)].decode("utf-16-le", "replace")


def has_image(page: pypdfium2.PdfPage) -> bool:
    """True if the page shows any image."""
    return any(page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,)))


def page_lines(words: Words) -> tuple[list[Line], bool]:
    """The lines of one page that hold words, each with where it begins; whether in columns.

    Lines of a further column are moved to where they would stand in the first.
    """
    lines: list[Line] = []
    first: float | None = None  # the margin of the first column
    found = blocks(words.pieces)
    for block in found:
        added = lines_of(block.rows)
        if block.column and added:
            left = margin([x for _, x, _ in added])
            first = left if first is None else first
            added = [(line, x - left + first, size) for line, x, size in added]
        lines += added
    lines += [(line, 0.0, 0.0) for line in words.aside]
    return lines, any(block.column for block in found)


def laid_out(pages: Sequence[Sequence[Line]]) -> str:
    """The pages as text, lines indented from their margin; left and right pages differ.

    >>> laid_out([[("各位", 72.0, 16.0), ("答复", 104.0, 16.0), ("如下", 72.0, 16.0)]])
    '各位\\n\u3000\u3000答复\\n如下'
    """
    margins = [
        margin([x for lines in pages[side::2] for _, x, size in lines if size]) for side in (0, 1)
    ]
    texts = []
    for number, lines in enumerate(pages):
        left = margins[number % 2]
        texts.append("\n".join(INDENT * _ems(x - left, size) + line for line, x, size in lines))
    return SOFT_HYPHEN.sub("", "\f".join(texts))


def margin(starts: Sequence[float]) -> float:
    """The leftmost place, in points, at which a fair share of the lines begin."""
    counts = Counter(round(start / STEP) for start in starts)
    usual = [place for place, count in counts.items() if count >= MARGIN_SHARE * len(starts)]
    return STEP * min(usual or counts or [0])


def _ems(distance: float, size: float) -> int:
    return min(max(round(distance / size), 0), MAX_INDENT) if size > 0 else 0
