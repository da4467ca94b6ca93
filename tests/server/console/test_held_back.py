"""Staff see which letters are held back from citizens, why, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.formats.raw import Raw
from indexer.letter.fields import read
from kb.store.protocol import Store
from tests.support.fakes import MemoryStore
from tests.support.served import Page
from tests.support.stores import publish
from tests.support.town import came, founded

TEXT = "云岭市民政局\n云民函〔2024〕7号\n{}\n关于第1号提案的答复\n某委员：\n您的提案收悉。已办结。"


SHOWN = 8  # as of every list on the first page


def store_of(*marks: str) -> Store:
    store = MemoryStore()
    letters = [
        read(Raw(id=None, text=TEXT.format(mark)), letter_id=f"{at}.txt", source=f"{at}.txt")
        for at, mark in enumerate(marks)
    ]
    publish(store, *letters)
    return store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return founded(tmp_path / "staff.db")


def test_the_first_page_lists_what_is_held_back_and_why(path: Path) -> None:
    store = store_of("公开属性：主动公开\n（不予公开）", "公开属性：酌情", "公开属性：不予公开", "")
    whole = Page.of(came(path, "reviewer", store).get("/staff?all=yes").text)
    page = whole.one("main")
    assert "互相矛盾" in page.text
    assert "“公开属性：酌情”" in page.text
    listed = [a.attributes["href"] for a in whole.all("a") if a.attributes["href"].endswith(".txt")]
    assert listed == ["/staff/letters/0.txt", "/staff/letters/1.txt"]


def test_who_may_not_see_such_letters_is_not_told_of_them(path: Path) -> None:
    page = came(path, "reader", store_of("公开属性：酌情")).get("/staff").text
    assert "酌情" not in page
    assert "暂不给市民看" not in page


def test_a_long_list_is_cut_and_can_be_seen_whole(path: Path) -> None:
    client = came(path, "reviewer", store_of(*["公开属性：酌情"] * (SHOWN + 3)))
    assert client.get("/staff").text.count("“公开属性：酌情”") == SHOWN
    assert "held=all" in client.get("/staff").text
    assert client.get("/staff?held=all").text.count("“公开属性：酌情”") == SHOWN + 3


def test_the_page_of_a_letter_says_why_it_is_held_back(path: Path) -> None:
    page = came(path, "reviewer", store_of("公开属性：酌情")).get("/staff/letters/0.txt").text
    notice = Page.of(page).one("main").text
    assert "暂不公开" in notice
    assert "读不懂" in notice
    assert "“公开属性：酌情”" in notice
