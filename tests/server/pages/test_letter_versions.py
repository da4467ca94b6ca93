"""The page of a letter says what belongs to it: a newer version, older ones, copies."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from kb.types import Letter
from server.present import cards
from tests.support.fakes import MemoryStore, make_letter
from tests.support.served import page_of, served
from tests.support.stores import put

FORMER = "全市有充电桩200根。"
NOW = make_letter("now", "全市有充电桩260根。", title="关于充电桩的答复", issued_on="2024-05-06")
OLD = make_letter("now@12ab", FORMER, title="关于充电桩的答复", issued_on="2024-04-01")
COPY = make_letter("copy", "全市有充电桩260根。", title="关于充电桩的答复")


@pytest.fixture(scope="module")
def client() -> TestClient:
    store = MemoryStore()
    with store.draft() as draft:
        for letter in (NOW, OLD, COPY):
            put(draft, letter)
        draft.set_aside({"now@12ab": ("now", "older"), "copy": ("now", "copy")})
        draft.publish()
    return served(store=store)


def address(letter: Letter) -> str:
    return "/letters/" + quote(letter.id)


def test_an_older_version_says_so_and_leads_to_the_newer(client: TestClient) -> None:
    page = page_of(client, address(OLD))
    assert "已有更新的版本" in page.one("main").text
    assert "/letters/now" in [a.attributes["href"] for a in page.all("a")]
    assert FORMER in page.one("article").text


def test_the_newest_lists_its_earlier_versions_and_copies(client: TestClient) -> None:
    page = page_of(client, address(NOW))
    links = [a.attributes["href"] for a in page.all("a")]
    assert address(COPY) in links
    assert any(link in links for link in (address(OLD), "/letters/now@12ab"))
    assert "copy.txt" in page.one("main").text
    assert "已有更新的版本" not in page.one("main").text


def test_a_copy_says_what_it_is_a_copy_of(client: TestClient) -> None:
    assert "只计一份" in page_of(client, address(COPY)).one("main").text


def test_the_interface_tells_the_same(client: TestClient) -> None:
    told = client.get("/api/letters/now").json()
    assert [one["letter_id"] for one in told["earlier"]] == ["now@12ab"]
    assert [one["source"] for one in told["copies"]] == ["copy.txt"]
    assert client.get("/api/letters/now@12ab").json()["newer"] == "now"
    assert client.get("/api/letters/copy").json()["copy_of"] == "now"


def test_the_permanent_link_of_a_quote_shows_it_in_the_version_it_was_taken_from(
    client: TestClient,
) -> None:
    start = OLD.text.index(FORMER)
    digest = hashlib.sha256(FORMER.encode()).hexdigest()[: cards.DIGEST]
    page = page_of(client, f"/quotes/now/{start}-{start + len(FORMER)}/{digest}")
    assert page.one("mark", id="quote").text == FORMER
    assert "已有更新的版本" in page.one("main").text


def test_lists_show_the_newest_alone(client: TestClient) -> None:
    links = [a.attributes["href"] for a in page_of(client, "/").all("a")]
    assert not [one for one in links if "12ab" in str(one) or "/letters/copy" in str(one)]
    assert any("/letters/now" in str(one) for one in links)
