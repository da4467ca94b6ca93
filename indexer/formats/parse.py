"""Files in, raw letters out: the parser is chosen by a table, the content is sniffed.

A file whose content is not what its extension says is refused, with what it really is.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from indexer.formats import archive, forkserver, garbled, ocr, office, plain, zip
from indexer.formats.ids import printable
from indexer.formats.raw import Limits, Raw, refused
from indexer.formats.sniff import KINDS, sniff
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

    ``read`` gives the one letter of a file; there is none for files of ``many`` letters, and for
    those of old office programs (``legacy``), which are converted first.
    """

    kinds: tuple[str, ...]
    read: Callable[[BinaryIO, Limits], Raw] | None = None
    many: bool = False
    legacy: bool = False
    flags: tuple[str, ...] = ()


DOCX = Format(kinds=("docx",), read=_read_docx)
HTML = Format(kinds=("html",), read=partial(forkserver.run, "html"))
TEXT = Format(kinds=("text", "binary"), read=plain.read_text)  # decode() says what is no text
IMAGE = Format(kinds=("image",), read=_recognised)
LEGACY = Format(kinds=("doc",), legacy=True, flags=("converted",))
BULK, ARCHIVE = ".jsonl", ".zip"
FORMATS = {
    ".doc": LEGACY,
    ".docm": replace(DOCX, flags=("macros",)),
    ".docx": DOCX,
    ".htm": HTML,
    ".html": HTML,
    ".jpeg": IMAGE,
    ".jpg": IMAGE,
    BULK: Format(kinds=("text", "binary"), many=True),
    ".ofd": Format(kinds=("ofd",), read=_read_ofd),
    ".pdf": Format(kinds=("pdf",), read=_read_pdf),
    ".png": IMAGE,
    ".text": TEXT,
    ".tif": IMAGE,
    ".tiff": IMAGE,
    ".txt": TEXT,
    ".wps": LEGACY,
    ARCHIVE: Format(kinds=("zip",), many=True),
}


def parse(
    path: Path, *, limits: Limits = DEFAULT, soffice: str = ""
) -> Iterator[Raw | UnreadableFile]:
    """The raw letters of one file, in order.

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
            if form.many:
                return _many(path, _letters(path, suffix, limits=limits, soffice=soffice))
            return iter((_read(file, suffix, limits=limits, soffice=soffice),))
    except UnreadableFile as error:
        raise _named(path, error) from error
    except OSError as error:
        raise _named(path, refused("unreadable_path", reason(error))) from error


def _read(file: BinaryIO, suffix: str, *, limits: Limits, soffice: str) -> Raw:
    """The one letter of ``file``, which was checked to be what ``suffix`` says."""
    form = FORMATS[suffix]
    if form.legacy:
        with office.converted(file, suffix, limits=limits, soffice=soffice) as docx:
            return _finished(_read_docx(docx, limits), form, limits)
    assert form.read is not None
    return _finished(form.read(file, limits), form, limits)


def _letters(
    path: Path, suffix: str, *, limits: Limits, soffice: str
) -> Iterator[Raw | UnreadableFile]:
    """The letters of a bulk import or an archive; the file stays open until the last is read."""
    file = opened(path)
    try:
        if suffix == BULK:
            found = _lines(file, limits)
        else:
            member = partial(_member, limits=limits, soffice=soffice)
            found = archive.members(file, limits, read=member)
    except BaseException:
        file.close()
        raise
    return _closing(file, found)


def _closing(
    file: BinaryIO, found: Iterator[Raw | UnreadableFile]
) -> Iterator[Raw | UnreadableFile]:
    """``found``, with ``file`` closed at the end."""
    with file:
        yield from found


def _lines(file: BinaryIO, limits: Limits) -> Iterator[Raw | UnreadableFile]:
    """The letters of a bulk import; what is too long or garbled is refused."""
    for raw in plain.read_lines(file, limits):
        try:
            if isinstance(raw, Raw):
                _check_length(raw, limits)
                raw = _flagged(raw, garbled.readable(_words(raw)))
        except UnreadableFile as error:
            yield error
        else:
            yield raw


def _member(
    file: BinaryIO, name: str, *, limits: Limits, soffice: str
) -> Iterator[Raw | UnreadableFile]:
    """The letters of one file of an archive, each with its name as their place."""
    suffix = PurePosixPath(name).suffix.lower()
    form = _format(suffix, soffice)
    _check(file, form, limits)
    file.seek(0)
    if suffix != BULK:
        yield replace(_read(file, suffix, limits=limits, soffice=soffice), place=name)
        return
    for raw in _lines(file, limits):
        if isinstance(raw, UnreadableFile):
            yield UnreadableFile(raw.code, f"{name}：{raw}")
        else:
            yield replace(raw, place=f"{name} {raw.place}")


def _many(path: Path, found: Iterator[Raw | UnreadableFile]) -> Iterator[Raw | UnreadableFile]:
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
        raise refused("legacy_doc")
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
    size, limit = file.seek(0, 2), limits.jsonl_bytes if form.many else limits.file_bytes
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
    if kind == "doc" and form.read is _read_docx:
        if ENCRYPTED in file.read():
            raise refused("needs_password")
        raise refused("legacy_doc", f"其实是{KINDS[kind]}")
    if kind == "binary":
        raise refused("damaged_file", KINDS[kind])
    raise refused("format_mismatch", f"其实是{KINDS[kind]}")


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
