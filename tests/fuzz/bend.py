"""Files bent at random: bytes of a good file changed, and parts of a package, from a seed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from random import Random

from tests.support import hostile

# What parsers look for, and what they may stumble over.
TOKENS: Sequence[bytes] = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xff", b"\r", b"\x0c", b"\n", b"\t", b"<", b">", b"&",
    b"&#0;", b"&#xD800;", b"&#x110000;", b"&lt;", b"]]>", b"<!--", b"-->", b"<![CDATA[", b"<?x?>",
    b"<!DOCTYPE x>", b"/>", b"</p>", b"<p>", b"<table>", b"<tr><td rowspan=9>", b"<td colspan=-1>",
    b"<br>", b"<w:p/>", b"<w:tbl>", b"<w:tr/>", b'<w:gridSpan w:val="99999"/>', b"<w:vMerge/>",
    b'<w:numPr><w:numId w:val="1"/></w:numPr>', b"<w:del>", b"<w:sdt>", b"stream\n", b"endobj",
    b"obj<<", b"/Kids [1 0 R]", b"/Type/Page", b"(", b")", b"Tj", b"1 0 0 1 0 0 cm", b"-1", b"0",
    b"1e999", b"NaN", b"99999999999999999999", b"{", b"}", b'"', b"\\ud800", b"\\u0000", b"[", b",",
    b"null", b"true", "，".encode(), "。".encode(), "：".encode(), "、".encode(), "（".encode(),
    "“".encode(), "”".encode(), "《".encode(), "》".encode(), "\u3000".encode(), "\u2028".encode(),
    "\ue000".encode(), "\u2f54".encode(), "\u202e".encode(), "\U00020bb7".encode(), "０".encode(),
    "一、".encode(), "（一）".encode(), "附件：".encode(), "抄送：".encode(), "来信内容：".encode(),
    "答复内容：".encode(), "第1页".encode(), "2024年5月6日\n".encode(), "〔2024〕7号".encode(),
    "答复".encode("gb18030"), "答复".encode("utf-16-le"), "收悉，现答复如下：\n".encode(),
)  # fmt: skip
XML = (".xml", ".rels")


def bent(content: bytes, chance: Random, *, others: Sequence[bytes] = ()) -> bytes:
    """``content`` with one to six changes; ``others`` are files of which pieces may be taken."""
    for _ in range(chance.randint(1, 6)):
        content = chance.choice(CHANGES)(content, chance, others)
    return content


def bent_package(content: bytes, chance: Random, *, others: Sequence[bytes] = ()) -> bytes:
    """A ZIP of which one part is bent, or left out, named otherwise, or given another's content.

    What is no ZIP any more, and one time of eight any, is bent as bytes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = [(name, package.read(name)) for name in package.namelist()]
    except Exception:
        parts = []
    if not parts or chance.random() < 0.125:
        return bent(content, chance, others=others)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(parts))
        name, part = parts[at]
        kind = chance.random()
        if kind < 0.85:
            parts[at] = (name, bent(part, chance, others=[part for _, part in parts]))
        elif kind < 0.9:
            parts[at] = (name, chance.choice(parts)[1])
        elif kind < 0.95:
            parts[at] = (bent(name.encode(), chance).decode("utf-8", "replace")[:200] or "x", part)
        elif len(parts) > 1:
            del parts[at]
    named = dict(parts)
    try:
        return hostile.package(named.items())
    except (ValueError, UnicodeEncodeError):
        return content


def _place(content: bytes, chance: Random) -> tuple[int, int]:
    """A range, usually a short one."""
    start = chance.randrange(len(content) + 1)
    return start, min(len(content), start + chance.choice((1, 1, 2, 4, 16, 64, 1000)))


def _flip(content: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    if not content:
        return content
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :]


def _delete(content: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    start, end = _place(content, chance)
    return content[:start] + content[end:]


def _cut(content: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    return content[: chance.randrange(len(content) + 1)] if chance.random() < 0.2 else content


def _repeat(content: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    start, end = _place(content, chance)
    times = chance.choice((1, 2, 10, 100)) if end - start < 100 else 1
    return content[:end] + content[start:end] * times + content[end:]


def _insert(content: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    at, _end = _place(content, chance)
    return content[:at] + chance.choice(TOKENS) * chance.choice((1, 1, 1, 3, 50)) + content[at:]


def _replace(content: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    start, end = _place(content, chance)
    return content[:start] + chance.choice(TOKENS) + content[end:]


def _move(content: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    start, end = _place(content, chance)
    rest = content[:start] + content[end:]
    at = chance.randrange(len(rest) + 1)
    return rest[:at] + content[start:end] + rest[at:]


def _splice(content: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    if not others:
        return content
    other = chance.choice(others)
    start, _end = _place(other, chance)
    at, end = _place(content, chance)
    return content[:at] + other[start : start + chance.choice((10, 100, 1000))] + content[end:]


def _lines(content: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    """Two lines changed places, or one line said again elsewhere."""
    lines = content.split(b"\n")
    first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
    if chance.random() < 0.5:
        lines[first], lines[second] = lines[second], lines[first]
    else:
        lines.insert(first, lines[second])
    return b"\n".join(lines)


Change = Callable[[bytes, Random, Sequence[bytes]], bytes]
CHANGES: Sequence[Change] = (
    _flip, _delete, _cut, _repeat, _insert, _insert, _replace, _move, _splice, _lines,
)  # fmt: skip
