"""What a local draft is to become."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from kb.errors import BadSnapshot, KbError
from kb.store import snapshot
from kb.store.local.engine import Engine
from kb.store.local.insert import Tokenize
from kb.types import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a draft is to become and what it starts from; ``current`` is what CURRENT says."""

    shelf: snapshot.Shelf
    version: str
    current: str | None
    base: Snapshot | None
    fingerprint: Mapping[str, str]
    engine: Engine
    tokenize: Tokenize

    @property
    def index_lost(self) -> bool:
        """True where the base has to be indexed anew, though its folder is sound."""
        try:
            if self.base:
                self.engine.check(self.shelf.of(self.base.version), self.base)
        except BadSnapshot:
            return True
        return False

    def take_back(self) -> None:
        """The draft came to nothing: its index goes now or, if need be, before the next draft."""
        with suppress(KbError):
            self.engine.tidy(self.shelf.versions(), current=self.current)
