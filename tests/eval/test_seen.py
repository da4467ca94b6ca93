"""Documents of training, and that a run on them says so first."""

from __future__ import annotations

from pathlib import Path

import pytest

import eval.seen
from eval.seen import main, seen_documents
from eval.summary import summary
from tests.support.finished import results
from tests.support.suites import rows


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eval.seen, "LIST", tmp_path / "seen.txt")
    eval.seen._known.cache_clear()


def test_texts_of_training_are_known_again_white_space_aside(tmp_path: Path) -> None:
    first = rows(tmp_path / "a.jsonl.gz", {"id": "1", "text": "甲 乙"}, {"id": "2", "text": " "})
    second = rows(tmp_path / "b.jsonl", {"id": "3", "reply": "丙"}, {"id": "4"})
    assert main([str(first), str(second), "--field", "text", "reply"]) == 0
    assert seen_documents(["甲\n乙", "丙", "丁", "甲"]) == 2
    assert "甲" not in (tmp_path / "seen.txt").read_text(encoding="ascii")


def test_the_list_that_ships_is_digests() -> None:
    path = Path(eval.seen.__file__).with_name("seen_documents.txt")
    lines = path.read_text(encoding="ascii").split()
    assert lines == sorted(set(lines))
    assert all(len(line) == 12 for line in lines)


@pytest.mark.parametrize(
    ("about", "says"),
    [
        ({"seen_in_training": True, "documents_seen": 3, "card": {}}, "（训练时见过，分数偏高）"),
        ({"seen_in_training": False, "documents_seen": 3, "card": {"x": 1}}, "有 3 份训练时见过"),
        ({"seen_in_training": None, "documents_seen": 0, "card": None}, "（没有题集说明）"),
        ({"seen_in_training": False, "documents_seen": 0, "card": {"x": 1}}, "题集 ncp："),
    ],
)
def test_the_first_line_says_what_the_model_has_seen(about: dict[str, object], says: str) -> None:
    run = results(suite=results()["suite"] | {"not_indexed": []} | about)
    assert says in summary(run).splitlines()[0]
