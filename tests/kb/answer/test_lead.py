"""The word before the first quote: of a fixed list or of the quote, and checked like it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kb.answer import ask as asking
from kb.answer.ask import ask
from kb.answer.lead import LEAST, led
from kb.answer.quotes import NotVerbatim, verify
from kb.query.directory import directory_of
from kb.query.parse import Query, parse
from kb.replies import LEADS, Answer, Lead
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.types import Span
from tests.kb.answer.test_rerank import Finds
from tests.support.asking import ALL, FakeModel, base_of, letter_text

BODY = """一、情况
每部电梯补助8万元。一楼住户不得安装护栏。社区食堂已于5月10日建成。盲道尚未修好，正在招标。
外地老人可以在社区食堂用餐。村里没有路灯。"""
SETTINGS = replace(Settings(), threshold=0.0, read=2)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return base_of(tmp_path_factory.mktemp("data"), letter_text(body=BODY), ids=["one"])


def query_of(question: str, reader: SnapshotReader) -> Query:
    return parse(question, directory_of(reader, ALL), settings=SETTINGS)


def asked(question: str, reader: SnapshotReader, words: str) -> Answer:
    query = query_of(question, reader)
    reply = ask(query, reader, FakeModel(), model=Finds(words), settings=SETTINGS)
    assert isinstance(reply, Answer)
    return reply


@pytest.mark.parametrize(
    ("question", "words", "told"),
    [
        ("一楼能不能装护栏？", "不得安装护栏", "不可以"),
        ("外地老人可以在食堂吃饭吗", "可以在社区食堂用餐", "可以"),
        ("社区食堂建成了没有", "已于5月10日建成", "是"),
        ("盲道修好了没有？", "尚未修好", "还没有"),
        ("村里有没有路灯", "没有路灯", "没有"),
        ("每部电梯补助多少钱", "补助8万元", "8万元"),
        ("社区食堂哪天建成的", "5月10日", "5月10日"),
    ],
)
def test_the_lead_says_in_a_word_what_the_quote_says(
    reader: SnapshotReader, question: str, words: str, told: str
) -> None:
    reply = asked(question, reader, words)
    assert reply.lead is not None
    assert reply.lead.text == told
    verify(reply.quotes[0], reader, lead=reply.lead)


@pytest.mark.parametrize(
    ("question", "words"),
    [("盲道为什么没修", "正在招标"), ("社区食堂怎么样", "社区食堂"), ("村里路灯", "没有路灯")],
)
def test_what_asks_for_neither_has_no_lead(
    reader: SnapshotReader, question: str, words: str
) -> None:
    assert asked(question, reader, words).lead is None


def test_a_lead_that_is_not_in_the_quote_or_on_the_list_is_refused(
    reader: SnapshotReader,
) -> None:
    quote = asked("每部电梯补助多少钱", reader, "补助8万元").quotes[0]
    before = Span(start=quote.span.start - 2, end=quote.span.start)
    text = reader.letter("one").text
    bad = [
        Lead(text="应该可以"),
        Lead(text=""),
        Lead(text="9万元", span=quote.exact[0]),
        Lead(text="", span=Span(start=quote.span.start, end=quote.span.start)),
        Lead(text=before.of(text), span=before),
    ]
    for lead in bad:
        with pytest.raises(NotVerbatim):
            verify(quote, reader, lead=lead)
    for word in LEADS:
        verify(quote, reader, lead=Lead(text=word))


def test_a_bad_lead_stops_the_answer_before_anything_is_shown(
    reader: SnapshotReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made_up(query: Query, reply: Answer, reader: SnapshotReader) -> Answer:
        return replace(reply, lead=Lead(text="一定"))

    monkeypatch.setattr(asking, "led", made_up)
    query = query_of("每部电梯补助多少钱", reader)
    taken = asking.steps(query, reader, FakeModel(), model=Finds("8万元"), settings=SETTINGS)
    assert isinstance(next(taken), asking.Located)
    with pytest.raises(NotVerbatim):
        next(taken)


def test_a_field_that_is_the_quote_itself_is_not_said_twice(tmp_path: Path) -> None:
    reader = base_of(tmp_path, letter_text(body=BODY), ids=["one"])
    reply = ask(
        query_of("这份复文的发文日期是哪天", reader), reader, FakeModel(), settings=SETTINGS
    )
    assert isinstance(reply, Answer)
    assert reply.lead is None


def test_an_answer_that_is_not_sure_has_no_lead(reader: SnapshotReader) -> None:
    reply = replace(asked("每部电梯补助多少钱", reader, "补助8万元"), lead=None)
    query = query_of("每部电梯补助多少钱", reader)
    assert led(query, replace(reply, confidence=LEAST), reader).lead is not None
    assert led(query, replace(reply, confidence=LEAST - 0.01), reader).lead is None
