"""The local store: what lies on the disk, and which snapshot is opened."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from kb.errors import BadSnapshot
from kb.store.local.store import LocalStore
from kb.types import Scope
from tests.support.fakes import make_letter, tokenize
from tests.support.stores import (
    ALL,
    EMBEDDER,
    FINGERPRINT,
    ask,
    local,
    publish,
    put,
    varied_letters,
)


def folder_of(tmp_path: Path, version: str) -> Path:
    return tmp_path / "data" / "snapshots" / version


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_snapshot_is_a_folder_of_the_promised_files(tmp_path: Path) -> None:
    version = publish(local(tmp_path), make_letter("a")).snapshot.version
    folder = folder_of(tmp_path, version)
    assert {path.name for path in folder.iterdir()} == {
        "manifest.json",
        "letters.db",
        "trained.faiss",
        "parts",
    }
    (part,) = (folder / "parts").iterdir()
    names = {"tantivy", "vectors.npy", "sentences.npy", "faiss.index"}
    assert {path.name for path in part.iterdir()} == names
    assert np.load(part / "vectors.npy").dtype == np.float16
    assert (tmp_path / "data" / "CURRENT").read_text("utf-8").split() == [version]
    assert list((tmp_path / "data" / "drafts").iterdir()) == []
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["fingerprint"] == FINGERPRINT


def test_a_version_is_named_by_the_clock_that_the_store_was_given(tmp_path: Path) -> None:
    noon = datetime(2026, 6, 28, 12, tzinfo=UTC)
    store = LocalStore(tmp_path, fingerprint={}, tokenize=tokenize, clock=lambda: noon)
    names = [publish(store, make_letter(one)).snapshot.version for one in "ab"]
    assert [one[:15] for one in names] == ["20260628T120000"] * 2
    assert names == sorted(names)


def test_reading_changes_nothing_in_the_folder(tmp_path: Path) -> None:
    version = publish(local(tmp_path), *varied_letters()).snapshot.version
    folder = folder_of(tmp_path, version)
    before = bytes_of(folder)
    reader = local(tmp_path).current()
    ask(reader, "道路", Scope(issuer="甲局"))
    reader.nearest(EMBEDDER.embed(["道路"])[0], limit=5, scope=ALL)
    assert [reader.letter(head.id).id for head in reader.letters()]
    assert bytes_of(folder) == before


def test_a_data_folder_may_have_any_name(tmp_path: Path) -> None:
    strange = tmp_path / "数据 100%?#&库"
    assert ask(publish(local(strange), make_letter("a", "水库。")), "水库") == ["a"]


def test_another_store_on_the_same_folder_follows_the_pointer(tmp_path: Path) -> None:
    indexer, server = local(tmp_path), local(tmp_path)
    first = publish(indexer, make_letter("a")).snapshot
    assert server.current().snapshot == first
    second = publish(indexer, make_letter("b")).snapshot
    assert server.current().snapshot == second
    indexer.rollback()
    assert server.current().snapshot == first


def test_what_was_dropped_does_not_linger_in_the_bytes(tmp_path: Path) -> None:
    store = local(tmp_path)
    secret = make_letter("a", "涉密内容不应留存。", title="另一标题", issuer="某局")
    publish(store, secret, make_letter("b"))
    with store.draft() as draft:
        draft.drop("a")
        version = draft.publish().version
    everything = b"".join(bytes_of(folder_of(tmp_path, version)).values())
    for word in ("涉密内容", "另一标题", "涉 密", "密"):
        assert word.encode() not in everything
    assert "农村道路".encode() in everything


def test_a_database_that_is_mostly_holes_is_rewritten(tmp_path: Path) -> None:
    store = local(tmp_path)
    large = publish(store, *(make_letter(f"{n}", "水库。\n" * 600) for n in range(20)))
    with store.draft() as draft:
        for n in range(1, 20):
            draft.drop(f"{n}")
        small = draft.publish()
    sizes = [
        (folder_of(tmp_path, one.version) / "letters.db").stat().st_size
        for one in (large.snapshot, small)
    ]
    assert sizes[1] < sizes[0] / 5


def test_the_database_alone_tells_where_every_vector_stands(tmp_path: Path) -> None:
    reader = publish(local(tmp_path), *varied_letters())
    folder = folder_of(tmp_path, reader.snapshot.version)
    with sqlite3.connect(folder / "letters.db") as db:
        query = "SELECT part, row, first, passages FROM places ORDER BY id"
        places = db.execute(query).fetchall()
    db.close()
    assert places == [(1, 2 * n, 2 * n, 2) for n in range(12)]


def test_another_fingerprint_is_refused_and_mended_by_putting_everything_anew(
    tmp_path: Path,
) -> None:
    old = publish(local(tmp_path), make_letter("a")).snapshot
    store = local(tmp_path, model="newer")
    with pytest.raises(BadSnapshot, match=r"model（快照 fake，现在 newer）.*--rebuild"):
        store.current()
    (listed,) = store.versions()
    assert "model" in str(listed.trouble)
    assert listed.snapshot == old
    with store.draft() as draft:
        assert draft.base is None
        assert draft.sources() == {}
        put(draft, make_letter("b"))
        new = draft.publish()
    assert new.parent == old.version
    assert [head.id for head in store.current().letters()] == ["b"]


def test_a_server_with_the_old_settings_goes_on_with_the_old_snapshot(tmp_path: Path) -> None:
    server = local(tmp_path)
    old = publish(server, make_letter("a")).snapshot
    publish(local(tmp_path, model="newer"), make_letter("b"))
    assert server.current().snapshot == old
    assert "model" in str(server.degraded)
    assert local(tmp_path).current().snapshot == old
    with local(tmp_path).draft() as draft:
        assert draft.base == old
