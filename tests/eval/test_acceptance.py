"""The acceptance of a store: what it tries, what it tells, and that it leaves nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.__main__ import main
from kb.settings import Settings
from kb.store.local.reader import LocalReader
from kb.store.protocol import SnapshotReader
from tests.conftest import CORPUS
from tests.support import milvus

QUESTIONS = CORPUS / "questions.jsonl"


def accepted(tmp_path: Path, settings: Settings, *more: str) -> int:
    given = [str(QUESTIONS), "--data", str(settings.data), "--work", str(tmp_path / "work")]
    return main(["acceptance", *given, "--questions", "6", *more])


def test_our_own_store_is_accepted_and_nothing_is_left(
    tmp_path: Path, base: SnapshotReader, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert accepted(tmp_path, settings, "--store", "local") == 0
    told = capsys.readouterr().out
    assert "没有通过" not in told
    for what in ("编入", "与单机相同", "两种检索", "换快照", "退回", "清理", "边换边问"):
        assert f"通过  {what}：" in told
    assert not (tmp_path / "work").exists()


def test_a_store_that_finds_something_else_is_not_accepted(
    tmp_path: Path, base: SnapshotReader, settings: Settings,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    real = LocalReader.lexical

    def lexical(self: LocalReader, *given, **more):  # type: ignore[no-untyped-def]
        found = real(self, *given, **more)
        return found[1:] if self._folder.is_relative_to(tmp_path) else found

    monkeypatch.setattr(LocalReader, "lexical", lexical)
    assert accepted(tmp_path, settings, "--store", "local") == 1
    assert "没有通过  与单机相同：" in capsys.readouterr().out


@milvus.NEEDED
def test_milvus_is_accepted_and_no_collection_is_left(
    tmp_path: Path, base: SnapshotReader, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = milvus.address(tmp_path, milvus.kinds()[-1])
    monkeypatch.setenv("KB_MILVUS_URI", uri)
    assert accepted(tmp_path, settings) == 0
    left = milvus.Milvus(milvus.Address(uri=uri, timeout=30))("list_collections")
    assert not [name for name in left if name.startswith("acceptance_")]


@pytest.mark.parametrize("words", ["", "[]", json.dumps({"text": "问"})])
def test_questions_that_cannot_be_read_are_told(
    tmp_path: Path, settings: Settings, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "q.jsonl").write_text(words, "utf-8")
    given = ["acceptance", str(tmp_path / "q.jsonl"), "--data", str(settings.data)]
    assert main(given) == 2
    assert "问题" in capsys.readouterr().err
