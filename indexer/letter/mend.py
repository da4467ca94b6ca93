"""Raw text → canonical text, once: page furniture out, broken lines whole, figures closed up.

Everything after this works on the canonical text and its offsets; nothing rewrites it again.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from indexer.letter.wrap import CLOSED, WRAP_WIDTH, Line, columns, wrap_widths
from kb.text.organs import ORGAN

LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x85\u2028\u2029]")
# Invisible characters that are no part of any word, and control characters.
_INVISIBLE = re.compile(
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]"
)
_SPACES = re.compile(r"[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_PUNCT = r"，。；：！？、“”‘’（）《》〈〉【】〔〕「」『』…—～·％"
_PAGE_NUMBER = re.compile(
    r"^(?:[-—–―－·\s]++\d{1,4}[-—–―－·\s]++|第\s*+\d{1,4}\s*+页(?:\s*+[，,/]?\s*+共\s*+\d{1,4}\s*+页)?"
    r"|\d{1,4}\s*+/\s*+\d{1,4}|[Pp]age\s*+\d++(?:\s*+of\s*+\d++)?)$"
)
_BARE_NUMBER = re.compile(r"^\d{1,3}$")
_MARKER = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}\s*[、.．]|[（(]\s*[一二三四五六七八九十]{1,3}\s*[）)]"
    r"|\d{1,2}\s*[.．、](?!\d)|[（(]\s*\d{1,2}\s*[）)]|[①-⑳]|第[一二三四五六七八九十百]{1,4}[章节条]"
    r"|附件|抄送|抄报|主送|联系|签发|办理结果|公开|印发|此复|特此|感谢|以上)"
)
_LABELLED = re.compile(r"^(?![^：:]{0,12}如下[：:])[\u4e00-\u9fff（）()\s]{2,12}[：:]")
_DATE_LINE = re.compile(
    r"^(?:\d{4}年\d{1,2}月\d{1,2}日|[二〇○零一三四五六七八九]{4}年.{2,8}日)(?:印发)?$"
)
_TITLE_HEAD = re.compile(
    r"^(?:[\u4e00-\u9fff、（）]{2,60}[局委厅办会府院])?(?:对|关于).*(?:会议|会议第.*|号.{0,4}|的|[\u4e00-\u9fff])$"
)
_WHOLE_TITLE = re.compile(r"^(?:对|关于)[^。]*(?:答复|复函|回复|答复函|会办意见|答复意见)$")
_SALUTATION = re.compile(
    r"^[\u4e00-\u9fff、，,（）() ]{2,60}(?:委员|代表|委员会|局|先生|女士)[：:]$"
)
_SIGNER = re.compile(rf"^{ORGAN}$")
_REST_OF_FIGURE = re.compile(r"[万亿元%％‰]|\d{1,20}(?:\.\d{1,20})?[万亿元%％‰个户家人名项]")
_DECIMAL_OPEN = re.compile(r"[^\d\s]\d+[.．]$")
_TITLE_TAIL = re.compile(r"^[^。，；：]{0,40}(?:答复|复函|回复|答复函|意见|函|答复意见)$")
_NEVER_FIRST = "，。；：！？、）)”’》】〕%％"  # no paragraph begins with these
_PAIRS = {"“": "”", "《": "》", "（": "）", "(": ")", "〔": "〕", "‘": "’", "【": "】"}
_LABEL = r"[\u4e00-\u9fff]{2,6}[：:]"
FLATTENED = 200  # a line of a file longer than this may be a whole document, in code points
REACH = 1000  # an open bracket is given up after this many code points; keeps mending linear
_HEAD, _FOOT = slice(0, 2), slice(-2, None)  # the lines of a page that may be furniture
FULL = 0.9  # of its width a line must fill for a sentence to end at its margin by chance
PROSE = 24  # an unfinished line at least this long, with a comma in it, is running prose


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """Canonical text, and the offset at which each page after the first begins."""

    text: str
    pages: tuple[int, ...]


def mend(raw: str) -> Mended:
    """The canonical text of ``raw``; pages are parted by form feeds, lines by line feeds."""
    lines = _lines(_without_furniture(_pages(raw)))
    widths = wrap_widths(lines, starts=_starts)
    parts: list[str] = []
    starts: list[int] = []
    length, page = 0, 0
    before: Line | None = None
    for line in lines:
        joined = before is not None and _continues(before, line, width=widths[before.page])
        glue = "" if before is None else _seam(parts[-1], line.text) if joined else "\n"
        starts += [length + len(glue)] * (line.page - page)
        page = line.page
        parts.append(glue + line.text)
        length += len(parts[-1])
        merged = before.text + glue + line.text if joined and before else line.text
        indented = before.indented if joined and before else line.indented  # its first line
        before = Line(text=merged[-REACH:], indented=indented, page=line.page, tail=line.tail)
    return Mended(text="".join(parts), pages=tuple(starts))


def _pages(raw: str) -> list[list[str]]:
    clean = _INVISIBLE.sub("", LINE_ENDS.sub("\n", raw).replace("\ue5e5", " "))
    return [page.split("\n") for page in clean.split("\f")]


def _without_furniture(pages: list[list[str]]) -> list[list[str]]:
    """Drop page numbers, and running headers and footers after their first appearance."""
    pages = [_strip_numbers(page, many=len(pages) > 1) for page in pages]
    repeated = [(edge, _running_lines(pages, edge=edge)) for edge in (_HEAD, _FOOT)]
    seen: set[str] = set()
    cleaned: list[list[str]] = []
    for page in pages:
        filled = [i for i, line in enumerate(page) if line.strip()]
        running = {i for edge, keys in repeated for i in filled[edge] if _key(page[i]) in keys}
        cleaned.append(
            ["" if i in running and _key(line) in seen else line for i, line in enumerate(page)]
        )
        seen |= {_key(line) for line in page}
    return cleaned


def _key(line: str) -> str:
    return re.sub(r"\s+", "", line)


def _strip_numbers(page: list[str], *, many: bool) -> list[str]:
    filled = [i for i, line in enumerate(page) if line.strip()]
    edges = {*filled[:1], *filled[-1:]} if many else set()
    return [
        ""
        if _PAGE_NUMBER.match(line.strip()) or (i in edges and _BARE_NUMBER.match(line.strip()))
        else line
        for i, line in enumerate(page)
    ]


def _running_lines(pages: list[list[str]], *, edge: slice) -> frozenset[str]:
    """Lines that stand at one edge of at least half of the pages (two at the least).

    Whoever signs at the foot of the last page may be named in the header of every page.
    """
    counts: Counter[str] = Counter()
    for page in pages:
        filled = [_key(line) for line in page if line.strip()]
        counts.update({key for key in filled[edge] if 2 <= len(key) <= 40})
    enough = max(2, (len(pages) + 1) // 2)
    return frozenset(key for key, count in counts.items() if count >= enough)


def _lines(pages: list[list[str]]) -> list[Line]:
    everything = [line for page in pages for line in page]
    spaced = _spaced_out(everything)
    lines: list[Line] = []
    for number, page in enumerate(pages):
        for line in page:
            indented = line.startswith(("\u3000", "  ", "\t"))
            whole = _SPACES.sub(" ", line)
            for part in [whole] if spaced else _unflatten(whole):
                text = close_up(part, spaced=spaced)
                if text:
                    lines.append(
                        Line(text=text, indented=indented, page=number, tail=columns(part.strip()))
                    )
    return lines


def _spaced_out(lines: list[str]) -> bool:
    """True if most Chinese characters have a space between them, as some PDFs give them."""
    text = "\n".join(lines)
    apart = len(re.findall(rf"(?<=[{_HAN}]) +(?=[{_HAN}])", text))
    together = len(re.findall(rf"(?<=[{_HAN}])(?=[{_HAN}])", text))
    return apart > 20 and apart > together


def close_up(line: str, *, spaced: bool = False) -> str:
    """One line without the spaces that typesetting left in it; tabs part table cells."""
    text = "\t".join(_SPACES.sub(" ", cell).strip() for cell in line.split("\t")).strip()
    text = re.sub(r"(?<!\d)\d(?: \d){2,}(?!\d)", lambda m: m[0].replace(" ", ""), text)
    text = re.sub(r"(?<![\d.])\d{1,3}(?: \d{3})+(?![\d.])", lambda m: m[0].replace(" ", ""), text)
    text = re.sub(r"(?<=\d) ?\. ?(?=\d+ ?[%％‰万亿])", ".", text)
    text = re.sub(r"(?<=\d) (?=[%％‰℃])", "", text)
    text = re.sub(
        rf"(?<=[{_HAN}]) (?=\d)(?!\d{{7}})|(?<=第) (?=\d)|(?<=[{_HAN}]) (?=第\d)"
        rf"|(?<=[\d%％]) (?=[{_HAN}])(?!{_LABEL})",
        "",
        text,
    )
    text = re.sub(rf" ?(?=[{_PUNCT}])|(?<=[{_PUNCT}]) ", "", text)
    return re.sub(rf"(?<=[{_HAN}]) (?=[{_HAN}])", "", text) if spaced else text


def _unflatten(line: str) -> list[str]:
    """The paragraphs of a line that a web export made of a whole document.

    Such an export leaves a space where each paragraph ended.
    """
    if len(line) < FLATTENED:
        return [line]
    return re.split(
        rf"(?<=[{_HAN}。！？；：”）》]) +"
        rf"(?=[{_HAN}“《（(]|\d{{1,2}}\s?[.．、](?!\d)|\d{{4}}年\d{{1,2}}月)"
        rf"|(?<=[。！？；：]) +(?=\d)|(?<=[：:][A-DＡ-Ｄ]) +(?=[{_HAN}])",
        line,
    )


def _continues(before: Line, line: Line, *, width: int | None) -> bool:
    """True if ``line`` goes on with the sentence that ``before`` broke off."""
    last, text = before.text, line.text
    if "\t" in last or "\t" in text:
        return False
    if _unfinished_title(last, text) or text[0] in _NEVER_FIRST or _split_figure(last, text):
        return True
    if _SALUTATION.match(text) or _WHOLE_TITLE.match(last):
        return False
    if _starts(text) or _DATE_LINE.match(text):
        return False
    if last[-1] in CLOSED or (last[-1] in "”）)" and last[-2:-1] in ("。", "！", "？")):
        if not width or line.indented:
            return False
        return _open_pair(last) or (before.tail >= width * FULL and _hangs(before, text))
    if last[-1] in "，、" or _open_pair(last):
        return True
    if line.indented or (_LABELLED.match(last) and not (width and before.tail >= width * 0.9)):
        return False
    if width:
        return before.tail >= width * 0.8
    return len(last) >= PROSE and "，" in last and not _DATE_LINE.match(last)


def _hangs(before: Line, text: str) -> bool:
    """True if ``text``, which is not indented, is of the paragraph of ``before``, which is."""
    return before.indented and before.text[-1] not in "：:" and not _SIGNER.match(text)


def _starts(text: str) -> bool:
    """True if a line with these words begins a paragraph: it has a number or a label."""
    return bool(_MARKER.match(text) or _LABELLED.match(text))


def _split_figure(last: str, text: str) -> bool:
    """True if a line or page break fell inside a figure: 15. / 7亿元, 2450 / 万元."""
    if len(last) <= 4 or _LABELLED.match(last) or _DATE_LINE.match(text):
        return False
    if _DECIMAL_OPEN.search(last):
        return text[0].isdigit()
    return last[-1].isdigit() and bool(_REST_OF_FIGURE.match(text))


def _unfinished_title(last: str, text: str) -> bool:
    if len(text) <= 4 and _WHOLE_TITLE.match(last + text):  # 答⏎复
        return not _WHOLE_TITLE.match(last)
    return bool(
        len(last) <= WRAP_WIDTH
        and _TITLE_HEAD.match(last)
        and not _TITLE_TAIL.match(last)
        and _TITLE_TAIL.match(text)
        and len(text) <= WRAP_WIDTH
    )


def _open_pair(text: str) -> bool:
    """True if the last paragraph of ``text`` leaves a bracket or quotation mark open."""
    stack: list[str] = []
    for char in text:
        if char in _PAIRS:
            stack.append(_PAIRS[char])
        elif stack and char == stack[-1]:
            stack.pop()
    return bool(stack)


def _seam(last: str, text: str) -> str:
    """What stands between the halves of a broken line: nothing in Chinese, else a space."""
    return " " if last[-1].isascii() and last[-1].isalpha() and text[0].isascii() else ""
