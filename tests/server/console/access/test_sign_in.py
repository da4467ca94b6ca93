"""Signing in and out: where it leads, what it says of what is wrong, and what it keeps."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from kb.staff import audit
from kb.staff.database import opened
from kb.staff.sessions import FAILURES
from server.console.access.cookies import SECURE
from server.console.access.sign_in import inside
from tests.support.postgres import dumped
from tests.support.served import Page
from tests.support.staffed import PASSWORD
from tests.support.staffing import LOGIN, RIGHT, away, shown


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/staff",
        "/\\evil.example",
        "/staff\\@evil.example",
        "javascript:alert(1)",
        "https:/staff",
        "/staff\r\nset-cookie: a=b",
        "",
        "/",
        "/ask",
        "staff",
        "/staff://x",
        "///staff",
        "/staffx",
        "/staff.evil.example",
    ],
)
def test_signing_in_never_leads_out_of_the_console(client: TestClient, wanted: str) -> None:
    assert inside(wanted) == "/staff"
    response = client.post(LOGIN, data={**RIGHT, "next": wanted})
    assert response.headers["location"] == "/staff"


def test_a_token_that_was_there_before_signing_in_is_not_the_session(client: TestClient) -> None:
    client.cookies.set(SECURE, "planted")
    assert away(client)
    client.cookies.clear()
    assert client.post(LOGIN, data=RIGHT).status_code == 303
    first = client.cookies[SECURE]
    client.post(LOGIN, data=RIGHT)
    assert len({"planted", first, client.cookies[SECURE]}) == 3


def test_signing_out_ends_the_session_on_the_server_too(client: TestClient) -> None:
    client.post(LOGIN, data=RIGHT)
    token = client.cookies[SECURE]
    response = client.post("/staff/logout")
    assert response.status_code == 303
    assert SECURE not in client.cookies
    client.cookies.set(SECURE, token)
    assert away(client)


def test_a_wrong_password_says_no_more_than_that(client: TestClient) -> None:
    pages = set()
    for name in ("王芳", "没有这个人"):
        response = client.post(LOGIN, data={"name": name, "password": "不是这个密码的密码"})
        assert response.status_code == 401
        assert "set-cookie" not in response.headers
        pages.add(response.text.replace(name, ""))
        assert "不是这个密码的密码" not in response.text
    assert len(pages) == 1


def test_after_five_failures_one_is_told_for_how_long_to_wait(client: TestClient) -> None:
    for _ in range(FAILURES):
        client.post(LOGIN, data={**RIGHT, "password": "不是这个密码的密码"})
    response = client.post(LOGIN, data=RIGHT)
    assert response.status_code == 429
    assert 0 < int(response.headers["retry-after"]) <= 901
    assert "15 分钟" in response.text


def test_nobody_is_signed_in_by_a_form_of_another_site(client: TestClient) -> None:
    response = client.post(LOGIN, data=RIGHT, headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert "set-cookie" not in response.headers


def test_the_password_stands_in_no_page_no_log_and_no_database(
    path: Path, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    right = client.post(LOGIN, data=RIGHT)
    wrong = client.post(LOGIN, data={"name": "王芳", "password": PASSWORD + "x"})
    assert PASSWORD not in right.text + wrong.text + caplog.text
    with opened(path) as database:
        assert PASSWORD not in dumped(database)
        assert [one.action for one in audit.entries(database, limit=2)] == [
            "sign_in_failed",
            "signed_in",
        ]


def test_names_that_are_typed_are_shown_as_words(client: TestClient) -> None:
    evil = '"><img src=x onerror=alert(1)>'
    page = Page.of(client.post(LOGIN, data={"name": evil, "password": "x", "next": evil}).text)
    assert not page.all("img")
    assert page.one("input", id="name").attributes["value"] == evil
    assert shown(client, f"{LOGIN}?next={quote(evil)}").one("input", name="next")
