"""Calendars over HTTP: made, subscribed to, asked again, revoked."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from icalendar import Calendar

from kb.ledger import edit
from kb.ledger.events import entry
from kb.ledger.formats import icalendar
from kb.staff.database import opened
from server.question_log import Notes
from tests.support.promises import ORGAN, WANG
from tests.support.served import ANSWERS, Page, served
from tests.support.signed import Desk, desk_at


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    found = desk_at(tmp_path)
    with opened(found.path) as database:
        edit.move(database, entry(database, 1).seen, "under_way", by=WANG)
    return found


def made(client: TestClient, organ: str = ORGAN) -> str:
    """The address of a new calendar, as the page shows it."""
    response = client.post("/staff/feeds", data={"organ": organ})
    assert response.status_code == 200, response.text
    shown = Page.of(response.text).one("input", id="address").attributes["value"]
    assert shown.startswith("/calendar/")
    assert shown.endswith(".ics")
    return shown


def asked(desk: Desk, address: str, **headers: str) -> Response:
    return desk.client.get(
        address, headers={name.replace("_", "-"): told for name, told in headers.items()}
    )


def test_whoever_knows_the_address_gets_the_calendar_without_signing_in(desk: Desk) -> None:
    response = asked(desk, made(desk.as_("reviewer")))
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert response.headers["cache-control"] == "private, no-cache"
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert "url" not in event
    assert len(event.walk("VALARM")) == 2


def test_who_has_the_latest_is_sent_nothing_until_the_ledger_changes(desk: Desk) -> None:
    address = made(desk.as_("reviewer"))
    tag = asked(desk, address).headers["etag"]
    for told in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = asked(desk, address, if_none_match=told)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert asked(desk, address, if_none_match='"x"').status_code == 200
    with opened(desk.path) as database:
        edit.correct(database, entry(database, 1).seen, {"note": "x"}, by=WANG)
    assert asked(desk, address, if_none_match=tag).status_code == 200


def test_a_revoked_and_an_unknown_address_answer_alike(desk: Desk) -> None:
    client = desk.as_("reviewer")
    address = made(client)
    assert client.post("/staff/feeds/1/revoke").status_code == 303
    revoked, unknown = asked(desk, address), asked(desk, "/calendar/xyz.ics")
    assert (revoked.status_code, unknown.status_code) == (404, 404)
    assert revoked.text == unknown.text
    page = Page.of(client.get("/staff/outgoing").text)
    assert "吊销" in page.one("table").text
    assert not [one for one in page.all("form") if "revoke" in one.attributes["action"]]


def test_the_secret_is_shown_once_and_never_again(desk: Desk) -> None:
    client = desk.as_("reviewer")
    token = made(client).removeprefix("/calendar/").removesuffix(".ics")
    assert token not in client.get("/staff/outgoing").text


def test_the_secret_does_not_get_into_the_log(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = made(desk.as_("reviewer"))
    client = TestClient(desk.client.app, raise_server_exceptions=False)

    def broken(*_: object, **__: object) -> bytes:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(icalendar, "calendar", broken)
    caplog.set_level(logging.DEBUG, logger="fuwen.server")
    assert client.get(address).status_code == 500
    ours = "\n".join(one.getMessage() for one in caplog.records if one.name == "fuwen.server")
    assert "fault in GET '/calendar/…'" in ours
    token = address.removeprefix("/calendar/").removesuffix(".ics")
    assert token not in ours


def test_a_reviewer_makes_and_revokes_for_its_own_organ_only(desk: Desk) -> None:
    reviewer = desk.as_("reviewer")
    refused = reviewer.post("/staff/feeds", data={"organ": "云岭市水利局"})
    assert refused.status_code == 403
    with opened(desk.path) as database:
        water = {"organ": "云岭市水利局"}
        edit.correct(database, entry(database, 3).seen, water, by=WANG)
    made(desk.as_("manager"), "云岭市水利局")
    assert reviewer.post("/staff/feeds/1/revoke").status_code == 403
    assert "云岭市水利局" not in Page.of(reviewer.get("/staff/outgoing").text).one("main").text


@pytest.mark.parametrize("number", ["0", "99", "x", "٣", "9" * 30])
def test_what_is_not_there_cannot_be_revoked(desk: Desk, number: str) -> None:
    assert desk.as_("manager").post(f"/staff/feeds/{number}/revoke").status_code == 404


def test_readers_and_other_sites_make_none(desk: Desk) -> None:
    assert desk.as_("reader").post("/staff/feeds", data={"organ": ORGAN}).status_code == 403
    client = desk.as_("reviewer")
    client.headers["sec-fetch-site"] = "cross-site"
    assert client.post("/staff/feeds", data={"organ": ORGAN}).status_code == 403


def test_an_organ_that_nobody_knows_gets_none_and_is_told_who_there_is(desk: Desk) -> None:
    response = desk.as_("manager").post("/staff/feeds", data={"organ": "云岭市住房与城建局"})
    assert response.status_code == 404
    assert f"没有“云岭市住房与城建局”这个单位；台账里有：{ORGAN}" in response.text
    with opened(desk.path) as database:
        assert database.execute("SELECT count(*) FROM feed").fetchone() == (0,)
    made(desk.as_("manager"), "住建局")  # another way to write it
    made(desk.as_("reviewer", organs=("云岭市档案馆",)), "云岭市档案馆")  # it promised nothing yet


def test_the_address_is_that_of_the_settings_whatever_host_is_asked(tmp_path: Path) -> None:
    found = desk_at(tmp_path)
    site = "https://fuwen.example.gov.cn"
    app = served(settings=replace(ANSWERS, public_address=site), notes=Notes(found.path))
    evil = {"host": "evil.example"}
    told = {}
    for name, desk in (("relative", found), ("whole", Desk(path=found.path, client=app))):
        client = desk.as_("reviewer")
        with opened(found.path) as database:
            if entry(database, 1).status == "proposed":
                edit.move(database, entry(database, 1).seen, "under_way", by=WANG)
        page = client.post("/staff/feeds", data={"organ": ORGAN}, headers=evil)
        shown = Page.of(page.text).one("input", id="address").attributes["value"]
        content = client.get(shown.removeprefix(site), headers=evil).content
        assert b"evil.example" not in page.content + content
        (event,) = Calendar.from_ical(content).walk("VEVENT")
        told[name] = (shown.startswith(f"{site}/calendar/"), str(event.get("url", "")))
        assert ("KB_PUBLIC_ADDRESS" in page.text) is (name == "relative")
    assert told == {"relative": (False, ""), "whole": (True, f"{site}/staff/commitments/1")}
