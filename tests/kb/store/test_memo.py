"""What is worked out once a snapshot: once for each reader, and no reader is kept alive."""

from __future__ import annotations

import gc
import weakref

from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.types import EVERY_LETTER, Scope
from tests.support.fakes import MemoryStore, make_letter
from tests.support.stores import publish

made: list[tuple[str, Scope]] = []


@memo(most=2)
def ids(reader: SnapshotReader, scope: Scope) -> tuple[str, ...]:
    """The ids of the letters in scope."""
    made.append((reader.snapshot.version, scope))
    return tuple(head.id for head in reader.letters(scope))


def reader_of(*letters: str) -> SnapshotReader:
    store = MemoryStore()
    publish(store, *map(make_letter, letters))
    return store.current()


def test_a_reader_is_asked_once_for_each_scope() -> None:
    made.clear()
    reader = reader_of("a", "b")
    assert [ids(reader, EVERY_LETTER) for _ in range(3)] == [("a", "b")] * 3
    assert ids(reader, Scope(letter_ids=("b",))) == ("b",)
    assert len(made) == 2


def test_two_readers_are_told_apart() -> None:
    one, other = reader_of("a"), reader_of("b")
    assert (ids(one, EVERY_LETTER), ids(other, EVERY_LETTER)) == (("a",), ("b",))


def test_what_was_used_longest_ago_is_made_anew() -> None:
    made.clear()
    readers = [reader_of(name) for name in ("a", "b", "c")]
    for reader in (*readers, readers[0]):
        ids(reader, EVERY_LETTER)
    assert len(made) == 4


def test_the_reader_is_let_go_of() -> None:
    reader = reader_of("a")
    ids(reader, EVERY_LETTER)
    alive = weakref.ref(reader)
    del reader
    gc.collect()
    assert alive() is None


def test_the_function_keeps_its_name_and_its_words() -> None:
    assert (ids.__name__, ids.__doc__) == ("ids", "The ids of the letters in scope.")
