"""A suite in others' forms: what they read is what stood in it, every answer at its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.__main__ import main
from eval.suite import BadSuite
from eval.suites import load
from tests.support.suites import own, rows

TEXT = "𠮷田街道：市级财政对每部电梯补助８万元，区县按不低于4万元配套。\n补助8万元。"
DOCS = [
    {"id": "a", "text": TEXT, "title": "电梯"},
    {"id": "b", "text": "今年新建公园6个。"},
]
QA = [
    {"id": "q1", "docid": "a", "question": "补多少？", "answer": ["补助 8 万元", "８万元"]},
    {"id": "q2", "docid": ["b", "a"], "question": "区县呢？", "answer": "不低于4万元"},
]


def suite(folder: Path, *qa: object) -> Path:
    own(folder, *(qa or QA), docs=DOCS)
    rows(
        folder / "refuse.jsonl",
        {"id": "r1", "question": "学校呢？", "kind": "near", "near": "b"},
        {"id": "r2", "question": "天气呢？"},
    )
    return folder


def test_beir_reads_the_same_documents_questions_and_grades(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = suite(tmp_path / "suite")
    assert main(["export", str(given), str(tmp_path / "out"), "--form", "beir"]) == 0
    assert "问题 2 个；2 个写不进 beir：r1、r2" in capsys.readouterr().out
    found, before = load(tmp_path / "out", form="beir"), load(given)
    assert [(d.id, d.title, d.text) for d in found.documents] == [
        (d.id, d.title, d.text) for d in before.documents
    ]
    assert {q.id: q.relevant for q in found.questions} == {
        q.id: q.relevant for q in before.questions if q.answerable
    }


def test_cmrc_has_every_answer_at_its_place_in_code_points(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = suite(tmp_path / "suite")
    assert main(["export", str(given), str(tmp_path / "out"), "--form", "cmrc"]) == 0
    assert "问题 3 个；1 个写不进 cmrc：r2" in capsys.readouterr().out
    path = tmp_path / "out" / "cmrc.json"
    answers = {}
    for article in json.loads(path.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for asked in paragraph["qas"]:
                for answer in asked["answers"]:
                    start, text = answer["answer_start"], answer["text"]
                    assert paragraph["context"][start : start + len(text)] == text
                answers[asked["id"]] = (paragraph["id"], [a["text"] for a in asked["answers"]])
    # As the document has it: the wide figure, no spaces, the first place.
    assert answers == {
        "q1": ("a", ["补助８万元", "８万元"]), "q2": ("a", ["不低于4万元"]), "r1": ("b", []),
    }  # fmt: skip
    found = load(path)
    assert {d.id: d.text for d in found.documents} == {d["id"]: d["text"] for d in DOCS}
    assert {q.id: q.answerable for q in found.questions} == {"q1": True, "q2": True, "r1": False}


def test_an_answer_that_stands_nowhere_names_its_question_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = {"id": "q9", "docid": "a", "question": "几部？", "answer": "一百部"}
    given = suite(tmp_path / "suite", *QA, wrong)
    assert main(["export", str(given), str(tmp_path / "out"), "--form", "cmrc"]) == 2
    assert "问题 q9：答案“一百部”不在它的文件 a 里" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["suite"]
    with pytest.raises(BadSuite):
        load(tmp_path / "out")


def test_a_folder_with_something_in_it_is_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = suite(tmp_path / "suite")
    assert main(["export", str(given), str(given), "--form", "beir"]) == 2
    assert "已经有东西" in capsys.readouterr().err
    assert not (given / "corpus.jsonl").exists()
