"""Who gets to the staff's pages: the key, a name, our own pages; others wait or see nothing."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from server.staff import CHALLENGE, FAILURES, WAIT, Door, LockedOut, NotSignedIn
from tests.served import ANSWERS, served

KEY = "钥匙-0123456789abcdef"
QUEUE = "/staff/queue"


def basic(name: str, key: str = KEY) -> str:
    return "Basic " + b64encode(f"{name}:{key}".encode()).decode()


@pytest.fixture
def now() -> list[float]:
    return [1000.0]


@pytest.fixture
def door(now: list[float]) -> Door:
    return Door(KEY, clock=lambda: now[0])


@pytest.mark.parametrize(
    "told",
    [
        "",
        "Basic",
        "Basic ",
        "Basic !!!",
        "Basic 钥匙",
        f"Bearer {KEY}",
        "Basic " + b64encode(b"\xff:" + KEY.encode()).decode(),
        "Basic " + b64encode(KEY.encode()).decode(),
        basic("王芳", KEY[:-1]),
        basic("王芳", KEY + "x"),
        basic("王芳", ""),
        basic(""),
        basic("  "),
        basic("王\n芳"),
        basic("王" * 41),
    ],
)
def test_without_a_name_and_the_key_nobody_comes_in(door: Door, told: str) -> None:
    with pytest.raises(NotSignedIn):
        door.name(told, address="a")


def test_with_the_key_it_is_known_who_comes_in(door: Door) -> None:
    assert door.name(basic("王芳"), address="a") == "王芳"
    assert door.name(basic("王芳").replace("Basic", "basic"), address="a") == "王芳"


def test_after_too_many_wrong_keys_an_address_waits_and_others_do_not(
    door: Door, now: list[float]
) -> None:
    for _ in range(FAILURES):
        with pytest.raises(NotSignedIn):
            door.name(basic("王芳", "x"), address="a")
    with pytest.raises(LockedOut):
        door.name(basic("王芳"), address="a")
    assert door.name(basic("李明"), address="b") == "李明"
    now[0] += WAIT
    assert door.name(basic("王芳"), address="a") == "王芳"


def test_coming_in_forgives_and_asking_without_a_key_is_no_failure(door: Door) -> None:
    for _ in range(3 * FAILURES):
        with pytest.raises(NotSignedIn):
            door.name("", address="a")
    for _ in range(3):
        for _ in range(FAILURES - 1):
            with pytest.raises(NotSignedIn):
                door.name(basic("王芳", "x"), address="a")
        assert door.name(basic("王芳"), address="a") == "王芳"


def test_only_so_many_addresses_are_remembered(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.staff.MOST", 2)
    for address in [*"a" * FAILURES, "b", "c"]:
        with pytest.raises(NotSignedIn):
            door.name(basic("王芳", "x"), address=address)
    assert door.name(basic("王芳"), address="a") == "王芳"


def test_without_a_key_in_the_settings_there_are_no_such_pages() -> None:
    client = served()
    for method in ("GET", "POST"):
        nothing = client.request(method, "/staff/nothing")
        for path in (QUEUE, QUEUE + "/1"):
            response = client.request(method, path, headers={"authorization": basic("王芳")})
            if method == "GET" or path != QUEUE:
                assert (response.status_code, response.text) == (404, nothing.text)
            assert "www-authenticate" not in response.headers


@pytest.fixture
def client() -> TestClient:
    return served(settings=replace(ANSWERS, staff_key=KEY))


@pytest.mark.parametrize("path", [QUEUE, QUEUE + "/1", QUEUE + "/x"])
def test_every_page_asks_for_the_key(client: TestClient, path: str) -> None:
    for headers in ({}, {"authorization": basic("王芳", "x" * 20)}):
        response = client.get(path, headers=headers)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == CHALLENGE
        assert response.headers["content-type"] == "text/html; charset=utf-8"


def test_who_is_locked_out_is_told_for_how_long(client: TestClient) -> None:
    for _ in range(FAILURES):
        client.get(QUEUE, headers={"authorization": basic("王芳", "x")})
    response = client.get(QUEUE, headers={"authorization": basic("王芳")})
    assert response.status_code == 429
    assert response.headers["retry-after"] == "60"


def test_behind_a_proxy_one_visitor_does_not_lock_out_another() -> None:
    trusting = replace(ANSWERS, staff_key=KEY, trusted_proxy="127.0.0.1")
    client = TestClient(served(settings=trusting).app, client=("127.0.0.1", 1))

    def status(address: str, key: str) -> int:
        headers = {"authorization": basic("王芳", key), "x-forwarded-for": address}
        return client.get(QUEUE, headers=headers).status_code

    assert [status("203.0.113.1", "x") for _ in range(FAILURES)] == [401] * FAILURES
    assert status("203.0.113.1", KEY) == 429
    assert status("198.51.100.7, 203.0.113.1", KEY) == 429
    assert status("203.0.113.2", KEY) != 429


def test_the_key_stands_in_no_page_and_in_no_log(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = client.get(QUEUE, headers={"authorization": basic("王芳")})
    assert KEY not in response.text + caplog.text + repr(ANSWERS)
    assert KEY not in repr(replace(ANSWERS, staff_key=KEY))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 404),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 404),
        ({"origin": "http://testserver"}, 404),
        ({}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site", "origin": "http://testserver"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://testserver.evil.example"}, 403),
        ({"origin": "http://testserver:81"}, 403),
    ],
)
def test_changes_come_from_our_own_pages_only(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    response = client.post(QUEUE + "/x", headers={"authorization": basic("王芳"), **headers})
    assert response.status_code == status
