"""``POST /api/ask/stream``: what is told, and in which order."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any
from urllib.parse import unquote

import pytest

from kb.answer.steps import Verdict
from kb.promises import NO_PROMISES
from kb.query.directory import directory_of
from kb.query.parse import parse
from kb.query.understand import Understood
from kb.replies import Listing
from kb.types import Letter, Quote, Span
from server.answers import Basis
from server.api import stream
from server.asked import Asked
from server.desk import PUBLIC
from tests.support.fakes import MemoryStore
from tests.support.heads import citation
from tests.support.served import ANSWERS, REFUSES, ROAD, AskEmbedder, served, unusable
from tests.support.visiting import QUESTION, STREAM, app_of, filled, limiter_of, streamed

SOURCE_KEYS = {"letter_id", "name", "issuer", "number", "date", "dated", "graded", "href"}


def test_an_answer_is_told_in_order_with_rising_ids() -> None:
    visitor = streamed(app_of())
    names = visitor.names
    quotes = names.count("quote")
    assert quotes
    assert names == ["meta", "sources", *["quote"] * quotes, "verdict", "done"]
    assert [event.id for event in visitor.events] == list(range(len(names)))
    assert visitor.events[-1].said["events"] == len(names)
    assert 0 <= visitor.events[-1].said["seconds"] < 10
    assert visitor.ended


def test_the_stream_is_an_event_stream_that_nothing_keeps_or_holds_back() -> None:
    visitor = streamed(app_of())
    assert visitor.status == 200
    assert visitor.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert visitor.headers["cache-control"] == "no-store"
    assert visitor.headers["x-accel-buffering"] == "no"


def test_meta_names_the_snapshot_and_the_question() -> None:
    meta = streamed(app_of(), f"  {QUESTION}\n").events[0].said
    assert meta == {"snapshot": meta["snapshot"], "question": QUESTION, "resolved": None}
    assert meta["snapshot"]


def test_the_verdict_is_the_reply_of_the_other_address() -> None:
    for settings in (ANSWERS, REFUSES):
        verdict = next(e.said for e in streamed(app_of(settings)).events if e.name == "verdict")
        whom = verdict.pop("ask_whom")
        reply = served(settings=settings).post("/api/ask", json={"question": QUESTION}).json()
        for one in (verdict, reply):
            assert one.pop("seconds") >= 0
        verdict.pop("snapshot"), reply.pop("snapshot")
        assert verdict == reply
        assert bool(whom) == (reply["status"] == "refusal")


def test_quotes_are_ranked_and_say_where_they_are_from_and_lead() -> None:
    visitor = streamed(app_of())
    told = [event.said for event in visitor.events if event.name == "quote"]
    verdict = next(event.said for event in visitor.events if event.name == "verdict")
    assert [one["quote"] for one in told] == verdict["quotes"]
    assert [one["rank"] for one in told] == list(range(1, len(told) + 1))
    road = next(one for one in told if one["quote"]["text"] == ROAD)
    assert "".join(piece["text"] for piece in road["pieces"]) == ROAD
    assert road["source"] == {
        "letter_id": "路/〔2024〕3号.txt",
        "name": "关于加快农村公路建设、落实养护责任的提案",
        "issuer": "云岭市交通运输局",
        "number": "云交函〔2024〕3号",
        "date": "2024-06-28",
        "dated": "2024年6月28日（2 年前）",
        "graded": road["source"]["graded"],
        "href": "/letters/%E8%B7%AF/%E3%80%942024%E3%80%953%E5%8F%B7.txt",
    }
    assert road["source"]["graded"].startswith("A ")
    start, end = road["quote"]["start"], road["quote"]["end"]
    assert road["href"] == f"{road['source']['href']}?start={start}&end={end}#quote"
    digest = hashlib.sha256(ROAD.encode()).hexdigest()[:16]
    assert unquote(road["permalink"]) == f"/quotes/路/〔2024〕3号.txt/{start}-{end}/{digest}"


def test_a_quote_that_is_told_leads_to_its_words() -> None:
    client = served()
    for event in streamed(app_of()).events:
        if event.name == "quote":
            assert client.get(event.said["href"]).text.count("<mark") >= 1


def test_sources_are_told_before_any_quote() -> None:
    sources = streamed(app_of()).events[1].said["letters"]
    assert sources
    assert all(one.keys() == SOURCE_KEYS for one in sources)


def test_a_refusal_quotes_nothing_and_says_whom_to_ask() -> None:
    visitor = streamed(app_of(REFUSES))
    assert visitor.names == ["meta", "sources", "verdict", "done"]
    whom = visitor.events[2].said["ask_whom"]
    assert {"organ": "云岭市交通运输局", "office": None} in whom
    assert len({one["organ"] for one in whom}) == len(whom)


def listing(letter: Letter) -> Listing:
    quote = Quote(
        citation=citation(
            letter.id, "一条路", issuer="交通局", issued_on="2024-06-28", result_class="A"
        ),
        title=None,
        span=Span(start=0, end=2),
        text=letter.text[:2],
        headings=(),
        score=1.0,
    )
    return Listing(
        question="哪些",
        snapshot="s",
        caption="共 1 份",
        count=1,
        rows=(quote,),
        nearest=(),
        confidence=1.0,
    )


def test_a_listing_tells_the_letters_of_its_rows_before_itself() -> None:
    reader = filled().current()
    query = parse("哪些", directory_of(reader, PUBLIC), settings=ANSWERS)
    basis = Basis(reader.snapshot.version, NO_PROMISES, date(2026, 6, 30))
    put = Understood(query=query)
    asked = Asked(typed="哪些", understood=put, reader=reader, basis=basis, began=0.0)
    verdict = Verdict(reply=listing(reader.letter("rare")))
    told = list(stream.events_of(verdict, asked, ranks=count(1), today=date(2026, 6, 30)))
    assert [name for name, _ in told] == ["sources", "verdict"]
    (source,) = told[0][1]["letters"]
    assert source.keys() == SOURCE_KEYS
    assert (source["name"], source["dated"]) == ("一条路", "2024年6月28日（2 年前）")
    assert told[1][1]["status"] == "listing"
    assert told[1][1]["ask_whom"] == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"question": " "}, 422, "wrong_use"),
        ({"question": "路" * 1001}, 422, "wrong_use"),
        ({"question": 1}, 422, "invalid_request"),
    ],
)
def test_what_is_refused_before_the_start_is_a_problem(
    body: dict[str, Any], status: int, code: str
) -> None:
    response = served().post(STREAM, json=body)
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_without_a_snapshot_the_stream_does_not_start() -> None:
    response = served(store=MemoryStore()).post(STREAM, json={"question": "公路"})
    assert (response.status_code, response.json()["code"]) == (503, "no_snapshot")


def test_an_error_after_the_start_is_an_event_and_the_last() -> None:
    visitor = streamed(app_of(embedder_of=unusable))
    assert visitor.names == ["meta", "error"]
    problem = visitor.events[1].said
    assert problem.keys() == {"type", "title", "status", "detail", "code"}
    assert (problem["status"], problem["code"]) == (503, "model_unusable")
    assert visitor.ended


class Faulty(AskEmbedder):
    def question(self, text: str) -> Any:
        raise RuntimeError("secret detail")


def test_a_fault_after_the_start_is_told_without_details_and_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = app_of(embedder_of=Faulty)
    with caplog.at_level(logging.ERROR, logger="fuwen.server"):
        visitor = streamed(app)
    assert visitor.names == ["meta", "error"]
    assert visitor.events[1].said["code"] == "internal"
    assert b"secret" not in visitor.heard
    assert "secret detail" in caplog.text
    assert limiter_of(app).borrowed_tokens == 0


def test_a_question_that_takes_over_from_the_one_before_says_so() -> None:
    body = {"before": ["云岭市交通运输局怎么建设农村公路？"]}
    visitor = streamed(app_of(), "它的文号是多少？", **body)
    resolved = visitor.events[0].said["resolved"]
    assert resolved["carried"]
    assert visitor.events[0].said["question"] == "它的文号是多少？"
    verdict = next(event.said for event in visitor.events if event.name == "verdict")
    assert verdict["resolved"] == resolved
    assert verdict["question"] == resolved["question"]
    undone = streamed(app_of(), "它的文号是多少？", carry=False, **body)
    assert undone.events[0].said["resolved"] is None


def test_a_limit_is_kept_and_told_before_the_start() -> None:
    client = served(settings=replace(ANSWERS, rate=1))
    assert client.post(STREAM, json={"question": QUESTION}).status_code == 200
    refused = client.post(STREAM, json={"question": QUESTION})
    assert refused.status_code == 429
    assert refused.json()["retry_after"] == int(refused.headers["retry-after"]) > 0
