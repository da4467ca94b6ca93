"""Drafts of the local store: what they do not do again, what they survive, what they sweep up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kb.store.local.store import LocalStore
from tests.support.fakes import cut, make_letter, tokenize
from tests.support.stores import ask, local, publish, put, varied_letters


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


def test_the_first_draft_of_a_new_model_may_have_another_dimension(tmp_path: Path) -> None:
    publish(local(tmp_path), make_letter("a"))
    letter = make_letter("b", "一。")
    one = np.ones((1, 1), dtype=np.float32)
    store = local(tmp_path, model="tiny")
    with store.draft() as draft:
        draft.put(letter, cut(letter), source="s", digest="d", vectors=one, sentence_vectors=[one])
        draft.publish()
    assert store.current().vectors([0]).shape == (1, 1)
