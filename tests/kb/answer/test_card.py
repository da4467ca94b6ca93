"""A question that only names a letter is answered by what the letter is and says."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.answer.ask import ask
from kb.replies import Answer, Refusal, Reply
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from tests.support.asking import FakeModel, base_of, letter_text, parsed, two_letters


def reply(question: str, reader: SnapshotReader) -> Reply:
    return ask(parsed(question, reader), reader, FakeModel(), settings=Settings())


@pytest.mark.parametrize(
    "question",
    ["云民函〔2024〕7号", "云民函[2024]7号讲了什么", "第86号提案", "第086号提案怎么答复的"],
)
def test_a_number_alone_is_answered_by_the_card(tmp_path: Path, question: str) -> None:
    reader = two_letters(tmp_path)
    answer = reply(question, reader)
    assert isinstance(answer, Answer)
    told = [(quote.about, quote.text) for quote in answer.quotes]
    assert told == [
        ("题目", "对市政协五届三次会议第086号提案的答复"),
        ("称呼", "徐秀叶委员"),
        ("发文单位", "云岭市民政局"),
        ("日期", "2024年5月6日"),
        ("主要内容", "全市建成养老服务中心56处，惠及老人3200人。"),
        ("下一步", "我们将新建食堂12家。"),
    ]
    text = reader.letter("care").text
    assert all(quote.span.of(text) == quote.text for quote in answer.quotes)


def test_a_letter_that_was_read_twice_has_one_card(tmp_path: Path) -> None:
    answer = reply("云民函〔2024〕7号", base_of(tmp_path, letter_text(), letter_text()))
    assert isinstance(answer, Answer)
    assert {quote.letter_id for quote in answer.quotes} == {"0"}


def test_a_question_for_a_field_is_no_question_for_the_card(tmp_path: Path) -> None:
    answer = reply("云民函〔2024〕7号是谁签发的", two_letters(tmp_path))
    assert isinstance(answer, Answer)
    assert [quote.text for quote in answer.quotes] == ["签发人：王文成"]


def test_a_class_that_no_rule_read_is_shown_where_it_stands(tmp_path: Path) -> None:
    text = letter_text().replace("办理结果：A\n", "按丙类件办理\n")
    answer = reply("第86号提案是哪一类", base_of(tmp_path, text))
    assert isinstance(answer, Answer)
    assert [quote.text for quote in answer.quotes] == ["丙类"]


def test_a_proposal_that_is_only_mentioned_is_told_so(tmp_path: Path) -> None:
    text = letter_text(body="一、情况\n去年第512号提案办理时已建成食堂12家。")
    refusal = reply("第512号提案", base_of(tmp_path, text))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "only_mentioned"
    assert [near.citation.letter_id for near in refusal.nearest] == ["0"]


@pytest.mark.parametrize("question", ["路", "12", "？？"])
def test_too_little_is_asked_to_say_more(tmp_path: Path, question: str) -> None:
    refusal = reply(question, two_letters(tmp_path))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "say_more"
    assert "多写几个字" in refusal.reason


def test_copies_of_a_letter_are_counted_once_and_named(tmp_path: Path) -> None:
    reader = base_of(
        tmp_path, letter_text(), letter_text(), letter_text("云民函〔2024〕8号", proposal="087")
    )
    listed = reply("云岭市民政局答复了多少件提案", reader)
    assert listed.count == 2  # type: ignore[union-attr]
    assert "0 另存为 1" in listed.caption  # type: ignore[union-attr]
