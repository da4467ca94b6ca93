"""What every parser takes and gives: the limits of one file, and a letter's raw text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kb.errors import READING_CODES, UnreadableFile

MARKING = re.compile(
    r"[公内內外密祕申涉限敏㊙★☆]|confidential|internal|restricted|secret|private|closed"
    r"|on.?request|not.?for",
    re.I,
)
CELLS = re.compile(r"[-_—–|｜>·,，;；、\s]+")
# Refused for these, the machine may have been the reason, being too busy: another time it may do.
PASSING = ("too_slow", "resource_limit")
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one file may cost. Sizes are bytes, times are seconds.

    ``member_bytes`` and ``package_bytes`` bound one XML part of a docx and all of them
    together once inflated; ``ratio`` bounds how often larger than its zipped form a part of
    more than a megabyte may be (letters inflate 5 to 60 times, DEFLATE at most 1,032 times).
    ``letter_length`` bounds the text of one letter, in code points, and ``beside_length`` each
    value that came beside it; ``sentences`` how many it may have, since each gets a vector.
    ``rows`` bounds a table.
    ``cpu_seconds`` and ``wall_seconds`` hold for parsing a file, and again for reading a letter.
    ``members`` and ``archive_bytes`` bound how many files an archive of letters may hold and
    what they are together. ``office_…`` hold for LibreOffice, ``ocr_…`` for the recognition of
    characters: address space and seconds of one file (a model's arenas and the threads of
    its runtime reserve far more than they touch), its pages, and the pixels of one page.
    """

    file_bytes: int = 64 * MEGABYTE
    jsonl_bytes: int = 2048 * MEGABYTE
    line_bytes: int = 20 * MEGABYTE
    member_bytes: int = 32 * MEGABYTE
    package_bytes: int = 64 * MEGABYTE
    ratio: int = 200
    pages: int = 2000
    memory_bytes: int = 1024 * MEGABYTE
    cpu_seconds: int = 20
    wall_seconds: float = 300.0
    output_bytes: int = 64 * MEGABYTE
    letter_length: int = 1_000_000
    beside_length: int = 2000
    members: int = 5000
    archive_bytes: int = 1024 * MEGABYTE
    office_seconds: int = 120
    office_bytes: int = 4096 * MEGABYTE
    ocr_pages: int = 100
    ocr_pixels: int = 50_000_000
    ocr_seconds: int = 900
    ocr_memory_bytes: int = 4096 * MEGABYTE
    sentences: int = 50_000
    rows: int = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """One letter's text as it stands in its file, before mending.

    ``text`` has lines parted by ``\\n``, pages by ``\\f`` (pdf) and the cells of a table row
    by ``\\t``; white space at the head of a line is kept, since it shows indents.
    ``place`` alone, without an ``id``, is the name of a file in an archive.
    ``front`` is the table of metadata that a web page shows before the letter, one
    ``名称：值`` per line, not repeated in ``text``. ``id`` and ``place`` (``第12行``) are
    known only for lines of a bulk import. ``around`` are words on the page or in the package
    that are no part of the letter (headers, comments, hidden words) but may say how public it
    is: of these only lines with one of the characters or words in MARKING. ``searched`` if all
    that the file holds is in ``text`` and ``front``; it is no part of what is compared, being
    about the file. ``recognised`` are the lines that were read from pictures, by page: their words
    and how sure the engine was of them.
    """

    id: str | None
    text: str
    front: str = ""
    around: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    place: str = ""
    recognised: tuple[tuple[tuple[str, float], ...], ...] = ()
    searched: bool = field(default=False, compare=False)


def raw_from(told: Mapping[str, Any]) -> Raw:
    """The letter that came through JSON, where tuples are lists."""
    pages = (tuple((words, sure) for words, sure in page) for page in told["recognised"])
    return Raw(**{**told, "flags": tuple(told["flags"]), "recognised": tuple(pages)})


def told(words: str) -> tuple[str, str]:
    """A title or list of keywords as a mark may stand in it: on a line alone, or as a cell."""
    return " ".join(words.split()), CELLS.sub("\t", words).strip("\t")


def refused(code: str, why: str = "") -> UnreadableFile:
    """The error for ``code``: why this file, then what to do; ``parse`` adds the file's name."""
    return UnreadableFile(code, f"{why}。{READING_CODES[code]}" if why else READING_CODES[code])


# A cell of this many characters in several paragraphs is running text laid out in a table.
RUNNING_TEXT = 100


def row_lines(cells: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table row: its cells joined by tabs, unless the table is mere layout.

    Each cell is a list of its lines. A row with a single filled cell, or with a cell of
    several paragraphs of running text, is layout: its lines stay lines.

    >>> row_lines([["办理结果"], ["B", "类"]])
    ['办理结果\\tB 类']
    """
    filled = [[line for line in cell if line.strip()] for cell in cells]
    running = any(len(cell) > 1 and sum(map(len, cell)) > RUNNING_TEXT for cell in filled)
    if running or sum(map(bool, filled)) == 1:
        return [line for cell in filled for line in cell]
    if not any(filled):
        return []
    return ["\t".join(" ".join(line.strip() for line in cell) for cell in filled).rstrip("\t")]
