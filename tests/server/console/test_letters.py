"""A letter in the console, and what the program missed in it entered by a person."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from indexer.update import update
from kb.ledger.events import entry
from kb.privacy.redact import redacted
from kb.profile import profile
from kb.staff.database import opened
from kb.types import Heading, Span
from server.pages.original import UNSEARCHED
from tests.support import papers
from tests.support.asking import FakeModel, letter_text
from tests.support.fakes import MemoryStore
from tests.support.promises import ORGAN, letter_of
from tests.support.served import Page
from tests.support.stores import put as cut
from tests.support.town import MOBILE, came, founded, stored

PLAIN = "明年把石桥弄的路灯全部点亮"
DATED = "会同云岭市财政局，我局将于2025年9月底前更换路灯120盏"
LETTER = letter_of(PLAIN, DATED, f"联系电话{MOBILE}", letter_id="路灯")
HERE = "/staff/letters/路灯"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return founded(tmp_path / "staff.db")


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    with store.draft() as draft:
        shown = redacted(LETTER, profile().masking)
        cut(draft, shown.letter, hidden=shown.hidden)
        draft.publish()
    return store


@pytest.fixture
def client(path: Path, store: MemoryStore) -> TestClient:
    return came(path, "reviewer", store)


def test_a_missed_promise_is_entered_by_its_words_and_confirmed(
    client: TestClient, path: Path
) -> None:
    response = client.post(HERE, data={"words": PLAIN, "reason": "程序漏了"})
    assert response.status_code == 303
    assert response.headers["location"].startswith("/staff/commitments/4?")
    with opened(path) as database:
        found = entry(database, 4)
    assert (found.text, found.status, found.organ) == (PLAIN, "not_started", ORGAN)
    assert found.span.of(LETTER.text) == PLAIN
    page = Page.of(client.get(response.headers["location"]).text).one("main")
    assert "已补录" in page.text
    assert "程序漏了" in page.text


def test_its_due_its_figure_and_its_organs_are_read_from_the_words(
    client: TestClient, path: Path
) -> None:
    assert client.post(HERE, data={"words": DATED}).status_code == 303
    with opened(path) as database:
        found = entry(database, 4)
    assert found.due is not None
    assert (found.due.raw, found.due.last) == ("2025年9月底前", "2025-09-30")
    assert found.target is not None
    assert (found.target.value, found.target.unit) == (120, "盏")
    assert found.co_organs == ("云岭市财政局",)
    assert found.action.startswith("更换路灯120盏")


@pytest.mark.parametrize("words", ["", "把石桥弄的路灯都点亮", "　"])
def test_words_that_are_not_in_the_letter_are_refused_and_kept_in_the_form(
    client: TestClient, path: Path, words: str
) -> None:
    response = client.post(HERE, data={"words": words})
    assert response.status_code == 422
    page = Page.of(response.text).one("main")
    assert Page.of(response.text).one("textarea", name="words").text.strip() == words.strip()
    assert "没有这段原话" in page.text
    with opened(path) as database:
        assert database.execute("SELECT count(*) FROM commitment").fetchone() == (3,)


def test_another_organs_promise_is_not_for_this_reviewer(path: Path, store: MemoryStore) -> None:
    response = came(path, "neighbour", store).post(HERE, data={"words": PLAIN})
    assert response.status_code == 403
    assert "neighbour 只能" in Page.of(response.text).one("main").text


def test_what_stands_there_already_is_named(client: TestClient) -> None:
    client.post(HERE, data={"words": DATED})
    response = client.post(HERE, data={"words": "2025年9月底前更换路灯120盏"})
    assert response.status_code == 422
    assert "第 4 号承诺" in response.text


def test_hidden_words_are_found_and_stay_hidden_in_the_ledger(
    client: TestClient, path: Path
) -> None:
    assert client.post(HERE, data={"words": f"联系电话{MOBILE}"}).status_code == 303
    with opened(path) as database:
        found = entry(database, 4)
    start = LETTER.text.index("联系电话")
    assert found.span == Span(start=start, end=start + 4 + len(MOBILE))
    assert MOBILE not in found.text + found.action


@pytest.mark.parametrize(
    ("who", "offered"), [("reader", 0), ("neighbour", 1), ("reviewer", 1), ("manager", 1)]
)
def test_only_those_who_review_are_offered_the_form(
    path: Path, store: MemoryStore, who: str, offered: int
) -> None:
    page = Page.of(came(path, who, store).get(HERE).text)
    assert len(page.all("textarea", name="words")) == offered


def test_staff_get_the_file_that_citizens_do_not(path: Path, tmp_path: Path) -> None:
    inbox, store = tmp_path / "inbox", MemoryStore()
    inbox.mkdir()
    content = papers.page(letter_text(), "<!-- 内部意见 -->")
    (inbox / "灯.html").write_bytes(content)
    update([inbox], store, FakeModel())
    staff, reader = came(path, "manager", store), came(path, "reader", store)
    at = "/staff/letters/灯.html"
    assert f"{at}/original" in unquote(staff.get(at).text)
    got = staff.get(f"{at}/original")
    assert got.content == content
    assert "sandbox" in got.headers["content-security-policy"]
    assert "/original" not in reader.get(at).text
    assert reader.get(f"{at}/original").status_code == 403
    refused = came(path, "nobody", store).get("/letters/灯.html/original")
    assert refused.status_code == 404
    assert UNSEARCHED in refused.text


AHEAD = "四、下步工作"
TWICE = "把石桥弄的路灯全部点亮。"


@pytest.fixture
def ahead(path: Path) -> TestClient:
    """The reviewer's browser, with a letter of two sentences alike under 下步工作."""
    made = letter_of(AHEAD, TWICE, f"另外{TWICE}", letter_id="灯")
    start = made.text.index(AHEAD)
    heading = Heading(text=AHEAD, level=1, span=Span(start=start, end=start + len(AHEAD)))
    store = MemoryStore()
    with store.draft() as draft:
        cut(draft, replace(made, headings=(heading,)))
        draft.publish()
    return came(path, "reviewer", store)


def test_a_sentence_that_nobody_claimed_is_one_click_from_being_added(
    ahead: TestClient, path: Path
) -> None:
    page = Page.of(ahead.get("/staff/letters/灯").text)
    links = page.all("a", class_="add")
    assert len(links) == 2
    filled = Page.of(ahead.get(links[1].attributes["href"]).text)
    form = {
        one.attributes["name"]: one.attributes["value"]
        for one in filled.all("input", type="hidden")
        if one.attributes["name"] in ("start", "end")
    }
    words = filled.one("textarea", name="words").text
    assert words in (f"另外{TWICE[:-1]}", TWICE[:-1])
    response = ahead.post("/staff/letters/灯", data={"words": words, **form})
    assert response.status_code == 303
    with opened(path) as database:
        found = entry(database, 4)
    assert str(found.span.start) == form["start"]
    again = Page.of(ahead.get("/staff/letters/灯").text)
    assert len(again.all("a", class_="add")) == 1
    marked = again.one("a", class_="claimed")
    assert marked.text == words
    assert marked.attributes["href"] == "/staff/commitments/4"


def test_words_that_were_changed_are_looked_for_anew(ahead: TestClient, path: Path) -> None:
    data = {"words": f"另外{TWICE[:-1]}", "start": "0", "end": "5"}
    assert ahead.post("/staff/letters/灯", data=data).status_code == 303
    with opened(path) as database:
        assert entry(database, 4).text == f"另外{TWICE[:-1]}"


def test_a_reader_sees_the_promises_marked_and_nothing_to_add(path: Path) -> None:
    page = Page.of(came(path, "reader", stored()).get("/staff/letters/甲").text)
    assert page.one("a", class_="claimed").attributes["href"] == "/staff/commitments/1"
    assert not page.all("a", class_="add")
