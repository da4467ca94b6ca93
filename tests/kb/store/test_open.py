"""Which store is opened, and the fingerprint of what shapes a snapshot."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from kb.errors import BadSnapshot, ModelUnusable, WrongUse
from kb.settings import BUNDLED_MODEL, Settings
from kb.store import open
from kb.store.milvus import client
from kb.store.open import fingerprint, open_store
from tests.support import milvus
from tests.support.letters import make_letter
from tests.support.stores import publish

SMALL = shutil.ignore_patterns("model.onnx", "tokenizer.json")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder with the small files of the bundled model."""
    return Path(shutil.copytree(BUNDLED_MODEL, tmp_path / "model", ignore=SMALL))


def test_the_fingerprint_is_the_same_twice_and_names_what_shapes_a_snapshot() -> None:
    made = fingerprint(Settings())
    assert made == fingerprint(Settings())
    assert set(made) == {
        "model",
        "tokenizer",
        "dictionary",
        "masking",
        "letter_rules",
        "passage_rules",
        "schema",
    }


def test_the_fingerprint_changes_with_the_model(copied: Path) -> None:
    before = fingerprint(Settings(model=str(copied)))["model"]
    config = copied / "modules.json"
    config.write_text(config.read_text(encoding="utf-8") + " ", encoding="utf-8")
    after = fingerprint(Settings(model=str(copied)))["model"]
    assert len({before, after, fingerprint(Settings())["model"]}) == 3


def test_a_model_card_does_not_change_the_fingerprint(copied: Path) -> None:
    before = fingerprint(Settings(model=str(copied)))
    (copied / "README.md").write_text("说明", encoding="utf-8")
    assert fingerprint(Settings(model=str(copied))) == before


def test_the_fingerprint_changes_with_the_dictionary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint(Settings())
    longer = tmp_path / "words.txt"
    longer.write_text(open.WORDS.read_text(encoding="utf-8") + "新词\n", encoding="utf-8")
    monkeypatch.setattr(open, "WORDS", longer)
    after = fingerprint(Settings())
    assert {name for name in after if after[name] != before[name]} == {"dictionary"}


def test_settings_that_do_not_shape_a_snapshot_leave_the_fingerprint() -> None:
    assert fingerprint(Settings(threshold=0.9, port=1, lexical_weight=0.1)) == fingerprint(
        Settings()
    )


def test_a_model_that_is_not_there_is_unusable(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match="KB_MODEL"):
        fingerprint(Settings(model=str(tmp_path / "gone")))


def test_the_local_store_opens_in_the_data_folder(tmp_path: Path) -> None:
    store = open_store(Settings(data=tmp_path / "data"))
    assert store.versions() == []


def test_what_finds_passages_is_part_of_what_shapes_a_snapshot() -> None:
    assert "store" not in fingerprint(Settings())
    assert fingerprint(Settings(store="milvus", milvus_uri="m.db"))["store"] == "milvus"


def test_without_pymilvus_the_store_by_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(client, "find_spec", lambda name: None)
    with pytest.raises(WrongUse, match="fuwen\\[milvus\\]"):
        open_store(Settings(data=tmp_path, store="milvus", milvus_uri="m.db"))


@milvus.NEEDED
def test_a_snapshot_of_the_local_store_is_refused_by_milvus_and_says_why(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    publish(open_store(settings), make_letter("a"))
    by_milvus = replace(settings, store="milvus", milvus_uri=str(tmp_path / "m.db"))
    with pytest.raises(BadSnapshot, match="store（快照 无，现在 milvus）"):
        open_store(by_milvus).current()
