"""``/check``: a page for whoever wonders whether that was really said."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.support.served import OLD, ROAD, Page, served

OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served()


def checked(client: TestClient, text: str) -> Page:
    response = client.post("/check", data={"text": text}, headers=OURS)
    assert response.status_code == 200
    return Page.of(response.text)


def test_every_page_leads_to_it(client: TestClient) -> None:
    assert '<a href="/check">核对一句话</a>' in client.get("/").text
    assert client.get("/check").status_code == 200


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OLD, "原文里有，一字不差"),
        (OLD.replace("一九九九", "二〇〇〇"), "原文不是这样写的"),
        (OLD.replace("，", "；"), "字句相同，写法或标点不同"),
        (OLD[1:-1], "只是一句话的一部分"),
        ("全市每个村都要修一座高架桥和一条隧道。", "收录的答复里没有找到"),
        ("谢谢。", "没有核对：太短"),
    ],
)
def test_what_came_of_it_is_said_in_words(client: TestClient, text: str, said: str) -> None:
    page = checked(client, text)
    assert said in page.all("h3")[0].text
    quotes = [element.text for element in page.all("blockquote")]
    assert all(quote.strip() in (OLD, ROAD) for quote in quotes)


def test_the_words_that_differ_are_told_and_marked(client: TestClient) -> None:
    page = checked(client, OLD.replace("今后", "从不"))
    (line,) = [item.text for item in page.all("li") if "原文是" in item.text]
    assert line == "这里写“从不”，原文是“今后”（意思可能相反）"
    assert {"从不", "今后"} <= {mark.text for mark in page.all("mark")}


def test_other_forms_of_the_same_characters_are_told_together(client: TestClient) -> None:
    page = checked(client, OLD.replace("纳入", "納入").replace("护", "護"))
    assert "2 处只是写法不同（繁体、全角等）" in [item.text for item in page.all("li")]


def test_what_cannot_be_checked_stays_in_the_box(client: TestClient) -> None:
    response = client.post("/check", data={"text": "字" * 5001}, headers=OURS)
    assert response.status_code == 422
    page = Page.of(response.text)
    assert "一次最多核对 5000 个" in response.text
    assert page.all("textarea")[0].text.strip() == "字" * 5001


def test_no_other_site_may_send_one(client: TestClient) -> None:
    response = client.post("/check", data={"text": OLD}, headers={"origin": "http://elsewhere"})
    assert response.status_code == 403
