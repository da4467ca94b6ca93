"""Make the golden files: ``python -m tests.support.golden.make FOLDER``.

Each letter beside this module becomes a file of every format, laid out as offices lay letters
out: centred head, indented paragraphs, tables, running page numbers. The same letters give the
same words in every file, so that every reader has to come to the same text.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.support import hostile, ofd

FOLDER = Path(__file__).parent
LETTERS: Mapping[str, str] = {
    path.stem: path.read_text(encoding="utf-8").rstrip("\n")
    for path in sorted(FOLDER.glob("*.txt"))
}
INDENT = "　"
WIDE, TALL = 28, 22  # characters of a line and lines of a page, GB/T 9704-2012
SIZE, LEADING = 15.5, 28.0  # points
DPI = 300  # of scans
RUNS_ON = frozenset("，。、；：！？”’）》〕】%")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Words on a page: ems from the left margin, the line counted from the top."""

    page: int
    line: int
    left: float
    words: str


def role(text: str, at: int) -> str:
    """What the line ``at`` of a letter is: head, whom, body, table, foot."""
    lines = text.split("\n")
    whom = next(n for n, line in enumerate(lines) if line.endswith("：") and line[0] != INDENT)
    line = lines[at]
    if "\t" in line:
        return "table"
    if at < whom:
        return "head"
    if line.startswith(INDENT):
        return "body"
    return "whom" if at == whom else "foot"


def blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Runs of lines with the same role, in order."""
    lines = text.split("\n")
    for name, run in groupby(range(len(lines)), key=lambda at: role(text, at)):
        yield name, [lines[at] for at in run]


def width(words: str) -> float:
    """Of ``words``, in ems: letters and figures are half as wide as Chinese characters."""
    return sum(0.5 if character.isascii() else 1.0 for character in words)


def broken(text: str, room: float) -> list[str]:
    """A paragraph as lines of ``WIDE``, the first of ``room``; figures stay whole."""
    lines, word = [""], ""
    for character in f"{text}\n":
        if (character.isascii() and character.isalnum()) or (word and character in ".%:"):
            word += character
            continue
        for piece in (word, character.strip("\n")):
            if width(lines[-1] + piece) > room and piece not in RUNS_ON:
                lines.append("")
                room = WIDE
            lines[-1] += piece
        word = ""
    return [line for line in lines if line]


def laid_out(text: str) -> list[Placed]:
    """The letter on pages, as an office prints it."""
    rows: list[list[tuple[float, str]]] = []
    for name, lines in blocks(text):
        for line in lines:
            if name == "table":
                cells = line.split("\t")
                rows.append([(n * WIDE / len(cells), cell) for n, cell in enumerate(cells)])
            elif name == "head":
                rows.append([((WIDE - width(line)) / 2, line)])
            else:
                indent = len(line) - len(line.lstrip(INDENT))
                pieces = broken(line.lstrip(INDENT), WIDE - indent)
                rows += [[(0 if n else indent, piece)] for n, piece in enumerate(pieces)]
    return [
        Placed(page=at // TALL, line=at % TALL, left=left, words=words)
        for at, row in enumerate(rows)
        for left, words in row
    ]


def pages(text: str) -> list[list[Placed]]:
    """What stands on each page."""
    return [list(page) for _, page in groupby(laid_out(text), key=lambda placed: placed.page)]


# --- one maker a format --------------------------------------------------------------------------


def page(text: str) -> bytes:
    """A web page."""
    parts = []
    for name, lines in blocks(text):
        if name == "table":
            rows = (
                "".join(f"<td>{escape(cell)}</td>" for cell in row.split("\t")) for row in lines
            )
            parts.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
        else:
            parts += [f"<p>{escape(line)}</p>" for line in lines]
    head = "<!DOCTYPE html><html><head><meta charset='utf-8'></head>"
    return f"{head}<body><div id='zoom'>{''.join(parts)}</div></body></html>".encode()


def docx(text: str) -> bytes:
    """A docx: paragraphs with an indent by format, tables as tables."""
    parts = []
    for name, lines in blocks(text):
        if name == "table":
            rows = (
                "".join(
                    f"<w:tc>{hostile.paragraph(escape(cell))}</w:tc>" for cell in row.split("\t")
                )
                for row in lines
            )
            parts.append(f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>")
        else:
            parts += [hostile.paragraph(escape(line)) for line in lines]
    return hostile.docx("".join(parts))


def pdf(text: str) -> bytes:
    """A PDF with a page number at the foot of each page."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595.276, 841.89), invariant=1)
    for number, placed in enumerate(pages(text), start=1):
        canvas.setFont("STSong-Light", SIZE)
        for words in placed:
            canvas.drawString(80 + SIZE * words.left, 740 - LEADING * words.line, words.words)
        canvas.drawCentredString(297, 60, f"— {number} —")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def fixed(text: str) -> bytes:
    """An OFD with a page number at the foot of each page."""
    drawn = [
        ofd.page(
            *(
                ofd.words(
                    escape(words.words, quote=False),
                    x=25 + ofd.SIZE * words.left,
                    y=30 + ofd.LINE * words.line,
                )
                for words in placed
            ),
            ofd.words(f"— {number} —", x=90, y=280),
        )
        for number, placed in enumerate(pages(text), start=1)
    ]
    return ofd.ofd(drawn)


@cache
def font() -> str:
    """A file with a Chinese font, by fontconfig; "" where there is none."""
    try:
        found = subprocess.run(
            ["fc-match", "-f", "%{file}|%{lang}", "serif:lang=zh-cn"],
            capture_output=True, text=True, timeout=30, check=True,
        ).stdout  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
    path, _, languages = found.partition("|")
    return path if "zh-cn" in languages.lower() else ""


def scans(text: str) -> list[Image.Image]:
    """The pages of a letter as clean scans of ``DPI`` dots per inch."""
    dot = DPI / 72
    face = ImageFont.truetype(font(), round(SIZE * dot))
    drawn = []
    for number, placed in enumerate(pages(text), start=1):
        sheet = Image.new("L", (round(595 * dot), round(842 * dot)), "white")
        draw = ImageDraw.Draw(sheet)
        for words in placed:
            at = ((80 + SIZE * words.left) * dot, (842 - 740 + LEADING * words.line) * dot)
            draw.text(at, words.words, fill="black", font=face, anchor="ls")
        draw.text((297 * dot, 782 * dot), f"— {number} —", fill="black", font=face, anchor="ms")
        drawn.append(sheet)
    return drawn


def scan(form: str, text: str) -> bytes:
    """The first page of a letter as an image; all of its pages as a TIFF."""
    first, *more = scans(text)
    file = io.BytesIO()
    options: dict[str, Any] = {"dpi": (DPI, DPI)}
    if form == "TIFF":
        options |= {"save_all": True, "append_images": more, "compression": "tiff_lzw"}
    first.save(file, form, **options)
    return file.getvalue()


def archive(members: Sequence[tuple[str, bytes]]) -> bytes:
    """A ZIP of such files."""
    return hostile.package(members)


MAKERS: Mapping[str, Callable[[str], bytes]] = {
    "utf-8.txt": str.encode,
    "gb18030.txt": lambda text: text.encode("gb18030"),
    "utf-16.txt": lambda text: text.encode("utf-16"),
    "utf-16-le.txt": lambda text: text.encode("utf-16-le"),
    "html": page,
    "docx": docx,
    "pdf": pdf,
    "ofd": fixed,
}
SCANS: Mapping[str, str] = {"png": "PNG", "jpg": "JPEG", "tif": "TIFF"}


def made(text: str) -> dict[str, bytes]:
    """The files of a letter that need no font and no other program, by their endings."""
    return {ending: make(text) for ending, make in MAKERS.items()}


def main(arguments: Sequence[str]) -> None:
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    members = []
    for name, text in LETTERS.items():
        files = made(text)
        if font():
            files |= {ending: scan(form, text) for ending, form in SCANS.items()}
        for ending, content in files.items():
            (folder / f"{name}.{ending}").write_bytes(content)
        members += [(f"{name}.{ending}", content) for ending, content in made(text).items()]
    (folder / "全部.zip").write_bytes(archive(members))


if __name__ == "__main__":
    main(sys.argv[1:])
