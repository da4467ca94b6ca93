"""Pictures of pages → raw text by RapidOCR, the extra ``fuwen[ocr]``. Runs in the child only.

Read are images (png, jpg, tif), and the pages of a PDF that have no text layer.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from indexer.formats.layout import Piece, laid_out
from indexer.formats.raw import Limits, Raw, refused

INSTALL = "没有装识别文字的部件"
LOW = 0.8  # confidence below which a line is doubtful
RESOLUTION = 200  # dots per inch at which pages of a PDF are drawn: enough for 16-point type
POINTS = 72  # per inch
HEAD = 1024  # bytes in which a PDF begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A line that an engine read: its words, how sure it is (0 to 1), its four corners (x, y)."""

    words: str
    confidence: float
    corners: Sequence[tuple[float, float]]


Engine = Callable[[Any], Sequence[Seen]]  # of a picture, as PIL has it


def installed() -> bool:
    """True if the extra is there."""
    return importlib.util.find_spec("rapidocr") is not None


def read(file: BinaryIO, limits: Limits, *, engine: Engine | None = None) -> Raw:
    """The words in the image or the PDF ``file``, pages parted by ``\\f``.

    Pages of a PDF that have a text layer stay empty: who asks has their text. Flags: ``ocr``, and
    ``ocr_low_confidence`` if the engine was not sure of some line. Raises UnreadableFile
    ``too_large`` for too many pages or pixels, ``damaged_file``, ``no_text``.
    """
    head = file.read(HEAD)
    file.seek(0)
    pages = _drawn(file, limits) if b"%PDF-" in head else _pictures(file, limits)
    engine = engine or rapid()
    seen = [() if picture is None else tuple(engine(picture)) for picture in pages]
    lines = [line for page in seen for line in page if line.words.strip()]
    if not lines:
        raise refused("no_text", "图片里没有认出文字")
    low = any(line.confidence < LOW for line in lines)
    return Raw(
        id=None,
        text=laid_out([[_piece(line) for line in page] for page in seen]),
        flags=("ocr", "ocr_low_confidence") if low else ("ocr",),
    )


def _piece(line: Seen) -> Piece:
    """The line where it stands; its size is the height of its left side."""
    across = [x for x, _ in line.corners]
    down = [y for _, y in line.corners]
    first, last = line.corners[0], line.corners[-1]
    size = math.dist(first, last) or 1.0
    left, right = min(across), max(across)
    return Piece(words=line.words, left=left, right=right, base=sum(down) / len(down), size=size)


def _check(width: int, height: int, limits: Limits) -> None:
    if width * height > limits.ocr_pixels:
        why = f"图片有 {width}×{height} 个像素，上限 {limits.ocr_pixels} 个"
        raise refused("too_large", why)


def _check_count(pages: int, limits: Limits) -> None:
    if pages > limits.ocr_pages:
        raise refused("too_large", f"要识别的有 {pages} 页，上限 {limits.ocr_pages} 页")


def _pictures(file: BinaryIO, limits: Limits) -> Iterator[Any]:
    """The pages of an image, upright and in colour; their size is known before they are read."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # the cap is ours
    try:
        with Image.open(file, formats=("PNG", "JPEG", "TIFF")) as image:
            count = getattr(image, "n_frames", 1)
            _check_count(count, limits)
            for number in range(count):
                image.seek(number)
                _check(image.width, image.height, limits)
                yield ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise refused("damaged_file", "图片读不出来") from error


def _drawn(file: BinaryIO, limits: Limits) -> Iterator[Any]:
    """The pages of a PDF as pictures; None for those with a text layer."""
    import pypdfium2  # type: ignore[import-untyped]

    try:
        document = pypdfium2.PdfDocument(file.read())
        silent = [number for number in range(len(document)) if not _has_text(document[number])]
        _check_count(len(silent), limits)
        for number in range(len(document)):
            page = document[number]
            if number not in silent:
                yield None
                continue
            scale = RESOLUTION / POINTS
            _check(
                math.ceil(page.get_width() * scale), math.ceil(page.get_height() * scale), limits
            )
            yield page.render(scale=scale).to_pil().convert("RGB")
            page.close()
    except pypdfium2.PdfiumError as error:
        raise refused("damaged_file", "PDF 的页画不出来") from error


def _has_text(page: Any) -> bool:
    layer = page.get_textpage()
    try:
        return bool(layer.get_text_range().strip())
    finally:
        layer.close()


def rapid() -> Engine:
    """RapidOCR with the models of its own wheel; raises UnreadableFile ``no_text`` without it."""
    try:
        import numpy
        from rapidocr import RapidOCR
    except ImportError as error:
        raise refused("no_text", INSTALL) from error
    engine = RapidOCR()

    def seen(picture: Any) -> list[Seen]:
        # The engine takes pixels in the order blue, green, red.
        result = engine(numpy.asarray(picture)[:, :, ::-1])
        if result.boxes is None:
            return []
        found = zip(result.boxes.tolist(), result.txts, result.scores, strict=True)
        return [
            Seen(words=words, confidence=float(score), corners=[(x, y) for x, y in corners])
            for corners, words, score in found
        ]

    return seen
