"""Rebuild the shipped letters of ``corpus/letters`` from the plain texts of ``corpus/sources``.

    python corpus/build.py

The same sources give the same bytes on every run: every date is fixed, nothing is compressed,
the parts of a .docx keep their order, and the PDF names a built-in CID font and embeds none.
The UTF-8 .txt letters are not built: they are shipped as they were written.
"""

from __future__ import annotations

import html
import io
import json
import re
import tomllib
import zipfile
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path

from docx import Document
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

CORPUS = Path(__file__).resolve().parent
SOURCES = CORPUS / "sources"
LETTERS = CORPUS / "letters"
# Format → name of the letter → what stands around its text.
Shipped = dict[str, dict[str, dict[str, str]]]
SHIPPED: Shipped = tomllib.loads((CORPUS / "shipped.toml").read_text(encoding="utf-8"))


NUMBER = re.compile(r"^云\S{1,6}[〔\[(（]\d{4}[〕\])）]\d+号$")
TITLE = re.compile(r"^(?:对|关于)市\S+的(?:答复|复函|会办意见)$")
SIGNED = re.compile(
    r"^(?:云岭市\S{2,16}[局会]|\d{4}年\d+月\d+日|[二〇一三四五六七八九]{4}年\S+日)$"
)
RUNS_ON = frozenset("，。、；：？！”）〕》%")


def source(name: str) -> str:
    """The plain text that a letter is built from."""
    return (SOURCES / f"{name}.txt").read_text(encoding="utf-8")


def paragraphs(name: str) -> list[str]:
    """The lines of a source, blank ones left out."""
    return [line for line in source(name).split("\n") if line]


def role(line: str, index: int) -> str:
    """What a line is to the page: mark, number, title, table, signed or body."""
    if index == 0:
        return "mark"
    if "\t" in line:
        return "table"
    for name, pattern in (("number", NUMBER), ("title", TITLE), ("signed", SIGNED)):
        if pattern.match(line):
            return name
    return "body"


def blocks(name: str) -> Iterator[tuple[str, list[str]]]:
    """Runs of lines with the same role, in order."""
    roles = [(role(line, index), line) for index, line in enumerate(paragraphs(name))]
    for kind, group in groupby(roles, key=lambda pair: pair[0]):
        yield kind, [line for _, line in group]


def first(name: str, kind: str) -> str:
    """The first line of that role."""
    return next(lines[0] for found, lines in blocks(name) if found == kind)


# --- web pages ------------------------------------------------------------------------------


def web_rows(name: str, page: dict[str, str]) -> str:
    """The table of metadata, two pairs of label and value to a row, the title alone."""
    lines = paragraphs(name)
    dated = next(line for line in reversed(lines) if re.fullmatch(r"\d{4}年\d+月\d+日", line))
    pairs = [
        ("索引号", page["index_no"]),
        ("发文单位", lines[0].removesuffix("文件")),
        ("成文日期", dated),
        ("发文字号", first(name, "number")),
        ("发布日期", page["published"]),
        ("标题", first(name, "title")),
    ]
    cells = [f"<th>{label}：</th><td>{html.escape(value)}</td>" for label, value in pairs]
    rows = ["".join(cells[:2]), "".join(cells[2:4]), "".join(cells[4:5]), "".join(cells[5:])]
    return "\n".join(f"<tr>{row}</tr>" for row in rows)


def web(name: str, page: dict[str, str]) -> bytes:
    """The letter as a page of a government site, UTF-8."""
    align = {"mark": "center", "number": "center", "title": "center", "signed": "right"}
    parts = []
    for kind, lines in blocks(name):
        for line in lines:
            escaped = html.escape(line, quote=False)
            if kind in align:
                parts.append(f'<p style="text-align:{align[kind]}">{escaped}</p>')
            else:
                parts.append(f"<p>&emsp;&emsp;{escaped}</p>")
    template = (CORPUS / "page.html").read_text(encoding="utf-8")
    return template.format(
        title=html.escape(first(name, "title")),
        published=page["published"],
        rows=web_rows(name, page),
        article="\n".join(parts),
    ).encode("utf-8")


# --- Word -----------------------------------------------------------------------------------


KEPT_STYLES = frozenset({"Normal", "DefaultParagraphFont", "TableNormal", "NoList", "TableGrid"})
# What would be in the file beside the letter: it could not be given to citizens as it is.
DROPPED_PARTS = (
    "stylesWithEffects", "thumbnail", "customXml", "numbering", "theme", "fontTable", "webSettings",
)  # fmt: skip
CENTRED = WD_ALIGN_PARAGRAPH.CENTER
ALIGN = {
    "mark": CENTRED,
    "number": CENTRED,
    "title": CENTRED,
    "signed": WD_ALIGN_PARAGRAPH.RIGHT,
    "body": WD_ALIGN_PARAGRAPH.LEFT,
}


def repacked(data: bytes) -> bytes:
    """The same ZIP with every time fixed and every member stored: no zlib version matters."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist()):
            member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.create_system = 0
            new.writestr(member, old.read(name))
    return out.getvalue()


def blank() -> WordFile:
    """python-docx's template less what a letter does not need (800 kB of unused styles)."""
    letter = Document()
    for rels in (letter.part.rels, letter.part.package.rels):
        for key in [k for k, rel in rels.items() if rel.reltype.endswith(DROPPED_PARTS)]:
            del rels[key]
    for style in letter.styles:
        if style.style_id not in KEPT_STYLES:
            style.delete()
    normal = letter.styles["Normal"]
    normal.font.name, normal.font.size = "FangSong", Pt(16)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    return letter


def add_table(letter: WordFile, lines: list[str]) -> None:
    """A table with one row for each line of cells parted by tabs."""
    cells = [line.split("\t") for line in lines]
    table = letter.add_table(rows=len(cells), cols=len(cells[0]), style="Table Grid")
    for row, values in zip(table.rows, cells, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value


def word(name: str) -> bytes:
    """The letter as a .docx."""
    letter = blank()
    for kind, lines in blocks(name):
        if kind == "table":
            add_table(letter, lines)
            continue
        for line in lines:
            paragraph = letter.add_paragraph(line)
            paragraph.alignment = ALIGN[kind]
            if kind == "body":
                paragraph.paragraph_format.first_line_indent = Pt(32)
    about = letter.core_properties
    about.author = about.title = about.comments = ""
    about.created = about.modified = datetime(2025, 1, 1)
    out = io.BytesIO()
    letter.save(out)
    return repacked(out.getvalue())


# --- PDF: 22 lines of 28 characters a page, as GB/T 9704-2012 asks ----------------------------

FONT, SIZE, LEADING = "STSong-Light", 15.5, 28.0
WIDTH, HEIGHT = 595.276, 841.89
LEFT, TOP, COLUMN, LINES = 80.0, 740.0, 28 * SIZE, 22


def advance(text: str) -> float:
    """The width of ``text`` in points."""
    return float(pdfmetrics.stringWidth(text, FONT, SIZE))


def wrapped(text: str, indent: float) -> list[str]:
    """``text`` in lines of one column; figures stay whole, no line starts with a full stop."""
    lines, room = [""], COLUMN - indent
    for token in re.findall(r"[0-9A-Za-z.:%]+|\s|.", text):
        if advance(lines[-1] + token) > room and token not in RUNS_ON:
            lines.append("")
            room = COLUMN
        lines[-1] += token
    return lines


def placed(name: str) -> list[tuple[float, str]]:
    """Every line of the letter with the x at which it starts."""
    lines: list[tuple[float, str]] = []
    for kind, texts in blocks(name):
        for text in texts:
            if kind == "body":
                indent = 0.0 if text.endswith("委员：") else 2 * SIZE
                pieces = wrapped(text, indent)
                lines += [(LEFT + (indent if n == 0 else 0.0), p) for n, p in enumerate(pieces)]
            else:
                slack = COLUMN - advance(text)
                lines.append((LEFT + (slack if kind == "signed" else slack / 2), text))
    return lines


def pdf(name: str, header: str) -> bytes:
    """The letter as an A4 PDF: running header, hard-wrapped lines, — n — at the foot."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=0)
    canvas.setTitle(first(name, "title"))
    lines = placed(name)
    for page, start in enumerate(range(0, len(lines), LINES), 1):
        canvas.setFont(FONT, 10.5)
        canvas.drawCentredString(WIDTH / 2, HEIGHT - 50, header)
        canvas.setFont(FONT, SIZE)
        for row, (x, text) in enumerate(lines[start : start + LINES]):
            canvas.drawString(x, TOP - row * LEADING, text)
        canvas.setFont(FONT, 14)
        canvas.drawCentredString(WIDTH / 2, 60, f"— {page} —")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


# --- the bulk export and the whole -----------------------------------------------------------


def bulk() -> bytes:
    """Letters of several organs, one JSON object a line, UTF-8."""
    lines = []
    for name, line in SHIPPED["bulk"].items():
        record = {
            "id": line["id"],
            "title": first(name, "title"),
            "issuer": line["issuer"],
            "date": line["date"],
            "url": line["url"],
            "text": source(name),
        }
        lines.append(json.dumps(record, ensure_ascii=False) + "\n")
    return "".join(lines).encode("utf-8")


def built() -> dict[str, bytes]:
    """Name of each built file → its bytes."""
    files = {f"{name}.txt": source(name).encode("gb18030") for name in SHIPPED["gb18030"]}
    files |= {f"{name}.html": web(name, page) for name, page in SHIPPED["web"].items()}
    files |= {f"{name}.docx": word(name) for name in SHIPPED["word"]}
    files |= {f"{name}.pdf": pdf(name, page["header"]) for name, page in SHIPPED["pdf"].items()}
    return files | {"复文.jsonl": bulk()}


def main() -> None:
    """Write every built letter into ``corpus/letters``."""
    LETTERS.mkdir(exist_ok=True)
    for name, data in built().items():
        (LETTERS / name).write_bytes(data)
        print(f"{name}\t{len(data)}")


if __name__ == "__main__":
    main()
