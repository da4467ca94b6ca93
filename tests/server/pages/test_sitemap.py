"""``/sitemap.xml`` and ``/robots.txt``."""

from __future__ import annotations

from dataclasses import replace
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

from server.pages import sitemap
from tests.support.fakes import MemoryStore, make_letter
from tests.support.served import ANSWERS, ROAD_PATH, page_of, served
from tests.support.stores import publish

SITE = "https://kb.example.gov.cn"
NAMES = {"s": sitemap.SCHEMA}
SETTINGS = replace(ANSWERS, public_address=SITE)


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served(settings=SETTINGS)


def listed(client: TestClient, address: str = "/sitemap.xml") -> dict[str, str | None]:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/xml; charset=utf-8"
    return {
        one.findtext("s:loc", "", NAMES): one.findtext("s:lastmod", None, NAMES)
        for one in ElementTree.fromstring(response.content)
    }


def test_it_has_the_public_letters_and_none_other(client: TestClient) -> None:
    assert listed(client) == {
        f"{SITE}/letters/old": "1999-06-30",
        f"{SITE}/letters/rare": "2025-01-02",
        SITE + ROAD_PATH: "2024-06-28",
    }
    for address in listed(client):
        page_of(client, address.removeprefix(SITE))


def test_it_is_sent_again_only_when_it_is_another(client: TestClient) -> None:
    tag = client.get("/sitemap.xml").headers["etag"]
    same = client.get("/sitemap.xml", headers={"if-none-match": tag})
    assert (same.status_code, same.content) == (304, b"")
    store = MemoryStore()
    publish(store, make_letter("甲", "字。"))
    other = served(settings=SETTINGS, store=store)
    assert other.get("/sitemap.xml").headers["etag"] != tag
    publish(store, make_letter("乙", "字。"))
    assert [*listed(other)] == [f"{SITE}/letters/%E4%B9%99", f"{SITE}/letters/%E7%94%B2"]


def test_many_letters_stand_in_several_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MOST", 3)
    store = MemoryStore()
    publish(store, *(make_letter(f"<{n}&>", "字。") for n in range(7)))
    client = served(settings=SETTINGS, store=store)
    parts = [*listed(client)]
    assert parts == [f"{SITE}/sitemap-{number}.xml" for number in (1, 2, 3)]
    found = [address for part in parts for address in listed(client, part.removeprefix(SITE))]
    assert found == [f"{SITE}/letters/%3C{n}%26%3E" for n in range(7)]
    for number in ("0", "4", "99999999999999999999", "x"):
        assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_robots_are_told_of_the_map_and_kept_from_what_is_work(client: TestClient) -> None:
    response = client.get("/robots.txt")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    told = RobotFileParser()
    told.parse(response.text.splitlines())
    assert told.site_maps() == [f"{SITE}/sitemap.xml"]
    for path in ("/", "/letters/old", "/feeds", "/quotes/old/0-5/0123456789abcdef"):
        assert told.can_fetch("*", SITE + path), path
    for path in ("/ask?q=x", "/api/letters/old", "/staff/login", "/v1/models"):
        assert not told.can_fetch("*", SITE + path), path


def test_without_the_setting_the_site_is_what_the_reader_calls_it() -> None:
    assert "http://testserver/letters/old" in listed(served())
