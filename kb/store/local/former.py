"""What the version before knew of its letters, even where nothing can be built upon it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path

from kb.store.disk import open_sealed
from kb.store.kin import Came


def came(version: Path) -> Mapping[str, Came]:
    """When the letters of a version's folder came, by id; none where that can't be read."""
    found: dict[str, Came] = {}
    with suppress(sqlite3.Error), closing(open_sealed(version / "letters.db")) as db:
        rows = db.execute(
            "SELECT id, taken_in, letters.digest, letters.sha256, sources.digest FROM traits"
            " JOIN letters USING (id) LEFT JOIN sources ON sources.source = letters.source"
        )
        for letter_id, taken_in, *digests in rows:
            found[letter_id] = Came(taken_in=taken_in, digests=frozenset(filter(None, digests)))
    return found
