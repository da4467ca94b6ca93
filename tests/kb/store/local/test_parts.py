"""However a snapshot came about, in how many parts it lies, it answers as one made at once."""

from __future__ import annotations

import errno
import os
import random
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from kb.store.local import dense, parts
from kb.store.local.store import LocalStore
from kb.store.protocol import SnapshotReader
from kb.store.snapshot import Shelf
from kb.types import Letter, Scope
from tests.support.fakes import make_letter
from tests.support.stores import ALL, EMBEDDER, local, put

WORDS = ("道路", "桥梁", "水库", "同一句", "电梯")
PUBLIC = Scope(public_only=True)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "ROWS", 8)
    monkeypatch.setattr(parts, "SMALL", 0)


def letter(name: str, drawn: random.Random) -> Letter:
    lines = ["同一句。", *(f"{drawn.choice(WORDS)}第{drawn.randrange(4)}号。" for _ in range(2))]
    publicity = drawn.choice(("public", "public", "held"))
    text = "\n".join(lines[: drawn.choice((1, 3, 3))])
    return make_letter(name, text, publicity=publicity, issuer=drawn.choice(("甲局", "乙局")))


def write(
    store: LocalStore, letters: Mapping[str, Letter], aside: Mapping[str, str], gone: set[str]
) -> None:
    with store.draft() as draft:
        for one in letters.values():
            put(draft, one, source=f"{one.id}.txt", digest=one.sha256)
        for name in gone:
            draft.drop(name)
        draft.set_aside({name: (served, "copy") for name, served in aside.items()})
        draft.publish()


def answers(reader: SnapshotReader) -> list[object]:
    every: list[object] = [[head.id for head in reader.letters()]]
    every.append([reader.passage(n).letter_id for n in range(reader.snapshot.passages)])
    for scope in (ALL, PUBLIC, Scope(issuer="甲局"), Scope(issuer="乙局", public_only=True)):
        for tokens in (["同"], ["道", "路"], ["水", "桥", "3"], ["电"]):
            for limit in (1, 3, 7, 100):
                hits = reader.lexical(tokens, limit=limit, scope=scope)
                every.append([(ordinal, round(score, 4)) for ordinal, score in hits])
        for words in WORDS:
            hits = reader.nearest(EMBEDDER.embed([words])[0], limit=9, scope=scope)
            every.append([(ordinal, round(score, 4)) for ordinal, score in hits])
    count = reader.snapshot.passages
    every.append(reader.vectors(range(count)).tolist())
    every.append([reader.sentence_vectors(n).tolist() for n in range(count)])
    return every


@pytest.mark.parametrize("seed", range(4))
def test_the_snapshot_is_the_same_however_it_came_about(tmp_path: Path, seed: int) -> None:
    drawn = random.Random(seed)
    store = local(tmp_path / "grown")
    known: dict[str, Letter] = {}
    aside: dict[str, str] = {}
    for step in range(12):
        names = [f"{drawn.randrange(40):02}" for _ in range(drawn.choice((1, 1, 2, 9)))]
        new = {name: letter(name, drawn) for name in names}
        gone = {name for name in known if name not in new and drawn.random() < 0.08}
        known = {name: one for name, one in {**known, **new}.items() if name not in gone}
        some = sorted(known)
        aside = {name: some[0] for name in some[1:] if drawn.random() < 0.1}
        write(store, new, aside, gone)
        if step % 3 == 2:
            anew = local(tmp_path / f"anew{step}")
            write(anew, known, aside, set())
            assert answers(store.current()) == answers(anew.current())


def inodes(store: LocalStore, tmp_path: Path) -> dict[str, int]:
    folder = Shelf(tmp_path / "data").of(store.current().snapshot.version)
    found = folder.rglob("*")
    return {str(one.relative_to(folder)): one.stat().st_ino for one in found if one.is_file()}


def grown(tmp_path: Path) -> LocalStore:
    store = local(tmp_path)
    write(
        store, {f"{n:02}": make_letter(f"{n:02}", f"道路第{n}段。") for n in range(30)}, {}, set()
    )
    return store


def test_what_has_not_changed_is_taken_over_and_not_written_again(tmp_path: Path) -> None:
    store = grown(tmp_path)
    before = inodes(store, tmp_path)
    write(store, {"015": make_letter("015", "桥梁。")}, {}, set())
    after = inodes(store, tmp_path)
    same = {name for name in before if before[name] == after.get(name)}
    assert {"parts/1/vectors.npy", "parts/3/faiss.index"} <= same
    assert not {"letters.db", "manifest.json", "trained.faiss"} & same
    store.verify()


@pytest.mark.parametrize("change", ["drop", "replace", "aside"])
def test_only_the_part_that_a_letter_was_in_is_made_anew(tmp_path: Path, change: str) -> None:
    store = grown(tmp_path)
    before = inodes(store, tmp_path)
    new = {"03": make_letter("03", "水库。")} if change == "replace" else {}
    aside = {"03": "04"} if change == "aside" else {}
    write(store, new, aside, {"03"} if change == "drop" else set())
    after = inodes(store, tmp_path)
    assert not [name for name in after if name.startswith("parts/1/")]
    assert before["parts/2/vectors.npy"] == after["parts/2/vectors.npy"]
    assert [o for o, _ in store.current().lexical(["3"], limit=9, scope=ALL)] != [3]


def test_many_small_changes_leave_few_parts(tmp_path: Path) -> None:
    store = grown(tmp_path)
    for n in range(30):
        write(store, {f"x{n:02}": make_letter(f"x{n:02}", "桥梁。")}, {}, set())
    folder = Shelf(tmp_path / "data").of(store.current().snapshot.version)
    assert len(list((folder / "parts").iterdir())) <= 60 / parts.ROWS * 2 + 4


def test_the_index_is_trained_anew_once_the_base_has_grown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "VECTOR_INDEXES", ((0, "IVF2,SQ8"),))
    store = grown(tmp_path)
    trained = store.current().snapshot.files["trained.faiss"]
    write(store, {"x": make_letter("x", "桥梁。")}, {}, set())
    assert store.current().snapshot.files["trained.faiss"] == trained
    write(store, {f"y{n}": make_letter(f"y{n}", "桥梁。") for n in range(30)}, {}, set())
    assert store.current().snapshot.files["trained.faiss"] != trained
    assert not dense.still_trained("IVF2,SQ8", 10, now=20)
    assert not dense.still_trained("IVF2,SQ8", 40, now=20)
    assert dense.still_trained("IVF2,SQ8", 11, now=20)


def test_small_bases_share_no_file_between_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "SMALL", 8)
    store = grown(tmp_path)
    before = set(inodes(store, tmp_path).values())
    write(store, {"x": make_letter("x", "桥梁。")}, {}, set())
    shared = before & set(inodes(store, tmp_path).values())
    assert shared  # parts that are full already
    monkeypatch.undo()
    write(store, {"y": make_letter("y", "桥梁。")}, {}, set())
    before = set(inodes(store, tmp_path).values())
    write(store, {"z": make_letter("z", "桥梁。")}, {}, set())
    assert not before & set(inodes(store, tmp_path).values())


def test_a_disk_without_links_is_copied_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = grown(tmp_path)

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refused)
    write(store, {"015": make_letter("015", "桥梁。")}, {}, set())
    store.verify()
    assert len(store.current().letters()) == 31
    assert all(inode.stat().st_nlink == 1 for inode in (tmp_path / "data").rglob("*.npy"))


def test_nothing_of_a_dropped_letter_is_left_in_any_part(tmp_path: Path) -> None:
    store = grown(tmp_path)
    row = store.current().vectors([3])[0].astype(np.float16).tobytes()
    write(store, {"x": make_letter("x", "桥梁。")}, {}, {"03"})
    folder = Shelf(tmp_path / "data").of(store.current().snapshot.version)
    everything = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert not any(row in content for content in everything)
    with closing(sqlite3.connect(folder / "letters.db")) as db:
        assert db.execute("SELECT count(*) FROM places").fetchone() == (30,)
