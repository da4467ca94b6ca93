"""What is worked out once a snapshot and kept: directories, catalogues, titles, counts."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import lru_cache, update_wrapper
from typing import TypeVar, TypeVarTuple

from kb.store.protocol import SnapshotReader

Rest = TypeVarTuple("Rest")
Made = TypeVar("Made")


def memo(
    *, most: int = 4
) -> Callable[[Callable[[SnapshotReader, *Rest], Made]], Callable[[SnapshotReader, *Rest], Made]]:
    """Keep what a function of a reader and hashable arguments gave, the ``most`` used last.

    The reader itself is not kept alive: a snapshot that nobody reads any more can be closed
    though what was made of it is still here. What the function gives must not hold the reader.
    """

    def decorate(
        make: Callable[[SnapshotReader, *Rest], Made],
    ) -> Callable[[SnapshotReader, *Rest], Made]:
        def remade(reader: weakref.ref[SnapshotReader], *rest: *Rest) -> Made:
            alive = reader()
            if alive is None:
                raise ReferenceError("the reader is gone, though its caller holds it")
            return make(alive, *rest)

        cached: Callable[..., Made] = lru_cache(maxsize=most)(remade)

        def made(reader: SnapshotReader, *rest: *Rest) -> Made:
            return cached(weakref.ref(reader), *rest)

        update_wrapper(made, make)
        return made

    return decorate
