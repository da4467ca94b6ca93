"""Which snapshot is served, and what it stands in for."""

from __future__ import annotations

from dataclasses import dataclass

from kb.store import disk
from kb.store.local.engine import OpenReader
from kb.store.snapshot import Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The reader in use; ``fault`` says why, where it stands in for a bad one.

    ``stamp`` is what the bad one's folder looked like; None if the next call shall try again.
    """

    pointer: Pointer
    reader: OpenReader
    fault: str | None = None
    stamp: disk.Stamp | None = None
