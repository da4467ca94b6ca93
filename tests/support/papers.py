"""Letters as plain documents of each format, with nothing in them beside their words."""

from __future__ import annotations

import io
from collections.abc import Sequence
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


Put = tuple[float, float, str]  # points from the left and from below, words


def placed(*pages: Sequence[Put], size: float = 12, turn: int = 0, rotate: int = 0) -> bytes:
    """A PDF of words at places, in the order given.

    ``turn``: degrees that the page was turned before they were set; ``rotate``: degrees by
    which viewers turn it.
    """
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1)
    for page in pages:
        canvas.setPageRotation(rotate)
        canvas.setFont("STSong-Light", size)
        if turn:
            canvas.translate(*{90: (595, 0), 180: (595, 842), 270: (0, 842)}[turn])
            canvas.rotate(turn)
        for x, y, words in page:
            canvas.drawString(x, y, words)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def unembedded(*lines: tuple[str, str], rotate: int = 0) -> bytes:
    """A PDF whose font is not in the file: each line has its text matrix and its words."""
    known = sorted({char for _, words in lines for char in words})
    code = {char: f"{number:04X}" for number, char in enumerate(known, start=1)}
    shown = "\n".join(
        f"BT /F1 16 Tf {matrix} Tm <{''.join(code[char] for char in words)}> Tj ET"
        for matrix, words in lines
    )
    maps = "\n".join(f"<{code[char]}> <{ord(char):04X}>" for char in known)
    unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{len(known)} beginbfchar\n{maps}\nendbfchar endcmap end end"
    )
    font = "<< /Type /Font /Subtype {} /BaseFont /SimSun {} >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate {rotate}"
        " /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>",
        f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream",
        font.format("/Type0", "/Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 8 0 R"),
        font.format(
            "/CIDFontType2",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
            " /DW 1000 /FontDescriptor 7 0 R",
        ),
        "<< /Type /FontDescriptor /FontName /SimSun /Flags 4 /FontBBox [0 -120 1000 880]"
        " /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>",
        f"<< /Length {len(unicode)} >>\nstream\n{unicode}\nendstream",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(content))
        content += f"{number} 0 obj\n{one}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer\n<< /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{len(content)}\n%%EOF\n"
    return content + end.encode()
