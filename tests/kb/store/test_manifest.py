"""A manifest gives back what was written, or says why it is not to be trusted."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.store.disk import sha256_of
from kb.store.manifest import Unsound, read_sealed, sums, write_sealed


def test_what_was_written_is_read(tmp_path: Path) -> None:
    body = {"版本": "一", "files": {"a/b": "0"}}
    write_sealed(tmp_path / "m.json", body)
    assert read_sealed(tmp_path / "m.json") == body


def test_one_character_changed_shows(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    write_sealed(path, {"letters": 40})
    path.write_text(path.read_text("utf-8").replace("40", "41"), "utf-8")
    with pytest.raises(Unsound, match="改动") as caught:
        read_sealed(path)
    assert not caught.value.newer


def test_every_file_below_the_folder_has_its_sum(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "b").write_text("b")
    (tmp_path / "a").write_text("a")
    assert sums(tmp_path) == {
        "a": sha256_of(tmp_path / "a"),
        "inner/b": sha256_of(tmp_path / "inner" / "b"),
    }
