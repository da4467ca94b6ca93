"""What goes wrong is what OpenAI's own client raises for it, in our words; over TCP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from openai import OpenAI

from kb.errors import NoSnapshot
from kb.settings import Settings
from kb.staff import keys
from kb.staff.database import NAME, opened
from server.question_log import Notes
from tests.support.over_tcp import listening
from tests.support.promises import WANG
from tests.support.served import ANSWERS, OLD, BrokenStore

ASKED: Any = [{"role": "user", "content": "水渠由谁修？"}]


CLIENTS: list[OpenAI] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    while CLIENTS:
        CLIENTS.pop().close()


def client_of(origin: str, key: str = "none") -> OpenAI:
    CLIENTS.append(OpenAI(base_url=f"{origin}/v1", api_key=key, max_retries=0))
    return CLIENTS[-1]


def asked(client: OpenAI, **given: Any) -> str:
    reply = client.chat.completions.create(**{"model": "fuwen", "messages": ASKED, **given})
    return reply.choices[0].message.content or ""


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with listening() as found:
        yield found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / NAME


def made(path: Path, name: str = "前端", **facts: Any) -> str:
    with opened(path) as book:
        return keys.add(book, name, by=WANG, **facts)


def form(error: openai.APIStatusError) -> tuple[Any, ...]:
    """Status, type, parameter and code of an error, which has the four members and no other."""
    told = error.response.json()
    assert [*told] == ["error"]
    assert {*told["error"]} == {"message", "type", "param", "code"}
    assert told["error"]["message"] in error.message
    return error.status_code, error.type, error.param, error.code


def test_a_request_that_is_none_is_a_bad_request(origin: str) -> None:
    with pytest.raises(openai.BadRequestError, match=r"messages\.0\.role 不合") as raised:
        asked(client_of(origin), messages=[{"role": "somebody", "content": "甲"}])
    told = (400, "invalid_request_error", "messages.0.role", "invalid_request")
    assert form(raised.value) == told
    with pytest.raises(openai.BadRequestError, match="input") as raised:
        client_of(origin).responses.create(model="fuwen", input=[])
    assert form(raised.value)[:3] == (400, "invalid_request_error", "input")


@pytest.mark.parametrize(
    ("path", "name", "says"),
    [
        ("chat/completions", "messages", "messages 有 1001 条，最多 1000 条；请只送最近的几条"),
        ("responses", "input", "input 有 1001 条，最多 1000 条；请只送最近的几条"),
    ],
)
def test_more_messages_than_are_taken_are_told_how_many_are(
    origin: str, path: str, name: str, says: str
) -> None:
    body = {"model": "fuwen", name: [*ASKED * 1000, *ASKED]}
    reply = httpx.post(f"{origin}/v1/{path}", json=body)
    error = reply.json()["error"]
    assert (reply.status_code, error["param"], error["message"]) == (400, name, says)
    for given, told in (([], "是空的"), (None, name)):
        some = {"model": "fuwen"} if given is None else {"model": "fuwen", name: given}
        assert told in httpx.post(f"{origin}/v1/{path}", json=some).json()["error"]["message"]


def test_another_model_is_not_found(origin: str) -> None:
    with pytest.raises(openai.NotFoundError, match="没有模型“gpt-4o”；这里只有 fuwen") as raised:
        asked(client_of(origin), model="gpt-4o")
    assert form(raised.value) == (404, "invalid_request_error", "model", "model_not_found")
    with pytest.raises(openai.NotFoundError) as raised:
        client_of(origin).models.retrieve("gpt-4o")
    assert form(raised.value)[3] == "model_not_found"
    with pytest.raises(openai.NotFoundError) as raised:
        client_of(origin).responses.create(model="gpt-4o", input="甲")
    assert form(raised.value)[3] == "model_not_found"


def test_what_is_not_offered_is_not_found(origin: str) -> None:
    with pytest.raises(openai.NotFoundError, match="没有这个地址") as raised:
        client_of(origin).embeddings.create(model="fuwen", input="甲")
    assert form(raised.value) == (404, "invalid_request_error", None, "no_such_route")


def test_wrong_keys_are_errors_of_authentication(path: Path) -> None:
    key = made(path)
    with listening(notes=Notes(path)) as origin:
        assert OLD in asked(client_of(origin, key))
        assert OLD in asked(client_of(origin, "whatever"))
        with pytest.raises(openai.AuthenticationError, match="没有这把密钥") as raised:
            asked(client_of(origin, "fuwen-nobody"))
        assert form(raised.value) == (401, "invalid_request_error", None, "invalid_api_key")
        with pytest.raises(openai.PermissionDeniedError, match="没有 ask") as denied:
            asked(client_of(origin, made(path, "乙", scopes=["unconfirmed"])), stream=True)
        assert form(denied.value)[3] == "insufficient_permissions"
        with opened(path) as book:
            keys.revoke(book, "前端", by=WANG)
        with pytest.raises(openai.AuthenticationError, match="“前端”已经吊销"):
            client_of(origin, key).models.list()


def test_where_keys_are_required_none_is_an_error_of_authentication(path: Path) -> None:
    key, settings = made(path), replace(ANSWERS, api_keys="required")
    with listening(notes=Notes(path), settings=settings) as origin:
        with pytest.raises(openai.AuthenticationError, match="要有密钥才能用") as raised:
            asked(client_of(origin))
        assert form(raised.value)[3] == "invalid_api_key"
        assert [model.id for model in client_of(origin, key).models.list()] == ["fuwen"]


@pytest.mark.parametrize("stream", [False, True])
def test_too_many_is_a_limit_that_says_when_to_come_back(stream: bool) -> None:
    with listening(settings=replace(ANSWERS, rate=1)) as origin:
        asked(client_of(origin))
        with pytest.raises(openai.RateLimitError, match="提问太频繁") as raised:
            asked(client_of(origin), stream=stream)
        assert form(raised.value) == (429, "requests", None, "rate_limit_exceeded")
        assert 1 <= int(raised.value.response.headers["retry-after"]) <= 60


def test_what_cannot_be_answered_now_is_an_error_of_ours(path: Path) -> None:
    with (
        listening(store=BrokenStore(NoSnapshot("没有快照 /secret/place"))) as origin,
        pytest.raises(openai.InternalServerError, match="还没有发布过复文") as raised,
    ):
        asked(client_of(origin))
    assert form(raised.value) == (503, "server_error", None, "no_snapshot")
    assert "/secret" not in raised.value.message


def test_a_fault_of_ours_has_the_form_too(origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("秘密")

    monkeypatch.setattr("server.openai.routes.written", fault)
    with pytest.raises(openai.InternalServerError, match="程序内部出错") as raised:
        asked(client_of(origin))
    assert "秘密" not in raised.value.message
    assert form(raised.value) == (500, "server_error", None, "internal")


def test_a_long_conversation_has_room_and_one_without_end_has_not() -> None:
    settings: Settings = replace(ANSWERS, body_bytes=1000)
    with listening(settings=settings) as origin:
        long: Any = [{"role": "assistant", "content": "答" * 4000}, *ASKED]
        assert OLD in asked(client_of(origin), messages=long)
        with pytest.raises(openai.APIStatusError, match="正文超过 16000 字节") as raised:
            asked(client_of(origin), messages=[*long, *long])
        assert form(raised.value) == (413, "invalid_request_error", None, "body_too_large")


@pytest.mark.parametrize(
    ("body", "kind", "told"),
    [
        (b"{", "application/json", (400, "bad_json")),
        (b"{}", "text/plain", (415, "unsupported_media_type")),
    ],
)
def test_what_no_client_sends_has_the_form_too(
    origin: str, body: bytes, kind: str, told: tuple[int, str]
) -> None:
    address = f"{origin}/v1/chat/completions"
    reply = httpx.post(address, content=body, headers={"content-type": kind})
    assert (reply.status_code, reply.json()["error"]["code"]) == told
    assert httpx.get(address).json()["error"]["code"] == "method_not_allowed"


def test_elsewhere_errors_keep_our_form(origin: str) -> None:
    reply = httpx.post(f"{origin}/api/ask", json={})
    assert (reply.status_code, reply.json()["code"]) == (422, "invalid_request")
    assert reply.headers["content-type"] == "application/problem+json"
