"""Every response passes the edge: its headers, HEAD, and a fault that tells nothing."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from server.http.edge import HEADERS
from tests.support.served import ANSWERS, BrokenStore, Page, served

PROGRAMS = ("/livez", "/readyz", "/version", "/openapi.json", "/api/letters/old")
EVERYTHING = (
    *PROGRAMS, "/", "/?q=公路", "/letters", "/letters/old", "/docs", "/static/fuwen.css",
    "/nothing", "/api/nothing", "/api/ask", "/letters/nothing", "/static/nothing",
)  # fmt: skip


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served()


@pytest.mark.parametrize("address", EVERYTHING)
@pytest.mark.parametrize(
    "method", ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"]
)
def test_every_response_has_the_protecting_headers(
    client: TestClient, address: str, method: str
) -> None:
    response = client.request(method, address)
    assert response.status_code < 500
    for name, value in HEADERS.items():
        found = response.headers.get_list(name)
        assert len(found) == 1
        assert found == [value] or name == "cache-control"
    assert "access-control-allow-origin" not in response.headers
    assert "set-cookie" not in response.headers


def test_answers_are_not_stored_by_browsers(client: TestClient) -> None:
    for address in ("/?q=公路", "/letters/old", "/api/letters/old", "/readyz"):
        assert client.get(address).headers["cache-control"] == "no-store"


def test_head_answers_like_get(client: TestClient) -> None:
    for address in (*PROGRAMS, "/", "/letters"):
        head, got = client.head(address), client.get(address)
        assert head.status_code == 200
        assert head.headers["content-type"] == got.headers["content-type"]


def test_a_fault_is_a_500_without_details_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    client = served(store=BrokenStore(RuntimeError("secret detail")))
    with caplog.at_level(logging.ERROR, logger="fuwen.server"):
        for method, address in (("GET", "/readyz"), ("GET", "/"), ("GET", "/letters")):
            response = client.request(method, address)
            assert response.status_code == 500
            assert "secret" not in response.text
            assert "Traceback" not in response.text
            for name, value in HEADERS.items():
                assert response.headers[name] == value
    assert client.get("/readyz").json()["code"] == "internal"
    assert Page.of(client.get("/letters").text).one("h1").text == "程序内部出错"
    assert "secret detail" in caplog.text


def test_the_policy_admits_no_inline_and_no_foreign_content() -> None:
    policy = HEADERS["content-security-policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert policy.startswith("default-src 'none';")


STRICT = "strict-transport-security"


@pytest.mark.parametrize("address", EVERYTHING)
def test_over_tls_the_browser_is_told_to_stay_there(address: str) -> None:
    client = served()
    client.base_url = "https://testserver"
    assert client.get(address).headers[STRICT] == "max-age=31536000"


@pytest.mark.parametrize(
    ("trusted", "told", "strict"),
    [
        ("10.0.0.9", "https", True),
        ("10.0.0.9", "http", False),
        ("10.0.0.9", "https, http", False),
        ("", "https", False),
        ("10.0.0.8", "https", False),
    ],
)
def test_only_where_a_trusted_proxy_speaks_tls_for_us(
    trusted: str, told: str, strict: bool
) -> None:
    app = served(settings=replace(ANSWERS, trusted_proxy=trusted)).app
    client = TestClient(app, client=("10.0.0.9", 1))
    assert (STRICT in client.get("/", headers={"x-forwarded-proto": told}).headers) == strict


def test_over_plain_http_nothing_is_said_of_tls(client: TestClient) -> None:
    assert STRICT not in client.get("/").headers


def test_pages_have_no_powers_and_no_openers() -> None:
    for power in ("camera", "microphone", "geolocation", "payment", "usb"):
        assert f"{power}=()" in HEADERS["permissions-policy"]
    assert HEADERS["cross-origin-opener-policy"] == "same-origin"
