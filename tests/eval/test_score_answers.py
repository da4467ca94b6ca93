"""Answers of any system: how a file of them is read, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.__main__ import main
from eval.compare import compared, losses, read_results
from tests.support.suites import own, rows

TEXT = "市民政局回复：补贴为8万元。\n另有说明若干，补贴为8万元，区县配套４万元。"
DOCS = [
    {"id": "a", "text": TEXT},
    {"id": "b", "text": "别的事。"},
    {"id": "c", "text": "别的 事。"},
]
QA = [
    {
        "id": "q1",
        "docid": "a",
        "question": "补贴多少？",
        "answer": "区县配套4万元",
        "type": "amount",
    },
    {"id": "q2", "docid": "a", "question": "谁回复？", "answer": "市民政局回复", "type": "who"},
]
NONE = {"id": "r1", "question": "几点开门？", "near": "a"}


def quote(text: str, docid: str = "a", **more: Any) -> dict[str, Any]:
    return {"docid": docid, "text": text} | more


def answer(id_: str, *quotes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": id_, "status": "answer" if quotes else "refusal", "quotes": list(quotes)} | more


RIGHT = [answer("q1", quote("区县配套４万元")), answer("q2", quote("市民政局回复")), answer("r1")]


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    folder = own(tmp_path / "mine", *QA, docs=DOCS)
    rows(folder / "refuse.jsonl", NONE)
    return folder


def scored(suite: Path, *answers: dict[str, Any], code: int = 0) -> dict[str, Any]:
    out = suite.parent / "score.json"
    path = rows(suite.parent / "answers.jsonl", *answers)
    assert main(["score", str(suite), str(path), "--out", str(out)]) == code
    results: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return results


def test_answers_are_scored_by_what_they_show(
    suite: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = scored(suite, *RIGHT)
    assert found["outcome"]["counts"] == {"right": 2, "rightly_refused": 1}
    assert found["figures"]["outcome"]["score"] == 1.0
    assert set(found["outcome"]["types"]) == {"amount", "who"}
    assert set(found["outcome"]["baselines"]) == {"always_refuse"}  # it says nothing of passages
    printed = capsys.readouterr().out
    assert printed.index("得分 +1.000") < printed.index("总是拒答 +0.200")


def test_a_quote_is_looked_for_where_it_has_no_offsets_or_wrong_ones(suite: Path) -> None:
    for more in ({}, {"start": 0, "end": 3}, {"start": None, "end": None}, {"start": -5, "end": 2}):
        found = scored(suite, answer("q1", quote("区县配套 4万元", **more)), *RIGHT[1:])
        assert found["outcome"]["counts"]["right"] == 2, more


def test_of_several_places_the_one_that_answers_is_taken(suite: Path) -> None:
    rows(suite / "qa.jsonl", *QA[:1], QA[1] | {"answer": "另有说明若干，补贴为8万元"})
    wide = answer("q2", quote("补贴为8万元"))
    assert scored(suite, RIGHT[0], wide, RIGHT[2])["outcome"]["counts"]["partly"] == 1


def test_letter_is_another_name_of_docid_and_equal_texts_are_one(suite: Path) -> None:
    row = {"letter": "c", "text": "别的事"}
    found = scored(suite, RIGHT[0], answer("q2", row), RIGHT[2])
    assert found["outcome"]["counts"]["wrong"] == 1
    assert found["broken"] == []


def test_words_that_stand_nowhere_cover_nothing_and_fail(
    suite: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made_up = answer("q2", quote("市民政局于昨日回复"))
    found = scored(suite, RIGHT[0], made_up, RIGHT[2], code=1)
    assert found["outcome"]["counts"]["wrong"] == 1
    assert "不是原文：问题 q2" in capsys.readouterr().out


def test_two_systems_can_be_compared(suite: Path) -> None:
    good = scored(suite, *RIGHT)
    bad = scored(
        suite, answer("q1", quote("补贴为8万元")), answer("q2", quote("别的事", "b")), RIGHT[2]
    )
    assert [one.measure for one in losses(compared(good, bad, seed=13))] == ["score"]
    assert read_results(suite.parent / "score.json") == bad


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda rows: rows[:2], "缺 1 题（r1）"),
        (lambda rows: [*rows, answer("zz")], "没有编号为 zz 的问题"),
        (lambda rows: [*rows, rows[0]], "编号 q1 写了两次"),
        (lambda rows: [rows[0] | {"status": "yes"}, *rows[1:]], "answer、refusal、error"),
        (lambda rows: [rows[0] | {"quotes": []}, *rows[1:]], "作答的要有摘录"),
        (lambda rows: [rows[0] | {"status": "refusal"}, *rows[1:]], "作答的要有摘录"),
        (lambda rows: [rows[0] | {"confidence": 7}, *rows[1:]], "confidence 是 7"),
        (lambda rows: [rows[0] | {"confidence": True}, *rows[1:]], "confidence 是 True"),
        (lambda rows: [rows[0] | {"confidance": 1}, *rows[1:]], "不认识的键 'confidance'"),
        (lambda rows: [answer("q1", quote("甲", "zz")), *rows[1:]], "没有编号为 zz 的文件"),
        (lambda rows: [answer("q1", quote(" ")), *rows[1:]], "text 是空的"),
        (lambda rows: [answer("q1", quote("甲", page=1)), *rows[1:]], "不认识的键 'page'"),
        (lambda rows: [rows[0] | {"quotes": "甲"}, *rows[1:]], "quotes 应当是列表"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_scored(
    suite: Path, change: Any, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = rows(suite.parent / "answers.jsonl", *change(RIGHT))
    assert main(["score", str(suite), str(path)]) == 2
    assert says in capsys.readouterr().err


def test_confidence_may_be_left_out_and_then_only_says_what_was_decided(suite: Path) -> None:
    kinds = scored(suite, *RIGHT)["outcome"]["kinds"]
    assert kinds["near"]["auroc"] == 1.0
    sure = [RIGHT[0] | {"confidence": 0.2}, *RIGHT[1:2], answer("r1", confidence=0.4)]
    assert scored(suite, *sure)["outcome"]["kinds"]["near"]["auroc"] == 0.5
