"""Questions for how things stand now, and the words that only press for it."""

from __future__ import annotations

import pytest

from kb.query.current import asks_now, without_pressing


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("撤桶并点现在到底弄了多少个小区了", "撤桶并点现在弄了多少个小区了"),
        ("公交客流的最新数字是多少", "公交客流是多少"),
        ("目前究竟有多少家食堂", "目前有多少家食堂"),
        ("电梯维保的最新情况怎么样", "电梯维保怎么样"),
    ],
)
def test_words_that_press_for_the_newest_are_not_searched_for(question: str, left: str) -> None:
    assert asks_now(question)
    assert without_pressing(question) == left


@pytest.mark.parametrize(
    "question", ["最新的补助标准是多少", "充电桩一共多少个", "最新情况", "2024年建了几座"]
)
def test_what_says_what_is_asked_is_left_as_it_is(question: str) -> None:
    assert without_pressing(question) == question


def test_a_question_for_what_was_said_once_asks_not_for_now() -> None:
    assert not asks_now("2022年说要建多少座")


@pytest.mark.parametrize(
    "question",
    ["加装电梯一共建成多少部了", "公用充电桩有多少个", "排水口还有几个没改", "食堂建成了多少家"],
)
def test_a_count_without_a_year_is_of_now(question: str) -> None:
    assert asks_now(question)


@pytest.mark.parametrize(
    "question",
    ["2024年建成了多少部电梯", "计划一共建多少家食堂", "关于停车的答复有几份", "去年装了多少部"],
)
def test_a_count_of_a_year_of_a_plan_or_of_letters_is_not(question: str) -> None:
    assert not asks_now(question)
