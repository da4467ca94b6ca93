"""What all pages have in common: built for everyone, linked, in the size that was chosen."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NoReturn

import pytest
from fastapi.testclient import TestClient
from jinja2 import FileSystemLoader

from tests.support.served import ADDRESSES, Page, page_of, served


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served()


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_is_built_for_everyone(client: TestClient, address: str) -> None:
    response = client.get(address)
    page = Page.of(response.text)
    assert page.declared == ["doctype html"]
    assert page.one("html").attributes["lang"] == "zh-CN"
    assert page.one("h1").text.strip()
    assert page.one("title").text.strip()
    assert page.one("meta", name="viewport")
    assert page.one("main", id="main")
    first = page.all("a")[0]
    assert (first.attributes["class"], first.attributes["href"]) == ("skip", "#main")
    labelled = {label.attributes["for"] for label in page.all("label")}
    for control in (*page.all("input"), *page.all("select"), *page.all("textarea")):
        if control.attributes.get("type") != "hidden":
            assert control.attributes["id"] in labelled
    ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    levels = [int(one.name[1]) for one in page.elements if re.fullmatch(r"h[1-6]", one.name)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(link.text.strip() for link in page.all("a"))


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_link_within_the_site_leads_somewhere(client: TestClient, address: str) -> None:
    page = Page.of(client.get(address).text)
    ids = {one.attributes.get("id") for one in page.elements}
    for link in [one for one in page.elements if one.name in ("a", "link")]:
        target = link.attributes["href"]
        if target.startswith("#"):
            assert target[1:] in ids
        elif target.startswith("/") and not link.text.startswith("字号"):
            there = client.get(target)
            assert there.status_code == 200, target
            if "#quote" in target:
                assert Page.of(there.text).one("mark", id="quote")


@pytest.mark.parametrize("size", ["large", "extra"])
def test_the_size_of_text_is_kept_from_page_to_page(client: TestClient, size: str) -> None:
    page = page_of(client, f"/ask?q=农村公路硬化率是多少&size={size}")
    assert page.one("html").attributes["class"] == size
    kept = page.all("input", name="size")
    assert [one.attributes["value"] for one in kept] == [size] * len(page.all("form", method="get"))
    for form in page.all("form", method="post"):
        assert form.attributes["action"].endswith(f"size={size}")
    for link in page.all("a"):
        target = link.attributes["href"]
        # A permanent link is made to be passed on, and has no size of its own.
        if target.startswith("/") and not link.text.startswith(("字号", "固定链接")):
            there = page_of(client, target)
            assert there.one("html").attributes.get("class") == size, target


def test_the_size_of_text_is_changed_in_place(client: TestClient) -> None:
    page = page_of(client, "/ask?q=硬化率&before=农村公路&size=large")
    sizes = {a.text: a.attributes for a in page.all("a") if a.text.startswith("字号")}
    assert list(sizes) == ["字号：标准", "字号：大", "字号：特大"]
    assert [name for name, one in sizes.items() if "aria-current" in one] == ["字号：大"]
    again = page_of(client, sizes["字号：标准"]["href"])
    assert "class" not in again.one("html").attributes
    assert again.one("textarea", id="q").text.strip() == "硬化率"
    assert "农村公路" in [one.attributes["value"] for one in again.all("input", name="before")]


def test_pages_are_those_that_were_there_at_start(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new version is copied over the files of a server that still runs the old one."""

    def changed(*_: object) -> NoReturn:
        raise AssertionError("a template was read after start")

    monkeypatch.setattr(FileSystemLoader, "get_source", changed)
    for address in ("/", "/docs", "/ask", "/letters/old", "/embed"):
        assert client.get(address).status_code == 200


def test_an_unknown_size_is_the_standard_one(client: TestClient) -> None:
    page = page_of(client, "/?size=%22%3E%3Cb%3E")
    assert "class" not in page.one("html").attributes


def test_the_list_of_letters_moved_to_the_search_page(client: TestClient) -> None:
    moved = client.get("/letters?issuer=卫健委", follow_redirects=False)
    assert moved.status_code == 308
    assert client.get(moved.headers["location"]).status_code == 200
    assert client.get("/letters").url.path == "/"
