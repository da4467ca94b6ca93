"""A filter of the ledger is saved under a name, led to, and forgotten."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from fastapi.testclient import TestClient

from tests.support.promises import under_way
from tests.support.staffing import shown, tally

LEDGER = "/staff/commitments"


def test_a_filter_is_saved_and_is_one_click_away(path: Path, client: TestClient) -> None:
    under_way(path, "2026-06-29", "2026-09-30")
    page = shown(client, f"{LEDGER}?list=overdue&strength=will")
    (form,) = (one for one in page.all("form") if "/staff/views" in one.attributes["action"])
    response = client.post(form.attributes["action"], data={"view-name": "紧要的"})
    assert response.status_code == 303
    after = shown(client, response.headers["location"])
    assert "已存为“紧要的”" in after.one("p", class_="said").text
    (view,) = (one for one in shown(client, LEDGER).all("a") if one.text == "紧要的")
    assert view.attributes["href"] == f"{LEDGER}?list=overdue&strength=will"
    assert tally(client, view.attributes["href"]) == 1


def test_a_view_that_is_forgotten_is_gone(client: TestClient) -> None:
    client.post("/staff/views?year=2024", data={"view-name": "旧的"})
    response = client.post("/staff/views/1/delete")
    after = shown(client, response.headers["location"])
    assert after.one("p", class_="said").text == "已删去“旧的”。"
    assert "旧的" not in shown(client, LEDGER).one("main").text
    assert client.post("/staff/views/1/delete").status_code == 404


def test_a_filter_that_cannot_be_is_not_saved(client: TestClient) -> None:
    refused = client.post("/staff/views?list=nonsense", data={"view-name": "乱"})
    assert refused.status_code == 422
    assert client.post("/staff/views?year=2024", data={"view-name": " "}).status_code == 422
    assert not [one for one in shown(client, LEDGER).all("nav") if "视图" in one.text]


def test_without_a_filter_and_views_there_is_nothing_to_save(client: TestClient) -> None:
    assert not shown(client, LEDGER).all("section", class_="views")


def test_what_was_done_is_said_in_words_of_the_console_alone(client: TestClient) -> None:
    response = client.post("/staff/views?year=2024", data={"view-name": "新的"})
    carried = parse_qs(urlsplit(response.headers["location"]).query)["did"][0]
    word = carried.rpartition("~")[2]
    pages = (LEDGER, "/staff/commitments/1", "/staff/review", "/staff/outgoing", "/staff/uploads")
    for page in pages:
        for forged in ("账号已停用，请致电 110", f"账号已停用~{word}", "~", "x~é"):
            path = f"{page}?{urlencode({'did': forged})}"
            assert not shown(client, path).all("p", class_="said"), path
    carried = urlencode({"did": carried})
    assert shown(client, f"{LEDGER}?{carried}").one("p", class_="said").text == "已存为“新的”。"
