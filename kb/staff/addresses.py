"""Addresses of those who sign in, as keyed hashes: which are the same shows, and no more.

The key lies beside the database and not in it: a backup has no key, and from what stands in one
nobody can find the addresses by trying all that there are.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

from kb.staff.database import PRIVATE, StaffUnusable

NAME = "address.key"
LENGTH = 32  # bytes of the key
SHOWN = 8  # bytes of a hash: 64 bits, for people to compare


def hashed(address: str, *, folder: Path) -> str:
    """``address`` by the key in ``folder``, which is made if need be. Raises StaffUnusable."""
    return hashlib.blake2b(address.encode(), key=_key(folder), digest_size=SHOWN).hexdigest()


def _key(folder: Path) -> bytes:
    path = folder / NAME
    try:
        with suppress(FileNotFoundError):
            key = path.read_bytes()
            if len(key) >= LENGTH:
                return key[:LENGTH]
        return _made(path)
    except OSError as error:
        raise StaffUnusable(f"{path} 不能使用（{error}）；请检查磁盘空间和权限") from error


def _made(path: Path) -> bytes:
    """A new key, on the disk whole or not at all; where two are made at once, the later one."""
    aside = path.with_name(f"{NAME}.{secrets.token_hex(4)}")
    key = secrets.token_bytes(LENGTH)
    try:
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as file:  # noqa: PTH123
            file.write(key)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return key
