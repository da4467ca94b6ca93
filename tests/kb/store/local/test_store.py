"""The local store: what lies on the disk, its indexes, its drafts."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from kb.errors import BadSnapshot
from kb.store.local import dense as local_dense
from kb.store.local import lexical, vectors
from kb.store.local.store import LocalStore
from kb.types import Scope
from tests.support.fakes import cut, make_letter, tokenize
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

KINDS = ["Flat", "SQ8", "IVF4,SQ8"]


def folder_of(tmp_path: Path, version: str) -> Path:
    return tmp_path / "data" / "snapshots" / version


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


# On the disk


def test_a_snapshot_is_a_folder_of_the_promised_files(tmp_path: Path) -> None:
    version = publish(local(tmp_path), make_letter("a")).snapshot.version
    folder = folder_of(tmp_path, version)
    assert {path.name for path in folder.iterdir()} == {
        "manifest.json",
        "letters.db",
        "tantivy",
        "vectors.npy",
        "sentences.npy",
        "faiss.index",
    }
    assert np.load(folder / "vectors.npy").dtype == np.float16
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


def test_opening_leaves_no_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(lexical.tempfile, "tempdir", str(tmp_path / "tmp"))
    assert ask(publish(local(tmp_path), make_letter("a", "水库。")), "水库") == ["a"]
    assert list((tmp_path / "tmp").iterdir()) == []


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
    large = publish(store, *(make_letter(f"{n}", "水库。\n" * 200) for n in range(20)))
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
        places = db.execute("SELECT fresh, first, passages FROM places ORDER BY id").fetchall()
    db.close()
    assert places == [(0, 2 * n, 2) for n in range(12)]


# Drafts


def test_unchanged_letters_are_not_segmented_again(tmp_path: Path) -> None:
    asked: list[str] = []

    def counting(text: str) -> list[str]:
        asked.append(text)
        return tokenize(text)

    store = LocalStore(tmp_path, fingerprint={}, tokenize=counting)
    publish(store, *varied_letters())
    asked.clear()
    reader = publish(store, make_letter("99", "水库。", title=None))
    assert asked == ["水库。"]
    assert len(ask(reader, "桥")) == 12


def test_a_tokenizer_that_fails_leaves_the_draft_usable(tmp_path: Path) -> None:
    def fussy(text: str) -> list[str]:
        if "坏" in text:
            raise ValueError(text)
        return tokenize(text)

    store = LocalStore(tmp_path, fingerprint={}, tokenize=fussy)
    with store.draft() as draft:
        put(draft, make_letter("a", "好。"))
        with pytest.raises(ValueError, match="坏"):
            put(draft, make_letter("a", "好。\n坏。"))
        put(draft, make_letter("b", "好。"))
        draft.publish()
    assert [head.id for head in store.current().letters()] == ["a", "b"]
    assert store.current().letter("a") == make_letter("a", "好。")


def test_drafts_of_dead_processes_are_removed_by_the_next(tmp_path: Path) -> None:
    store = local(tmp_path)
    publish(store, make_letter("a"))
    dead = tmp_path / "data" / "drafts" / "20200101T000000-00000000"
    (dead / "built" / "tantivy").mkdir(parents=True)
    (dead / "work.db").write_bytes(b"half")
    with store.draft():
        assert not dead.exists()


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


def test_the_first_draft_of_a_new_model_may_have_another_dimension(tmp_path: Path) -> None:
    publish(local(tmp_path), make_letter("a"))
    letter = make_letter("b", "一。")
    one = np.ones((1, 1), dtype=np.float32)
    store = local(tmp_path, model="tiny")
    with store.draft() as draft:
        draft.put(letter, cut(letter), source="s", digest="d", vectors=one, sentence_vectors=[one])
        draft.publish()
    assert store.current().vectors([0]).shape == (1, 1)


# Vectors


def test_the_index_is_chosen_by_the_number_of_passages() -> None:
    chosen = [local_dense.index_for(n) for n in (0, 19_999, 20_000, 199_999, 200_000, 10**7)]
    assert chosen == ["Flat", "Flat", "SQ8", "SQ8", "IVF1024,SQ8", "IVF1024,SQ8"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("exact_under", [0, 10_000])
def test_every_index_finds_what_comparing_them_all_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, exact_under: int
) -> None:
    monkeypatch.setattr(local_dense, "VECTOR_INDEXES", ((0, kind),))
    monkeypatch.setattr(local_dense, "EXACT_UNDER", exact_under)
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(400, 16)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    path = tmp_path / "faiss.index"
    stored = rows.astype(np.float16)
    local_dense.build_dense(path, stored)
    dense = local_dense.Dense(path, stored)
    masks = [None, np.arange(400) % 3 == 0, np.arange(400) == 7, np.zeros(400, dtype=np.bool_)]
    for mask in masks:
        admitted = np.arange(400) if mask is None else np.flatnonzero(mask)
        for question in rows[:5] + rows[5:10]:
            question /= np.linalg.norm(question)
            found = dense.search(question, limit=10, mask=mask)
            cosines = stored.astype(np.float32) @ question
            best = admitted[np.argsort(-cosines[admitted], kind="stable")][:10]
            assert len({o for o, _ in found} & set(best.tolist())) >= 0.9 * len(best)
            assert all(score == pytest.approx(cosines[o], abs=1e-5) for o, score in found)
            assert [score for _, score in found] == sorted((s for _, s in found), reverse=True)


def test_a_vector_file_is_an_ordinary_npy_file(tmp_path: Path) -> None:
    rows = np.arange(12, dtype=np.float16).reshape(4, 3)
    vectors.write(tmp_path / "v.npy", [rows[:1], rows[1:1], rows[1:]], rows=4, dim=3)
    np.testing.assert_array_equal(np.load(tmp_path / "v.npy"), rows)
    np.testing.assert_array_equal(vectors.read(tmp_path / "v.npy"), rows)


def test_a_vector_file_without_rows_can_be_read(tmp_path: Path) -> None:
    vectors.write(tmp_path / "v.npy", [], rows=0, dim=3)
    assert vectors.read(tmp_path / "v.npy").shape == (0, 3)


# Words


def test_scores_are_bm25_over_title_headings_and_body(tmp_path: Path) -> None:
    letters = [
        make_letter("a", "水库水库。", title="道路"),
        make_letter("b", "桥梁。", title="水库水电站"),
        make_letter("c", "校车安全事项。", title="校车"),
    ]
    reader = publish(local(tmp_path), *letters, headings=("一、水",))
    hits = dict(reader.lexical(["水"], limit=9, scope=ALL))
    texts = [
        [*tokenize(one.title.value), "一", "、", "水", *tokenize(one.body.of(one.text))]
        for one in letters
        if one.title
    ]
    for ordinal in range(3):
        assert hits[ordinal] == pytest.approx(bm25("水", texts[ordinal], texts), rel=1e-4)


def bm25(word: str, text: list[str], texts: list[list[str]]) -> float:
    """Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75, idf as in Lucene and tantivy."""
    bearing = sum(word in one for one in texts)
    idf = np.log(1 + (len(texts) - bearing + 0.5) / (bearing + 0.5))
    mean = sum(map(len, texts)) / len(texts)
    times = text.count(word)
    return float(idf * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * len(text) / mean)))


def test_equal_passages_of_many_segments_stand_in_ordinal_order(tmp_path: Path) -> None:
    reader = publish(local(tmp_path), make_letter("a", "同一句。\n" * 3000))
    hits = reader.lexical(["同"], limit=3000, scope=ALL)
    assert [ordinal for ordinal, _ in hits] == list(range(3000))
