"""``index verify --gone``: says what is left of a letter, and takes it away where told to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import indexer.__main__ as indexing
from tests.support.asking import FakeModel, letter_text


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two letters that were indexed, of which one was taken down since."""
    monkeypatch.setenv("KB_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(indexing, "embedder_of", lambda _: FakeModel())
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number in (7, 8):
        (folder / f"{number}.txt").write_text(letter_text(f"云民函〔2024〕{number}号"), "utf-8")
    indexing.main(["update", str(folder)])
    (folder / "8.txt").unlink()
    indexing.main(["update", str(folder)])
    return folder


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = indexing.main(["verify", *words, "--json"])
    return code, json.loads(capsys.readouterr().out or "{}")


@pytest.mark.usefixtures("inbox")
def test_what_is_left_is_said_then_mended_then_gone(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = told(capsys, "--gone", "8.txt")
    assert (code, said["gone"]) == (1, False)
    assert told(capsys, "--gone", "8.txt", "--mend") == (0, {"gone": True, "left": []})
    assert told(capsys, "--gone", "8.txt") == (0, {"gone": True, "left": []})


@pytest.mark.usefixtures("inbox")
def test_in_words_it_says_how_to_mend(capsys: pytest.CaptureFixture[str]) -> None:
    assert indexing.main(["verify", "--gone", "8.txt"]) == 1
    out = capsys.readouterr().out
    assert "可以清除：旧快照" in out
    assert "fuwen index verify --gone 8.txt --mend" in out


@pytest.mark.usefixtures("inbox")
def test_a_letter_that_is_served_is_not_mended(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "--gone", "7.txt")[0] == 1
    assert told(capsys, "--gone", "7.txt", "--mend")[0] == 2


@pytest.mark.usefixtures("inbox")
def test_mending_without_a_letter_is_wrong_use() -> None:
    assert indexing.main(["verify", "--mend"]) == 2
