"""The cookie of a session, and the connections that are fit for one."""

from __future__ import annotations

from dataclasses import replace
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from server.console.access.cookies import LOCAL, SECURE
from tests.support.served import REFUSES, served
from tests.support.staffing import LOGIN, OURS, RIGHT, browser


def test_the_cookie_stays_on_this_host_with_tls_and_out_of_scripts(client: TestClient) -> None:
    response = client.post(LOGIN, data=RIGHT)
    (told,) = SimpleCookie(response.headers["set-cookie"]).values()
    assert told.key == SECURE
    assert SECURE.startswith("__Host-")
    assert (told["path"], told["domain"], told["samesite"]) == ("/", "", "lax")
    assert told["secure"]
    assert told["httponly"]
    assert told["max-age"] == told["expires"] == ""  # gone with the browser
    assert response.headers["cache-control"] == "no-store"


def plain(path: Path, *, base: str, peer: str, **settings: str) -> TestClient:
    """A browser that speaks plain HTTP to ``base`` from ``peer``."""
    client = browser(path, settings=replace(REFUSES, **settings))  # type: ignore[arg-type]
    found = TestClient(client.app, base_url=base, client=(peer, 1), follow_redirects=False)
    found.headers.update(OURS)
    return found


@pytest.mark.parametrize(
    ("base", "peer"),
    [
        ("http://fuwen.example", "10.0.0.9"),
        ("http://127.0.0.1:8000", "10.0.0.9"),
        ("http://fuwen.example", "127.0.0.1"),  # a proxy on this machine that says nothing
    ],
)
def test_no_password_is_taken_over_plain_http_from_elsewhere(
    path: Path, base: str, peer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> str:
        raise AssertionError("a password was looked at")

    monkeypatch.setattr("kb.staff.sessions.sign_in", never)
    client = plain(path, base=base, peer=peer)
    for response in (client.get(LOGIN), client.post(LOGIN, data=RIGHT)):
        assert response.status_code == 403
        assert "https" in response.text
        assert "set-cookie" not in response.headers


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000"])
def test_on_this_very_machine_plain_http_will_do(path: Path, base: str) -> None:
    client = plain(path, base=base, peer="127.0.0.1")
    response = client.post(LOGIN, data=RIGHT)
    assert response.status_code == 303
    (told,) = SimpleCookie(response.headers["set-cookie"]).values()
    assert told.key == LOCAL
    assert not told["secure"]
    assert told["httponly"]


@pytest.mark.parametrize(
    ("trusted", "told", "status"),
    [
        ("10.0.0.9", "https", 303),
        ("10.0.0.0/24", "https", 303),
        ("10.0.0.8", "https", 403),
        ("", "https", 403),
        ("10.0.0.9", "http", 403),
        ("10.0.0.9", "https, http", 403),
    ],
)
def test_only_a_trusted_proxy_is_believed_that_the_browser_spoke_tls(
    path: Path, trusted: str, told: str, status: int
) -> None:
    client = plain(path, base="http://fuwen.example", peer="10.0.0.9", trusted_proxy=trusted)
    response = client.post(LOGIN, data=RIGHT, headers={"x-forwarded-proto": told})
    assert response.status_code == status
    assert response.headers.get("set-cookie", SECURE).startswith(SECURE)


HERE = "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-for": "203.0.113.9"},
        {"x-forwarded-proto": "http"},
        {"X-Forwarded-Host": "fuwen.example"},
        {"x-forwarded-anything": ""},
        {"forwarded": "for=203.0.113.9"},
        {"via": "1.1 proxy"},
        {"x-real-ip": "203.0.113.9"},
        {"cf-connecting-ip": "203.0.113.9"},
        {"x-request-id": "1"},
        {"host": ""},
        {"host": "fuwen.example"},
        {"host": "127.0.0.1.fuwen.example"},
        {"host": "127.0.0.1@fuwen.example"},
        {"host": "[::1"},
        {"origin": "https://fuwen.example"},
        {"origin": "http://fuwen.example:8000"},
        {"origin": "null"},
        {"referer": "https://fuwen.example/staff/login"},
    ],
    ids=str,
)
def test_where_a_proxy_shows_this_machine_is_not_the_browsers(
    path: Path, headers: dict[str, str]
) -> None:
    client = plain(path, base=HERE, peer="127.0.0.1")
    response = client.post(LOGIN, data=RIGHT, headers=headers)
    assert response.status_code == 403
    assert "https" in response.text
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize("trusted", ["127.0.0.1", "127.0.0.0/8", "::1 127.0.0.1"])
def test_a_proxy_on_this_machine_has_to_say_what_the_browser_spoke(
    path: Path, trusted: str
) -> None:
    client = plain(path, base=HERE, peer="127.0.0.1", trusted_proxy=trusted)
    assert client.post(LOGIN, data=RIGHT).status_code == 403
    response = client.post(LOGIN, data=RIGHT, headers={"x-forwarded-proto": "https"})
    assert response.status_code == 303
    assert response.headers["set-cookie"].startswith(f"{SECURE}=")
    assert "secure" in response.headers["set-cookie"].lower()


@pytest.mark.parametrize("origin", [HERE, "http://localhost:8000", "http://[::1]:8000"])
def test_a_page_of_this_machine_may_send_the_form(path: Path, origin: str) -> None:
    client = plain(path, base=HERE, peer="127.0.0.1")
    headers = {"origin": origin, "referer": f"{origin}/staff/login"}
    assert client.post(LOGIN, data=RIGHT, headers=headers).status_code == 303


def test_a_request_of_http_1_0_is_one_of_a_proxy(path: Path) -> None:
    client = plain(path, base=HERE, peer="127.0.0.1")
    app = client.app

    async def older(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "http_version": "1.0"}, receive, send)

    found = TestClient(older, base_url=HERE, client=("127.0.0.1", 1), follow_redirects=False)
    assert found.post(LOGIN, data=RIGHT, headers=OURS).status_code == 403


def test_citizens_are_given_no_cookie() -> None:
    client = served()
    for address in ("/", "/ask?q=公路", "/docs", "/api/suggestions"):
        assert "set-cookie" not in client.get(address).headers
