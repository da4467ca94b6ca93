"""The words of a PDF's page with their places, by pdfium; and what of them pdfium loses.

Places are told as the words run: a page whose words run upwards or down is turned before it is laid
out, so that lines go from left to right and from top to bottom whichever way they were drawn.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw as pdfium

from indexer.formats.layout import Piece

GAP = 0.8  # ems between words that may be a gap between columns or cells
SLANT = 0.25  # how much of its way a line may rise or fall
SAME_ROW = 0.8  # ems that words of a line that pdfium made may be off its baseline
RIGHT, UP, LEFT, DOWN = range(4)
WORD = re.compile(r"\S+")
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
# Fonts of Adobe's that viewers have always had for Chinese: none of them is ever embedded.
ALWAYS_THERE = re.compile(r"(?:ST(?:Song|SongStd)|MSung|MSungStd|AdobeSongStd)-Light|MHei-Medium")

Place = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a page: those that run as most do, and the others as lines.

    ``direction`` is that of most, as the page is shown; ``lost`` how many times something was drawn
    with letters that no character came of; ``foreign`` if Chinese is set in a font that is not in
    the file.
    """

    pieces: list[Piece]
    aside: list[str]
    direction: int
    lost: int
    drawn: int
    foreign: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    words: str
    start: int
    end: int
    line: int
    first: Place
    last: Place
    corners: tuple[Place, Place]  # of the last character
    size: float


def words_of(page: pypdfium2.PdfPage) -> Words:
    """The words of ``page`` and their places."""
    layer = page.get_textpage()
    try:
        text = layer.get_text_range()
        lost, drawn, foreign = _objects(page, layer)
        # Positions are told by UTF-16 unit; where the text has another count they are unknown.
        if layer.count_chars() != units(text):
            aside = [line.strip() for line in text.split("\n") if line.strip()]
            return Words(
                pieces=[], aside=aside, direction=RIGHT, lost=lost, drawn=drawn, foreign=foreign
            )
        words = list(_words(layer, text))
    finally:
        layer.close()
    most = _direction(words)
    along = [word for word in words if _runs(word) in (None, most)]
    beside = [word.words for word in words if _runs(word) not in (None, most)]
    return Words(
        pieces=list(_pieces(along, text, most)),
        aside=beside,
        direction=(most - page.get_rotation() // 90) % 4,
        lost=lost,
        drawn=drawn,
        foreign=foreign,
    )


def units(text: str) -> int:
    """How many UTF-16 units ``text`` has."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _words(layer: pypdfium2.PdfTextPage, text: str) -> Iterator[_Word]:
    """The words between spaces, each with the number of the line that pdfium put it in."""
    at = begin = 0  # of the line: in units, in code points
    for number, line in enumerate(text.split("\n")):
        plain = line.isascii() or units(line) == len(line)
        for match in WORD.finditer(line):
            first = at + (match.start() if plain else units(line[: match.start()]))
            last = first + (len(match[0]) if plain else units(match[0])) - 1
            yield _Word(
                words=match[0],
                start=begin + match.start(),
                end=begin + match.end(),
                line=number,
                first=_origin(layer, first),
                last=_origin(layer, last),
                corners=_corners(layer, last),
                size=_size(layer, first),
            )
        at += (len(line) if plain else units(line)) + 1
        begin += len(line) + 1


def _origin(layer: pypdfium2.PdfTextPage, index: int) -> Place:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(layer, index, x, y)
    return x.value, y.value


def _corners(layer: pypdfium2.PdfTextPage, index: int) -> tuple[Place, Place]:
    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(layer, index, box)
    return (box.left, box.bottom), (box.right, box.top)


def _size(layer: pypdfium2.PdfTextPage, index: int) -> float:
    """The size of the type in points: the nominal one is often 1, the real one in the matrix."""
    matrix = pdfium.FS_MATRIX()
    scaled = pdfium.FPDFText_GetMatrix(layer, index, matrix)
    scale = math.hypot(matrix.a, matrix.b) if scaled else 1.0
    return float(scale * pdfium.FPDFText_GetFontSize(layer, index))


def _runs(word: _Word) -> int | None:
    """Which way ``word`` runs, -1 if slanted; None for one of a single character."""
    x, y = word.last[0] - word.first[0], word.last[1] - word.first[1]
    if len(word.words) < 2 or (x == 0 and y == 0):
        return None
    if min(abs(x), abs(y)) > SLANT * max(abs(x), abs(y)):
        return -1
    if abs(x) >= abs(y):
        return RIGHT if x > 0 else LEFT
    return UP if y > 0 else DOWN


def _direction(words: list[_Word]) -> int:
    """Which way most characters run."""
    votes: Counter[int] = Counter()
    for word in words:
        way = _runs(word)
        if way is not None and way >= 0:
            votes[way] += len(word.words)
    return votes.most_common(1)[0][0] if votes else RIGHT


def _turned(place: Place, direction: int) -> Place:
    """``place`` on the page turned so that ``direction`` goes to the right."""
    x, y = place
    return ((x, y), (y, -x), (-x, -y), (-y, x))[direction]


def _pieces(words: list[_Word], text: str, direction: int) -> Iterator[Piece]:
    """``words``, those of a line that stand close together as one piece."""
    held: Piece | None = None
    start, before = 0, None
    for word in words:
        piece = _piece(word, direction)
        same = held and before and before.line == word.line
        if held and same and abs(piece.base - held.base) < SAME_ROW * held.size:
            piece = replace(piece, base=held.base)
            gap = piece.left - held.right
            if -held.size < gap < GAP * max(piece.size, held.size):
                joined = text[start : word.end]
                held = replace(held, words=joined, right=max(held.right, piece.right))
                before = word
                continue
        if held:
            yield held
        held, start, before = piece, word.start, word
    if held:
        yield held


def _piece(word: _Word, direction: int) -> Piece:
    left, height = _turned(word.first, direction)
    right = max(_turned(corner, direction)[0] for corner in word.corners)
    return Piece(words=word.words, left=left, right=max(left, right), base=-height, size=word.size)


def _objects(page: pypdfium2.PdfPage, layer: pypdfium2.PdfTextPage) -> tuple[int, int, bool]:
    """How many of the page's drawings of text no character came of, of how many, and whether
    Chinese is set in fonts that are not in the file.

    What is drawn twice in one place, to look bold, counts once.
    """
    told: dict[int | None, bool] = {}  # address of a drawing → whether it has Chinese in it
    for index in range(layer.count_chars()):
        address = _address(pdfium.FPDFText_GetTextObject(layer, index))
        told[address] = told.get(address, False) or bool(
            HAN.match(chr(pdfium.FPDFText_GetUnicode(layer, index)))
        )
    drawings = list(_drawings(page))
    places = {_at(drawing) for drawing in drawings if _address(drawing) in told}
    lost = [drawing for drawing in drawings if _address(drawing) not in told]
    fonts: dict[int | None, bool] = {}
    for drawing in drawings:
        if told.get(_address(drawing)):
            font = pdfium.FPDFTextObj_GetFont(drawing)
            fonts.setdefault(_address(font), _is_foreign(font))
    return sum(_at(drawing) not in places for drawing in lost), len(drawings), any(fonts.values())


def _address(pointer: object) -> int | None:
    return ctypes.cast(pointer, ctypes.c_void_p).value  # type: ignore[arg-type]


def _drawings(page: pypdfium2.PdfPage) -> Iterator[pdfium.FPDF_PAGEOBJECT]:
    """The drawings of text on ``page``, also those in forms that it shows."""
    stack = [
        pdfium.FPDFPage_GetObject(page, number)
        for number in range(pdfium.FPDFPage_CountObjects(page))
    ]
    while stack:
        drawing = stack.pop()
        kind = pdfium.FPDFPageObj_GetType(drawing)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            yield drawing
        elif kind == pdfium.FPDF_PAGEOBJ_FORM:
            count = max(0, pdfium.FPDFFormObj_CountObjects(drawing))
            stack.extend(pdfium.FPDFFormObj_GetObject(drawing, number) for number in range(count))


def _at(drawing: pdfium.FPDF_PAGEOBJECT) -> tuple[int, int]:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(drawing, matrix)
    return round(matrix.e / 2), round(matrix.f / 2)


def _is_foreign(font: pdfium.FPDF_FONT) -> bool:
    """True if ``font`` is not in the file, nor one that every viewer has."""
    if not font or pdfium.FPDFFont_GetIsEmbedded(font) != 0:
        return False
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFFont_GetBaseFontName(font, name, 128)
    return ALWAYS_THERE.fullmatch(name.value.decode("ascii", "replace")) is None
