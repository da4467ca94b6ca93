"""Pictures of pages → raw text by RapidOCR, the extra ``fuwen[ocr]``. Runs in the child only.

Read are images (png, jpg, tif), and the pages of a PDF that have no text layer.
"""

from __future__ import annotations

import importlib.util
import math
import os
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, BinaryIO

from indexer.formats.placed import laid_out
from indexer.formats.raw import Limits, Raw, refused
from indexer.formats.scan import Seen, levelled, parted, piece
from kb.text.confidence import SURE

INSTALL = "没有装识别文字的部件"
# Share of the characters that stand in lines with a confidence below LEAST from which on a scan is
# refused: of such scans five characters of a hundred and more are wrong (docs/measurements.md).
LEAST, UNCLEAR = 0.5, 0.35
RESOLUTION = 200  # dots per inch at which pages of a PDF are drawn: enough for 16-point type
LONGEST = 4000  # pixels of a drawn page's longer side: some scans are metres wide by what they say
POINTS = 72  # per inch
HEAD = 1024  # bytes in which a PDF begins

Engine = Callable[[Any], Sequence[Seen]]  # of a picture, as PIL has it


def installed() -> bool:
    """True if the extra is there."""
    return importlib.util.find_spec("rapidocr") is not None


def read(file: BinaryIO, limits: Limits, *, engine: Engine | None = None) -> Raw:
    """The words in the image or the PDF ``file``, pages parted by ``\\f``.

    Pages of a PDF that have a text layer stay empty: who asks has their text. Pages that lie
    askew or on their side are turned. Flags: ``ocr``; ``ocr_low_confidence`` if the engine was not
    sure of some line; ``two_columns``; ``turned_text`` if some lines run another way than most.
    Raises UnreadableFile ``too_large`` for too many pages or pixels, ``damaged_file``,
    ``no_text``, ``unclear_scan``.
    """
    head = file.read(HEAD)
    file.seek(0)
    pages = _drawn(file, limits) if b"%PDF-" in head else _pictures(file, limits)
    engine = engine or rapid()
    seen = [
        levelled([line for line in engine(picture) if line.words.strip()] if picture else ())
        for picture in pages
    ]
    seen = [(parted(level), aside) for level, aside in seen]
    lines = [[*level, *aside] for level, aside in seen]
    flags = list(_flags([line for page in lines for line in page]))
    laid = laid_out(
        [[piece(line) for line in level] for level, _ in seen],
        below=[[line.words for line in aside] for _, aside in seen],
    )
    flags += ["two_columns"] if laid.columns else []
    flags += ["turned_text"] if any(aside for _, aside in seen) else []
    return Raw(
        id=None,
        text=laid.text,
        flags=tuple(flags),
        recognised=tuple(
            tuple((line.words, round(line.confidence, 3)) for line in page) for page in lines
        ),
    )


def _flags(lines: Sequence[Seen]) -> Iterator[str]:
    """What is to be told of the recognition. Raises UnreadableFile where it is worth nothing."""
    if not lines:
        raise refused("no_text", "图片里没有认出文字")
    doubtful = sum(len(line.words) for line in lines if line.confidence < LEAST)
    if doubtful > UNCLEAR * sum(len(line.words) for line in lines):
        raise refused("unclear_scan")
    yield "ocr"
    if any(line.confidence < SURE for line in lines):
        yield "ocr_low_confidence"


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
            scale = min(RESOLUTION / POINTS, LONGEST / max(*page.get_size(), 1.0))
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
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # see kb.models.session
    try:
        import numpy
        from rapidocr import RapidOCR
    except ImportError as error:
        raise refused("no_text", INSTALL) from error
    engine = RapidOCR(params=PARAMS)

    def seen(picture: Any) -> list[Seen]:
        # The engine takes pixels in the order blue, green, red.
        image, record = engine.preprocess_img(numpy.asarray(picture)[:, :, ::-1])
        boxes, ways, read, _ = engine.run_ocr_steps(image, record)
        if boxes.boxes is None or ways.cls_res is None or read.txts is None:
            return []
        return [
            Seen(
                words=words,
                confidence=_least(told.confs, mean),
                corners=_around(box, way),
                gaps=list(_gaps(words, told)),
            )
            for box, way, words, mean, told in zip(
                boxes.boxes.tolist(), ways.cls_res, read.txts, read.scores, read.word_results,
                strict=True,
            )
        ]  # fmt: skip

    return seen


# Whole lines with the confidence of each character, also of lines that are hardly read.
# Its threads are few however many cores there are: each takes address space.
PARAMS = {
    "Global.log_level": "error",
    "Global.text_score": 0.0,
    "Global.return_word_box": True,
    "EngineConfig.onnxruntime.intra_op_num_threads": 2,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}
UPSIDE_DOWN = 0.9  # confidence from which on the engine turns a line before it reads it
LEAST_STEPS = 6  # characters of a line in which a gap can be told
WIDER = 1.9  # times the usual step that a step over a gap is
TALL = 1.5  # times its width that a box is high whose words it takes to run downwards


def _least(characters: Sequence[float], mean: float) -> float:
    """How sure the engine is of the character of a line that it is least sure of."""
    return min(float(mean), *map(float, characters))


def _gaps(words: str, told: Any) -> Iterator[tuple[int, float, float]]:
    """Where in a line the engine met nothing for longer than a character is wide.

    ``told`` are its characters and the steps at which it met them.
    """
    characters = [character for word in told.words for character in word]
    steps = [step for word in told.word_cols for step in word]
    places = [at for at, character in enumerate(words) if not character.isspace()]
    if len(steps) < LEAST_STEPS or characters != [words[at] for at in places]:
        return
    usual = median(after - before for before, after in pairwise(steps))
    for at, before, after in zip(places[1:], steps, steps[1:], strict=False):
        if after - before >= WIDER * usual:
            half, whole = usual / 2, float(told.line_txt_len)
            yield at, (before + half) / whole, max(after - half, before + half) / whole


def _around(box: Sequence[Sequence[float]], way: tuple[str, float]) -> list[tuple[float, float]]:
    """The corners of ``box``, given from the left at the top, from the one over the first word.

    The engine takes words in a tall box to run downwards, and turns what is upside down.
    """
    corners = [(x, y) for x, y in box]
    high = max(math.dist(corners[0], corners[3]), math.dist(corners[1], corners[2]))
    wide = max(math.dist(corners[0], corners[1]), math.dist(corners[2], corners[3]))
    first = 1 if int(high) >= TALL * max(int(wide), 1) else 0
    label, sure = way
    first += 2 if "180" in label and sure > UPSIDE_DOWN else 0
    return [corners[(first + at) % 4] for at in range(4)]
