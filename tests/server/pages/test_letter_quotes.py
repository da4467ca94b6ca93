"""Lasting links to a quote: the words as they stand, what has moved, what was withdrawn."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from kb.types import Span
from server.pages.letter import moved_to
from server.present import cards
from tests.support.fakes import MemoryStore, make_letter
from tests.support.served import letters, page_of, served
from tests.support.stores import publish


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served()


def link(words: str, start: int, letter_id: str = "a") -> str:
    digest = hashlib.sha256(words.encode()).hexdigest()[: cards.DIGEST]
    return f"/quotes/{letter_id}/{start}-{start + len(words)}/{digest}"


@pytest.fixture
def letter_of() -> Callable[[str], TestClient]:
    def made(text: str) -> TestClient:
        store = MemoryStore()
        publish(store, make_letter("a", text, title=None))
        return served(store=store)

    return made


def test_a_permanent_link_shows_its_quote_while_the_words_stand(
    letter_of: Callable[[str], TestClient],
) -> None:
    page = page_of(letter_of("𠮷路已修好。"), link("路已修", 2))
    assert page.one("mark", id="quote").text == "路已修"
    assert "一字不差" in page.one("main").text


def test_words_that_moved_are_offered_where_they_stand_now(
    letter_of: Callable[[str], TestClient],
) -> None:
    client = letter_of("前面添了一句𠮷。公路已修好。")
    page = page_of(client, link("公路已修好", 1))
    assert page.one("h1").text == "已有新版本"
    assert not page.all("mark")
    there = next(a.attributes["href"] for a in page.all("a") if "现在在这里" in a.text)
    assert page_of(client, there).one("mark").text == "公路已修好"


@pytest.mark.parametrize("text", ["公路没有修。", "公路已修好。又说公路已修好。"])
def test_words_that_are_gone_or_stand_twice_are_not_guessed(
    letter_of: Callable[[str], TestClient], text: str
) -> None:
    page = page_of(letter_of(text), link("公路已修好", 8))
    assert page.one("h1").text == "已有新版本"
    assert not [a for a in page.all("a") if "现在在这里" in a.text]


def test_a_withdrawn_letter_says_so_and_shows_nothing(client: TestClient) -> None:
    hidden = next(one for one in letters() if one.id == "桥")
    words = hidden.text[3:20]
    for letter_id in ("桥", "从未有过"):
        page = page_of(client, link(words, 3, quote(letter_id)), status=410)
        assert page.one("h1").text == "已撤下"
        assert words not in page.one("html").text


@pytest.mark.parametrize("rest", ["1-2/xyz", "a-b/0123456789abcdef", "1/0123456789abcdef", "1-2/"])
def test_a_crooked_permanent_link_is_not_found(client: TestClient, rest: str) -> None:
    assert client.get(f"/quotes/old/{rest}").status_code == 404


@given(
    text=st.text(st.sampled_from("甲𠮷乙。"), min_size=1, max_size=30),
    start=st.integers(0, 29),
    length=st.integers(1, 30),
)
def test_a_moved_quote_is_found_only_where_its_words_stand_once(
    text: str, start: int, length: int
) -> None:
    words = text[start : start + length]
    digest = hashlib.sha256(words.encode()).hexdigest()[: cards.DIGEST]
    found = moved_to(text, digest, length=len(words))
    places = [i for i in range(len(text)) if words and text.startswith(words, i)]
    once = Span(start=places[0], end=places[0] + len(words)) if len(places) == 1 else None
    assert found == once


def told(client: TestClient, address: str) -> dict[str, str]:
    """What the page says of itself to whoever passes its address on."""
    metas = [one.attributes for one in page_of(client, address).all("meta")]
    return {
        one.get("property") or one.get("name", ""): one["content"]
        for one in metas
        if "content" in one
    }


def test_a_link_that_is_passed_on_shows_the_words_of_the_quote(
    letter_of: Callable[[str], TestClient],
) -> None:
    text = "开头。市财政每部补助“八万元”<以内>。"
    words = text[3:]
    there = link(words, 4)  # a letter without a title begins with an empty line here
    shown = told(letter_of(text), there)
    assert shown["og:description"] == shown["description"] == words
    assert shown["og:title"] == "a"
    assert shown["og:url"] == f"http://testserver{there}"


def test_a_letter_that_is_passed_on_shows_words_of_its_own(client: TestClient) -> None:
    for letter in (one for one in letters() if one.publicity == "public"):
        shown = told(client, "/letters/" + quote(letter.id))
        assert shown["og:description"] in letter.text
        assert shown["og:url"].endswith("/letters/" + quote(letter.id))


def test_what_was_withdrawn_shows_nothing_of_itself(client: TestClient) -> None:
    page = page_of(client, "/quotes/gone/0-5/0123456789abcdef", status=410)
    assert not page.all("meta", property="og:description")
