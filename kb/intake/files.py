"""Where uploaded files lie: each in a folder of its own until it is published, then in ``public``.

``data/uploads/drafts/<token>/<name>`` is seen by nobody but staff; all of ``data/uploads/public``
is part of every update, and the name of a file there is the id of its letter.
"""

from __future__ import annotations

import re
import secrets
import shutil
import unicodedata
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from kb.errors import READING_CODES, UnreadableFile
from kb.store import disk

NAME = "uploads"
LONGEST_NAME = 240  # bytes in UTF-8, of the 255 that file systems take
FRESH = 3600  # seconds in which a draft may be being written
READ = "read.json"  # what was read of a draft, beside its folder's file
HOLDS = "file"  # the folder, within a draft's, that holds its file
_TOKEN = re.compile(r"[0-9a-f]{32}")
_SCRATCH = (".", "~$", "__")


def public(data: Path) -> Path:
    """The folder of the files that are published."""
    return data / NAME / "public"


def name_of(given: str) -> str:
    """What a browser calls a file, without folders. Raises UnreadableFile ``bad_id``."""
    name = unicodedata.normalize("NFC", given.replace("\\", "/").rpartition("/")[2]).strip()
    if not name or name.startswith(_SCRATCH) or not name.strip(". "):
        raise _bad("文件名是空的，或以 . ~$ __ 开头")
    if any(unicodedata.category(char)[0] == "C" for char in name):
        raise _bad("文件名里有看不见的字符")
    if len(name.encode()) > LONGEST_NAME:
        raise _bad(f"文件名超过 {LONGEST_NAME} 字节（约 {LONGEST_NAME // 3} 个汉字）")
    return name


def keep(data: Path, name: str, content: BinaryIO) -> tuple[str, str]:
    """Write a draft, which is on the disk by then; its folder's token and the file's SHA-256.

    Raises StoreFull.
    """
    token = secrets.token_hex(16)
    folder = _of(data, token)
    try:
        with disk.room(data):
            (folder / HOLDS).mkdir(parents=True)
            path = folder / HOLDS / name
            with path.open("xb") as file:
                shutil.copyfileobj(content, file)
            for written in (path, folder / HOLDS, folder, folder.parent):
                disk.sync(written)
            return token, disk.sha256_of(path)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def draft(data: Path, token: str, name: str) -> Path:
    """Where the file of a draft lies."""
    return _of(data, token) / HOLDS / name


def reading(data: Path, token: str) -> Path:
    """Where what was read of a draft is noted."""
    return _of(data, token) / READ


def note_reading(data: Path, token: str, told: str) -> None:
    """Keep what was read of a draft; the old note or the new one is there, whatever happens."""
    path = reading(data, token)
    aside = path.with_suffix(".part")
    with disk.room(data):
        aside.write_text(told, encoding="utf-8")
        disk.sync(aside)
        aside.replace(path)


def publish(data: Path, token: str, name: str) -> None:
    """Move a draft to where updates find it; nothing happens where that is done already."""
    _move(draft(data, token, name), public(data) / name)


def withdraw(data: Path, token: str, name: str) -> None:
    """Move a published file back to its draft; nothing happens where that is done already."""
    _move(public(data) / name, draft(data, token, name))


def is_published(data: Path, name: str) -> bool:
    """True if a file of that name is among those that are published."""
    return (public(data) / name).exists()


def discard(data: Path, token: str) -> None:
    """Delete a draft and what was read of it."""
    shutil.rmtree(_of(data, token), ignore_errors=True)


def tidy(data: Path, tokens: set[str], *, before: datetime) -> None:
    """Delete drafts that no upload knows: what was being written when a server was killed.

    Those that were touched less than an hour ``before`` may still be on their way.
    """
    with suppress(FileNotFoundError):
        for folder in (data / NAME / "drafts").iterdir():
            old = folder.stat().st_mtime < before.timestamp() - FRESH
            if old and folder.name not in tokens:
                shutil.rmtree(folder, ignore_errors=True)


def _of(data: Path, token: str) -> Path:
    if not _TOKEN.fullmatch(token):
        raise ValueError(f"no token of a draft: {token!r}")
    return data / NAME / "drafts" / token


def _move(path: Path, to: Path) -> None:
    if not path.exists():
        return
    to.parent.mkdir(parents=True, exist_ok=True)
    path.replace(to)
    disk.sync(to.parent)
    disk.sync(path.parent)


def _bad(why: str) -> UnreadableFile:
    return UnreadableFile("bad_id", f"{why}。{READING_CODES['bad_id']}")
