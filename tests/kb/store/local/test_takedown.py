"""What was taken down stays down, whatever happens to the versions after it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kb.errors import BadSnapshot
from kb.store.local import takedown
from kb.store.local.store import LocalStore
from kb.types import Letter
from tests.support.fakes import make_letter
from tests.support.stores import local, publish, put

ROAD = make_letter("a", "公路已经修好。")
CLOSED: Letter = replace(ROAD, publicity="closed")


def damaged(store: LocalStore, tmp_path: Path) -> LocalStore:
    """The same folder, its newest version damaged, as a new process finds it."""
    newest = store.versions()[0].version
    file = tmp_path / "data" / "snapshots" / newest / "letters.db"
    file.chmod(0o600)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    return local(tmp_path)


def without(store: LocalStore, letter_id: str) -> None:
    with store.draft() as draft:
        draft.drop(letter_id)
        put(draft, make_letter("b", "路灯"))
        draft.publish()


def test_a_version_with_a_letter_that_was_closed_since_stands_in_for_none(tmp_path: Path) -> None:
    store = local(tmp_path)
    publish(store, ROAD)
    publish(store, CLOSED)
    with pytest.raises(BadSnapshot, match="1 份后来撤下或不再公开"):
        damaged(store, tmp_path).current()


def test_a_reader_in_use_stands_in_only_if_nothing_was_taken_down(tmp_path: Path) -> None:
    serving = local(tmp_path)
    publish(serving, ROAD)
    assert serving.current().letter("a").publicity == "public"
    publish(local(tmp_path), CLOSED)
    damaged(serving, tmp_path)
    with pytest.raises(BadSnapshot):
        serving.current()


@pytest.mark.parametrize(
    "closing", [lambda store: publish(store, CLOSED), lambda store: without(store, "a")]
)
def test_going_back_to_it_has_to_be_asked_for(tmp_path: Path, closing: object) -> None:
    store = local(tmp_path)
    first = publish(store, ROAD).snapshot.version
    assert callable(closing)
    closing(store)
    with pytest.raises(BadSnapshot, match="--republish"):
        store.rollback()
    assert store.current().snapshot.version != first
    assert store.rollback(republish=True).version == first
    assert takedown.shown_by(tmp_path / "data", tmp_path / "data" / "snapshots" / first) == []


def test_what_is_public_again_or_has_another_id_hinders_nothing(tmp_path: Path) -> None:
    store = local(tmp_path)
    first = publish(store, ROAD).snapshot.version
    publish(store, CLOSED)
    publish(store, ROAD)
    assert store.rollback(first).version == first
    with store.draft() as draft:
        draft.drop("a")
        put(draft, replace(ROAD, id="moved"))
        draft.publish()
    assert store.rollback(first).version == first


def test_a_list_that_cannot_be_read_lets_no_older_version_be_shown(tmp_path: Path) -> None:
    store = local(tmp_path)
    first = publish(store, ROAD).snapshot.version
    publish(store, CLOSED)
    (tmp_path / "data" / takedown.NAME).write_text("{}", "utf-8")
    with pytest.raises(BadSnapshot, match=takedown.NAME):
        store.rollback(first)


def test_what_new_rules_leave_out_is_taken_down_too(tmp_path: Path) -> None:
    publish(local(tmp_path), ROAD)
    with local(tmp_path, rules="2").draft() as draft:
        assert draft.base is None
        put(draft, make_letter("b", "路灯"))
        draft.publish()
    assert list(takedown.known(tmp_path / "data")) == ["a"]
