"""SQuAD's form: paragraphs are documents, and the references vote on what is right."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path

import pytest

from eval.suites import load
from tests.support.suites import refused, said, squad, write


@pytest.mark.parametrize(
    ("references", "group", "answers"),
    [
        (["甲"], "", ("甲",)),
        (["甲", "甲", "乙。"], "", ("甲", "乙。")),
        (["甲", "", "甲"], "", ("甲",)),
        (["甲", ""], "", ("甲",)),
        (["甲", "YES", "甲"], "", ("甲",)),
        (["甲", "YES"], "", ("甲",)),
        (["甲", "YES", ""], "", ("甲",)),
        ([], "unanswerable", ()),
        (["", "", ""], "unanswerable", ()),
        (["甲", "", ""], "unanswerable", ()),
        (["NO", "", ""], "unanswerable", ()),
        (["YES", "YES", "YES"], "yes_no", ()),
        (["YES", "NO", "NO"], "yes_no", ()),
        (["NO", "", "NO"], "yes_no", ()),
        (["NO", "YES", "甲"], "yes_no", ()),
    ],
)
def test_the_references_vote_on_what_is_right(
    tmp_path: Path, references: list[str], group: str, answers: tuple[str, ...]
) -> None:
    (question,) = load(squad(tmp_path / "s.json", said(*references))).questions
    assert (question.group, question.answers) == (group, answers)
    assert question.answerable == (group != "unanswerable")


def test_yes_that_stands_in_the_text_is_an_answer(tmp_path: Path) -> None:
    path = squad(tmp_path / "s.json", [{"text": "YES", "answer_start": 3}])
    assert load(path).questions[0].answers == ("YES",)


def test_the_flag_of_impossible_questions_yields_to_the_references(tmp_path: Path) -> None:
    path = squad(tmp_path / "s.json", said("甲", "甲"), [])
    content = json.loads(path.read_text())
    for question in content["data"][0]["paragraphs"][0]["qas"]:
        question["is_impossible"] = "true"
        question["plausible_answers"] = said("乙")
    write(path, json.dumps(content))
    assert [one.answerable for one in load(path).questions] == [True, False]


def test_paragraphs_are_documents_with_ids_of_their_own(tmp_path: Path) -> None:
    titled: list[tuple[str | None, list[str | int | None]]] = [
        ("天 空", [None, None]),
        ("x", ["P1", 7]),
        ("天 空", [None]),
        (None, [None]),
        ("\u3000\u200b", [None]),
        ("4", [None]),
    ]
    numbers = count()
    articles = [
        {
            "title": title,
            "paragraphs": [
                {
                    "id": identity,
                    "context": "文",
                    "qas": [{"id": next(numbers), "question": "", "answers": said("文")}],
                }
                for identity in identities
            ],
        }
        for title, identities in titled
    ]
    path = write(tmp_path / "set.json.gz", json.dumps({"data": articles}))
    suite = load(path)
    assert suite.name == "set"
    ids = ["天 空#1", "天 空#2", "P1", "7", "天 空#3", "4#1", "5#1", "4#2"]
    assert [one.id for one in suite.documents] == ids
    assert [one.title for one in suite.documents][:3] == ["天 空", "天 空", "x"]
    assert [next(iter(one.relevant)) for one in suite.questions] == ids


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("[]", ("JSON 对象",)),
        ("{}", ("缺少 data",)),
        ('{"data": {}}', ("data 应当是列表",)),
        ('{"data": [3]}', ("data[0]", "JSON 对象")),
        ('{"data": [{"paragraphs": [{"qas": []}]}]}', ("data[0] paragraphs[0]", "缺少 context")),
        ('{"data": []}', ("一个问题也没有",)),
        ('{"data": ', ("不是合法的 JSON",)),
        ('{"data": [{"title": "\\ud83d", "paragraphs": []}]}', ("孤立代理项",)),
    ],
)
def test_a_bad_place_of_squads_file_is_named(
    tmp_path: Path, content: str, parts: tuple[str, ...]
) -> None:
    refused(write(tmp_path / "s.json", content), "s.json", *parts)


def test_a_question_id_given_twice_is_refused(tmp_path: Path) -> None:
    path = squad(tmp_path / "s.json", said("甲"), said("乙"))
    path.write_text(path.read_text().replace("q1", "q0"))
    refused(path, "s.json data[0] paragraphs[0] qas[1]", "编号 q0 已经用过")
