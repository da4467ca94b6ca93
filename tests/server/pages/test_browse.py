"""``/``: letters by words and facets, found words marked, the address carrying it all."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from kb.text.tokens import tokens
from kb.types import Letter
from tests.support.fakes import MemoryStore, make_letter
from tests.support.served import ROAD, SECRET, letters, page_of, served
from tests.support.stores import publish


def client_of(*made: Letter) -> TestClient:
    store = MemoryStore(tokenize=tokens)
    publish(store, *made)
    return served(store=store)


@pytest.fixture(scope="module")
def client() -> TestClient:
    return client_of(*letters())


def test_the_empty_page_offers_topics_questions_and_the_latest_letters(
    client: TestClient,
) -> None:
    page = page_of(client, "/")
    assert page.one("input", name="q").attributes["value"] == ""
    topics = {a.text: a.attributes["href"] for a in page.all("a") if a.text.endswith(" 份")}
    there = page_of(client, topics["农业农村 1 份"])
    assert "加快农村公路建设" in there.one("ol").text
    asked = [a.attributes["href"] for a in page.all("a") if a.text.endswith("？")]
    assert any(href.startswith("/ask?q=") for href in asked)
    assert len(page.one("ol").text.split("关于")) > 1
    assert "看全部 3 份答复" in page.one("main").text


def test_words_are_marked_where_they_stand_and_the_link_leads_there(client: TestClient) -> None:
    page = page_of(client, "/?q=硬化率")
    assert page.one("input", name="q").attributes["value"] == "硬化率"
    assert "找到 1 份答复" in page.one("main").text
    excerpt = page.one("p", class_="excerpt")
    assert excerpt.text == ROAD
    assert [one.text for one in page.all("mark")] == ["硬化率"]
    link = next(a.attributes["href"] for a in page.all("a") if "加快农村公路" in a.text)
    assert page_of(client, link).one("mark", id="quote").text == "硬化率"


def test_the_same_words_can_be_asked(client: TestClient) -> None:
    page = page_of(client, "/?q=农村公路硬化率")
    ask = next(a for a in page.all("a") if a.text.startswith("直接提问"))
    assert ask.text == "直接提问：“农村公路硬化率”"
    asked = page_of(client, ask.attributes["href"])
    assert asked.one("textarea", id="q").text.strip() == "农村公路硬化率"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("sort=date", 3),
        ("issuer=卫健委", 1),
        ("year=2024", 1),
        ("result_class=C", 1),
        ("year=1999", 1),
        ("topic=农业农村", 1),
        ("issuer=卫健委&year=2024", 0),
        ("issuer=无", 0),
        ("page=9", 3),
        ("page=²", 3),
        ("q=云交函〔2024〕3号", 1),
        ("q=公路&year=1999", 0),
    ],
)
def test_the_letters_are_narrowed_down(client: TestClient, query: str, count: int) -> None:
    page = page_of(client, "/?" + query)
    main = page.one("main").text
    assert f"找到 {count} 份答复" in main
    assert len(page.all("ol")) == bool(count)
    if count == 0:
        assert "没有找到符合的答复" in main


def test_what_was_chosen_is_kept_and_can_be_taken_back(client: TestClient) -> None:
    page = page_of(client, "/?issuer=卫健委&sort=date")
    chosen = [one.attributes["value"] for one in page.all("option", selected="")]
    assert chosen == ["卫健委"]
    back = next(a.attributes["href"] for a in page.all("a") if "去掉条件" in a.text)
    assert back == "/?sort=date"


def test_a_choice_shows_how_many_letters_it_leaves(client: TestClient) -> None:
    options = [one.text for one in page_of(client, "/?year=2025").all("option")]
    assert "卫健委（1）" in options
    assert not [one for one in options if one.startswith("云岭市交通运输局")]


def test_a_long_list_has_pages_that_keep_the_filter() -> None:
    client = client_of(*(make_letter(f"{n:03}", issuer="甲局") for n in range(50)))
    address, seen = "/?issuer=甲局&q=道路", list[str]()
    for _ in range(3):
        page = page_of(client, address)
        found = [a.attributes["href"] for a in page.all("a")]
        seen += [href for href in found if href.startswith("/letters/")]
        following = [a.attributes["href"] for a in page.all("a") if a.text == "下一页"]
        address = following[0] if following else ""
    assert address == ""
    assert len(seen) == len(set(seen)) == 50


def test_only_public_letters_are_found(client: TestClient) -> None:
    for address in ("/", "/?q=桥梁病害名单", "/?issuer=桥梁处", "/?q=密〔2024〕1号"):
        text = client.get(address).text
        assert SECRET not in text
        assert "桥梁处（" not in text.replace("桥梁处（0）", "")
        assert "/letters/%E6%A1%A5" not in text


def test_without_a_snapshot_the_page_says_so() -> None:
    page = page_of(served(store=MemoryStore()), "/?q=公路", status=503)
    assert "现在还不能查找" in page.one("p", role="alert").text
