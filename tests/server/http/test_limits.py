"""How often one client may ask, and who counts as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from kb.staff.keys import Key
from server.http.limits import MINUTE, SECOND, Limits
from server.http.problems import TooMany
from server.shared import Own, Table
from tests.support.promises import NOON
from tests.support.served import ANSWERS, Page, served


class Clock:
    now = 0

    def __call__(self) -> int:
        return self.now


def request(
    peer: str | None = "192.0.2.1",
    *,
    method: str = "POST",
    path: str = "/api/ask",
    query: bytes = b"",
    forwarded: Iterable[str] = (),
) -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query,
        "client": (peer, 1) if peer is not None else None,
        "headers": [(b"x-forwarded-for", one.encode()) for one in forwarded],
    }


def admitted(limits: Limits, *requests: dict[str, Any]) -> list[bool]:
    found = []
    for one in requests:
        try:
            limits.count(one)
        except TooMany:
            found.append(False)
        else:
            found.append(True)
    return found


@pytest.mark.parametrize("rate", [1, 7, 60, 1000])
def test_exactly_the_rate_is_admitted_at_once(rate: int) -> None:
    limits = Limits(rate, clock=Clock())
    assert admitted(limits, *[request()] * (rate + 3)) == [True] * rate + [False] * 3


@pytest.mark.parametrize("rate", [1, 7, 60])
def test_whoever_waits_as_long_as_told_is_admitted_and_not_a_second_earlier(rate: int) -> None:
    clock = Clock()
    limits = Limits(rate, clock=clock)
    admitted(limits, *[request()] * rate)
    with pytest.raises(TooMany) as refused:
        limits.count(request())
    assert 1 <= refused.value.retry_after <= -(-60 // rate)
    assert str(refused.value.retry_after) in str(refused.value)
    clock.now += (refused.value.retry_after - 1) * SECOND
    assert admitted(limits, request()) == [False]
    clock.now += SECOND
    assert admitted(limits, request()) == [True]


def test_over_a_long_time_the_rate_is_kept() -> None:
    clock = Clock()
    limits = Limits(30, clock=clock)
    passed = 0
    for _ in range(6000):  # ten minutes, ten requests a second
        passed += admitted(limits, request())[0]
        clock.now += SECOND // 10
    assert 300 <= passed <= 330


def test_a_refused_question_costs_nothing() -> None:
    clock = Clock()
    limits = Limits(2, clock=clock)
    admitted(limits, *[request()] * 500)
    clock.now += MINUTE
    assert admitted(limits, *[request()] * 3) == [True, True, False]


def test_a_key_counts_in_all_workers_together_whatever_address_it_comes_from() -> None:
    kept, clock = Table(64), Clock()
    workers = [Limits(7, kept=kept, clock=clock) for _ in range(3)]
    key = Key(
        id=1, name="前端", scopes=("ask",), rate=4, last_day=None, made_by="王芳", made_at=NOON,
        used_on=None, revoked_at=None,
    )  # fmt: skip
    for number in range(4):
        workers[number % 3].count(request(f"192.0.2.{number}"), key)
    for worker in workers:
        with pytest.raises(TooMany) as refused:
            worker.count(request("192.0.2.99"), key)
        assert refused.value.retry_after == 15
        assert admitted(worker, request("192.0.2.99")) == [True]
        worker.count(request(), replace(key, id=2))


def test_no_limit_is_no_limit() -> None:
    assert all(admitted(Limits(0), *[request()] * 5000))


def test_clients_do_not_use_up_each_others_questions() -> None:
    limits = Limits(1, clock=Clock())
    peers = ["192.0.2.1", "192.0.2.2", "2001:db8:0:1::1", "2001:db8:0:2::1"]
    assert admitted(limits, *map(request, peers)) == [True] * 4
    assert admitted(limits, *map(request, peers)) == [False] * 4


@pytest.mark.parametrize(
    "peers",
    [
        [f"2001:db8:1:2:{n:x}::{n:x}" for n in range(1000)],
        ["192.0.2.1", "::ffff:192.0.2.1", " 192.0.2.1"],
        [None, ""],
    ],
    ids=["a /64", "IPv4 as IPv6", "no address"],
)
def test_rotating_addresses_are_one_client(peers: list[str | None]) -> None:
    found = admitted(Limits(1, clock=Clock()), *map(request, peers))
    assert found == [True] + [False] * (len(peers) - 1)


def test_a_forged_forwarding_header_changes_nothing() -> None:
    limits = Limits(5, clock=Clock())
    forged = [request(forwarded=[f"198.51.100.{n % 250}"]) for n in range(1000)]
    assert sum(admitted(limits, *forged)) == 5


def test_behind_a_trusted_proxy_each_client_is_its_own() -> None:
    limits = Limits(1, proxies="10.0.0.0/8 ::1", clock=Clock())
    asked = [
        request("10.0.0.5", forwarded=["203.0.113.1"]),
        request("10.0.0.5", forwarded=["203.0.113.2"]),
        request("::1", forwarded=["203.0.113.3, 10.9.9.9"]),
        request("10.0.0.5", forwarded=["203.0.113.4", "10.1.1.1"]),
    ]
    assert admitted(limits, *asked) == [True] * 4
    assert admitted(limits, *asked) == [False] * 4


@pytest.mark.parametrize(
    "forwarded",
    [
        ["{n}.1.1.1, 203.0.113.1"],
        ["{n}.1.1.1", "203.0.113.1"],
        ["rubbish{n}, 203.0.113.1"],
        ["203.0.113.1:{n}"],
        [""],
        ["unknown"],
    ],
)
def test_what_a_client_puts_before_the_proxys_word_is_not_believed(forwarded: list[str]) -> None:
    limits = Limits(1, proxies="10.0.0.5", clock=Clock())
    asked = [
        request("10.0.0.5", forwarded=[one.format(n=n) for one in forwarded]) for n in range(1, 200)
    ]
    assert sum(admitted(limits, *asked)) == 1


def test_a_proxy_that_writes_ports_tells_its_clients_apart() -> None:
    limits = Limits(1, proxies="10.0.0.5", clock=Clock())
    clients = ["203.0.113.1:{n}", "203.0.113.2:{n}", "[2001:db8:1::1]:{n}", "[2001:db8:2::1]"]
    for port in (1024, 50000):
        asked = [request("10.0.0.5", forwarded=[one.format(n=port)]) for one in clients]
        assert admitted(limits, *asked) == [port == 1024] * 4


def test_a_client_that_is_no_proxy_cannot_speak_for_others() -> None:
    limits = Limits(1, proxies="10.0.0.5", clock=Clock())
    asked = [request("203.0.113.9", forwarded=[f"198.51.100.{n}"]) for n in range(100)]
    assert sum(admitted(limits, *asked)) == 1


def test_memory_is_bounded_and_the_longest_unseen_is_forgotten() -> None:
    clock = Clock()
    limits = Limits(1, kept=(own := Own(10)), clock=clock)
    assert admitted(limits, *(request(f"192.0.2.{n}") for n in range(200))) == [True] * 200
    assert len(own._numbers) == 10
    assert admitted(limits, request("192.0.2.199")) == [False]
    assert admitted(limits, request("192.0.2.0")) == [True]


def test_no_address_is_kept() -> None:
    limits = Limits(1, kept=(own := Own(10)))
    limits.count(request("192.0.2.77"))
    (key,) = own._numbers
    assert len(key) == 16
    assert b"192.0.2.77" not in key
    Limits(1, kept=(other := Own(10))).count(request("192.0.2.77"))
    assert set(other._numbers) != {key}


@pytest.mark.parametrize(
    ("method", "path", "query", "counted"),
    [
        ("POST", "/api/ask", b"", True),
        ("POST", "/api/ask/stream", b"", True),
        ("POST", "/api/feedback", b"", True),
        ("GET", "/ask", b"q=a", True),
        ("GET", "/ask", b"", False),
        ("GET", "/ask", b"q=", False),
        ("POST", "/ask/feedback", b"q=a", True),
        ("GET", "/", b"q=a", True),
        ("GET", "/", b"issuer=a", False),
        ("GET", "/letters/old", b"q=a", True),
        ("GET", "/letters/路/〔2024〕3号.txt", b"start=1&q=a", True),
        ("GET", "/letters/old", b"start=30&end=60", False),
        ("GET", "/letters/old", b"q=", False),
        ("GET", "/api/letters/old", b"", False),
        ("GET", "/livez", b"", False),
        ("OPTIONS", "/api/ask", b"", False),
    ],
)
def test_only_questions_and_feedback_count(
    method: str, path: str, query: bytes, counted: bool
) -> None:
    limits = Limits(1, clock=Clock())
    one = request(method=method, path=path, query=query)
    assert admitted(limits, one, one) == [True, not counted]


def test_a_missing_proxy_setting_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    limits = Limits(5)
    admitted(limits, *[request("203.0.113.9", forwarded=["198.51.100.1"])] * 3)
    (record,) = caplog.records
    assert "KB_TRUSTED_PROXY" in record.getMessage()
    assert "203.0.113.9" not in record.getMessage()


def test_programs_get_a_problem_and_people_a_page_that_say_when_to_come_back() -> None:
    client = served(settings=replace(ANSWERS, rate=1))
    assert client.post("/api/ask", json={"question": "公路"}).status_code == 200
    told = client.post("/api/ask", json={"question": "公路"})
    assert told.headers["content-type"] == "application/problem+json"
    assert (told.status_code, told.json()["code"]) == (429, "too_many")
    assert told.json()["retry_after"] == int(told.headers["retry-after"])
    page = client.get("/ask", params={"q": "公路"})
    assert page.status_code == 429
    assert int(page.headers["retry-after"]) > 0
    assert Page.of(page.text).one("h1").text == "提问太频繁"
