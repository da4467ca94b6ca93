"""What was asked is printed before some replies; it is never quoted as one."""

from __future__ import annotations

import pytest

from kb.text.asked import asked_parts
from kb.text.sentences import answers_from, quotable
from kb.types import Span
from tests.support.indexed import letter_of

WISH = "镇里的图书室只有两百册书，希望再添一千册。"
REPLY = "镇图书室今年添书六百册，明年再添四百册。"
CARDS = [
    f"建议号：7号\n内 容：\n{WISH}\n承办单位：文旅局\n关于第7号建议的答复\n沈砚代表：\n"
    f"您的建议收悉，现答复如下：\n{REPLY}",
    f"来信内容：{WISH}\n答复部门：文旅局\n答复内容：{REPLY}",
    f"来信内容\t{WISH}\n答复内容\t{REPLY}",
    f"留言内容：\n{WISH}\n官方回复：\n{REPLY}",
    f"提案内容：{WISH}\n沈砚委员：\n您的提案收悉，现答复如下：\n{REPLY}",
    f"詳情：{WISH}\n辦理情況\n{REPLY}",
]


@pytest.mark.parametrize("text", CARDS)
def test_the_words_of_who_asked_are_not_quotable_and_the_reply_is(text: str) -> None:
    letter = letter_of(text)
    for words, may in ((WISH, False), (REPLY, True)):
        start = letter.text.index(words)
        assert quotable(letter, Span(start=start, end=start + len(words))) is may


@pytest.mark.parametrize(
    "text",
    [
        f"关于第7号建议的答复\n沈砚代表：\n您的建议收悉，现答复如下：\n一、改造内容：\n{REPLY}",
        f"主要内容：\n{REPLY}",
    ],
)
def test_a_label_without_a_reply_behind_it_hides_nothing(text: str) -> None:
    assert asked_parts(text) == ()


def test_the_answer_begins_behind_the_last_receipt() -> None:
    letter = letter_of(f"关于第7号建议的答复\n沈砚代表：\n您的建议收悉。现答复如下：{REPLY}")
    assert letter.text[answers_from(letter) :] == REPLY
