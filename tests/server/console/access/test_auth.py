"""The door of the console: who comes in, and how long they stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.staff import accounts
from kb.staff.database import opened
from tests.support.promises import WANG
from tests.support.served import REFUSES
from tests.support.staffing import HTTPS, LOGIN, QUEUE, RIGHT, away, browser, shown, signed, staffed


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
