"""ZIP packages (docx, ofd) and archives of letters, opened without trusting a word they say.

``zipfile`` inflates 400 MB for a member declared as 1,000 bytes, and an archive may name the
same bytes many times. So: the directory is bounded before it is read, declared sizes are
checked before anything is inflated, and real sizes while it is, in bounded chunks.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from copy import copy
from typing import BinaryIO

from indexer.formats.raw import MEGABYTE, Limits, refused

CHUNK = 64 * 1024
DIRECTORY_BYTES = MEGABYTE  # a central directory of some 10,000 entries
# End of central directory, APPNOTE.TXT 4.3.16: its size, then entries and directory size.
END, END_BYTES, END_FIELDS = b"PK\x05\x06", 22, "<4s4H2LH"
ZIP64_LOCATOR, ZIP64_LOCATOR_BYTES = b"PK\x06\x07", 20
LOCAL_HEADER_BYTES = 30
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# NULs are dropped before this is looked for, so that UTF-16 parts are covered too.
DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)")


def open_package(file: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    """``file`` as an archive whose declared sizes are within ``limits``; inflates nothing.

    Raises UnreadableFile ``damaged_file``, ``zip_bomb`` or ``needs_password``.
    """
    package = _directory(file)
    _check_layout(package)
    parts = [part for part in package.infolist() if is_xml(part.filename)]
    if sum(part.file_size for part in parts) > limits.package_bytes:
        raise refused("zip_bomb", f"解压后超过 {limits.package_bytes} 字节")
    for part in parts:
        swollen = part.file_size > max(MEGABYTE, limits.ratio * part.compress_size)
        if swollen or part.file_size > limits.member_bytes:
            raise refused("zip_bomb", f"{part.filename} 声明解压后有 {part.file_size} 字节")
    return package


def open_archive(file: BinaryIO) -> zipfile.ZipFile:
    """``file`` as an archive of files that are judged one by one; inflates nothing.

    Raises UnreadableFile ``damaged_file`` or, where members overlap, ``zip_bomb``.
    """
    archive = _directory(file)
    _check_places(archive)
    return archive


def names(file: BinaryIO) -> list[str]:
    """The names of the members of the archive ``file``; raises ``damaged_file``."""
    return _directory(file).namelist()


def _directory(file: BinaryIO) -> zipfile.ZipFile:
    """The archive ``file``, its directory read but nothing in it believed."""
    _check_directory(file)
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise refused("damaged_file", "压缩包的目录读不出来") from error


def _check_directory(file: BinaryIO) -> None:
    """Refuse a directory that is missing, of ZIP64 make, or too large to be read at once."""
    size = file.seek(0, 2)
    file.seek(max(0, size - END_BYTES - 0xFFFF - ZIP64_LOCATOR_BYTES))
    tail = file.read()
    plain_end = len(tail) - END_BYTES
    at = plain_end if tail[plain_end:].startswith(END) else tail.rfind(END)
    if at < 0 or len(tail) - at < END_BYTES:
        raise refused("damaged_file", "找不到压缩包的目录")
    if tail[max(0, at - ZIP64_LOCATOR_BYTES) : at].startswith(ZIP64_LOCATOR):
        raise refused("damaged_file", "是 ZIP64 压缩包，文档不会这样保存")
    if struct.unpack(END_FIELDS, tail[at : at + END_BYTES])[5] > DIRECTORY_BYTES:
        raise refused("zip_bomb", "压缩包的目录过大")


def _check_layout(package: zipfile.ZipFile) -> None:
    """Refuse entries that overlap, repeat a name, are encrypted or oddly compressed."""
    _check_places(package)
    for entry in package.infolist():
        if entry.flag_bits & 0x1:
            raise refused("needs_password")
        if is_xml(entry.filename) and entry.compress_type not in METHODS:
            raise refused("damaged_file", f"{entry.filename} 用了不支持的压缩方法")


def _check_places(package: zipfile.ZipFile) -> None:
    """Refuse entries that overlap or repeat a name."""
    entries = sorted(package.infolist(), key=lambda entry: entry.header_offset)
    if len(set(package.namelist())) < len(entries):
        raise refused("damaged_file", "压缩包内有重名的部件")
    end = 0
    for entry in entries:
        if entry.header_offset < end:
            raise refused("zip_bomb", f"压缩包内的部件互相重叠（{entry.filename}）")
        end = entry.header_offset + LOCAL_HEADER_BYTES + entry.compress_size


def is_xml(name: str) -> bool:
    """True for the parts of a package that are XML by their name."""
    return name.lower().endswith((".xml", ".rels"))


def inflate(package: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """The bytes of the member ``name``; arguments and errors are those of ``chunks``."""
    return b"".join(chunks(package, name, limit))


def chunks(package: zipfile.ZipFile, name: str, limit: int) -> Iterator[bytes]:
    """The bytes of the member ``name``, at most ``limit`` of them, whatever size it declares.

    Raises UnreadableFile ``zip_bomb`` if it is larger than it says or than ``limit``, and
    ``damaged_file`` if it is cut short or its checksum is wrong.
    """
    entry = copy(package.getinfo(name))
    declared, size = entry.file_size, 0
    entry.file_size = limit + 1  # else zipfile stops at the declared size and hides the rest
    try:
        with package.open(entry) as member:
            while chunk := member.read(CHUNK):
                size += len(chunk)
                if size > min(declared, limit):
                    raise refused("zip_bomb", f"{name} 的实际大小超过声明的 {declared} 字节")
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise refused("damaged_file", f"{name} 解不开") from error
    if size < declared:
        raise refused("damaged_file", f"{name} 不完整")


def xml_parts(package: zipfile.ZipFile, limits: Limits) -> dict[str, bytes]:
    """Every XML part of the package, inflated, free of document type declarations."""
    parts: dict[str, bytes] = {}
    left = limits.package_bytes
    for name in filter(is_xml, package.namelist()):
        parts[name] = inflate(package, name, min(left, limits.member_bytes))
        left -= len(parts[name])
        if DECLARATION.search(parts[name].replace(b"\0", b"")):
            raise refused("xml_dtd_forbidden", f"{name} 含有 DOCTYPE 或 ENTITY")
    return parts
