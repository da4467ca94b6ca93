"""The client over TCP against a running server, and against one that misbehaves."""

from __future__ import annotations

import asyncio
import inspect
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx2
import pytest

from fuwen import AsyncClient, Client, FuwenError, NotVerbatim, Scope
from fuwen.calls import Settings
from fuwen.replies import ReplyPart, Row
from kb.settings import Settings as ServerSettings
from tests.support.listening import listening
from tests.support.served import ANSWERS, OLD, REFUSES, ROAD, served

ASKED = "水渠由谁修？"
ODD = "路/〔2024〕3号.txt"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with listening(served().app) as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    with Client(address) as client:
        yield client


def stand_in(answer: Callable[[httpx2.Request], httpx2.Response], **given: float) -> Client:
    settings = {"retries": 2, "longest_wait": 30.0} | given
    return Client("http://fuwen.example/kb/", transport=httpx2.MockTransport(answer), **settings)  # type: ignore[arg-type]


def test_an_answer_is_quotes_that_verify(client: Client) -> None:
    reply = client.ask(ASKED, scope=Scope(letter_id="old"))
    assert reply.status == "answer"
    assert [quote.text for quote in reply.quotes] == [OLD]
    (letter,) = client.verify(reply)
    (quote,) = reply.quotes
    assert letter.text[quote.start : quote.end] == quote.text


def test_what_is_not_in_the_letter_does_not_verify(client: Client) -> None:
    reply = client.ask(ASKED, scope=Scope(letter_id="old"))
    (quote,) = reply.quotes
    for other in (
        replace(quote, text=quote.text.replace("水渠", "沟渠")),
        replace(quote, start=quote.start + 1),
        replace(quote, start=quote.end, text=""),
    ):
        with pytest.raises(NotVerbatim):
            client.verify(replace(reply, quotes=(other,)))
    with pytest.raises(NotVerbatim):
        quote.verify(client.letter("rare"))


def test_a_list_of_quotes_is_verified_and_what_holds_none_is_refused(client: Client) -> None:
    reply = client.ask(ASKED, scope=Scope(letter_id="old"))
    (letter,) = client.verify([*reply.quotes, *reply.quotes])
    assert letter.id == "old"
    wrong = replace(reply.quotes[0], text="水" * len(reply.quotes[0].text))
    for quotes in ([*reply.quotes, wrong], (wrong,), [reply, replace(reply, quotes=(wrong,))]):
        with pytest.raises(NotVerbatim):
            client.verify(quotes)
    for none in (OLD, None, letter, {"quotes": [OLD]}, [OLD], [None], iter(reply.quotes)):
        with pytest.raises(TypeError, match="verify 核对 ask、check 的答复和其中的摘录"):
            client.verify(none)  # type: ignore[arg-type]


def test_quotes_within_rows_and_parts_and_of_older_letters_are_verified_too(client: Client) -> None:
    reply = client.ask(ASKED, scope=Scope(letter_id="old"))
    (quote,) = reply.quotes
    wrong = replace(quote, text="水" * len(quote.text))
    row = Row(
        letter_id="old",
        name="",
        issuer=None,
        number=None,
        date=None,
        result_class=None,
        quote=wrong,
    )
    for bad in (
        replace(reply, rows=(row,)),
        replace(reply, parts=(ReplyPart(label="", reply=replace(reply, quotes=(wrong,))),)),
        replace(reply, quotes=(replace(quote, earlier=(wrong,)),)),
    ):
        with pytest.raises(NotVerbatim):
            client.verify(bad)


def test_a_letter_has_any_name(client: Client) -> None:
    letter = client.letter(ODD)
    assert letter.id == ODD
    assert ROAD in letter.text
    assert letter.fields.issuer
    assert letter.text[letter.fields.issuer.start : letter.fields.issuer.end] == "云岭市交通运输局"
    assert client.letter("云交函〔2024〕3号") == letter


def test_a_text_is_checked(client: Client) -> None:
    checks = client.check(f"{OLD}桥梁由我说了算，各处照办。")
    assert [sentence.verdict for sentence in checks.sentences] == ["verbatim", "absent"]
    client.verify(checks)


def test_the_rest_of_the_api(client: Client) -> None:
    assert client.health().letters == 3
    assert client.version().name == "fuwen"
    assert client.suggestions()
    reply = client.ask("那2025年呢", before=["2024年答复了多少件"])
    assert reply.status == "listing"
    client.feedback("2025年答复了多少件", reply, useful=True)


def test_a_stream_ends_in_the_same_reply(client: Client) -> None:
    whole = client.ask(ASKED)
    events = list(client.ask_stream(ASKED))
    assert events[0].event == "meta"
    assert events[-1].event == "done"
    assert [event.quote for event in events if event.quote] == list(whole.quotes)
    (reply,) = [event.reply for event in events if event.reply]
    assert replace(reply, seconds=0) == replace(whole, seconds=0)


def test_asyncio_has_the_same_calls(address: str, client: Client) -> None:
    async def asked() -> None:
        async with AsyncClient(address) as other:
            reply = await other.ask(ASKED)
            assert replace(reply, seconds=0) == replace(client.ask(ASKED), seconds=0)
            assert await other.verify(reply) == client.verify(reply)
            assert await other.letter("old") == client.letter("old")
            assert await other.check(OLD) == client.check(OLD)
            assert await other.health() == client.health()
            assert await other.version() == client.version()
            assert await other.suggestions("水渠") == client.suggestions("水渠")
            await other.feedback(ASKED, reply, useful=True, quote=reply.quotes[0])
            events = [event async for event in other.ask_stream(ASKED)]
            assert [e.event for e in events] == [e.event for e in client.ask_stream(ASKED)]
            with pytest.raises(FuwenError, match="空"):
                [event async for event in other.ask_stream(" ")]

    asyncio.run(asked())


def test_both_clients_take_the_same(client: Client) -> None:
    for name, call in vars(Client).items():
        if not name.startswith("_") and name != "close":
            assert inspect.signature(call).parameters == (
                inspect.signature(getattr(AsyncClient, name)).parameters
            )
    assert inspect.signature(Client.__init__).parameters.keys() == (
        inspect.signature(AsyncClient.__init__).parameters.keys()
    )


def test_an_error_says_what_the_server_says(client: Client) -> None:
    with pytest.raises(FuwenError) as caught:
        client.letter("没有这一份")
    assert (caught.value.status, caught.value.code) == (404, "letter_not_found")
    assert "请核对编号或文号" in caught.value.message
    with pytest.raises(FuwenError) as caught:
        next(client.ask_stream(""))
    assert caught.value.status == 422


def test_a_refusal_is_a_reply() -> None:
    with listening(served(settings=REFUSES).app) as address, Client(address) as client:
        reply = client.ask(ASKED)
    assert (reply.status, reply.quotes) == ("refusal", ())
    assert reply.reason


def test_a_limit_is_waited_for_and_then_told() -> None:
    limited: ServerSettings = replace(ANSWERS, rate=1)
    with listening(served(settings=limited).app) as address, Client(address, longest_wait=0) as one:
        one.ask(ASKED)
        with pytest.raises(FuwenError) as caught:
            one.ask(ASKED)
    assert (caught.value.status, caught.value.code) == (429, "too_many")
    assert caught.value.retry_after


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("streamed", [False, True])
def test_tries_are_bounded(status: int, streamed: bool) -> None:
    tries: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        tries.append(request.url.path)
        return httpx2.Response(status, headers={"retry-after": "0"}, text="忙")

    with stand_in(answer) as client, pytest.raises(FuwenError) as caught:
        list(client.ask_stream("问")) if streamed else client.ask("问")
    assert tries == ["/kb/api/ask" + ("/stream" if streamed else "")] * 3
    assert (caught.value.status, caught.value.code) == (status, "http_error")


def test_success_after_a_503(client: Client) -> None:
    left = [503]
    good = client.version()

    def answer(request: httpx2.Request) -> httpx2.Response:
        if left:
            return httpx2.Response(left.pop(), headers={"retry-after": "0"})
        return httpx2.Response(200, json={"name": good.name, "version": good.version, "new": 1})

    with stand_in(answer) as other:
        assert other.version() == good


def test_how_long_it_waits() -> None:
    settings = Settings(base_url="http://a", api_key="", timeout=1, retries=3, longest_wait=10)

    def pause(status: int, header: str | None, tried: int) -> float | None:
        headers = {} if header is None else {"retry-after": header}
        return settings.pause(httpx2.Response(status, headers=headers), tried=tried)

    assert pause(503, "7", 0) == 7
    assert pause(429, "11", 0) is None
    assert [pause(503, None, tried) for tried in range(4)] == [0.5, 1, 2, None]
    assert pause(429, "Wed, 21 Oct 2026 07:28:00 GMT", 1) == 1
    assert pause(500, "1", 0) is None
    assert pause(200, None, 0) is None


def test_the_key_goes_to_the_server_alone() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        assert request.url.host == "fuwen.example"
        assert request.headers["authorization"] == "Bearer fw_key"
        return httpx2.Response(302, headers={"location": "http://elsewhere.example/"})

    transport = httpx2.MockTransport(answer)
    with (
        Client("http://fuwen.example", api_key="fw_key", transport=transport) as client,
        pytest.raises(FuwenError) as caught,
    ):
        client.health()
    assert caught.value.status == 302
    assert "fw_key" not in str(caught.value)


def events(*sent: tuple[str, object]) -> Callable[[httpx2.Request], httpx2.Response]:
    text = "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in sent)
    headers = {"content-type": "text/event-stream"}
    return lambda request: httpx2.Response(200, headers=headers, text=text)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (events(("meta", {})), "cut_short"),
        (events(), "cut_short"),
        (events(("error", {"detail": "满", "code": "busy", "status": 503})), "busy"),
        (events(("quote", {"quote": {"text": "只有字"}})), "not_understood"),
        (events(("verdict", [])), "not_understood"),
        (lambda request: httpx2.Response(200, text="<html>"), "unreachable"),
    ],
)
def test_a_bad_stream_is_an_error(
    answer: Callable[[httpx2.Request], httpx2.Response], code: str
) -> None:
    with stand_in(answer) as client, pytest.raises(FuwenError) as caught:
        list(client.ask_stream("问"))
    assert caught.value.code == code


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b"\xff", b'{"quotes": 1}'])
def test_what_is_no_reply_is_an_error(body: bytes) -> None:
    with (
        stand_in(lambda request: httpx2.Response(200, content=body)) as client,
        pytest.raises(FuwenError) as caught,
    ):
        client.ask("问")
    assert caught.value.code == "not_understood"


def test_a_server_that_is_not_there() -> None:
    with Client("http://127.0.0.1:9", timeout=5) as client, pytest.raises(FuwenError) as caught:
        client.health()
    assert (caught.value.code, caught.value.status) == ("unreachable", None)


@pytest.mark.parametrize("given", [{"base_url": "fuwen.example"}, {"api_key": "a\nb"}])
def test_a_client_that_cannot_ask(given: dict[str, str]) -> None:
    with pytest.raises(FuwenError) as caught:
        Client(**given)  # type: ignore[arg-type]
    assert caught.value.code == "bad_client"


def test_the_client_loads_nothing_of_the_server() -> None:
    code = (
        "import sys, fuwen; "
        "print([m for m in sys.modules if m.partition('.')[0] in "
        "('kb', 'server', 'indexer', 'eval', 'torch', 'fastapi', 'pydantic', 'numpy')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
