"""A newer version is opened beside those who ask, who go on with the older one meanwhile."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from kb.errors import BadSnapshot
from kb.store.local.store import LocalStore
from kb.store.protocol import SnapshotReader
from tests.support.fakes import make_letter, tokenize
from tests.support.stores import FINGERPRINT, local, publish

PATIENCE = 60.0  # seconds


def until_served(store: LocalStore, version: str) -> SnapshotReader:
    end = time.monotonic() + PATIENCE
    while (reader := store.current()).snapshot.version != version:
        assert time.monotonic() < end, "the newer version is never served"
        time.sleep(0.01)
    return reader


def damage(folder: Path, version: str) -> None:
    (file,) = (folder / "data" / "snapshots" / version).rglob("vectors.npy")
    file.write_bytes(b"damaged")


def test_the_older_version_answers_until_the_newer_one_is_warm(tmp_path: Path) -> None:
    going_on, warmed = threading.Event(), list[str]()

    def warm(reader: SnapshotReader) -> None:
        warmed.append(reader.snapshot.version)
        assert going_on.wait(PATIENCE)

    store = LocalStore(tmp_path / "data", fingerprint=FINGERPRINT, tokenize=tokenize, warm=warm)
    indexer = local(tmp_path)
    old = publish(indexer, make_letter("a")).snapshot
    assert store.current().snapshot == old  # the first is waited for: there is no other
    new = publish(indexer, make_letter("b")).snapshot
    assert [store.current().snapshot for _ in range(20)] == [old] * 20
    going_on.set()
    assert until_served(store, new.version).snapshot == new
    assert warmed == [new.version]


def test_a_damaged_reader_is_not_gone_on_with(tmp_path: Path) -> None:
    store = LocalStore(
        tmp_path / "data",
        fingerprint=FINGERPRINT,
        tokenize=tokenize,
        warm=lambda reader: pytest.fail("opened aside, though what is served is not sound"),
    )
    indexer = local(tmp_path)
    old = publish(indexer, make_letter("a")).snapshot
    store.current()
    new = publish(indexer, make_letter("b")).snapshot
    damage(tmp_path, old.version)
    assert store.current().snapshot == new


def test_what_cannot_be_opened_is_told_to_whoever_asks_next(tmp_path: Path) -> None:
    def warm(reader: SnapshotReader) -> None:
        raise BadSnapshot("cannot be read")

    store = LocalStore(tmp_path / "data", fingerprint=FINGERPRINT, tokenize=tokenize, warm=warm)
    indexer = local(tmp_path)
    old = publish(indexer, make_letter("a")).snapshot
    store.current()
    new = publish(indexer, make_letter("b")).snapshot
    damage(tmp_path, new.version)
    end = time.monotonic() + PATIENCE
    while store.degraded is None:
        assert store.current().snapshot == old
        assert time.monotonic() < end
        time.sleep(0.01)
    assert "vectors.npy" in str(store.degraded)
