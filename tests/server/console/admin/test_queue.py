"""The staff's queue in a browser without scripts: what its pages show."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.feedback.questions import Location, states
from kb.staff.database import opened
from kb.types import Span
from server.console.access.cookies import SECURE
from server.question_log import Notes
from tests.support.noted import LIFT, MOBILE, NOON, judged, refused
from tests.support.served import REFUSES, Page, served
from tests.support.staffing import QUEUE, browser, decide, in_force, put, shown, staffed


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "staff.db"


@pytest.fixture
def client(path: Path) -> TestClient:
    return staffed(path)


def test_what_is_refused_stands_in_the_queue(path: Path) -> None:
    notes = Notes(path)
    served(settings=REFUSES, notes=notes).post(
        "/api/ask", json={"question": "水渠由村里自己管护吗"}
    )
    notes.close()
    client = staffed(path)
    page = shown(client)
    assert "水渠由村里自己管护吗" in page.one("table").text
    assert "没答上 1 次" in page.one("table").text
    assert [a.attributes["href"] for a in page.all("a") if a.text == "old"] == ["/letters/old"]


def test_like_questions_are_one_row_and_the_most_missed_stand_first(
    path: Path, client: TestClient
) -> None:
    put(path, refused("河道什么时候清淤？"), *map(refused, LIFT), judged(LIFT[0], useful=False))
    rows = shown(client).all("tr")[1:]
    assert len(rows) == 2
    assert LIFT[0] in rows[0].text
    assert "没答上 3 次" in rows[0].text
    assert "说没用 1 次" in rows[0].text
    assert "河道" in rows[1].text


def test_a_group_shows_how_it_was_asked_what_was_said_and_what_was_decided(
    path: Path, client: TestClient
) -> None:
    said = replace(
        judged(LIFT[1], useful=False, reason="答非所问"),
        quote=Location(letter_id="old", span=Span(start=3, end=9)),
    )
    put(path, refused(LIFT[0]), refused(LIFT[0]), said)
    decide(client, became="done", reason="已补录")
    page = shown(client, QUEUE + "/1")
    text = page.one("main").text
    assert LIFT[0] + "（2 次）" in text
    assert LIFT[1] in text
    assert "答非所问" in text
    assert "王芳：待处理 → 已处理，已补录" in text
    (link,) = (a for a in page.all("a") if a.text == "看那条摘录")
    assert link.attributes["href"] == "/letters/old?start=3&end=9#quote"
    assert client.get(link.attributes["href"]).status_code == 200


@pytest.mark.parametrize("group", ["2", "0", "x", "-1", "９", "1" * 30])
def test_a_group_that_is_not_there_is_not_found(client: TestClient, group: str) -> None:
    assert client.get(f"{QUEUE}/{group}").status_code == 404
    assert client.post(f"{QUEUE}/{group}", data={"became": "done", "seen": "0"}).status_code == 404


def test_personal_data_stays_masked_even_where_the_log_is_on(
    path: Path, client: TestClient
) -> None:
    asked = f"我电话{MOBILE}，路灯谁修？"
    said = judged(asked, useful=False, reason=f"打{MOBILE}")
    put(path, refused(asked), said, log="on")
    decide(client, became="case")
    for address in (QUEUE + "?state=case", QUEUE + "/1"):
        text = client.get(address).text
        assert MOBILE not in text
        assert "138****5678" in text
    assert [one.question for one in in_force(path)] == ["我电话138****5678，路灯谁修？"]


def test_with_the_log_off_only_numbers_are_shown(path: Path, client: TestClient) -> None:
    put(path, *[refused("路灯谁维护？")] * 3, judged("路灯", useful=False), log="off")
    text = shown(client).one("main").text
    assert "把握不够：3 次" in text
    assert "被评为没用：1 次" in text
    assert "路灯" not in text


def test_letters_that_are_not_public_or_gone_are_not_offered(
    path: Path, client: TestClient
) -> None:
    put(path, refused(LIFT[0], "桥", "gone", "old"))
    hrefs = [a.attributes["href"] for a in shown(client).all("a")]
    assert [href for href in hrefs if href.startswith("/letters/")] == ["/letters/old"]
    radios = shown(client, QUEUE + "/1").all("input", type="radio")
    assert [one.attributes["value"] for one in radios] == ["old"]


def test_hostile_words_are_shown_as_words(path: Path, client: TestClient) -> None:
    evil = "<img src=x onerror=alert(1)>路灯\"'&"
    put(path, refused(evil), judged(evil, useful=False, reason=evil))
    decide(client, became="case", question=evil)
    decide(client, became="dropped", reason=evil, seen="1")
    for address in (QUEUE + "?state=dropped", QUEUE + "/1"):
        page = shown(client, address)
        assert not page.all("img")
        assert evil in page.one("main").text


def test_many_groups_are_shown_in_pages(
    path: Path, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.console.admin.queue.PAGE", 2)
    put(path, *map(refused, ("路灯谁修", "河道清淤时间", "电梯补贴", "公交卡办理", "学位缺口")))
    assert len(shown(client).all("tr")) == 3
    last = shown(client, QUEUE + "?page=3")
    assert len(last.all("tr")) == 2
    assert "第 3 页，共 3 页" in last.one("main").text
    for page in ("99", "x", "0", "9" * 30):
        assert shown(client, f"{QUEUE}?page={page}").all("table")
    assert shown(client, QUEUE + "?state=nonsense").all("table")


def test_a_database_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "staff.db").write_bytes(b"no database" * 99)
    client = browser(tmp_path / "staff.db")
    client.cookies.set(SECURE, "x")
    response = client.get(QUEUE)
    assert response.status_code == 503
    assert "从备份恢复" in response.text


def test_without_a_place_for_notes_the_page_says_so() -> None:
    client = browser(None)
    client.cookies.set(SECURE, "x")
    assert client.get(QUEUE).status_code == 503


def test_every_control_has_a_name_and_pages_need_no_script(path: Path, client: TestClient) -> None:
    put(path, refused(LIFT[0], "old"))
    for address in (QUEUE, QUEUE + "/1"):
        text = client.get(address).text
        page = Page.of(text)
        labelled = {one.attributes.get("for") for one in page.all("label")}
        for kind in ("input", "textarea"):
            for control in page.all(kind):
                given = control.attributes
                assert given.get("type") in ("hidden", "radio") or given["id"] in labelled
        assert all(one.text.strip() for one in page.all("button"))
        assert all(one.attributes["src"] and not one.text for one in page.all("script"))
        assert not re.search(r"\son\w+=|style=", text)


def test_forms_may_tell_where_they_come_from(client: TestClient) -> None:
    assert client.get(QUEUE).headers["referrer-policy"] == "same-origin"
    assert client.get(QUEUE).headers["cache-control"] == "no-store"
    assert client.get("/").headers["referrer-policy"] == "no-referrer"


def test_the_clock_of_events_is_that_of_the_server(path: Path, client: TestClient) -> None:
    put(path, refused(LIFT[0]))
    here = NOON.astimezone()
    expected = f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}"
    assert expected in shown(client).one("table").text


def test_states_are_counted(path: Path, client: TestClient) -> None:
    put(path, refused(LIFT[0]), refused("河道什么时候清淤？"))
    decide(client, became="done")
    tabs = {
        a.text: a.attributes for a in shown(client).all("a") if "state=" in a.attributes["href"]
    }
    assert {"待处理 1", "定了答案 0", "已处理 1", "不处理 0"} <= set(tabs)
    assert tabs["待处理 1"]["aria-current"] == "page"
    with opened(path) as database:
        assert states(database) == {"open": 1, "done": 1}
