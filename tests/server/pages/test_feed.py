"""``/feed.atom`` and ``/feeds``: being told of new letters without leaving an address."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

from kb.text.tokens import tokens
from tests.support.fakes import MemoryStore, make_letter
from tests.support.served import ANSWERS, SECRET, page_of, served
from tests.support.stores import publish

ATOM = "{http://www.w3.org/2005/Atom}"
PLACE = "https://kb.example.gov.cn"


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served(settings=replace(ANSWERS, public_address=PLACE))


def entries(client: TestClient, address: str = "/feed.atom") -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert root.findtext(f"{ATOM}{name}")
    return [
        {
            "title": one.findtext(f"{ATOM}title") or "",
            "summary": one.findtext(f"{ATOM}summary") or "",
            "updated": one.findtext(f"{ATOM}updated") or "",
            "href": (one.find(f"{ATOM}link") or one[2]).attrib["href"],
        }
        for one in root.iter(f"{ATOM}entry")
    ]


def test_a_feed_has_the_public_letters_the_newest_first(client: TestClient) -> None:
    found = entries(client)
    assert [one["updated"][:10] for one in found] == ["2025-01-02", "2024-06-28", "1999-06-30"]
    assert SECRET not in client.get("/feed.atom").text
    assert "桥梁" not in client.get("/feed.atom").text


def test_addresses_are_whole_and_lead_to_the_letter(client: TestClient) -> None:
    for one in entries(client):
        assert one["href"].startswith(f"{PLACE}/letters/")
        letter = page_of(client, one["href"].removeprefix(PLACE))
        assert letter.one("h1").text == one["title"]
        assert one["summary"] in letter.one("article").text


def test_without_the_setting_the_site_is_what_the_reader_calls_it() -> None:
    plain = served()
    assert entries(plain)[0]["href"].startswith("http://testserver/")
    odd = plain.get("/feed.atom", headers={"host": 'a"/><x>'})
    assert "<x>" not in odd.text
    assert ElementTree.fromstring(odd.content).findtext(f"{ATOM}id") == "/feed.atom"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("topic=农业农村", 1),
        ("issuer=卫健委", 1),
        ("issuer=卫健委&topic=农业农村", 0),
        ("issuer=无", 0),
    ],
)
def test_a_feed_can_be_of_a_topic_or_an_organ(client: TestClient, query: str, count: int) -> None:
    assert len(entries(client, f"/feed.atom?{query}")) == count


def test_hostile_words_make_no_other_feed() -> None:
    words = "</title><entry>\x00\x0b\ufffe]]>&\u202e"
    store = MemoryStore(tokenize=tokens)
    letter = make_letter("a", f"公路{words}。", proposal_title=words, issuer=words)
    publish(store, letter)
    hostile = served(store=store)
    assert len(entries(hostile)) == 1
    assert len(entries(hostile, f"/feed.atom?issuer={quote(words)}")) == 1


def test_what_has_not_changed_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/feed.atom")
    again = client.get("/feed.atom", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_each_topic_and_organ_has_its_feed_and_its_list(client: TestClient) -> None:
    page = page_of(client, "/feeds")
    links = [a.attributes["href"] for a in page.all("a")]
    feeds = [link for link in links if link.startswith("/feed.atom?")]
    assert any("topic=" in link for link in feeds)
    assert any("issuer=" in link for link in feeds)
    assert all(entries(client, link) for link in feeds)
    assert f"{PLACE}/feed.atom" in page.one("main").text
    assert "/feeds" in [a.attributes["href"] for a in page_of(client, "/").all("a")]


@pytest.mark.parametrize(
    ("address", "feed"),
    [
        ("/", "/feed.atom"),
        ("/?topic=农业农村", "/feed.atom?topic="),
        ("/?issuer=卫健委", "/feed.atom?issuer="),
    ],
)
def test_a_list_names_its_feed(client: TestClient, address: str, feed: str) -> None:
    (link,) = page_of(client, address).all("link", rel="alternate")
    assert link.attributes["type"] == "application/atom+xml"
    assert link.attributes["href"].startswith(feed)


@pytest.mark.parametrize("address", ["/?q=公路", "/?year=2024", "/?topic=农业农村&year=2024"])
def test_what_no_feed_can_say_has_none(client: TestClient, address: str) -> None:
    assert not page_of(client, address).all("link", rel="alternate")
