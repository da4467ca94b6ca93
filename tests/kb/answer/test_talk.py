"""What is said to small talk, and to questions for a guide."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kb.answer.ask import ask
from kb.answer.talk import SAID
from kb.query.directory import directory_of
from kb.query.talk import WORDS
from kb.query.understand import understood
from kb.replies import Notice, Refusal, Reply
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from tests.support.asking import ALL, FakeModel, two_letters


@pytest.fixture
def reader(tmp_path: Path) -> SnapshotReader:
    return two_letters(tmp_path)


def _said(message: str, reader: SnapshotReader) -> Reply:
    query = understood(message, directory_of(reader, ALL), settings=Settings()).query
    return ask(query, reader, FakeModel(), settings=Settings())


def test_every_code_has_its_sentence() -> None:
    codes = tomllib.loads(WORDS.read_text(encoding="utf-8"))["talk"]
    assert set(SAID) == {*codes, "foreign", "pinyin", "nonsense"}


@pytest.mark.parametrize("message", ["你好，在吗", "谢谢你", "傻子", "转人工", "哈哈哈"])
def test_small_talk_is_told_one_fixed_sentence(message: str, reader: SnapshotReader) -> None:
    reply = _said(message, reader)
    assert isinstance(reply, Notice)
    assert reply.text in SAID.values()
    assert reply.lang == "zh-CN"


def test_english_is_answered_in_english(reader: SnapshotReader) -> None:
    reply = _said("How much is the subsidy for a lift?", reader)
    assert isinstance(reply, Notice)
    assert (reply.code, reply.lang) == ("foreign", "en")


def test_an_able_reply_gives_questions_to_try(reader: SnapshotReader) -> None:
    reply = _said("能问什么", reader)
    assert isinstance(reply, Notice)
    assert reply.options


def test_who_asks_for_a_guide_is_told_what_this_is(reader: SnapshotReader) -> None:
    reply = _said("护照丢了去哪里补办", reader)
    assert isinstance(reply, Refusal)
    assert reply.code == "not_a_guide"
    assert "不是办事指南" in reply.reason
