"""The door of the console: who comes in, how long they stay, where a form may come from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from kb.staff import accounts, audit
from kb.staff.database import opened
from kb.staff.sessions import FAILURES, form_token
from server.console.access.cookies import LOCAL, SECURE
from server.console.access.sign_in import inside
from tests.support.promises import WANG
from tests.support.served import REFUSES, Page, served
from tests.support.staffed import PASSWORD, QUICK, join
from tests.support.staffing import HTTPS, OURS, QUEUE, browser, shown, signed, staffed

LOGIN = "/staff/login"
RIGHT = {"name": "王芳", "password": PASSWORD}


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database in which 王芳, a reviewer, has a password."""
    monkeypatch.setattr(accounts, "HASHER", QUICK)
    monkeypatch.setattr(accounts, "_NOBODYS", [])
    found = tmp_path / "staff.db"
    with opened(found) as database:
        join(database)
    return found


@pytest.fixture
def client(path: Path) -> TestClient:
    return browser(path)


def away(client: TestClient, address: str = "/staff") -> bool:
    """True if the browser is sent to sign in; it has to be shown the page else."""
    response = client.get(address)
    assert response.status_code in (200, 303), response.text
    return response.headers.get("location", "").startswith(LOGIN)


@pytest.mark.parametrize("address", ["/staff", QUEUE, "/staff/commitments?organ=民政局&list=soon"])
def test_who_is_not_signed_in_is_asked_to_and_comes_back_to_where_they_wanted(
    client: TestClient, address: str
) -> None:
    asked = client.get(address)
    assert asked.status_code == 303
    page = shown(client, asked.headers["location"])
    wanted = page.one("input", name="next").attributes["value"]
    back = client.post(LOGIN, data={**RIGHT, "next": wanted})
    assert back.status_code == 303
    assert client.get(back.headers["location"]).status_code == 200
    assert back.headers["location"] == str(client.build_request("GET", address).url)[len(HTTPS) :]


def test_programs_are_told_instead_of_sent_and_htmx_is_sent_its_own_way(client: TestClient) -> None:
    told = client.get("/api/staff/commitments")
    assert told.status_code in (401, 404)
    sent = client.get("/staff", headers={"hx-request": "true"})
    assert (sent.status_code, sent.headers["hx-redirect"]) == (401, LOGIN)


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


def test_a_disabled_account_is_out_with_its_next_request(path: Path) -> None:
    client = staffed(path)
    assert not away(client)
    with opened(path) as database:
        accounts.disable(database, "王芳", by=WANG)
    assert away(client)
    assert client.post(LOGIN, data=RIGHT).status_code == 401


def test_another_role_is_in_force_with_the_next_request(path: Path) -> None:
    client = staffed(path)
    assert client.get(QUEUE).status_code == 200
    with opened(path) as database:
        accounts.change(database, "王芳", role="reader", by=WANG)
    assert client.get(QUEUE).status_code == 403


@pytest.mark.parametrize(
    ("began", "used", "out"), [(29, 29, False), (31, 31, True), (719, 1, False), (721, 1, True)]
)
def test_a_session_ends_when_it_is_idle_or_old(
    path: Path, began: int, used: int, out: bool
) -> None:
    now = datetime.now(UTC)
    client = signed(browser(path), path, at=now - timedelta(minutes=began))
    with opened(path) as database:
        seen = (now - timedelta(minutes=used)).isoformat(timespec="seconds")
        database.execute("UPDATE session SET seen_at = ?", (seen,))
    assert away(client) is out


def test_the_settings_say_how_long_a_session_lasts(path: Path) -> None:
    strict = replace(REFUSES, session_idle=5)
    late = datetime.now(UTC) - timedelta(minutes=6)
    assert away(signed(browser(path, settings=strict), path, at=late))


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


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 404),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 404),
        ({"origin": HTTPS}, 404),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site", "origin": HTTPS}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://testserver.evil.example"}, 403),
        ({"origin": "https://testserver:81"}, 403),
        ({}, 403),
    ],
)
def test_changes_come_from_our_own_pages_only(
    path: Path, headers: dict[str, str], status: int
) -> None:
    client = staffed(path)
    del client.headers["sec-fetch-site"]
    assert client.post(QUEUE + "/9", data={"seen": "0"}, headers=headers).status_code == status


def test_a_browser_that_says_nothing_needs_the_token_of_the_form(path: Path) -> None:
    client = staffed(path)
    token = shown(client).all("input", name="form_token")[0].attributes["value"]
    assert token == form_token(client.cookies[SECURE])
    del client.headers["sec-fetch-site"]
    for told, status in ((token, 404), (token[:-1], 403), ("", 403), (form_token("x"), 403)):
        response = client.post(QUEUE + "/9", data={"seen": "0", "form_token": told})
        assert response.status_code == status


def test_the_token_does_not_help_a_form_that_another_site_sends(path: Path) -> None:
    client = staffed(path)
    told = {"seen": "0", "form_token": form_token(client.cookies[SECURE])}
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
        assert client.post(QUEUE + "/9", data=told, headers=headers).status_code == 403


def test_nobody_is_signed_in_by_a_form_of_another_site(client: TestClient) -> None:
    response = client.post(LOGIN, data=RIGHT, headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert "set-cookie" not in response.headers


def test_every_form_of_the_console_carries_the_token(path: Path) -> None:
    client = staffed(path, role="admin")
    for address in (link.attributes["href"] for link in shown(client, "/staff").all("a")):
        if not address.startswith("/staff"):
            continue
        page = shown(client, address)
        forms = page.all("form", method="post")
        tokens = page.all("input", name="form_token")
        carried = [one for one in forms if "form_token=" in one.attributes.get("action", "")]
        assert len(forms) <= len(tokens) + len(carried), address


def test_the_password_stands_in_no_page_no_log_and_no_database(
    path: Path, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    right = client.post(LOGIN, data=RIGHT)
    wrong = client.post(LOGIN, data={"name": "王芳", "password": PASSWORD + "x"})
    assert PASSWORD not in right.text + wrong.text + caplog.text
    with opened(path) as database:
        assert PASSWORD not in "".join(database.iterdump())
        assert [one.action for one in audit.entries(database, limit=2)] == [
            "sign_in_failed",
            "signed_in",
        ]


def test_citizens_are_given_no_cookie() -> None:
    client = served()
    for address in ("/", "/ask?q=公路", "/docs", "/api/suggestions"):
        assert "set-cookie" not in client.get(address).headers


def test_names_that_are_typed_are_shown_as_words(client: TestClient) -> None:
    evil = '"><img src=x onerror=alert(1)>'
    page = Page.of(client.post(LOGIN, data={"name": evil, "password": "x", "next": evil}).text)
    assert not page.all("img")
    assert page.one("input", id="name").attributes["value"] == evil
    assert shown(client, f"{LOGIN}?next={quote(evil)}").one("input", name="next")
