"""The files of an inbox: which are meant to be letters, and what each is called.

A name that is no UTF-8 is read as GB18030, which is how Windows names the members of a ZIP. What
can be no letter by its name or by what it is (a pipe, a folder that may not be read) is told.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.formats.ids import check_id, is_scratch, printable
from indexer.formats.raw import refused
from kb.errors import UnreadableFile, WrongUse, reason

ENCODINGS = ("utf-8", "gb18030")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file to index: its key in the snapshot (absolute path) and its name in letter ids.

    ``root`` is the folder it was found in, None for a file that was given by itself; ``fault``
    is why it can be no letter, whatever it holds.
    """

    path: Path
    key: str
    name: str
    root: Path | None = None
    fault: UnreadableFile | None = None


def sources(inbox: Sequence[Path]) -> Iterator[Source]:
    """What is in ``inbox``, in order. Raises WrongUse for a path that does not exist."""
    paths: dict[str, Path] = {}
    for given in inbox:
        root = Path(os.path.realpath(given))
        if not root.exists():
            raise WrongUse(f"{printable(str(given))} 不存在；请检查路径")
        for source in _within(root) if root.is_dir() else (_source(root, root.name, None),):
            other = paths.setdefault(source.key, source.path)
            same = other == source.path or source.fault
            yield source if same else _faulty(source, "duplicate_id", "名字与另一个文件的相同")


def gone(inbox: Sequence[Path], present: Iterable[str], known: Mapping[str, str]) -> list[str]:
    """The keys among ``known`` that stood under a folder of ``inbox`` and are not ``present``."""
    here = set(present)
    folders = [f"{_key(Path(os.path.realpath(p)))}/" for p in inbox if p.is_dir()]
    return [key for key in known if key not in here and key.startswith(tuple(folders))]


def _within(root: Path) -> Iterator[Source]:
    """Files in a folder that are meant to be letters: not hidden, no README, no scratch."""
    faults: list[OSError] = []
    found: list[Path] = []
    for folder, folders, files in os.walk(root, onerror=faults.append):
        folders[:] = [name for name in folders if not is_scratch(name)]
        links = [name for name in folders if Path(folder, name).is_symlink()]
        found += [Path(folder, name) for name in (*files, *links) if not is_scratch(name)]
    for path in sorted(found):
        yield _source(path, path.relative_to(root).as_posix(), root)
    for fault in faults:
        shut = Path(fault.filename)
        name = _shown(shut.relative_to(root).as_posix())
        whole = Source(path=shut, key=_key(shut), name=name, root=root)
        yield _faulty(whole, "unreadable_path", f"文件夹读不出来（{reason(fault)}）")


def _source(path: Path, name: str, root: Path | None) -> Source:
    """The file with its name and key as text, and what can be told to be wrong with it."""
    text = _text(name)
    source = Source(path=path, key=_key(path), name=_shown(name), root=root)
    try:
        if text is None:
            raise refused("bad_id", "文件名既不是 UTF-8 也不是 GB18030")
        check_id(text)
        _check_kind(path, root)
    except UnreadableFile as error:
        return replace(source, fault=UnreadableFile(error.code, f"{source.name}：{error}"))
    return replace(source, name=text)


def _faulty(source: Source, code: str, why: str) -> Source:
    message = f"{source.name}：{refused(code, why)}"
    return replace(source, fault=UnreadableFile(code, message))


def _check_kind(path: Path, root: Path | None) -> None:
    """Only plain files; a link in the inbox must not bring in files from elsewhere."""
    if root and not Path(os.path.realpath(path)).is_relative_to(root):
        raise UnreadableFile("unreadable_path", "是指向文件夹之外的链接；请把文件本身放进来")
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise refused("unreadable_path", reason(error)) from error
    if stat.S_ISDIR(mode):
        raise UnreadableFile("unreadable_path", "是指向文件夹的链接；请把文件夹本身放进来")
    if not stat.S_ISREG(mode):
        raise UnreadableFile("unreadable_path", "不是普通文件（管道、套接字或设备）；请移走")


def _key(path: Path) -> str:
    """The path as text, for the snapshot."""
    texts = ((part, _text(part)) for part in str(path).split("/"))
    return "/".join(printable(part) if text is None else text for part, text in texts)


def _shown(name: str) -> str:
    """A name as a report can show it."""
    text = _text(name)
    return printable(name if text is None else text)


def _text(name: str) -> str | None:
    """A name of the file system as text; None if it is in no encoding that we know.

    Every part is read by itself: a folder that was unpacked on Windows may hold others.
    """
    parts = [_decoded(os.fsencode(part)) for part in name.split("/")]
    return None if None in parts else "/".join(part for part in parts if part is not None)


def _decoded(name: bytes) -> str | None:
    for encoding in ENCODINGS:
        with suppress(UnicodeDecodeError):
            return name.decode(encoding)
    return None
