"""``fuwen eval meant`` the whole way, on the sample letters as they are indexed for all tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import eval.meant.command
from eval.__main__ import main
from kb.models.embedding import Embedder
from kb.models.reading import ReadingModel
from kb.settings import Settings
from kb.store.protocol import SnapshotReader

LETTER = "农贸市场.html"
ROWS = [
    {
        "id": "q1",
        "group": "plain",
        "question": "全市有多少家农贸市场？",
        "expect": "quote",
        "parts": [[{"letter": LETTER, "answer": "全市有农贸市场52家"}]],
    },
    # said by a letter that only staff may see
    {
        "id": "q2",
        "group": "refuse",
        "question": "云公函〔2024〕33号是哪天印发的？",
        "expect": "refuse",
    },
]


@pytest.fixture
def suite(tmp_path: Path, model: Embedder, reading: ReadingModel, monkeypatch: Any) -> Path:
    """Two questions, asked of models that are loaded already."""
    monkeypatch.setattr(eval.meant.command, "embedder_of", lambda _: model)
    monkeypatch.setattr(eval.meant.command, "reading_model", lambda _: reading)
    path = tmp_path / "small" / "dev.jsonl"
    path.parent.mkdir()
    written(path, ROWS)
    return path


def written(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_the_table_is_told_and_what_happened_to_each_question_is_kept(
    suite: Path,
    base: SnapshotReader,
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = suite.with_name("results.json")
    assert main(["meant", str(suite), "--data", str(settings.data), "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "题集 small dev：2 题" in told
    assert "| 普通 | 1 | 1 · 100%（21～100） |" in told
    results = json.loads(out.read_text(encoding="utf-8"))
    assert [(row["id"], row["outcome"]) for row in results["per_question"]] == [
        ("q1", "right"),
        ("q2", "rightly_refused"),
    ]


def test_json_has_the_same_and_one_half_can_be_asked_alone(
    suite: Path, base: SnapshotReader, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    written(suite.with_name("kept.jsonl"), [ROWS[1] | {"id": "q3"}])
    folder = str(suite.parent)
    assert main(["meant", folder, "--half", "kept", "--data", str(settings.data), "--json"]) == 0
    results = json.loads(capsys.readouterr().out)
    assert list(results["figures"]) == ["small kept"]
    assert [row["id"] for row in results["per_question"]] == ["q3"]


def test_several_are_told_one_by_one_and_all_together(
    suite: Path, base: SnapshotReader, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    other = suite.parent.with_name("other") / "dev.jsonl"
    other.parent.mkdir()
    written(other, ROWS[1:])
    data = str(settings.data)
    assert main(["meant", str(suite), str(other), "--data", data, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    counted = {name: part["questions"] for name, part in figures.items()}
    assert counted == {"small dev": 2, "other dev": 1, "合计": 3}


def test_an_answer_that_stands_in_no_letter_is_told_before_anything_is_asked(
    suite: Path, base: SnapshotReader, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    written(suite, [ROWS[0] | {"parts": [[{"letter": LETTER, "answer": "一部也不建"}]]}])
    assert main(["meant", str(suite), "--data", str(settings.data)]) == 2
    assert "q1 的答案不在编入的复文里" in capsys.readouterr().err


def test_questions_about_replies_that_are_not_there_are_passed_over(
    suite: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    suite.with_name("replies.txt").write_text("7\n", encoding="utf-8")
    absent = suite.with_name("mail.jsonl.gz")
    assert main(["meant", str(suite.parent), "--replies", str(absent)]) == 0
    out, error = capsys.readouterr()
    assert (out, error.partition("，")[0]) == ("", f"跳过 {suite.parent}：没有 {absent}")
