"""The shapes of requests that chat front ends make, in our own words.

Open WebUI and LibreChat as their sources have it (what their prompts begin with, their tags, how
they read what comes back); LangChain as its client sends it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kb.staff.database import NAME, opened
from server.openai.front_ends import chore, question_in
from server.question_log import Notes
from tests.support.served import ANSWERS, OLD, REFUSES, served

ASKED = "水渠由谁修？"
FOUND = (
    "### Task:\n用下面的资料回答。\n\n<context>\n"
    '<source id="1" name="a.txt">公路硬化率是多少？</source>\n</context>\n'
)
CHORES = {
    "title": '### Task:\n起一个题目。\n### Output:\nJSON format: { "title": "…" }\n',
    "tags": '### Task:\n写几个标签。\n### Output:\nJSON format: { "tags": ["…"] }\n',
    "follow_ups": '### Task:\n还可以问什么。\n### Output:\nJSON: { "follow_ups": ["…"] }\n',
    "queries": '### Task:\n要找哪些词。\n### Output:\nJSON: { "queries": ["…"] }\n',
}
HISTORY = f"### Chat History:\n<chat_history>\nUSER: {ASKED}\nASSISTANT: 略。\n</chat_history>"
TURNS = f"\n\nConversation:\nUser: {ASKED}\nAI: 略。"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / NAME


@pytest.fixture
def notes(path: Path) -> Iterator[Notes]:
    kept = Notes(path)
    yield kept
    kept.close()


def sent(asking: TestClient, *messages: Any, **more: Any) -> Any:
    body = {"model": "fuwen", "messages": [*messages], **more}
    return asking.post("/v1/chat/completions", json=body).raise_for_status().json()


def content(reply: Any) -> str:
    return str(reply["choices"][0]["message"]["content"])


def user(words: Any) -> dict[str, Any]:
    return {"role": "user", "content": words}


def noted(path: Path, notes: Notes) -> list[str]:
    notes.close()
    if not path.exists():
        return []
    with opened(path) as book:
        return [question for (question,) in book.execute("SELECT question FROM asked")]


@pytest.mark.parametrize("kind", CHORES)
def test_a_chore_of_open_webui_is_an_empty_object_and_no_question(
    kind: str, path: Path, notes: Notes
) -> None:
    asking = served(settings=REFUSES, notes=notes)
    words = CHORES[kind] + HISTORY
    reply = sent(asking, user(words), max_tokens=1000, stream=False)
    # It looks for the outermost braces, reads JSON, and does without what is not there.
    told = content(reply)
    assert json.loads(told[told.find("{") : told.rfind("}") + 1]).get(kind) is None
    assert reply["fuwen"] is None
    sent(asking, user("路灯谁维护？"))
    assert noted(path, notes) == ["路灯谁维护？"]


def test_a_chore_that_is_streamed_ends_as_it_should() -> None:
    body = {"model": "fuwen", "messages": [user(CHORES["title"] + HISTORY)], "stream": True}
    lines = served().post("/v1/chat/completions", json=body).text.split("\n")
    chunks = [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]
    told = [json.loads(chunk)["choices"][0]["delta"].get("content") for chunk in chunks[:-1]]
    assert "".join(piece or "" for piece in told) == "{}"
    assert chunks[-1] == "[DONE]"


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        (f"Provide a concise, 5-word-or-less title for …{TURNS}", ASKED),
        (f"Provide a concise, 5-word-or-less title for …{TURNS[:-4]}{ASKED * 9}", ASKED),
        ("Provide a concise, 5-word-or-less title for …", "复文问答"),
        (
            f"Analyze this conversation and provide:\n1. …\n2. …{TURNS}",
            '{"language": "中文", "title": "水渠由谁修？"}',
        ),
    ],
)
def test_a_title_of_librechat_is_the_question(
    prompt: str, told: str, path: Path, notes: Notes
) -> None:
    assert content(sent(served(notes=notes), user(prompt))) == told
    assert noted(path, notes) == []


def test_a_long_question_is_cut_for_a_title() -> None:
    assert chore(f"Provide a concise, 5-word-or-less title\nUser: {'长' * 99}") == "长" * 30


@pytest.mark.parametrize("words", [ASKED, "### Task: 是什么", "任务：### Task:", "", "Provide"])
def test_what_people_write_is_no_chore(words: str) -> None:
    if words.startswith("### Task:"):  # nobody asks so of letters
        assert chore(words) == "{}"
    else:
        assert chore(words) is None
    assert question_in(words) == words


@pytest.mark.parametrize(
    "words",
    [
        FOUND + ASKED,
        FOUND + f"\n<user_query>\n{ASKED}\n</user_query>\n",
        FOUND + f"\n<user_query>{ASKED}</user_query>",
    ],
    ids=["after", "tag", "tag in a line"],
)
def test_of_a_question_with_what_a_front_end_found_the_question_is_asked(words: str) -> None:
    reply = sent(served(), user(words))
    assert reply["fuwen"]["question"] == ASKED
    assert OLD in content(reply)


def test_where_only_something_found_is_sent_nothing_is_asked() -> None:
    assert content(sent(served(), user(FOUND))) == "请写出要问的问题。"


def test_what_was_found_may_stand_with_the_system(path: Path) -> None:
    reply = sent(served(), {"role": "system", "content": FOUND}, user(ASKED))
    assert reply["fuwen"]["question"] == ASKED


def test_everything_that_front_ends_add_is_let_be() -> None:
    more = {
        "stream_options": {"include_usage": True},
        "metadata": {"chat_id": "1", "task": None},
        "chat_id": "1",
        "session_id": "2",
        "user": "3",
        "temperature": 0.2,
        "top_p": 1,
        "n": 1,
        "max_completion_tokens": 99,
        "reasoning_effort": "low",
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}],
        "tool_choice": "auto",
        "parallel_tool_calls": True,
        "response_format": {"type": "text"},
        "seed": None,
        "stop": None,
        "stream": None,
    }
    reply = sent(
        served(),
        {"role": "developer", "content": "只答中文"},
        {"role": "user", "content": "路灯谁维护？", "name": "zhang"},
        {
            "role": "assistant",
            "content": None,
            "refusal": None,
            "tool_calls": [
                {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
            ],
        },
        {"role": "tool", "tool_call_id": "c", "content": "42"},
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "不答"}]},
        {"role": "user", "content": [{"type": "text", "text": ASKED, "cache_control": {}}]},
        **more,
    )
    assert reply["fuwen"]["question"] == ASKED


PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}


def test_of_pictures_it_says_that_they_were_not_seen() -> None:
    asking = served()
    reply = sent(asking, user([{"type": "text", "text": ASKED}, PICTURE]))
    assert OLD in content(reply)
    assert content(reply).endswith("（只看文字，图片和文件没有看。）")
    (first, *_) = reply["choices"][0]["message"]["annotations"]
    cited = first["url_citation"]
    assert content(reply)[cited["start_index"] : cited["end_index"]] == f"> {OLD}"
    assert content(sent(asking, user([PICTURE]))).startswith("请写出要问的问题。\n\n（只看文字")
    later = sent(asking, user([PICTURE]), {"role": "assistant", "content": "略"}, user(ASKED))
    assert "没有看" not in content(later)


def test_responses_take_the_items_that_they_gave() -> None:
    asking = served()
    first = asking.post("/v1/responses", json={"model": "fuwen", "input": ASKED}).json()
    items = [
        user([{"type": "input_text", "text": ASKED}]),
        *first["output"],
        {"type": "reasoning", "id": "r", "summary": []},
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": "42"},
        {"type": "message", **user([{"type": "input_text", "text": "公路硬化率是多少"}])},
    ]
    body = {"model": "fuwen", "input": items, "instructions": "略", "store": False}
    reply = asking.post("/v1/responses", json=body).raise_for_status().json()
    assert reply["fuwen"]["question"] == "公路硬化率是多少"


@pytest.mark.parametrize("address", ["/v1/models", "/v1/models?x=1"])
def test_a_front_end_that_is_set_up_finds_the_model(address: str) -> None:
    reply = served(settings=ANSWERS).get(address, headers={"authorization": "Bearer "})
    assert [model["id"] for model in reply.json()["data"]] == ["fuwen"]
