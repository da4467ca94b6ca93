"""Files in, raw letters out: the parser is chosen by a table, the content is sniffed.

A file whose content is not what its extension says is refused, with what it really is.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from indexer.formats import child, garbled, plain, zip
from indexer.formats.ids import printable
from indexer.formats.raw import Limits, Raw, refused
from kb.errors import UnreadableFile, reason

__all__ = ["FORMATS", "Limits", "Raw", "parse"]

DEFAULT = Limits()
HEAD = 4096  # bytes that are sniffed
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2, header signature
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.4.4, stream name

# What a file begins with → what it is. A "zip" is looked into.
MAGIC = (
    (OLE, "doc"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
)
# A folder inside a ZIP package → what the package is (OFD: GB/T 33190).
PACKAGES = (
    ("word/", "docx"),
    ("xl/", "xlsx"),
    ("ppt/", "pptx"),
    ("OFD.xml", "ofd"),
)
KINDS = {
    "pdf": "PDF",
    "docx": "Word 文档（docx）",
    "doc": "旧版 Office 文档（doc、xls、wps 等）",
    "xlsx": "Excel 表格",
    "pptx": "演示文稿",
    "ofd": "OFD 版式文件",
    "zip": "ZIP 压缩包",
    "rtf": "RTF 文档",
    "image": "图片",
    "archive": "压缩包",
    "html": "网页",
    "mhtml": "网页归档（mht）",
    "text": "纯文本",
    "binary": "不认识的二进制内容",
}
# Looked for in the head of a file, lower-cased, without byte order mark and NULs (UTF-16).
PDF_START = re.compile(rb"(?:\A|[\r\n])\s*%pdf-\d")
PAGE_START = re.compile(rb"\A(?>\s|<\?[^>]*>|<!--.*?-->)*+<(?:!doctype\s+html|html|head)\b", re.S)
TAG = re.compile(rb"<(?:!doctype|/?[a-z][a-z0-9]*)\b[^<]*>")
MHTML_START = re.compile(rb"\A(?:[\w-]+:[^\n]*\n(?:\s[^\n]*\n)*)*mime-version:")
BOM = re.compile(rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)")


def _read_docx(file: BinaryIO, limits: Limits) -> Raw:
    """A docx, refused by its declared sizes before a process is started for it."""
    zip.open_package(file, limits)
    return child.run("docx", file, limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How files of one extension are read, and what their content may be."""

    kinds: tuple[str, ...]
    read: Callable[[BinaryIO, Limits], Raw] | None = None  # None: line by line
    flags: tuple[str, ...] = ()


DOCX = Format(kinds=("docx",), read=_read_docx)
HTML = Format(kinds=("html",), read=partial(child.run, "html"))
TEXT = Format(kinds=("text", "binary"), read=plain.read_text)  # decode() says what is no text
FORMATS = {
    ".docm": replace(DOCX, flags=("macros",)),
    ".docx": DOCX,
    ".htm": HTML,
    ".html": HTML,
    ".jsonl": Format(kinds=("text", "binary")),
    ".pdf": Format(kinds=("pdf",), read=partial(child.run, "pdf")),
    ".text": TEXT,
    ".txt": TEXT,
}


def parse(path: Path, *, limits: Limits = DEFAULT) -> Iterator[Raw | UnreadableFile]:
    """The raw letters of one file, in order.

    Raises UnreadableFile at once if the file cannot be read; a bad line of a bulk import is
    yielded as an UnreadableFile that names the line, and the rest goes on.
    """
    try:
        form = _format(path.suffix.lower())
        with opened(path) as file:
            _check(file, form, limits)
            if form.read is None:
                return _lines(path, limits)
            return iter((_finished(form.read(file, limits), form, limits),))
    except UnreadableFile as error:
        raise _named(path, error) from error
    except OSError as error:
        raise _named(path, refused("unreadable_path", reason(error))) from error


def _lines(path: Path, limits: Limits) -> Iterator[Raw | UnreadableFile]:
    """The letters of a bulk import, read as they are asked for."""
    try:
        with opened(path) as file:
            for raw in plain.read_lines(file, limits):
                try:
                    if isinstance(raw, UnreadableFile):
                        raise raw
                    _check_length(raw, limits)
                    raw = _flagged(raw, garbled.readable(_words(raw)))
                except UnreadableFile as error:
                    yield _named(path, error)
                else:
                    yield raw
    except OSError as error:
        raise _named(path, refused("unreadable_path", reason(error))) from error


def _named(path: Path, error: UnreadableFile) -> UnreadableFile:
    """``error`` with the file's name before it, as it can be shown."""
    return UnreadableFile(error.code, f"{printable(path.name)}：{error}")


def _format(suffix: str) -> Format:
    """The format of files that end in ``suffix``."""
    if suffix == ".doc":
        raise refused("legacy_doc")
    if suffix not in FORMATS:
        known = " ".join(FORMATS)
        raise refused("unsupported_format", f"扩展名 {suffix or '（无）'} 不在 {known} 之中")
    return FORMATS[suffix]


def opened(path: Path) -> BinaryIO:
    """``path`` open for reading; only plain files, since opening a pipe would wait for ever.

    Looked at again once it is open: whoever can write to the inbox may swap it in between.
    """
    try:
        _check_plain(path.stat())
        file = open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")  # noqa: SIM115, PTH123
        _check_plain(os.fstat(file.fileno()))
    except OSError as error:
        raise refused("unreadable_path", reason(error)) from error
    return file


def _check_length(raw: Raw, limits: Limits) -> None:
    """Refuse what is too long for one letter, and what came beside it that is no mere value."""
    length = len(raw.text) + len(raw.front)
    if length > limits.letter_length:
        why = f"{raw.place}一份复文的文字有 {length} 个字，上限 {limits.letter_length} 个字"
        raise refused("too_large", why)
    for name, value in raw.meta.items():
        if len(value) > limits.beside_length:
            why = f"{raw.place}{name} 有 {len(value)} 个字，上限 {limits.beside_length} 个字"
            raise refused("too_large", why)


def _check_plain(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise refused("unreadable_path", "不是普通文件")


def _check(file: BinaryIO, form: Format, limits: Limits) -> None:
    """Refuse a file that is empty, too large, or not what its extension says."""
    size, limit = file.seek(0, 2), limits.file_bytes if form.read else limits.jsonl_bytes
    file.seek(0)
    if size == 0:
        raise refused("empty_file", "0 字节")
    if size > limit:
        raise refused("too_large", f"{size} 字节，上限 {limit} 字节")
    kind = sniff(file, page=form is HTML)
    file.seek(0)
    if kind in form.kinds:
        return
    if kind == "doc" and form.read is _read_docx:
        if ENCRYPTED in file.read():
            raise refused("needs_password")
        raise refused("legacy_doc", f"其实是{KINDS[kind]}")
    if kind == "binary":
        raise refused("damaged_file", KINDS[kind])
    raise refused("format_mismatch", f"其实是{KINDS[kind]}")


def sniff(file: BinaryIO, *, page: bool = False) -> str:
    """What ``file`` really is, a key of ``KINDS``; any tag makes it HTML where a page is due."""
    head = file.read(HEAD)
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return _package(file) if kind == "zip" else kind
    text = BOM.sub(b"", head).replace(b"\0", b"").lower()
    if PDF_START.search(text[:1024]):
        return "pdf"
    if MHTML_START.match(text):
        return "mhtml"
    if PAGE_START.match(text) or (page and TAG.search(text)):
        return "html"
    controls = sum(byte < 9 or 13 < byte < 32 for byte in text)
    return "binary" if b"\0" in head or controls > len(text) // 20 else "text"


def _package(file: BinaryIO) -> str:
    """What kind of ZIP package ``file`` is; raises ``damaged_file`` if it has no directory."""
    names = zip.names(file)
    for folder, kind in PACKAGES:
        if any(name.startswith(folder) for name in names):
            return kind
    return "zip"


def _finished(raw: Raw, form: Format, limits: Limits) -> Raw:
    """``raw`` with the format's flags; refuses one without a word or with lone surrogates."""
    if not raw.text.strip():
        raise refused("empty_file")
    _check_length(raw, limits)
    if plain.SURROGATE.search(raw.text + raw.front + raw.around):
        raise refused("bad_text")
    return _flagged(raw, (*form.flags, *garbled.readable(_words(raw))))


def _words(raw: Raw) -> str:
    """All of ``raw`` that may be shown."""
    return "\n".join((raw.meta.get("page_title", raw.meta.get("title", "")), raw.front, raw.text))


def _flagged(raw: Raw, flags: tuple[str, ...]) -> Raw:
    return replace(raw, flags=tuple(sorted({*raw.flags, *flags}))) if flags else raw
