"""Suggested questions: for an empty box, for the words typed, never with personal data."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from kb.search.suggest import MOST, suggestions
from kb.store.protocol import SnapshotReader
from kb.text.tokens import tokens
from kb.types import Heading, Scope, Span
from tests.support.fakes import MemoryStore
from tests.support.letters import make_letter
from tests.support.stores import publish

PUBLIC = Scope(public_only=True)


@pytest.fixture(scope="module")
def reader() -> SnapshotReader:
    store = MemoryStore(tokenize=tokens)
    lift = make_letter(
        "a",
        "电梯的钱由住户分担。下一步打算补贴加装电梯。",
        issuer="住建局",
        proposal_title="关于加装电梯、方便老人的提案",
        issued_on="2023-01-01",
    )
    headings = (
        "一、基本情况",
        "（一）维修资金",
        "二是到2025年加装60部",
        "下一步工作安排",
        "1. 困人救援",
    )
    span = Span(start=0, end=1)
    publish(
        store,
        replace(lift, headings=tuple(Heading(text=t, level=1, span=span) for t in headings)),
        make_letter(
            "b", proposal_title="关于加装充电桩的建议", issuer="发改委", issued_on="2024-01-01"
        ),
        make_letter(
            "c", proposal_title="关于更换电梯的建议", issuer="住建局", issued_on="2025-01-01"
        ),
        make_letter("d", proposal_title="关于桥梁病害的建议", issuer="桥梁处", publicity="closed"),
        make_letter("e", proposal_title="关于13812345678来电的建议", issuer="信访局"),
    )
    return store.current()


def test_an_empty_box_offers_a_question_of_each_organ_the_newest_first(
    reader: SnapshotReader,
) -> None:
    assert suggestions("", reader, scope=PUBLIC) == (
        "更换电梯，下一步有什么打算？",
        "加装充电桩，下一步有什么打算？",
    )


def test_what_begins_with_the_words_typed_goes_before_what_holds_them(
    reader: SnapshotReader,
) -> None:
    assert suggestions(" 加装 ", reader, scope=PUBLIC) == (
        "加装充电桩，下一步有什么打算？",
        "加装电梯，下一步有什么打算？",
    )
    assert suggestions("电梯", reader, scope=PUBLIC) == (
        "更换电梯，下一步有什么打算？",
        "加装电梯，下一步有什么打算？",
    )
    assert suggestions("没有这样的词", reader, scope=PUBLIC) == ()


def test_headings_that_name_a_thing_are_asked_about(reader: SnapshotReader) -> None:
    assert suggestions("维修", reader, scope=PUBLIC) == ("维修资金，目前情况怎么样？",)
    assert suggestions("困人", reader, scope=PUBLIC) == ("困人救援，目前情况怎么样？",)
    for words in ("基本", "60", "安排"):
        assert suggestions(words, reader, scope=PUBLIC) == ()


def test_what_staff_approved_goes_first(reader: SnapshotReader) -> None:
    approved = ("电梯多少钱？", "电梯多少钱？", "加装电梯，下一步有什么打算？")
    assert suggestions("电梯", reader, scope=PUBLIC, approved=approved) == (
        "电梯多少钱？",
        "加装电梯，下一步有什么打算？",
        "更换电梯，下一步有什么打算？",
    )
    assert suggestions("", reader, scope=PUBLIC, approved=approved)[:2] == (
        approved[0],
        approved[2],
    )


def test_nothing_with_personal_data_and_nothing_that_is_not_public_is_offered(
    reader: SnapshotReader,
) -> None:
    approved = ("我的电话13812345678怎么查",)
    assert suggestions("138", reader, scope=PUBLIC, approved=approved) == ()
    assert suggestions("", reader, scope=PUBLIC, approved=approved)[0].startswith("更换电梯")
    assert suggestions("桥梁", reader, scope=PUBLIC) == ()
    assert suggestions("桥梁", reader, scope=Scope()) != ()


def test_a_thousand_letters_are_looked_through_in_five_milliseconds() -> None:
    store = MemoryStore()
    titles = (f"关于{'甲乙丙丁'[n % 4]}类项目{n}改造的提案" for n in range(1000))
    publish(store, *(make_letter(one, proposal_title=one) for one in titles))
    full = store.current()
    assert len(suggestions("改造", full, scope=PUBLIC)) == MOST
    started = time.thread_time()
    for _ in range(20):
        suggestions("九九九改造", full, scope=PUBLIC)
    assert (time.thread_time() - started) / 20 < 0.005


def test_the_same_words_bring_the_same_questions(reader: SnapshotReader) -> None:
    assert suggestions("电", reader, scope=PUBLIC) == suggestions("电", reader, scope=PUBLIC)
