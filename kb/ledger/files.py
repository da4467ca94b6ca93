"""Where attached files lie: ``data/evidence/<two digits>/<SHA-256>``, each content once.

They are checked by size and kind, and never opened by any program of ours.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePath

from kb.errors import KbError, WrongUse
from kb.ledger.attachments import File
from kb.store import disk

NAME = "evidence"
MEGABYTE = 1_000_000
LONGEST_NAME = 240  # bytes in UTF-8, of the 255 that file systems take
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# How a file of a kind begins: one that does not is something else under its name. Kinds that are
# not here (txt, csv) have no such mark.
MARKS: Mapping[str, Sequence[bytes]] = {
    "pdf": (b"%PDF-",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "docx": (_ZIP,),
    "xlsx": (_ZIP,),
    "pptx": (_ZIP,),
    "ofd": (_ZIP,),
    "zip": (_ZIP,),
    "doc": (_OLE,),
    "xls": (_OLE,),
    "wps": (_OLE,),
}


# Kinds that are text and nothing else, in an encoding that nobody tells; UTF-16 begins with a mark.
TEXTS = ("txt", "csv")
_WIDE = (b"\xff\xfe", b"\xfe\xff")


class FileMissing(KbError):
    """An attached file is not there, or is not what was attached."""

    status, code = 500, "file_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large a file may be, in MB, and what its name may end in, without the dot."""

    megabytes: int
    kinds: tuple[str, ...]


def checked(name: str, content: bytes, limits: Limits) -> Callable[[Path], File]:
    """What keeps a file under the data folder that it is given, once it is found right.

    ``name`` is what a browser calls it. Raises WrongUse for one that is empty, too large, of a
    kind that is not taken or not what its name says.
    """
    plain = _plain(name)
    kind = PurePath(plain).suffix.lower().removeprefix(".")
    if kind not in limits.kinds:
        known = "、".join(limits.kinds)
        raise WrongUse(f"不收“{plain}”这种文件；可以附上：{known}")
    if not content:
        raise WrongUse(f"文件“{plain}”是空的；请重新选择")
    if len(content) > limits.megabytes * MEGABYTE:
        raise WrongUse(f"文件“{plain}”超过 {limits.megabytes} MB；请压缩或分成几个")
    if kind in MARKS and not content.startswith(tuple(MARKS[kind])):
        raise WrongUse(f"文件“{plain}”的内容不是 {kind}；请用原来的程序重新保存")
    if kind in TEXTS and not _text(content):
        raise WrongUse(f"文件“{plain}”的内容不是文字；请用原来的程序重新保存")
    return lambda data: _keep(data, plain, content)


def _text(content: bytes) -> bool:
    """True if there is no NUL in it, of which no text has any."""
    if not content.startswith(_WIDE):
        return b"\0" not in content
    try:
        return "\0" not in content.decode("utf-16")
    except UnicodeDecodeError:
        return False


def path_of(data: Path, digest: str) -> Path:
    """Where the file of this SHA-256 lies."""
    return data / NAME / digest[:2] / digest


def check(data: Path, known: Mapping[str, tuple[int, str]]) -> int:
    """How many files there are of ``known`` (``attachments.kept_files``), each hashed.

    Raises FileMissing, naming the first that is not there or is something else.
    """
    for digest, (number, name) in known.items():
        path = path_of(data, digest)
        sound = path.is_file() and disk.sha256_of(path) == digest
        if not sound:
            why = "已改变" if path.is_file() else "不见了"
            raise FileMissing(
                f"第 {number} 号承诺的佐证文件“{name}”{why}（{path}）；请从备份里取回这个文件"
            )
    return len(known)


def _keep(data: Path, name: str, content: bytes) -> File:
    """Write the file unless its content is there already; it is on the disk by then."""
    digest = sha256(content).hexdigest()
    path = path_of(data, digest)
    if not (path.is_file() and path.stat().st_size == len(content)):
        with disk.room(data):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            aside = path.with_name(f"{digest}.part")
            with os.fdopen(
                os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
            ) as file:
                file.write(content)
            disk.sync(aside)
            aside.replace(path)
            for folder in (path.parent, path.parent.parent, data):
                disk.sync(folder)
    return File(name=name, sha256=digest, bytes=len(content))


def _plain(given: str) -> str:
    """What a browser calls a file, without folders. Raises WrongUse."""
    name = unicodedata.normalize("NFC", given.replace("\\", "/").rpartition("/")[2]).strip()
    hidden = any(unicodedata.category(char)[0] == "C" for char in name)
    if not name.strip(". ") or hidden or len(name.encode("utf-8", "replace")) > LONGEST_NAME:
        raise WrongUse("文件名是空的、太长，或有看不见的字符；请改名后再选")
    return name
