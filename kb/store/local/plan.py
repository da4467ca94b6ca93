"""What a local draft is to become."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kb.store import snapshot
from kb.types import Snapshot

Tokenize = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a draft is to become and what it starts from; ``current`` is what CURRENT says."""

    shelf: snapshot.Shelf
    version: str
    current: str | None
    base: Snapshot | None
    fingerprint: Mapping[str, str]
    tokenize: Tokenize
