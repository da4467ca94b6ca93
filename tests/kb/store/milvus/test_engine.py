"""The store by Milvus where things go wrong: nothing half-published, and what to do is said."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.errors import BadSnapshot, KbError, StoreUnreachable
from kb.store.local.store import LocalStore
from kb.store.milvus import reader as milvus_reader
from kb.store.milvus.client import Address, Milvus
from kb.store.milvus.engine import MADE
from kb.store.traces import traces
from tests.support import milvus
from tests.support.fakes import make_letter
from tests.support.milvus import Server
from tests.support.stores import ALL, ask, publish, put, varied_letters, vector_of

KINDS = milvus.kinds() or [pytest.param("none", marks=milvus.NEEDED)]
STEPS = ("upsert", "alter_alias", "install", "sweep")


class Place:
    """A data folder and the Milvus that its store is by; ``store`` opens both anew."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.root, self.uri = folder / "data", milvus.address(folder, kind)

    def store(self, **given: object) -> LocalStore:
        return milvus.store(self.root, self.uri, **given)  # type: ignore[arg-type]

    def client(self) -> Milvus:
        return Milvus(Address(uri=self.uri, timeout=30))

    def collections(self) -> list[str]:
        """The collections of this data folder, as versions."""
        found = self.client()("list_collections")
        made = (self.root / MADE).read_text("utf-8").split()
        return [version for version in made if name_of(version) in found]

    def alias(self) -> str | None:
        """The collection that the alias names; None where this Milvus has no aliases."""
        try:
            told = self.client()("describe_alias", "fuwen")
        except KbError:
            return None
        return str(told["collection_name"])


def name_of(version: str) -> str:
    return f"fuwen_{version.replace('-', '_')}"


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    yield Place(tmp_path, request.param)
    milvus.close()


def test_the_alias_follows_what_is_published_and_gone_back_to(place: Place) -> None:
    store = place.store()
    first = publish(store, make_letter("a")).snapshot.version
    second = publish(store, make_letter("b")).snapshot.version
    if place.alias() is None:
        assert milvus.lite().startswith("2.")
        pytest.skip("milvus-lite 2.5 没有别名")
    assert place.alias() == name_of(second)
    store.rollback()
    assert place.alias() == name_of(first)


def test_a_store_that_is_opened_again_finds_the_same(place: Place) -> None:
    before = publish(place.store(), *varied_letters())
    found = ask(before, "道路第3段")
    milvus.close()
    again = place.store().current()
    assert again.snapshot == before.snapshot
    assert ask(again, "道路第3段") == found


def test_a_collection_that_is_gone_is_missed_and_made_again(place: Place) -> None:
    old = publish(place.store(), make_letter("a", "水库。")).snapshot.version
    place.client()("drop_collection", name_of(old))
    store = place.store()
    with pytest.raises(BadSnapshot, match="集合"):
        store.current()
    with pytest.raises(BadSnapshot, match="集合"):
        store.verify()
    with store.draft() as draft:  # as by an update that finds nothing new
        new = draft.publish().version
    assert new != old
    assert ask(store.current(), "水库") == ["a"]


def test_where_the_last_collection_is_gone_the_one_before_is_served(place: Place) -> None:
    publish(place.store(), make_letter("a", "水库。"))
    last = publish(place.store(), make_letter("b", "水库。")).snapshot.version
    place.client()("drop_collection", name_of(last))
    store = place.store()
    assert ask(store.current(), "水库") == ["a"]
    assert last in str(store.degraded)


def test_a_collection_that_lacks_rows_is_not_served(place: Place) -> None:
    version = publish(place.store(), *varied_letters()).snapshot.version
    place.client()("delete", name_of(version), filter="ordinal in [0, 1, 2]")
    with pytest.raises(BadSnapshot, match="有 21 段，快照有 24 段"):
        place.store().current()


def test_a_reader_whose_collection_goes_says_so_and_the_next_is_right(place: Place) -> None:
    store = place.store()
    first = publish(store, make_letter("a", "水库。"))
    reader = publish(store, make_letter("b", "水库。"))
    place.client()("drop_collection", name_of(reader.snapshot.version))
    with pytest.raises(BadSnapshot, match="集合"):
        ask(reader, "水库")
    assert store.current().snapshot == first.snapshot


def test_what_cannot_be_indexed_is_not_published(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = place.store()
    before = publish(store, make_letter("a", "水库。")).snapshot
    real = Milvus.__call__

    def failing(self: Milvus, method: str, *given: object, **named: object) -> object:
        if method == "flush":
            raise StoreUnreachable("Milvus 连不上")
        return real(self, method, *given, **named)  # type: ignore[arg-type]

    with store.draft() as draft:
        put(draft, make_letter("b"))
        monkeypatch.setattr(Milvus, "__call__", failing)
        with pytest.raises(StoreUnreachable):
            draft.publish()
        monkeypatch.undo()
    assert store.current().snapshot == before
    assert [version.version for version in store.versions()] == [before.version]
    assert place.collections() == [before.version]


@pytest.mark.parametrize("step", STEPS)
def test_killed_while_publishing_nothing_is_served_by_halves(place: Place, step: str) -> None:
    before = publish(place.store(), make_letter("a", "水库。")).snapshot.version
    milvus.close()
    command = [sys.executable, "-W", "ignore", "-m", "tests.support.milvus_crash"]
    ended = subprocess.run([*command, str(place.root), place.uri, step], timeout=120, check=False)
    died = ended.returncode == -9
    assert died or (step == "alter_alias" and milvus.lite().startswith("2."))
    arrived = step == "sweep" or not died
    store = place.store()
    served = [head.id for head in store.current().letters()]
    assert served == (["a", "b"] if arrived else ["a"])
    assert ask(store.current(), "桥梁") == (["b"] if arrived else [])
    with store.draft():
        pass
    kept = sorted(version.version for version in store.versions())
    assert place.collections() == kept
    assert len(kept) == 1 + arrived
    assert place.alias() in (None, name_of(kept[-1]))
    assert before in kept
    publish(store, make_letter("c", "涵洞。"))
    assert ask(store.current(), "涵洞") == ["c"]


def test_a_letter_taken_down_leaves_nothing_in_milvus(place: Place) -> None:
    store = place.store()
    publish(store, make_letter("a"))
    publish(store, make_letter("b", "涵洞。"))
    assert "letters" in [trace.where for trace in traces(place.root, "a")]
    with store.draft() as draft:
        draft.drop("a")
        new = draft.publish().version
    assert "letters" not in [trace.where for trace in traces(place.root, "a")]
    store.prune(1)
    store.tidy()
    assert place.collections() == [new]
    assert traces(place.root, "a") == []


def test_another_data_folder_keeps_its_collections(place: Place, tmp_path: Path) -> None:
    theirs = milvus.store(tmp_path / "other", place.uri)
    reader = publish(theirs, make_letter("z", "涵洞。"))
    store = place.store()
    publish(store, make_letter("a"))
    publish(store, make_letter("b"))
    store.prune(1)
    store.tidy()
    assert ask(reader, "涵洞") == ["z"]


@pytest.mark.skipif("server" not in milvus.kinds(), reason="要 milvus-lite 3.2 当服务")
def test_while_the_server_is_down_it_is_said_and_then_all_goes_on(tmp_path: Path) -> None:
    server = Server(tmp_path / "milvus.db")
    try:
        store = milvus.store(tmp_path / "data", server.uri, timeout=2)
        reader = publish(store, make_letter("a", "水库。"))
        server.kill()
        with pytest.raises(StoreUnreachable, match="KB_MILVUS_URI"):
            ask(reader, "水库")
        with pytest.raises(StoreUnreachable):
            store.current()
        with pytest.raises(StoreUnreachable):
            store.draft()
        server.start()
        assert store.current() is reader
        assert ask(reader, "水库") == ["a"]
        publish(store, make_letter("b", "水库。"))
    finally:
        server.kill()


@pytest.mark.skipif("server" not in milvus.kinds(), reason="milvus-lite 2.5 没有 HNSW")
@pytest.mark.parametrize("index", ["HNSW", "AUTOINDEX"])
def test_an_index_for_many_passages_finds_the_nearest(tmp_path: Path, index: str) -> None:
    store = milvus.store(tmp_path / "data", milvus.server().uri, index=index)
    reader = publish(store, *varied_letters())
    (best, cosine), *_ = reader.nearest(vector_of("道路第3段。\n"), limit=5, scope=ALL)
    assert reader.passage(best).letter_id == "03"
    assert cosine == pytest.approx(1, abs=1e-3)


def test_more_than_milvus_gives_at_once_is_asked_for_in_parts(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(milvus_reader, "MOST", 5)
    monkeypatch.setattr(milvus_reader, "FEWEST", 1)
    reader = publish(place.store(), *varied_letters())
    found = reader.lexical(["道"], limit=24, scope=ALL)
    assert len(found) == 12
    assert found == sorted(found, key=lambda hit: (-hit[1], hit[0]))
    assert [o for o, _ in reader.lexical(["道"], limit=1, scope=ALL)] == [found[0][0]]


def test_of_equally_good_passages_the_first_come(place: Place) -> None:
    reader = publish(place.store(), *(make_letter(f"{n:03}", "水库。") for n in range(300)))
    for limit in (1, 3, 70):
        hits = reader.lexical(["水"], limit=limit, scope=ALL)
        assert [ordinal for ordinal, _ in hits] == [*range(limit)]
        near = reader.nearest(vector_of("水库。"), limit=limit, scope=ALL)
        assert [ordinal for ordinal, _ in near] == [*range(limit)]
