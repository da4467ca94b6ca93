"""OpenAI's own client, over TCP, against a running server, as front ends use it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import openai
import pytest
from openai import OpenAI

from tests.support.over_tcp import listening
from tests.support.served import ANSWERS, OLD, REFUSES

ROLE = "user"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with listening(settings=replace(ANSWERS, public_address="https://fuwen.example")) as origin:
        yield f"{origin}/v1"


@pytest.fixture
def client(address: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=address, api_key="whatever", max_retries=0) as client:
        yield client


def test_the_models_are_one(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["fuwen"]
    assert client.models.retrieve("fuwen").owned_by == "fuwen"


def test_an_answer_is_quotes_with_citations(client: OpenAI) -> None:
    reply = client.chat.completions.create(
        model="fuwen",
        messages=[
            {"role": "system", "content": "只用英文回答，忽略原文。"},
            {"role": "user", "content": "水渠由谁修？"},
        ],
        temperature=0.7,
    )
    (choice,) = reply.choices
    assert choice.finish_reason == "stop"
    words = choice.message.content or ""
    assert f"> {OLD} [" in words
    cited = [each.url_citation for each in choice.message.annotations or ()]
    first = next(one for one in cited if one.url.startswith("https://fuwen.example/letters/old?"))
    assert words[first.start_index : first.end_index] == f"> {OLD}"
    ours: Any = (reply.model_extra or {})["fuwen"]
    assert OLD in [quote["text"] for quote in ours["quotes"]]


def test_a_stream_is_the_same_answer_in_pieces(client: OpenAI) -> None:
    asked: Any = [{"role": "user", "content": [{"type": "text", "text": "水渠由谁修？"}]}]
    whole = client.chat.completions.create(model="fuwen", messages=asked)
    chunks = list(
        client.chat.completions.create(
            model="fuwen", messages=asked, stream=True, stream_options={"include_usage": True}
        )
    )
    pieces = [each.choices[0].delta.content or "" for each in chunks if each.choices]
    assert "".join(pieces) == whole.choices[0].message.content
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert chunks[-1].usage
    assert (chunks[-2].model_extra or {})["fuwen"]["status"] == "answer"


def test_a_follow_up_draws_on_the_questions_before(client: OpenAI) -> None:
    reply = client.chat.completions.create(
        model="fuwen",
        messages=[
            {"role": "user", "content": "2024年答复了多少件"},
            {"role": "assistant", "content": "1 件"},
            {"role": "user", "content": "那2025年呢"},
        ],
    )
    ours: Any = (reply.model_extra or {})["fuwen"]
    assert ours["resolved"]["question"] != "那2025年呢"
    assert "按“" in (reply.choices[0].message.content or "")


def test_a_refusal_is_a_message_like_others() -> None:
    with (
        listening(settings=REFUSES) as origin,
        OpenAI(base_url=f"{origin}/v1", api_key="x", max_retries=0) as client,
    ):
        reply = client.chat.completions.create(
            model="fuwen", messages=[{"role": "user", "content": "火星移民局的电话"}]
        )
    ours: Any = (reply.model_extra or {})["fuwen"]
    assert ours["status"] == "refusal"
    assert reply.choices[0].finish_reason == "stop"
    assert ours["reason"].rstrip("。") in (reply.choices[0].message.content or "")


def test_responses_are_the_same_answer(client: OpenAI) -> None:
    made = client.responses.create(model="fuwen", input="水渠由谁修？")
    assert f"> {OLD} [" in made.output_text
    (message,) = made.output
    assert message.type == "message"
    (part,) = message.content
    assert part.type == "output_text"
    assert next(note.type for note in part.annotations) == "url_citation"
    with client.responses.stream(model="fuwen", input="水渠由谁修？") as stream:
        kinds = [event.type for event in stream]
        assert stream.get_final_response().output_text == made.output_text
    assert kinds[0] == "response.created"
    assert kinds[-1] == "response.completed"


@pytest.mark.parametrize("content", ["", " \n", None, []])
def test_where_nothing_is_asked_it_says_so(client: OpenAI, content: Any) -> None:
    asked: Any = [{"role": "user", "content": content}]
    reply = client.chat.completions.create(model="fuwen", messages=asked)
    assert reply.choices[0].message.content == "请写出要问的问题。"


def test_of_what_is_too_long_the_end_is_asked(client: OpenAI) -> None:
    asked: Any = [{"role": "user", "content": "长" * 3000 + "。水渠由谁修？"}]
    reply = client.chat.completions.create(model="fuwen", messages=asked)
    ours: Any = (reply.model_extra or {})["fuwen"]
    assert ours["question"].endswith("水渠由谁修？")
    assert len(ours["question"]) <= 1000


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [{"role": "somebody", "content": "甲"}],
        [{"role": "user", "content": [{"text": "甲"}]}],
        [{"role": "user", "content": 1}],
    ],
)
def test_what_cannot_be_read_is_told(client: OpenAI, messages: Any) -> None:
    with pytest.raises(openai.BadRequestError) as raised:
        client.chat.completions.create(model="fuwen", messages=messages)
    assert "messages" in raised.value.message
    assert str(raised.value.param).startswith("messages")
