"""Each request has an id and one line in the log, which holds no question and no address."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest

from tests.support.operated import Written, client
from tests.support.served import ANSWERS

TYPED = "张三住在人民路12号"


@pytest.fixture
def log() -> Iterator[Written]:
    written, root = Written("json"), logging.getLogger()
    before = root.level
    root.addHandler(written)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(written)
    root.setLevel(before)


def lines(log: Written, logger: str) -> list[dict[str, object]]:
    read = [json.loads(line) for line in log.lines]
    return [line for line in read if line["logger"] == logger]


def test_a_line_tells_route_status_time_and_size_and_the_id_that_was_given(log: Written) -> None:
    answer = client().get("/letters/old")
    (line,) = lines(log, "fuwen.access")
    assert line["route"] == "/letters/{letter_id:anytext}"
    assert (line["method"], line["status"]) == ("GET", 200)
    assert line["bytes"] == len(answer.content)
    assert isinstance(line["ms"], float)
    assert line["request"] == answer.headers["x-request-id"]


def test_no_line_holds_a_question_an_address_or_what_else_was_sent(log: Written) -> None:
    asking = client(peer="203.0.113.7")
    asking.get("/ask", params={"q": TYPED})
    asking.get(f"/{quote(TYPED)}")
    asking.post("/api/ask", json={"question": TYPED}, headers={"user-agent": "Nosy/1"})
    asking.get("/calendar/token-that-is-secret.ics")
    told = "\n".join(log.lines)
    assert len(lines(log, "fuwen.access")) == 4
    for secret in ("203.0.113.7", "Nosy", "token-that-is-secret", "12号"):
        assert secret not in told, secret
    assert all("张三" not in str(line) for line in lines(log, "fuwen.access"))


def test_what_belongs_to_a_request_carries_its_id(log: Written) -> None:
    answer = client().post("/api/ask", json={"question": "水渠"})
    asked = lines(log, "fuwen.server")
    assert [line["request"] for line in asked] == [answer.headers["x-request-id"]]


def test_ids_are_those_of_a_trusted_proxy_and_of_nobody_else() -> None:
    given = {"x-request-id": "abcdef-0123456789"}
    settings = replace(ANSWERS, trusted_proxy="127.0.0.1")
    assert (
        client(settings=settings).get("/", headers=given).headers["x-request-id"]
        == given["x-request-id"]
    )
    assert client().get("/", headers=given).headers["x-request-id"] != given["x-request-id"]
    for wrong in ("a", "x" * 65, "斜杠".encode(), "a b c d e f g h"):
        answer = client(settings=settings).get("/", headers={"x-request-id": wrong})
        assert len(answer.headers["x-request-id"]) == 16


def test_two_requests_have_two_ids() -> None:
    asking = client()
    assert len({asking.get("/livez").headers["x-request-id"] for _ in range(20)}) == 20


def test_probes_are_told_only_when_they_fail(log: Written) -> None:
    asking = client()
    for probe in ("/livez", "/readyz", "/metrics"):
        asking.get(probe)
    assert not lines(log, "fuwen.access")
    asking.get("/metrics", headers={"x-forwarded-for": "203.0.113.7"})
    assert [line["status"] for line in lines(log, "fuwen.access")] == [403]


def test_it_can_be_switched_off(log: Written) -> None:
    answer = client(settings=replace(ANSWERS, access_log="off")).get("/letters/old")
    assert not lines(log, "fuwen.access")
    assert answer.headers["x-request-id"]
