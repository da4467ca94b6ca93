"""Questions of a bare word or two are told from those that ask something."""

from __future__ import annotations

import pytest

from kb.query.subject import bare_subject
from kb.store.protocol import SnapshotReader
from tests.support.asking import parsed, two_letters


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return two_letters(tmp_path_factory.mktemp("base"))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("电梯", ("电梯",)),
        ("电梯？", ("电梯",)),
        ("請問電梯", ("电梯",)),
        ("加装电梯", ("加装电梯",)),
        ("养老 食堂", ("养老", "食堂")),
        ("垃圾", ("垃圾",)),
        ("KTV", ("ktv",)),
    ],
)
def test_a_bare_word_is_a_subject(
    question: str, words: tuple[str, ...], reader: SnapshotReader
) -> None:
    assert bare_subject(parsed(question, reader)) == words


@pytest.mark.parametrize(
    "question",
    [
        "电梯补贴",
        "电梯多少钱",
        "电梯坏了",
        "民政局",
        "云岭市民政局",
        "2024年",
        "2024年电梯",
        "第086号提案",
        "12345",
        "多少钱",
        "什么时候",
        "电梯 充电桩 停车位",
        "有哪些提案",
        "文号",
        "云岭市",
        "5G",
        "下一步打算",
        "路",
    ],
)
def test_what_asks_or_names_is_none(question: str, reader: SnapshotReader) -> None:
    assert bare_subject(parsed(question, reader)) == ()
