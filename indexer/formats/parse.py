"""Files in, raw letters out: the parser is chosen by a table, the content is sniffed.

A file whose content is not what its extension says is refused, with what it really is.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from indexer.formats import archive, checked, forkserver, many, ocr, office, plain, zip
from indexer.formats.ids import printable
from indexer.formats.raw import Limits, Raw, refused
from indexer.formats.sniff import KINDS, sniff
from indexer.formats.table.items import Item
from kb.errors import UnreadableFile, reason

__all__ = ["FORMATS", "Limits", "Raw", "parse", "sniff"]

DEFAULT = Limits()
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.4.4, stream name


def _read_docx(file: BinaryIO, limits: Limits) -> Raw:
    """A docx, refused by its declared sizes before a process is started for it."""
    zip.open_package(file, limits)
    return forkserver.run("docx", file, limits)


def _read_ofd(file: BinaryIO, limits: Limits) -> Raw:
    """An OFD, refused by its declared sizes as a docx is."""
    zip.open_package(file, limits)
    return forkserver.run("ofd", file, limits)


def _recognised(file: BinaryIO, limits: Limits) -> Raw:
    """The words of pictures; raises ``no_text`` where the extra for it is not installed."""
    if not ocr.installed():
        raise refused("no_text", ocr.INSTALL)
    seconds, memory = limits.ocr_seconds, limits.ocr_memory_bytes
    wider = replace(limits, memory_bytes=memory, cpu_seconds=seconds, wall_seconds=seconds)
    return forkserver.run("ocr", file, wider)


def _read_pdf(file: BinaryIO, limits: Limits) -> Raw:
    """A PDF; where pages have no text layer, what is recognised on them, if that is installed."""
    try:
        raw = forkserver.run("pdf", file, limits)
    except UnreadableFile as error:
        recoverable = error.code == "unreadable_layer" and ocr.installed()
        if error.code != "no_text" and not recoverable:
            raise
        return _recognised(file, limits)
    if "scanned_pages" not in raw.flags or not ocr.installed():
        return raw
    seen = _recognised(file, limits)
    layer, pictures = raw.text.split("\f"), seen.text.split("\f")
    if len(layer) != len(pictures):
        raise refused("damaged_file", "文字层和页面对不上")
    pages = [page if page.strip() else pictures[number] for number, page in enumerate(layer)]
    flags = tuple(sorted({*raw.flags, *seen.flags}))
    text, read = "\f".join(pages), seen.recognised
    return replace(raw, text=text, flags=flags, recognised=read, searched=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How files of one extension are read, and what their content may be.

    ``read`` gives the one letter of a file, ``read_many`` what there is in a file of many; an
    archive has neither. ``large``: it is read piece by piece. Those of old office programs are
    made into ``legacy`` first.
    """

    kinds: tuple[str, ...]
    read: Callable[[BinaryIO, Limits], Raw] | None = None
    read_many: Callable[[BinaryIO, Limits], Iterator[Item]] | None = None
    large: bool = False
    legacy: str = ""
    flags: tuple[str, ...] = ()


DOCX = Format(kinds=("docx",), read=_read_docx)
HTML = Format(kinds=("html",), read=partial(forkserver.run, "html"))
TEXT = Format(kinds=("text", "binary"), read=plain.read_text)  # decode() says what is no text
IMAGE = Format(kinds=("image",), read=_recognised)
LEGACY = Format(kinds=("doc",), read=_read_docx, legacy="docx", flags=("converted",))
WORKBOOK = Format(kinds=("xlsx",), read_many=many.read_xlsx)
LEGACY_WORKBOOK = Format(kinds=("doc",), read_many=many.read_xlsx, legacy="xlsx")
BULK = Format(kinds=("text", "binary"), read_many=many.read_lines, large=True)
FORMATS = {
    ".csv": Format(kinds=("text", "binary"), read_many=many.read_csv),
    ".doc": LEGACY,
    ".docm": replace(DOCX, flags=("macros",)),
    ".docx": DOCX,
    ".et": LEGACY_WORKBOOK,
    ".htm": HTML,
    ".html": HTML,
    ".jpeg": IMAGE,
    ".jpg": IMAGE,
    ".jsonl": BULK,
    ".ofd": Format(kinds=("ofd",), read=_read_ofd),
    ".pdf": Format(kinds=("pdf",), read=_read_pdf),
    ".png": IMAGE,
    ".text": TEXT,
    ".tif": IMAGE,
    ".tiff": IMAGE,
    ".txt": TEXT,
    ".wps": LEGACY,
    ".xls": LEGACY_WORKBOOK,
    ".xlsm": WORKBOOK,
    ".xlsx": WORKBOOK,
    ".zip": Format(kinds=("zip",), large=True),
}
MANY = frozenset(suffix for suffix, form in FORMATS.items() if form.read is None)


def parse(path: Path, *, limits: Limits = DEFAULT, soffice: str = "") -> Iterator[Item]:
    """The raw letters of one file, in order, and the rows where it is a register of proposals.

    ``soffice`` is the command of LibreOffice, which reads what old office programs wrote; ""
    for none. Raises UnreadableFile at once if the file cannot be read; a bad line of a bulk
    import, or a bad file in an archive, is yielded as an UnreadableFile that names it, and the
    rest goes on.
    """
    suffix = path.suffix.lower()
    try:
        form = _format(suffix, soffice)
        with opened(path) as file:
            _check(file, form, limits)
            if suffix in MANY:
                return _many(path, _letters(path, suffix, limits=limits, soffice=soffice))
            return iter((_read(file, suffix, limits=limits, soffice=soffice),))
    except UnreadableFile as error:
        raise _named(path, error) from error
    except OSError as error:
        raise _named(path, refused("unreadable_path", reason(error))) from error


def _read(file: BinaryIO, suffix: str, *, limits: Limits, soffice: str) -> Raw:
    """The one letter of ``file``, which was checked to be what ``suffix`` says."""
    form = FORMATS[suffix]
    assert form.read is not None
    with _modern(file, suffix, limits=limits, soffice=soffice) as modern:
        return checked.finished(form.read(modern, limits), flags=form.flags, limits=limits)


def _rows(file: BinaryIO, suffix: str, *, limits: Limits, soffice: str) -> Iterator[Item]:
    """What there is in ``file``, which is one of many and was checked as for ``_read``."""
    form = FORMATS[suffix]
    assert form.read_many is not None
    with _modern(file, suffix, limits=limits, soffice=soffice) as modern:
        return checked.each(form.read_many(modern, limits), limits)


def _modern(
    file: BinaryIO, suffix: str, *, limits: Limits, soffice: str
) -> AbstractContextManager[BinaryIO]:
    """``file``, or what is made of it where an old office program wrote it."""
    target = FORMATS[suffix].legacy
    if not target:
        return nullcontext(file)
    return office.converted(file, suffix, target=target, limits=limits, soffice=soffice)


def _letters(path: Path, suffix: str, *, limits: Limits, soffice: str) -> Iterator[Item]:
    """What there is in a file of many; it stays open until the last is read."""
    file = opened(path)
    try:
        if FORMATS[suffix].read_many:
            found = _rows(file, suffix, limits=limits, soffice=soffice)
            return _closing(file, (many.placed(item, printable(path.name)) for item in found))
        member = partial(_member, archived=printable(path.name), limits=limits, soffice=soffice)
        return _closing(file, archive.members(file, limits, read=member))
    except BaseException:
        file.close()
        raise


def _closing(file: BinaryIO, found: Iterator[Item]) -> Iterator[Item]:
    """``found``, with ``file`` closed at the end."""
    with file:
        yield from found


def _member(
    file: BinaryIO, name: str, *, archived: str, limits: Limits, soffice: str
) -> Iterator[Item]:
    """What there is in one file of an archive, each with its name as the place."""
    suffix = PurePosixPath(name).suffix.lower()
    form = _format(suffix, soffice)
    _check(file, form, limits)
    file.seek(0)
    if suffix not in MANY:
        yield replace(_read(file, suffix, limits=limits, soffice=soffice), place=name)
        return
    for item in _rows(file, suffix, limits=limits, soffice=soffice):
        yield many.placed(item, archived, member=name)


def _many(path: Path, found: Iterator[Item]) -> Iterator[Item]:
    """``found`` as it is asked for, its errors with the file's name."""
    try:
        for raw in found:
            yield _named(path, raw) if isinstance(raw, UnreadableFile) else raw
    except OSError as error:
        raise _named(path, refused("unreadable_path", reason(error))) from error


def _named(path: Path, error: UnreadableFile) -> UnreadableFile:
    """``error`` with the file's name before it, as it can be shown."""
    return UnreadableFile(error.code, f"{printable(path.name)}：{error}")


def _format(suffix: str, soffice: str) -> Format:
    """The format of files that end in ``suffix``."""
    if suffix not in FORMATS:
        known = " ".join(FORMATS)
        raise refused("unsupported_format", f"扩展名 {suffix or '（无）'} 不在 {known} 之中")
    if FORMATS[suffix].legacy and not soffice:
        raise refused("legacy_table" if FORMATS[suffix].read_many else "legacy_doc")
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


def _check_plain(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise refused("unreadable_path", "不是普通文件")


def _check(file: BinaryIO, form: Format, limits: Limits) -> None:
    """Refuse a file that is empty, too large, or not what its extension says."""
    size, limit = file.seek(0, 2), limits.jsonl_bytes if form.large else limits.file_bytes
    file.seek(0)
    if size == 0:
        raise refused("empty_file", "0 字节")
    if size > limit:
        raise refused("too_large", f"{size} 字节，上限 {limit} 字节")
    kind = sniff(file, page=form is HTML)
    file.seek(0)
    if form.legacy and kind == "doc" and ENCRYPTED in file.read():
        raise refused("needs_password")
    if kind in form.kinds:
        return
    if kind == "doc" and (form.read is _read_docx or form is WORKBOOK):
        if ENCRYPTED in file.read():
            raise refused("needs_password")
        raise refused("legacy_table" if form is WORKBOOK else "legacy_doc", f"其实是{KINDS[kind]}")
    if kind == "binary":
        raise refused("damaged_file", KINDS[kind])
    raise refused("format_mismatch", f"其实是{KINDS[kind]}")
