"""Questions of several sources, and that our own stand where they say."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from eval.training.asked_examples import asked_of, rows
from eval.training.reader_examples import ANNOTATIONS, LETTERS
from kb.text.chars import bare

TEXTS = {"mail": {"m": "十月底前建成。"}, "letters": {"l": "每户补助三千元。"}}


def written(path: Path, *lines: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_a_question_is_of_the_source_of_its_document(tmp_path: Path) -> None:
    path = written(
        tmp_path / "asked.jsonl",
        {"id": "1", "docid": "m", "start": 0, "end": 4, "question": "哪天好？"},
        {"id": "2", "near": "l", "question": "何时发？"},
        {"id": "3", "near": "elsewhere", "question": "谁管？"},
    )
    first, second = asked_of([path], TEXTS)
    assert (first.source, first.answer, first.near) == ("mail", "十月底前", "")
    assert (second.source, second.answer, second.near) == ("letters", "", "l")


def test_the_questions_on_our_own_letters_stand_in_them() -> None:
    texts = {row["id"]: row["text"] for row in rows(LETTERS)}
    asked = rows(ANNOTATIONS / "letters_asked.jsonl")
    assert len({row["id"] for row in asked}) == len(asked)
    for row in asked:
        if "docid" in row:
            words = texts[row["docid"]][row["start"] : row["end"]]
            assert bare(words)
            assert texts[row["docid"]].count(words) == 1, row
        else:
            assert row["near"] in texts
    about = Counter(row.get("docid") or row["near"] for row in asked)
    assert set(about) == set(texts)
