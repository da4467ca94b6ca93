"""Which documents of a source answer a question, and what is left once half of it is cut out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.cards import card_of
from eval.training.asked_examples import Asked, rows
from eval.training.asked_suites import CARDS, cut_in, suite

SAID = "停车场将于十月底前建成并对外开放。"
DOCUMENTS = [
    {"id": "one", "text": f"您好！\n{SAID}收费另行公布。"},
    {"id": "copy", "text": f"感谢来信。{SAID[:6]} {SAID[6:]}请您放心。"},
    {"id": "other", "text": "停车场将于十月底前选定地址。"},
]


def asked(number: int, **changes: Any) -> Asked:
    given = {"docid": "one", "answer": "十月底前", "start": DOCUMENTS[0]["text"].index("十月")}
    question = "停车场哪天建好？"
    return Asked(id=f"q{number}", source="mail", question=question, **(given | changes))


def made(folder: Path, *questions: Asked) -> list[dict[str, Any]]:
    suite(folder, "mail", questions, DOCUMENTS, far=0)
    return rows(folder / "qa.jsonl")


def test_a_document_that_says_the_same_word_for_word_answers_too(tmp_path: Path) -> None:
    assert made(tmp_path, asked(1))[0]["docid"] == ["one", "copy"]


def test_what_is_short_says_elsewhere_something_else(tmp_path: Path) -> None:
    assert made(tmp_path, asked(1, answer="您好", start=0))[0]["docid"] == ["one"]


def test_an_answer_is_cut_out_of_all_that_say_it(tmp_path: Path) -> None:
    made(tmp_path, asked(1), asked(2))
    cut_in(tmp_path)
    left = {row["id"]: row["text"] for row in rows(tmp_path / "docs.jsonl")}
    assert "建成" not in json.dumps(left, ensure_ascii=False)
    assert "选定地址" in left["other"]
    assert [row["kind"] for row in rows(tmp_path / "refuse.jsonl")] == ["cut"]


@pytest.mark.parametrize("source", CARDS)
@pytest.mark.parametrize(("fold", "seen"), [(None, True), (0, False), (1, True)])
def test_a_suite_has_its_card(source: str, fold: int | None, seen: bool, tmp_path: Path) -> None:
    suite(tmp_path, source, [], DOCUMENTS, far=0, fold=fold)
    known = card_of(tmp_path, digest="")
    assert known is not None
    assert known.seen_in_training == (seen or source == "ncp")
