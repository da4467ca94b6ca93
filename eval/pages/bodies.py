"""The letter's lines in the markup that each site system's editor leaves behind.

A line is a paragraph; its first character may say more: ``^`` centred, ``>`` right, ``#`` bold,
``~`` without indentation, ``|`` a table row with its cells between bars.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby

MARKS = "^>#~|"
_ALIGN = {"^": "center", ">": "right"}


def plain(line: str) -> str:
    """What a reader sees of a line."""
    return "".join(line[1:].strip("|").split("|")) if line[:1] == "|" else words(line)


def words(line: str) -> str:
    """A line without its mark."""
    return line[1:] if line[:1] in MARKS else line


def body(lines: Sequence[str], *, style: str) -> str:
    """The HTML of ``lines`` as the editor named ``style`` writes it."""
    out = []
    for is_row, group in groupby(lines, key=lambda line: line.startswith("|")):
        rows = list(group)
        out.append(_table(rows) if is_row else _JOIN[style].join(map(_STYLES[style], rows)))
    return _JOIN[style].join(out)


def _table(rows: Sequence[str]) -> str:
    cells = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row.strip("|").split("|")) + "</tr>"
        for row in rows
    )
    return f'<table border="1" cellspacing="0" cellpadding="0"><tbody>{cells}</tbody></table>'


def _paragraph(line: str) -> str:
    text = escape(words(line))
    if align := _ALIGN.get(line[:1]):
        return f'<p style="text-align: {align};">{text}</p>'
    if line.startswith("#"):
        return f'<p style="text-indent: 2em;"><strong>{text}</strong></p>'
    return f"<p>{text}</p>" if line.startswith("~") else f'<p style="text-indent: 2em;">{text}</p>'


def _font(line: str) -> str:
    lead = "" if line[:1] in "^>~" else "　　"
    text = escape(words(line))
    align = _ALIGN.get(line[:1], "justify")
    return (
        f'<div align="{align}" style="line-height: 2;"><font face="仿宋_GB2312" '
        f'style="font-size: 16pt;">{lead}{text}</font></div>'
    )


def _broken(line: str) -> str:
    lead = {"~": "", "^": "　" * 12, ">": "　" * 20}.get(line[:1], "　　")
    text = escape(words(line))
    return f"{lead}<b>{text}</b>" if line.startswith("#") else f"{lead}{text}"


def _word(line: str) -> str:
    text = escape(words(line))
    half = len(text) // 2 if "&" not in text else 0
    align = f" align={_ALIGN[line[0]]}" if line[:1] in _ALIGN else ""
    return (
        f'<p class="MsoNormal"{align} style="mso-pagination:none;text-indent:32.0000pt;">'
        f"<span style=\"mso-spacerun:'yes';font-family:仿宋;\">{text[:half]}</span>"
        f'<span style="font-family:仿宋;">{text[half:]}</span><o:p></o:p></p>'
    )


def _section(line: str) -> str:
    weight = "font-weight: bold;" if line.startswith("#") else ""
    align = _ALIGN.get(line[:1], "left")
    return (
        f'<section style="text-align: {align};line-height: 1.75em;"><span '
        f'style="font-size: 15px;{weight}">{escape(words(line))}</span></section>'
        "<section><br></section>"
    )


def _runs(line: str) -> str:
    runs = re.split(r"([0-9.%〔〕()-]+)", words(line))
    side = _ALIGN.get(line[:1], "left")
    spans = "".join(
        f"<span lang=EN-US style='font-size:16.0pt;font-family:\"Times New Roman\"'>{run}</span>"
        if index % 2
        else f"<span style='font-size:16.0pt;font-family:仿宋_GB2312'>{escape(run)}</span>"
        for index, run in enumerate(runs)
        if run
    )
    style = f"class=MsoNormal align={side} style='text-align:{side}'"
    return f"<p {style}>{spans}<span lang=EN-US><o:p></o:p></span></p>"


def _spaced(line: str) -> str:
    lead = {"~": "", "^": "&nbsp;" * 24, ">": "&nbsp;" * 40}.get(line[:1], "&nbsp; &nbsp; ")
    text = escape(words(line))
    return f"<p>{lead}<strong>{text}</strong></p>" if line[:1] == "#" else f"<p>{lead}{text}</p>"


def _data(line: str) -> str:
    kind = {"^": "ql-align-center", ">": "ql-align-right"}.get(line[:1], "ql-indent-1")
    return f'<div data-v-7ba5bd90="" class="{kind}">{escape(words(line))}</div>'


def _rich(line: str) -> str:
    side = {"^": "center", ">": "right"}.get(line[:1], "justify")
    weight = " ms-rteStyle-Emphasis" if line.startswith("#") else ""
    lead = "" if line[:1] in "^>~" else "&emsp;&emsp;"
    return (
        f'<div class="ms-rteElement-P{weight}" style="text-align: {side};">'
        f'<span class="ms-rteFontSize-3">{lead}{escape(words(line))}</span></div>'
    )


_STYLES: dict[str, Callable[[str], str]] = {
    "p": _paragraph,
    "font": _font,
    "br": _broken,
    "word": _word,
    "section": _section,
    "runs": _runs,
    "nbsp": _spaced,
    "data": _data,
    "rich": _rich,
}
_JOIN = {
    "p": "\n",
    "font": "\n",
    "br": "<br>\n",
    "word": "",
    "section": "",
    "runs": "\n",
    "nbsp": "\n",
    "data": "",
    "rich": "\n",
}
