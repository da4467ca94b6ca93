"""Questions that only name a letter, and those too short to search for."""

from __future__ import annotations

import pytest

from kb.query.bare import only_a_number, scant


@pytest.mark.parametrize(
    "question",
    [
        "澄水函〔2024〕21号",
        "澄水函[2024]21号讲了什么？",
        "请问澄水函（2024）第21号的内容",
        "第21号提案",
        "第２１号提案",
        "21号建议怎么答复的",
        "澄湖市政协三届一次会议第21号提案的答复",
        "市十五届人大四次会议第9号建议",
        "關於第21號提案的答復",
    ],
)
def test_a_number_alone_asks_for_the_letter(question: str) -> None:
    assert only_a_number(question)


@pytest.mark.parametrize(
    "question",
    ["第21号提案是谁提的", "澄水函〔2024〕21号修了几公里", "内河疏浚了吗", "第21号提案的路灯", ""],
)
def test_what_asks_for_more_does_not(question: str) -> None:
    assert not only_a_number(question)


@pytest.mark.parametrize(
    "question", ["路", "12", "？", "。。。", "*", "A", "２０２４", '" "', "- +"]
)
def test_one_character_or_a_figure_is_too_little(question: str) -> None:
    assert scant(question)


@pytest.mark.parametrize("question", ["路灯", "12345", "12号", "公厕 -路灯", "title:公厕"])
def test_two_characters_can_be_searched_for(question: str) -> None:
    assert not scant(question)
