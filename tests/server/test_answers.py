"""Answers kept for whoever asks the same again: never longer than what they were drawn from."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kb.answer.steps import Located, Step
from kb.promises import NO_PROMISES, Confirmations
from kb.query.directory import directory_of
from kb.query.parse import Query, parse
from kb.types import Vectors
from server.answers import Answers, Basis
from server.desk import PUBLIC
from tests.support.fakes import MemoryStore, make_letter
from tests.support.served import ANSWERS, AskEmbedder, served
from tests.support.stores import publish

PATH, DAY = "/api/ask", date(2026, 6, 30)
STEPS: tuple[Step, ...] = (Located(letters=(), hits=()),)
BASIS = Basis("s1", NO_PROMISES, DAY)


class Counting(AskEmbedder):
    """Notes every question that is embedded, so every one that is worked out."""

    asked: list[str]

    def question(self, text: str) -> Vectors:
        self.asked.append(text)
        return super().question(text)


@pytest.fixture
def worked() -> list[str]:
    Counting.asked = []
    return Counting.asked


def store_with(text: str) -> MemoryStore:
    store = MemoryStore()
    publish(store, make_letter("a", text))
    return store


def said(client: TestClient, question: str, **more: Any) -> dict[str, Any]:
    reply: dict[str, Any] = client.post(PATH, json={"question": question, **more}).json()
    reply.pop("seconds")
    return reply


def test_the_same_question_is_worked_out_once_and_told_alike(worked: list[str]) -> None:
    client = served(store=store_with("食堂二十家，今年建成使用。"), embedder_of=Counting)
    first = said(client, "食堂建了几家？")
    before = len(worked)
    assert said(client, "  食堂建了几家？ ") == first
    assert len(worked) == before > 0
    said(client, "食堂什么时候建成？")
    assert len(worked) > before


def test_a_stream_tells_the_same_events_again(worked: list[str]) -> None:
    client = served(store=store_with("食堂二十家，今年建成使用。"), embedder_of=Counting)
    told = [
        [line for line in client.post(PATH + "/stream", json={"question": "食堂"}).text.split("\n")
         if line.startswith("event:")]
        for _ in range(2)
    ]  # fmt: skip
    assert told[0] == told[1]
    assert "event: verdict" in told[0]


def test_a_new_snapshot_is_asked_anew(worked: list[str]) -> None:
    store = store_with("食堂二十家，今年建成使用。")
    client = served(store=store, embedder_of=Counting)
    first = said(client, "食堂")
    publish(store, make_letter("a", "食堂三十家，今年建成使用。"))
    second = said(client, "食堂")
    assert "二十家" in str(first["quotes"])
    assert "三十家" in str(second["quotes"])


def query(question: str) -> Query:
    reader = store_with("食堂二十家。").current()
    return parse(question, directory_of(reader, PUBLIC), settings=ANSWERS)


@pytest.mark.parametrize(
    "other",
    [
        BASIS._replace(snapshot="s2"),
        BASIS._replace(day=date(2026, 7, 1)),
        BASIS._replace(promises=Confirmations(day=DAY)),
    ],
)
def test_nothing_is_told_that_was_drawn_from_something_else(other: Basis) -> None:
    answers, asked = Answers(), query("食堂")
    answers.keep(asked, BASIS, STEPS)
    assert answers.get(asked, BASIS) == STEPS
    assert answers.get(asked, other) is None


def test_the_questions_asked_last_are_kept() -> None:
    answers, (one, two, three) = Answers(most=2), map(query, ("食堂", "公路", "水渠"))
    answers.keep(one, BASIS, STEPS)
    answers.keep(two, BASIS, STEPS)
    assert answers.get(one, BASIS)
    answers.keep(three, BASIS, STEPS)
    assert [bool(answers.get(asked, BASIS)) for asked in (one, two, three)] == [True, False, True]
