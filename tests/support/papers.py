"""Letters as plain documents of each format, with nothing in them beside their words."""

from __future__ import annotations

import io
from html import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.support import hostile

LINES = 10  # lines on a page of a PDF


def docx(text: str, more: str = "") -> bytes:
    """A docx of ``text``, a paragraph a line, with ``more`` XML in its body."""
    return hostile.docx("".join(map(hostile.paragraph, map(escape, text.split("\n")))) + more)


def page(text: str, more: str = "") -> bytes:
    """A web page of ``text``, a paragraph a line, with ``more`` after it."""
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))
    return f"<html><body>{paragraphs}{more}</body></html>".encode()


def pdf(text: str) -> bytes:
    """A PDF of ``text``, ``LINES`` lines a page."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    file, lines = io.BytesIO(), text.split("\n")
    canvas = Canvas(file, invariant=1)
    for first in range(0, len(lines), LINES):
        canvas.setFont("STSong-Light", 16)
        for row, line in enumerate(lines[first : first + LINES]):
            canvas.drawString(72, 750 - 24 * row, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()
