"""Plain text and bulk import: bytes → text by a fixed ladder of encodings, never a guess.

Statistical detectors decode four of five short GB18030 samples wrongly; the ladder is
BOM → UTF-16 without BOM where it is the better reading → strict UTF-8 → strict GB18030 → either
with a few broken bytes, which ``garbled`` flags.
"""

from __future__ import annotations

import codecs
import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, BinaryIO, TypeVar

from indexer.formats.ids import check_id
from indexer.formats.raw import Limits, Raw, refused
from kb.errors import UnreadableFile

# UTF-32 before UTF-16: the mark of UTF-32-LE begins with that of UTF-16-LE.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Four Chinese characters of UTF-8 in a row; in genuine GB18030 text the same bytes would be
# six characters that all begin with rare leads: chance below 1e-9 a position.
UTF8_INSIDE = re.compile(rb"(?:[\xe3-\xe9\xef][\x80-\xbf]{2}){4}")

# Below these shares of usual characters a reading is taken for noise; see ``plausible``.
SURE_UTF16, SURE_GB18030 = 0.7, 0.35
# Bytes that are all ASCII are UTF-16 only where they give this many everyday characters:
# 中 is also "-N", and English read as UTF-16 gives rare characters.
OVER_ASCII, OVER_ASCII_LENGTH = 0.9, 4
# Broken bytes that a text may have, one to so many characters, and how plausible the rest must be.
MOST_BROKEN, CHARACTERS_A_BREAK, SURE_NEARLY = 3, 40, 0.8
SAMPLE = 20_000  # characters looked at to judge a reading

KEYS = ("id", "text", "title", "issuer", "date", "url", "publicity")  # of a line of bulk import
SURROGATE = re.compile("[\ud800-\udfff]")
T = TypeVar("T")
ReadRow = Callable[[dict[str, Any], int], Iterator[T] | None]


@cache
def _weight(character: str) -> float | None:
    """How usual ``character`` is in Chinese text, 0 to 1; None if text never holds it.

    The measure is GB 2312's own: level 1 (rows 16–55) holds the 3,755 everyday characters,
    level 2 (rows 56–87) the less usual ones.
    """
    point, category = ord(character), unicodedata.category(character)
    if point < 128:
        return 1.0 if character in "\t\n\r\f" or 32 <= point < 127 else None
    if category in ("Cc", "Cs", "Cn"):
        return None
    if 0x3000 <= point <= 0x303F or 0xFF00 <= point <= 0xFFEF or 0x2010 <= point <= 0x203B:
        return 1.0
    if 0x20000 <= point <= 0x3FFFF:
        return 1.0  # a whole surrogate pair or four-byte sequence is no accident
    try:
        row = character.encode("gb2312")[0] - 0xA0
    except UnicodeEncodeError:
        return 0.0 if category == "Co" else 0.3
    return 1.0 if row <= 55 else 0.8


def plausible(text: str) -> float:
    """Mean weight of the characters at both ends of ``text``; 0.0 if it holds controls."""
    sample = text if len(text) <= SAMPLE else text[: SAMPLE // 2] + text[-SAMPLE // 2 :]
    weights = [_weight(character) for character in sample]
    known = [weight for weight in weights if weight is not None]
    return sum(known) / len(known) if known and len(known) == len(weights) else 0.0


def _strict(content: bytes, encoding: str) -> str | None:
    """``content`` read strictly as ``encoding``, or None."""
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _utf16(content: bytes) -> tuple[float, str]:
    """The better of the two readings as UTF-16 without a mark, and how plausible it is."""
    if len(content) % 2:
        return 0.0, ""
    texts = [_strict(content, encoding) or "" for encoding in ("utf-16-le", "utf-16-be")]
    return max((plausible(text), text) for text in texts)


def _unmarked(content: bytes) -> str:
    """The ladder for bytes without a byte order mark."""
    nul = b"\0" in content
    text = None if nul else _strict(content, "utf-8")
    if text is not None and not text.isascii():
        return text
    sure, wide = _utf16(content)
    if text is not None:
        long_enough = len(wide) >= OVER_ASCII_LENGTH or not plausible(text)
        return wide if sure >= OVER_ASCII and long_enough else text
    if nul:
        if sure >= SURE_UTF16:
            return wide
        raise refused("encoding_unknown", "含有空字节，不像文字")
    narrow = _strict(content, "gb18030")
    likely = _beyond_ascii(narrow or "")
    if sure >= SURE_UTF16 and _beyond_ascii(wide) > likely:
        return wide
    if narrow is None and (text := _nearly(content)):
        return text
    if narrow is None or likely < SURE_GB18030 or UTF8_INSIDE.search(content):
        raise refused("encoding_unknown", "不是 UTF-8、GB18030 或 UTF-16，或几种编码混在一起")
    return narrow


def _nearly(content: bytes) -> str:
    """``content`` with U+FFFD for a few bytes that are broken; "" if it is no such text.

    What breaks off at its end is no such text: nobody knows how much is missing.
    """
    for encoding in () if b"\0" in content else ("utf-8", "gb18030"):
        text = content.decode(encoding, "replace")
        broken, whole = text.count("\ufffd"), text.replace("\ufffd", "")
        long_enough = len(whole) >= CHARACTERS_A_BREAK * broken
        if broken <= MOST_BROKEN and long_enough and not text.rstrip().endswith("\ufffd"):
            mixed = encoding != "utf-8" and UTF8_INSIDE.search(content)
            return "" if mixed or _beyond_ascii(whole) < SURE_NEARLY else text
    return ""


def _beyond_ascii(text: str) -> float:
    """``plausible`` of what is not ASCII, so that Latin letters do not speak for a reading."""
    if plausible(text) == 0.0:
        return 0.0
    return plausible("".join(character for character in text if character > "\x7f"))


def decode(content: bytes) -> str:
    """``content`` as text; line ends become ``\\n``. Raises UnreadableFile encoding_unknown."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            text = _strict(content[len(mark) :], encoding)
            if text is None or "\0" in text:
                raise refused("encoding_unknown", f"开头标明 {encoding}，内容却不符")
            break
    else:
        text = _unmarked(content)
    return _one_line_end(text)


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_text(file: BinaryIO, limits: Limits) -> Raw:
    """The one letter of a text file: its text is all that there is in it."""
    return Raw(id=None, text=decode(file.read(limits.file_bytes)), searched=True)


def read_lines(
    file: BinaryIO, limits: Limits, *, table: ReadRow[T] = lambda *_: None
) -> Iterator[Raw | UnreadableFile | T]:
    """The letters of a bulk import, one JSON object a line; a bad line is yielded as an error.

    ``table`` says what an object with none of the keys of a bulk import holds, and the number of
    its line; None where it holds nothing that it knows.
    """
    seen: set[str] = set()
    for number, line in enumerate(_lines(file, limits.line_bytes), start=1):
        place = f"第{number}行"
        try:
            record = _object(line, limit=limits.line_bytes)
            if record is None:
                continue
            others = None if record.keys() & KEYS else table(record, number)
            if others is not None:
                yield from others
                continue
            raw = _record(record, place=place)
            if raw.id in seen:
                raise refused("duplicate_id", f"编号 {raw.id} 在本文件中已出现过")
        except UnreadableFile as error:
            yield UnreadableFile(error.code, f"{place}：{error}")
            continue
        seen.add(raw.id or "")
        yield raw


def _lines(file: BinaryIO, limit: int) -> Iterator[bytes]:
    """Lines of ``file``; one of more than ``limit`` bytes is cut to ``limit + 1`` of them."""
    while line := file.readline(limit + 1):
        rest = line
        while len(rest) > limit and not rest.endswith(b"\n"):
            rest = file.readline(limit + 1)
        yield line


def _object(line: bytes, *, limit: int) -> dict[str, Any] | None:
    """One line as an object; None if it is blank."""
    if len(line) > limit:
        raise refused("too_large", f"这一行超过 {limit} 字节")
    text = _strict(line, "utf-8-sig")
    text = (decode(line) if text is None else text).strip()
    if not text:
        return None
    try:
        record = json.loads(text)
    except RecursionError:
        raise refused("bad_line", "嵌套过深") from None
    except json.JSONDecodeError as error:
        why = f"不是合法的 JSON（从第 {error.pos + 1} 个字起读不下去）"
        raise refused("bad_line", why) from None
    except ValueError:
        digits = sys.get_int_max_str_digits()
        raise refused("bad_line", f"有一个整数超过 {digits} 位") from None
    if not isinstance(record, dict):
        raise refused("bad_line", "应是一个 JSON 对象")
    return record


def _record(record: dict[str, Any], *, place: str) -> Raw:
    """The letter in an object."""
    if unknown := [key for key in record if key not in KEYS]:
        raise refused("bad_line", f"不认识的键 {_named(unknown)}；可用的是 {'、'.join(KEYS)}")
    meta = {name: _string(record, name) for name in ("title", "issuer", "date", "url")}
    marked = record.get("publicity") is not None
    meta["publicity"] = _string(record, "publicity", needed=marked)
    return Raw(
        id=_identity(record),
        text=_one_line_end(_string(record, "text", needed=True)),
        meta={name: value for name, value in meta.items() if value},
        place=place,
    )


def _named(keys: list[str]) -> str:
    """Keys as an error may show them: few, short, in characters that can be shown."""
    shown = [ascii(key)[1:-1] if not key.isprintable() else key for key in keys[:3]]
    return "、".join(key[:20] or "（空）" for key in shown) + (" 等" if len(keys) > 3 else "")


def _identity(record: dict[str, Any]) -> str:
    """The record's id: a string that can be shown, or a whole number."""
    if type(record.get("id")) is int:
        identity = str(record["id"])
    else:
        identity = _string(record, "id", needed=True).strip()
    check_id(identity, "bad_line")
    return identity


def _string(record: dict[str, Any], name: str, *, needed: bool = False) -> str:
    """The string ``record[name]``; absent and null read as "" unless it is ``needed``."""
    value = record.get(name)
    if value is None and not needed:
        return ""
    if not isinstance(value, str):
        raise refused("bad_line", f"{name} 应是字符串" if value is not None else f"缺少 {name}")
    sound(name, value)
    if needed and not value.strip():
        raise refused("bad_line", f"{name} 是空的")
    return value


def sound(name: str, value: str) -> str:
    """``value``, which is called ``name``; raises ``bad_text`` for what no file can hold."""
    if SURROGATE.search(value):
        raise refused("bad_text", f"{name} 有孤立代理项")
    if "\0" in value:
        raise refused("bad_text", f"{name} 有空字符")
    return value
