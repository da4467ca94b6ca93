"""A commitment's page: who answers for it, who was reminded, what colleagues say of it."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from kb.ledger.events import entry
from kb.staff.database import opened
from tests.support.promises import ORGAN, under_way
from tests.support.served import Page
from tests.support.staffing import shown
from tests.support.town import MOBILE, came, founded, stored

HERE = "/staff/commitments/4"


def sent(client: TestClient, act: str, **fields: str) -> Page:
    response = client.post(f"{HERE}/{act}", data=fields)
    assert response.status_code == 303, response.text
    return shown(client, response.headers["location"])


def test_an_owner_is_chosen_among_those_who_may_and_stands_beside_the_organ(
    path: Path, client: TestClient
) -> None:
    under_way(path, "2026-09-30")
    offered = [one.text for one in shown(client, HERE).all("option")]
    assert "王芳" in offered
    page = sent(client, "assign", version="2", owner="王芳", reason="分管")
    assert "责任人现在是 王芳" in page.one("p", class_="said").text
    assert "责任人王芳" in page.one("table", class_="facts dense").text
    assert "责任人：王芳" in page.one("ol").text
    with opened(path) as database:
        assert entry(database, 4).owner == "王芳"


def test_a_reminder_stands_in_the_history_and_is_counted(path: Path, client: TestClient) -> None:
    under_way(path, "2026-06-29")
    assert shown(client, HERE).one("input", id="r-whom").attributes["value"] == ORGAN
    sent(client, "remind", whom=ORGAN, way="phone", said="本周内报结果")
    page = sent(client, "remind", whom="李强", way="visit", said="")
    assert "2 次，最近一次 2026年6月30日" in page.one("table", class_="facts dense").text
    said = page.one("ol").text
    assert f"催办 {ORGAN}（电话）； 王芳" in said
    assert "本周内报结果" in said
    assert "催办 李强（当面）； 王芳" in said


def test_what_is_refused_is_kept_in_the_form(path: Path, client: TestClient) -> None:
    under_way(path, "2026-06-29")
    response = client.post(f"{HERE}/remind", data={"whom": "李强", "way": "鸽子", "said": "快"})
    assert response.status_code == 422
    page = Page.of(response.text)
    assert "催办的方式" in page.one("p", class_="problem").text
    assert page.one("input", id="r-whom").attributes["value"] == "李强"
    assert page.one("textarea", id="r-words").text == "快"


def test_a_comment_is_for_staff_and_hides_persons_from_readers(path: Path) -> None:
    store, town = stored(), founded(path)
    words = f"已与张工联系，电话{MOBILE}"
    neighbour = came(town, "neighbour", store)
    assert neighbour.post("/staff/commitments/1/comment", data={"remark": words}).status_code == 303
    assert words in shown(came(town, "reviewer", store), "/staff/commitments/1").one("ol").text
    reader = shown(came(town, "reader", store), "/staff/commitments/1").one("ol").text
    assert "评论 neighbour" in reader
    assert MOBILE not in reader
    assert "联系，电话" in reader


def test_who_may_not_do_it_is_shown_no_form_for_it(path: Path) -> None:
    store, town = stored(), founded(path)
    forms = {
        who: {
            one.attributes["action"].rpartition("/")[2]
            for one in shown(came(town, who, store), "/staff/commitments/1").all("form")
        }
        & {"assign", "remind", "comment"}
        for who in ("reader", "neighbour", "reviewer")
    }
    # Nobody looked at the commitment yet: there is nothing to remind of.
    assert forms == {"reader": set(), "neighbour": {"comment"}, "reviewer": {"assign", "comment"}}


def test_no_public_page_knows_of_what_staff_say(path: Path, client: TestClient) -> None:
    under_way(path, "2026-09-30")
    sent(client, "assign", version="2", owner="王芳")
    sent(client, "remind", whom="李强", way="phone", said="催办的话")
    sent(client, "comment", remark="评论的话")
    client.cookies.clear()
    for address in ("/letters/多", "/api/letters/多", "/ask?q=第0处改造什么时候完成"):
        text = client.get(address).text
        assert not [one for one in ("王芳", "李强", "催办的话", "评论的话") if one in text], address
