"""Which store is opened, and the fingerprint of what shapes a snapshot."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kb.errors import ModelUnusable
from kb.settings import BUNDLED_MODEL, Settings
from kb.store import open
from kb.store.open import fingerprint, open_local

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
    store = open_local(Settings(data=tmp_path / "data"))
    assert store.versions() == []
