"""A PDF of one version as its objects, read from the first byte to the last (ISO 32000-1, 7).

Nothing is skipped: what is not understood is ``Unknown``, and so is a byte that is in no object.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from indexer.formats.searched.words import LARGEST, known

_SPACE = rb"[\0\t\n\f\r ]"
_BLANK = re.compile(_SPACE + rb"+|%[^\r\n]*")
_TOKEN = re.compile(
    rb"(?P<open><<|\[)|(?P<close>>>|\])|/(?P<name>[^\0\t\n\f\r ()<>\[\]{}/%]*)"
    rb"|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+))|<(?P<hex>[0-9A-Fa-f\0\t\n\f\r ]*)>"
    rb"|(?P<operator>[A-Za-z'\"][A-Za-z0-9*]*)"
)
_LITERAL = re.compile(rb"[^()\\]+|\\\r\n|\\[0-7]{1,3}|\\[\s\S]|[()]")
_REFERENCE = re.compile(rb"(\d{1,7})" + _SPACE + rb"+0" + _SPACE + rb"+R(?![A-Za-z0-9])")
_OBJECT = re.compile(rb"(\d{1,7}) 0 obj\b")
_STREAM = re.compile(rb"stream\r?\n")
_TABLE = re.compile(rb"xref\r?\n0 (\d{1,7}) ?\r?\n")
_ROW = re.compile(rb"(\d{10}) (\d{5}) ([nf])(?: \r| \n|\r\n)")
_END = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF\s*\Z")
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\r": b"", b"\n": b""}
_DEEPEST = 20
_MARK = re.compile(r"\A%?[\x80-\xff]{4}")  # the four bytes that tell programs that a file is binary


class Unknown(ValueError):
    """Something in a PDF that is not understood."""


@dataclass(frozen=True, slots=True)
class Name:
    """/Name."""

    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """12 0 R."""

    number: int


@dataclass(frozen=True, slots=True)
class Operator:
    """A bare word: what a content stream does, or true, false and null."""

    text: str


@dataclass(frozen=True, slots=True)
class Stream:
    """A dictionary and the bytes behind it, as they lie in the file."""

    entries: Mapping[str, Any]
    packed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Objects:
    """All that a file holds: objects by number, and the trailer."""

    numbered: Mapping[int, Any]
    trailer: Mapping[str, Any]

    def of(self, value: Any) -> Any:
        """What ``value`` stands for: itself, or the object that it refers to."""
        seen = set[int]()
        while isinstance(value, Reference):
            if value.number in seen or value.number not in self.numbered:
                raise Unknown("a reference to nothing")
            seen.add(value.number)
            value = self.numbered[value.number]
        return value

    def unpacked(self, stream: Stream) -> bytes:
        """The bytes of ``stream``, at most LARGEST of them."""
        content, length = stream.packed, self.of(stream.entries.get("Length"))
        ends = content[int(length) :] if isinstance(length, float) and length >= 0 else b"?"
        if ends not in (b"", b"\n", b"\r", b"\r\n"):
            raise Unknown("a stream of another length")
        content = content[: int(length)]
        filters = self.of(stream.entries.get("Filter", []))
        for each in filters if isinstance(filters, list) else [filters]:
            content = _unfiltered(content, each)
        return content


def read(content: bytes) -> Objects:
    """Every object of the PDF ``content``. Raises Unknown."""
    scanner = Scanner(content)
    if not content.startswith(b"%PDF-1."):
        raise Unknown("no header")
    numbered, places = dict[int, Any](), dict[int, int]()
    while match := _OBJECT.match(content, scanner.blank()):
        number = int(match[1])
        if number in numbered:
            raise Unknown("two objects of one number")
        places[number], scanner.at = match.start(), match.end()
        numbered[number] = scanner.stream(scanner.value())
        scanner.word(b"endobj")
    table = scanner.at
    _check_table(scanner, places)
    scanner.word(b"trailer")
    trailer = scanner.value()
    end = _END.match(content, scanner.blank())
    if end is None or int(end[1]) != table or not isinstance(trailer, dict):
        raise Unknown("another version, or bytes behind the end")
    return Objects(numbered=numbered, trailer=trailer)


def _check_table(scanner: Scanner, places: Mapping[int, int]) -> None:
    """Check that the table of places names the objects that were read, each where it lies."""
    head = _TABLE.match(scanner.content, scanner.at)
    if head is None:
        raise Unknown("no table of places")
    scanner.at, used = head.end(), dict[int, int]()
    for number in range(int(head[1])):
        row = _ROW.match(scanner.content, scanner.at)
        if row is None:
            raise Unknown("a table that breaks off")
        scanner.at = row.end()
        if row[3] == b"n":
            used[number] = int(row[1])
        elif int(row[1]) > int(head[1]):
            raise Unknown("a free row that says something")
    if used != places:
        raise Unknown("places that are not those of the objects")


class Scanner:
    """Reads values one after the other from ``content``, at ``at``."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.at = 0

    def blank(self) -> int:
        """Go over white space and comments, which may say only known words; where that ends."""
        while match := _BLANK.match(self.content, self.at):
            self.at = match.end()
            said = _MARK.sub("", match[0].decode("latin-1"))
            if not known(said):
                raise Unknown("a comment")
        return self.at

    def word(self, word: bytes) -> None:
        """Go over ``word``, which has to come next."""
        if not self.content.startswith(word, self.blank()):
            raise Unknown("another word")
        self.at += len(word)

    def stream(self, value: Any) -> Any:
        """``value``, or the stream that it begins."""
        begin = _STREAM.match(self.content, self.blank())
        if begin is None or not isinstance(value, dict):
            return value
        end = self.content.find(b"endstream", begin.end())
        if end < 0:
            raise Unknown("a stream without an end")
        self.at = end + len(b"endstream")
        return Stream(value, self.content[begin.end() : end])

    def values(self) -> Iterator[Any]:
        """All values to the end, those of a content stream."""
        while self.blank() < len(self.content):
            yield self.value()

    def value(self, depth: int = 0) -> Any:
        """The next value. Raises Unknown."""
        if depth > _DEEPEST:
            raise Unknown("too deep")
        if self.content.startswith(b"(", self.blank()):
            return self._literal()
        if reference := _REFERENCE.match(self.content, self.at):
            self.at = reference.end()
            return Reference(int(reference[1]))
        token = _TOKEN.match(self.content, self.at)
        if token is None:
            raise Unknown("no token")
        self.at = token.end()
        match token.lastgroup:
            case "open":
                return self._many(token["open"], depth)
            case "name":
                return Name(_spelled(token["name"]))
            case "number":
                return _number(token["number"])
            case "hex":
                digits = re.sub(_SPACE, b"", token["hex"])
                return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
            case "operator":
                return Operator(token["operator"].decode())
        raise Unknown("an end without a beginning")

    def _many(self, opened: bytes, depth: int) -> Any:
        closed = b">>" if opened == b"<<" else b"]"
        values: list[Any] = []
        while not self.content.startswith(closed, self.blank()):
            values.append(self.value(depth + 1))
        self.at += len(closed)
        if closed == b"]":
            return values
        keys = values[::2]
        if len(values) % 2 or not all(isinstance(key, Name) for key in keys):
            raise Unknown("a dictionary that is none")
        entries = {key.text: value for key, value in zip(keys, values[1::2], strict=True)}
        if len(entries) < len(keys):
            raise Unknown("a key that comes twice")
        return entries

    def _literal(self) -> bytes:
        """A string in parentheses (7.3.4.2)."""
        parts, depth = list[bytes](), 0
        while match := _LITERAL.match(self.content, self.at):
            self.at, piece = match.end(), match[0]
            depth += {b"(": 1, b")": -1}.get(piece, 0)
            if depth == 0:
                return b"".join(parts)[1:]
            parts.append(_unescaped(piece))
        raise Unknown("a string without an end")


def _unescaped(piece: bytes) -> bytes:
    if not piece.startswith(b"\\"):
        return piece
    rest = piece[1:]
    if rest[:1] in b"01234567":
        return bytes([int(rest, 8) % 256])
    return b"" if rest == b"\r\n" else _ESCAPED.get(rest, rest)


def _spelled(name: bytes) -> str:
    if b"#" in name or not name.isascii():
        raise Unknown("a name in codes")
    return name.decode()


def _number(token: bytes) -> float:
    if len(token) > 16 or len(token.partition(b".")[0]) > 8:
        raise Unknown("a number of many digits")
    return float(token)


def _unfiltered(content: bytes, name: Any) -> bytes:
    try:
        if name == Name("ASCII85Decode"):
            return base64.a85decode(content.strip().removesuffix(b"~>"))
        if name == Name("FlateDecode"):
            unpacking = zlib.decompressobj()
            unpacked = unpacking.decompress(content, LARGEST)
            if unpacking.eof and not unpacking.unused_data:
                return unpacked
    except (ValueError, zlib.error) as error:
        raise Unknown("a stream that cannot be unpacked") from error
    raise Unknown("a filter, or bytes behind what is packed")
