"""Pairs of words that questions and answers go together in, and what a list of them is worth."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.training.propose_synonyms import (
    Asked,
    Words,
    asked_in,
    documents_in,
    fitted,
    main,
    passages,
    proposals,
    recalls,
    sentence_of,
)
from kb.types import Span

DOCUMENTS = {
    "a": "出租车不打表，由交通运输局处罚。",
    "b": "盲道被占用，由城管部门清理。",
    "d": "公园长椅已经修好。",
}


def test_words_that_go_together_are_proposed_before_those_that_do_not() -> None:
    pairs = [(["的士", "哪"], ["出租车", "乘坐"])] * 4 + [(["公交", "哪"], ["公交", "乘坐"])] * 4
    first = proposals(pairs)[0]
    assert (first.everyday, first.official, first.count) == ("的士", "出租车", 4)
    assert "公交" not in {each.everyday for each in proposals(pairs)}


def test_the_best_passage_ranks_a_document_and_equals_count_against_it() -> None:
    words = Words(DOCUMENTS)
    assert words.rank("a", words.scores(["出租车"])) == 1
    assert {words.rank(name, words.scores(["由"])) for name in "ab"} <= {1, 2}
    assert words.rank("d", words.scores(["没有这词"])) == 3


def test_a_list_of_synonyms_finds_what_the_question_calls_by_another_name(tmp_path: Path) -> None:
    listed = tmp_path / "synonyms.txt"
    listed.write_text("的士 出租车\n", encoding="utf-8")
    asked = [Asked(docid="a", question="的士", answer=None)]
    words = Words(DOCUMENTS | {f"n{n}": "的士。" for n in range(20)})
    assert recalls(asked, words, listed=None) == (0.0, 0.0)
    assert recalls(asked, words, listed=listed)[1] == 1.0


def test_passages_are_every_sentence_once() -> None:
    text = "路灯坏了。" * 300
    assert "".join(passages(text)) == text
    assert all(len(each) < 500 for each in passages(text))


def test_the_sentence_of_an_answer_is_whole() -> None:
    assert sentence_of("甲。乙丙丁。戊。", Span(start=3, end=4)) == "乙丙丁。"


@pytest.mark.parametrize("judged", [False, True])
def test_the_command_prints_pairs_and_recalls(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *, judged: bool
) -> None:
    qa = [
        {"docid": d, "question": "谁来管？", "start": 0, "end": 3} for d in DOCUMENTS for _ in "123"
    ]
    docs = [{"id": name, "text": text} for name, text in DOCUMENTS.items()]
    for name, content in (("qa", qa), ("docs", docs)):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in content)
        (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    given = [str(tmp_path / "qa.jsonl"), str(tmp_path / "docs.jsonl")]
    assert len(asked_in(tmp_path / "qa.jsonl")) == 9
    assert documents_in([tmp_path / "docs.jsonl"], frozenset("a")) == {"a": DOCUMENTS["a"]}
    assert {fitted(name) for name in DOCUMENTS} == {True, False}
    assert main([*given, *(["--judge", str(tmp_path)] if judged else [])]) == 0
    assert capsys.readouterr().out.count("R@5") == (6 if judged else 3)
