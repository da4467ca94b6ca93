"""Which pages of other sites may ask, and what each of them is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from server.http.origins import SHARED, method_of
from tests.support.served import ANSWERS, BrokenStore, served

LISTED = "https://www.example.gov.cn"
OTHER = "https://other.example:8443"
UNLISTED = "https://evil.example"
OWN = "http://testserver"
GRANT = "access-control-allow-origin"
QUESTION = {"question": "农村公路硬化率是多少"}
ADDRESSES = {
    "/api/ask": "POST",
    "/api/ask/stream": "POST",
    "/api/letters/old": "GET",
    "/api/suggestions": "GET",
}


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served(settings=replace(ANSWERS, embed_origins=f"{LISTED} {OTHER}"))


def call(client: TestClient, path: str, **headers: str) -> tuple[int, str | None]:
    """The status, and the origin that was granted."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    if ADDRESSES[path] == "POST":
        response = client.post(path, json=QUESTION, headers=told)
    else:
        response = client.get(path, headers=told)
    if response.status_code == 403:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["code"] == "origin_not_allowed"
    assert response.headers["vary"] == "Origin"
    assert "access-control-allow-credentials" not in response.headers
    return response.status_code, response.headers.get(GRANT)


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (LISTED, 200),
        (OTHER, 200),
        (OWN, 200),
        (UNLISTED, 403),
        ("null", 403),
        ("", 403),
        ("http://www.example.gov.cn", 403),
        (LISTED + ":8443", 403),
        (LISTED + "/", 403),
        (LISTED + ".evil.example", 403),
        ("https://example.gov.cn", 403),
        ("https://a.www.example.gov.cn", 403),
        ("https://other.example", 403),
        (LISTED.upper(), 403),
        (f"{LISTED} {OTHER}", 403),
        ("https://testserver.evil.example", 403),
        ("http://testserver:81", 403),
        ("http://[", 403),
    ],
)
def test_only_our_own_pages_and_the_listed_origins_get_in(
    client: TestClient, path: str, origin: str, status: int
) -> None:
    granted = origin if origin in (LISTED, OTHER) else None
    assert call(client, path, origin=origin) == (status, granted)


@pytest.mark.parametrize("path", ADDRESSES)
def test_programs_send_no_origin_and_get_in(client: TestClient, path: str) -> None:
    assert call(client, path) == (200, None)


@pytest.mark.parametrize(
    ("site", "status"),
    [("same-origin", 200), ("none", 200), ("same-site", 403), ("cross-site", 403)],
)
def test_what_a_browser_says_of_the_sender_decides_where_no_origin_is_sent(
    client: TestClient, site: str, status: int
) -> None:
    assert call(client, "/api/ask", sec_fetch_site=site) == (status, None)
    assert call(client, "/api/letters/old", sec_fetch_site=site) == (200, None)


def test_our_own_page_behind_a_proxy_that_changes_scheme_or_host_gets_in(
    client: TestClient,
) -> None:
    assert call(client, "/api/ask", origin="https://testserver") == (200, None)
    public = {"origin": "https://kb.example", "sec_fetch_site": "same-origin"}
    assert call(client, "/api/ask", **public) == (200, None)
    public["sec_fetch_site"] = "same-site"
    assert call(client, "/api/ask", **public) == (403, None)


def test_a_sibling_site_does_not_get_in_by_its_host_name(client: TestClient) -> None:
    told = {"origin": "http://testserver", "sec_fetch_site": "cross-site"}
    assert call(client, "/api/ask", **told) == (403, None)


def preflight(client: TestClient, path: str, origin: str, method: str = "POST") -> Any:
    headers = {
        "origin": origin,
        "access-control-request-method": method,
        "access-control-request-headers": "content-type",
        "sec-fetch-site": "cross-site",
    }
    return client.options(path, headers=headers)


@pytest.mark.parametrize("path", SHARED)
def test_a_listed_origin_is_granted_before_it_asks(client: TestClient, path: str) -> None:
    response = preflight(client, path, LISTED)
    assert response.status_code == 204
    assert response.content == b""
    assert response.headers[GRANT] == LISTED
    assert response.headers["access-control-allow-methods"] == SHARED[path]
    assert "Content-Type" in response.headers["access-control-allow-headers"].split(", ")
    assert response.headers["vary"] == "Origin"


@pytest.mark.parametrize("path", SHARED)
@pytest.mark.parametrize("origin", [UNLISTED, "null"])
def test_no_other_origin_is_granted_before_it_asks(
    client: TestClient, path: str, origin: str
) -> None:
    response = preflight(client, path, origin)
    assert response.status_code == 403
    assert GRANT not in response.headers
    assert "access-control-allow-methods" not in response.headers


@pytest.mark.parametrize("path", ["/readyz", "/", "/docs", "/openapi.json", "/letters/old"])
def test_what_is_not_shared_is_granted_to_nobody(client: TestClient, path: str) -> None:
    assert GRANT not in client.get(path, headers={"origin": LISTED}).headers
    assert GRANT not in preflight(client, path, LISTED, "GET").headers


def test_errors_and_refusals_can_be_read_by_a_listed_page(client: TestClient) -> None:
    headers = {"origin": LISTED}
    wrong = client.post("/api/ask", json={"question": ""}, headers=headers)
    absent = client.get("/api/letters/nothing", headers=headers)
    assert (wrong.status_code, absent.status_code) == (422, 404)
    for response in (wrong, absent):
        assert response.headers[GRANT] == LISTED
        assert response.headers["access-control-expose-headers"] == "Retry-After"


def test_a_fault_can_be_read_by_a_listed_page() -> None:
    settings = replace(ANSWERS, embed_origins=LISTED)
    client = served(settings=settings, store=BrokenStore(RuntimeError("x")))
    response = client.post("/api/ask", json=QUESTION, headers={"origin": LISTED})
    assert (response.status_code, response.headers[GRANT]) == (500, LISTED)


def test_without_a_list_only_our_own_pages_get_in() -> None:
    client = served()
    assert call(client, "/api/ask", origin=LISTED) == (403, None)
    assert call(client, "/api/ask", origin=OWN) == (200, None)


def test_feedback_from_an_unlisted_page_does_not_get_in(client: TestClient) -> None:
    for headers in ({"origin": UNLISTED}, {"sec-fetch-site": "cross-site"}):
        response = client.post("/api/feedback", json={}, headers=headers)
        assert (response.status_code, response.json()["code"]) == (403, "origin_not_allowed")
    listed = client.post("/api/feedback", json={}, headers={"origin": LISTED})
    assert (listed.status_code, listed.headers[GRANT]) == (422, LISTED)


def test_a_question_that_does_not_get_in_is_not_counted() -> None:
    client = served(settings=replace(ANSWERS, rate=1))
    for _ in range(3):
        assert call(client, "/api/ask", origin=UNLISTED) == (403, None)
    assert call(client, "/api/ask", origin=OWN) == (200, None)


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/api/ask", "POST"),
        ("/api/ask/", None),
        ("/api/ask/streams", None),
        ("/api/letters", None),
        ("/api/letters/a/b", "GET"),
        ("/", None),
        ("/api/", None),
    ],
)
def test_paths_are_shared_exactly_or_below_a_slash(path: str, method: str | None) -> None:
    assert method_of(path) == method


REBOUND = {"host": "evil.example", "origin": "http://evil.example"}
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"origin": LISTED, "sec-fetch-site": "cross-site"}, 200),
        ({"origin": "https://kb.example", "sec-fetch-site": "same-origin"}, 200),
        ({"origin": OWN}, 403),
        ({"origin": OWN, "sec-fetch-site": "same-origin"}, 403),
        (REBOUND, 403),
        ({**REBOUND, "sec-fetch-site": "same-origin"}, 403),
        ({"host": "evil.example", "sec-fetch-site": "same-origin"}, 403),
        ({"host": "evil.example", "sec-fetch-site": "same-site"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ""}, 403),
    ],
)
def test_programs_and_listed_pages_alone_speak_mcp(headers: dict[str, str], status: int) -> None:
    settings = replace(ANSWERS, embed_origins=LISTED, public_address="https://kb.example")
    response = served(settings=settings).post("/mcp", json=PING, headers=headers)
    assert response.status_code == status
