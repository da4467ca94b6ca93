"""Archives (.zip) of letters: one file after the other, each judged by itself.

Nothing is unpacked into a folder: a member is inflated in bounded chunks into a file without a
name, which is read by the same table as any other. A bad member is told, the rest goes on.
"""

from __future__ import annotations

import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import PurePosixPath
from typing import BinaryIO

from indexer.formats import zip
from indexer.formats.ids import check_id, is_scratch, printable
from indexer.formats.raw import MEGABYTE, Limits, refused
from indexer.formats.table.items import Item
from kb.errors import UnreadableFile

UTF8 = 0x800  # general purpose bit 11, APPNOTE.TXT 4.4.4
ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz")
# Reads the file of a member by its name.
ReadMember = Callable[[BinaryIO, str], Iterator[Item]]


def members(file: BinaryIO, limits: Limits, *, read: ReadMember) -> Iterator[Item]:
    """The letters of the archive ``file``, each as ``read`` gives it.

    What is refused of a member is yielded as an UnreadableFile that names it. Raises
    UnreadableFile as ``zip.open_archive``, ``too_large`` for too many files, ``empty_file``.
    """
    archive = zip.open_archive(file)
    entries = [entry for entry in archive.infolist() if _is_wanted(entry)]
    if len(entries) > limits.members:
        raise refused("too_large", f"有 {len(entries)} 个文件，上限 {limits.members} 个")
    if sum(entry.file_size for entry in entries) > limits.archive_bytes:
        raise refused("zip_bomb", f"解压后超过 {limits.archive_bytes} 字节")
    if not entries:
        raise refused("empty_file", "压缩包里没有文件")
    return _each(archive, entries, limits=limits, read=read)


def _each(
    archive: zipfile.ZipFile,
    entries: list[zipfile.ZipInfo],
    *,
    limits: Limits,
    read: ReadMember,
) -> Iterator[Item]:
    seen: set[str] = set()
    for entry in entries:
        name = name_of(entry)
        shown = printable(entry.filename if name is None else name)
        try:
            if name is None:
                raise refused("bad_id", "文件名既不是 UTF-8 也不是 GB18030")
            _check(entry, name, limits)
            if name in seen:
                raise refused("duplicate_id", "与压缩包里另一个文件同名")
            seen.add(name)
            with tempfile.TemporaryFile() as file:
                for chunk in zip.chunks(archive, entry.filename, limits.file_bytes):
                    file.write(chunk)
                file.flush()
                yield from read(file, name)
        except UnreadableFile as error:
            yield UnreadableFile(error.code, f"{shown}：{error}")


def name_of(entry: zipfile.ZipInfo) -> str | None:
    """The name of a member: UTF-8 where it says so or is, else GB18030, as Windows writes it.

    None if it is neither.
    """
    if entry.flag_bits & UTF8:
        return entry.filename
    name = entry.filename.encode("cp437")  # how zipfile read the bytes
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return name.decode(encoding).replace("\\", "/")
    return None


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    """True for files that are meant to be letters."""
    parts = (part for part in entry.filename.split("/") if part.strip("."))
    return not entry.is_dir() and not any(map(is_scratch, parts))


def _check(entry: zipfile.ZipInfo, name: str, limits: Limits) -> None:
    """Refuse, before anything is inflated, a member that can be no letter."""
    check_id(name)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise refused("unreadable_path", "是链接，不是文件")
    if PurePosixPath(name).suffix.lower() in ARCHIVES:
        raise refused("nested_archive")
    if entry.flag_bits & 0x1:
        raise refused("needs_password")
    if entry.file_size > limits.file_bytes:
        raise refused("too_large", f"{entry.file_size} 字节，上限 {limits.file_bytes} 字节")
    if entry.file_size > max(MEGABYTE, limits.ratio * entry.compress_size):
        raise refused("zip_bomb", f"声明解压后有 {entry.file_size} 字节")
