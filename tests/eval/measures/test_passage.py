"""A passage counts if the words of the answer stand in it, in a relevant document."""

from __future__ import annotations

import pytest

from eval.measures.passage import passage
from eval.record import Place
from tests.support.measured import TEXTS, answered, asked, place

# In d1 the answer is the characters 0–13; the line break after the first sentence is 26.
ANSWER = "市财政对每部电梯补助8万元"
ACROSS = "不低于4万元配套。三个月内"  # 17–31 with the line break in between


def row(answer: str, *passages: Place) -> list[float]:
    """passage@1, @3, @5 and @10 of one question."""
    found = passage([answered(asked(answers=[answer]), passages=passages)], TEXTS)
    return [found[f"passage@{k}"]["q1"] for k in (1, 3, 5, 10)]


def test_the_texts_stand_as_the_numbers_here_say() -> None:
    assert TEXTS["d1"][0:13] == ANSWER
    assert TEXTS["d1"][17:31].replace("\n", "") == ACROSS
    assert TEXTS["d1"][25] == "。"
    assert TEXTS["d1"][26] == "\n"


@pytest.mark.parametrize(
    ("passages", "values"),
    [
        ([place("d1", 0, 26)], [1, 1, 1, 1]),
        ([place("d1", 0, 13)], [1, 1, 1, 1]),
        ([place("d1", 0, 12)], [0, 0, 0, 0]),  # one character short
        ([place("d1", 1, 26)], [0, 0, 0, 0]),  # a shifted offset is caught
        ([place("d2", 0, 40)], [0, 0, 0, 0]),  # the words stand there, in a wrong document
        ([place("d2", 0, 40), place("d1", 0, 26)], [0, 1, 1, 1]),
        ([place("d1", 27, 30)] * 3 + [place("d1", 0, 26)], [0, 0, 1, 1]),
        ([place("d1", 27, 30)] * 9 + [place("d1", 0, 26)], [0, 0, 0, 1]),
        ([place("d1", 27, 30)] * 10 + [place("d1", 0, 26)], [0, 0, 0, 0]),
        ([], [0, 0, 0, 0]),
    ],
)
def test_the_first_k_passages_decide(passages: list[Place], values: list[float]) -> None:
    assert row(ANSWER, *passages) == values


@pytest.mark.parametrize(
    ("passages", "values"),
    [
        ([place("d1", 0, 26), place("d1", 27, 36)], [0, 1, 1, 1]),  # only the break between
        ([place("d1", 27, 36), place("d1", 0, 26)], [0, 1, 1, 1]),
        ([place("d1", 0, 25), place("d1", 27, 36)], [0, 0, 0, 0]),  # 。 is missing
        ([place("d1", 0, 26), place("d2", 27, 36)], [0, 0, 0, 0]),
    ],
)
def test_an_answer_may_run_across_neighbours(passages: list[Place], values: list[float]) -> None:
    assert row(ACROSS, *passages) == values


def test_any_of_the_answers_will_do() -> None:
    question = asked(answers=["没有这句话", ANSWER])
    found = passage([answered(question, passages=[place("d1", 0, 26)])], TEXTS)
    assert found["passage@1"]["q1"] == 1


def test_only_questions_with_known_words_count() -> None:
    records = [
        answered(asked("q1")),
        answered(asked("q2", relevant=(), answers=[ANSWER])),
        answered(asked("q3", relevant=["拒收的文件"], answers=[ANSWER])),
    ]
    assert passage(records, TEXTS) == {f"passage@{k}": {"q3": 0} for k in (1, 3, 5, 10)}
