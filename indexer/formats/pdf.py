"""PDF → raw text by pdfium, page by page. Runs in the child process only."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw as pdfium

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
INFO = ("Title", "Subject", "Keywords")
STEP = 2.0  # points within which two lines begin at the same place

Line = tuple[str, float, float]  # words, where they begin and the size of their type, in points


def read(file: BinaryIO, limits: Limits) -> Raw:
    """The text layer of the PDF ``file``, pages parted by ``\\f``.

    A line's indent is given in ideographic spaces, one for each em that it begins to the
    right of the margin. Notes on its pages and the data about it are ``around`` it. Flag
    ``scanned_pages`` if some pages are images without text; ``searched`` if the file holds
    nothing but this text. Raises UnreadableFile ``needs_password``, ``damaged_file``,
    ``too_large`` or ``no_text``.
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
    pages: list[list[Line]] = []
    scanned, marking = (
        False,
        [line for key in INFO for line in told(letter.get_metadata_value(key))],
    )
    for number in range(len(letter)):
        try:
            page = letter[number]
            pages.append(page_lines(page))
            marking.extend(notes(page))
            scanned = scanned or (not pages[-1] and has_image(page))
            page.close()
        except pypdfium2.PdfiumError as error:
            raise refused("damaged_file", f"第{number + 1}页读不出来") from error
    words = "".join(words for lines in pages for words, _, _ in lines)
    if 2 * len(UNTOLD.findall(words)) >= len(bare(words)):
        raise refused("no_text")
    text = laid_out(pages)
    flags = ("scanned_pages",) if scanned else ()
    around = "\n".join(filter(MARKING.search, dict.fromkeys(marking)))
    searched = is_searched(content, text=text)
    return Raw(id=None, text=text, around=around, flags=flags, searched=searched)


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


def page_lines(page: pypdfium2.PdfPage) -> list[Line]:
    """The lines of one page that hold words, each with where it begins."""
    layer = page.get_textpage()
    try:
        text = layer.get_text_range()
        # Positions are told by UTF-16 unit; where the text has another count they are unknown.
        known = layer.count_chars() == _units(text)
        lines, at = [], 0
        for line in text.split("\n"):
            words = line.strip()
            if words:
                first = at + len(line) - len(line.lstrip())
                lines.append((words, *(_place(layer, first) if known else (0.0, 0.0))))
            at += _units(line) + 1
        return lines
    finally:
        layer.close()


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _place(layer: pypdfium2.PdfTextPage, index: int) -> tuple[float, float]:
    """Where the character at ``index`` begins and the size of its type, in points."""
    x, y, matrix = ctypes.c_double(), ctypes.c_double(), pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetCharOrigin(layer, index, x, y):
        return 0.0, 0.0
    # The nominal size is often 1, the real one in the matrix.
    scaled = pdfium.FPDFText_GetMatrix(layer, index, matrix)
    scale = math.hypot(matrix.a, matrix.b) if scaled else 1.0
    return x.value, scale * pdfium.FPDFText_GetFontSize(layer, index)


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
