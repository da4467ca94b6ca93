"""What /metrics tells, to whom, and that nothing in it is personal or grows without bound."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kb.settings import OFF
from tests.support.operated import client, grown, metrics
from tests.support.served import ANSWERS, REFUSES, unusable

ASK = "/api/ask"


def test_a_request_is_counted_by_the_template_of_its_route() -> None:
    asking = client()
    before = metrics(asking)
    for address in ("/letters/old", "/letters/rare", "/letters/nothing", "/no/such/place"):
        asking.get(address)
    after = metrics(asking)
    route = "/letters/{letter_id:anytext}"
    of = {"method": "GET", "route": route}
    assert grown(before, after, "fuwen_http_requests_total", **of, status="200") == 2
    assert grown(before, after, "fuwen_http_requests_total", **of, status="404") == 1
    other = {"method": "GET", "route": "other", "status": "404"}
    assert grown(before, after, "fuwen_http_requests_total", **other) == 1
    assert grown(before, after, "fuwen_http_request_seconds_count", route=route) == 3
    assert grown(before, after, "fuwen_errors_total", code="no_such_route") == 1


@pytest.mark.parametrize("path", [ASK, "/api/ask/stream"])
def test_a_question_is_counted_with_its_outcome_and_its_stages(path: str) -> None:
    asking = client()
    before = metrics(asking)
    asking.post(path, json={"question": "农村公路硬化率是多少"}).raise_for_status()
    after = metrics(asking)
    assert grown(before, after, "fuwen_questions_total", outcome="answer") == 1
    assert grown(before, after, "fuwen_question_seconds_count") == 1
    for stage in ("understand", "wait", "search", "compose"):
        assert grown(before, after, "fuwen_stage_seconds_count", stage=stage) >= 1, stage


def test_a_refusal_is_counted_by_its_code() -> None:
    asking = client(settings=REFUSES)
    before = metrics(asking)
    asking.post(ASK, json={"question": "火星上的水渠归谁管"}).raise_for_status()
    after = metrics(asking)
    assert grown(before, after, "fuwen_questions_total", outcome="refusal") == 1
    assert grown(before, after, "fuwen_refusals_total", code="not_sure") == 1


def test_what_a_limit_turns_away_is_counted_by_the_limit() -> None:
    asking = client(settings=replace(ANSWERS, rate=1))
    before = metrics(asking)
    statuses = [asking.post(ASK, json={"question": "水渠"}).status_code for _ in range(3)]
    after = metrics(asking)
    assert statuses == [200, 429, 429]
    assert grown(before, after, "fuwen_limited_total", limit="rate") == 2
    assert grown(before, after, "fuwen_security_events_total", event="limited") == 2


def test_how_things_stand_is_told() -> None:
    asking = client()
    series = metrics(asking)
    names = {name for name, _ in series}
    assert series[("fuwen_snapshot_letters", frozenset())] == 5
    assert series[("fuwen_snapshot_passages", frozenset())] > 5
    assert series[("fuwen_snapshot_timestamp_seconds", frozenset())] == 1767225600
    assert {"fuwen_build_info", "fuwen_disk_free_bytes", "fuwen_workers"} <= names
    for what in ("snapshot", "staff", "disk", "answering"):
        assert series[("fuwen_trouble", frozenset({("what", what)}))] == 0, what


def test_trouble_is_told_by_its_kind() -> None:
    asking = client(settings=replace(ANSWERS, free_mb=10**9), embedder_of=unusable)
    series = metrics(asking)
    assert series[("fuwen_trouble", frozenset({("what", "disk")}))] == 1
    assert series[("fuwen_trouble", frozenset({("what", "answering")}))] == 1
    assert series[("fuwen_trouble", frozenset({("what", "snapshot")}))] == 0


@pytest.mark.parametrize(
    ("allowed", "peer", "base", "headers", "status"),
    [
        ("127.0.0.1 ::1", "127.0.0.1", "http://127.0.0.1:8000", {}, 200),
        ("127.0.0.1 ::1", "::1", "http://[::1]:8000", {}, 200),
        ("127.0.0.1 ::1", "127.0.0.1", "http://localhost:8000", {}, 200),
        ("127.0.0.1 ::1", "10.0.0.9", "http://10.0.0.5:8000", {}, 403),
        ("10.0.0.0/24", "10.0.0.9", "http://10.0.0.5:8000", {}, 200),
        ("10.0.0.0/24", "::ffff:10.0.0.9", "http://fuwen:8000", {}, 200),
        ("10.0.0.0/24", "127.0.0.1", "http://127.0.0.1:8000", {}, 403),
        (OFF, "127.0.0.1", "http://127.0.0.1:8000", {}, 403),
        # A proxy on this machine, whatever it says of itself and of others.
        ("127.0.0.1", "127.0.0.1", "http://127.0.0.1:8000", {"x-forwarded-for": "127.0.0.1"}, 403),
        ("127.0.0.1", "127.0.0.1", "http://127.0.0.1:8000", {"via": "1.1 a"}, 403),
        ("127.0.0.1", "127.0.0.1", "http://www.example.gov.cn", {}, 403),
        (
            "127.0.0.1",
            "203.0.113.7",
            "http://127.0.0.1:8000",
            {"x-forwarded-for": "127.0.0.1"},
            403,
        ),
    ],
)
@pytest.mark.parametrize("trusted", ["", "127.0.0.1 203.0.113.0/24"])
def test_only_whom_the_setting_names_and_no_proxy_speaks_for_may_see(
    allowed: str, peer: str, base: str, headers: dict[str, str], status: int, trusted: str
) -> None:
    settings = replace(ANSWERS, metrics_from=allowed, trusted_proxy=trusted)
    asking = client(peer=peer, base=base, settings=settings)
    answer = asking.get("/metrics", headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "metrics_not_allowed"


def test_nothing_that_was_typed_or_sent_stands_in_the_metrics() -> None:
    asking = client()
    typed = "张三的手机13912345678"
    asking.post(ASK, json={"question": typed})
    asking.get(f"/{typed}", params={"q": typed}, headers={"user-agent": typed.encode()})
    asking.request("BREW", "/letters/old")
    text = asking.get("/metrics").text
    assert "张三" not in text
    assert "13912345678" not in text
    assert "BREW" not in text
    assert not re.search(r"\b203\.0\.113\.", text)


def test_addresses_and_methods_without_number_make_no_new_series() -> None:
    asking = client()
    asking.get("/a")
    asking.request("BREW", "/a")
    before = metrics(asking).keys()
    for number in range(20):
        asking.get(f"/made-up/{number}")
        asking.get(f"/letters/made-up-{number}")
        asking.request(f"BREW{number}", "/a")
    more = {key for key in metrics(asking).keys() - before if "/letters/{" not in str(key)}
    assert {name for name, _ in more} <= {
        "fuwen_http_requests_total",
        "fuwen_http_request_seconds_bucket",
        "fuwen_http_request_seconds_count",
        "fuwen_http_request_seconds_sum",
    }
    assert all(dict(labels).get("route") == "/metrics" for _, labels in more)
