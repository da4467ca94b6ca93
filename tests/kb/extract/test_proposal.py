"""What a proposal asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.extract.proposal import points, title_of

TEXT = """关于加快老旧小区加装电梯的提案

一、现状和问题
1. 补助标准低。每部只补12万元。
二、建议
1. 提高财政补助标准。建议将每部电梯补助提高到20万元。
2. 将管线迁改费用纳入财政资金列支，减轻业主负担。
"""


def told(text: str) -> list[str]:
    return [one.text for one in points(text)]


def test_the_items_under_the_suggestions_are_the_points() -> None:
    assert told(TEXT) == [
        "提高财政补助标准。建议将每部电梯补助提高到20万元",
        "将管线迁改费用纳入财政资金列支，减轻业主负担",
    ]


def test_without_items_the_sentences_that_ask_are() -> None:
    assert told("停车位不够用。希望尽快开放机关单位的停车场。我们感谢。建议实行错时共享停车。") == [
        "希望尽快开放机关单位的停车场",
        "建议实行错时共享停车",
    ]


def test_several_in_one_sentence_are_several() -> None:
    assert told("建议：\n一是增加夜间公交班次和线路；二是延长末班车时间到二十三点。") == [
        "增加夜间公交班次和线路",
        "延长末班车时间到二十三点",
    ]


def test_a_text_that_asks_nothing_has_no_points() -> None:
    assert told("我市有三百个小区。") == []


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (TEXT, "关于加快老旧小区加装电梯的提案"),
        ("加装电梯的事\n已经很久了", "加装电梯的事"),
        ("  \n", ""),
    ],
)
def test_the_title_is_the_proposals_own_or_its_first_line(text: str, title: str) -> None:
    assert title_of(text) == title


@given(
    st.lists(
        st.sampled_from(
            (
                "建议",
                "希望尽快",
                "一是",
                "二是",
                "1. ",
                "2. ",
                "\n",
                "。",
                "；",
                "，",
                "提高补助标准",
                "二、建议",
                "问题",
                " ",
            )
        ),
        max_size=30,
    )
)
def test_every_point_is_verbatim(words: list[str]) -> None:
    text = "".join(words)
    for one in points(text):
        assert one.span.of(text) == one.text
        assert one.text.strip()
