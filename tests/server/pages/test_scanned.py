"""Letters that were read from scans: what was not read surely is told wherever it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from kb.text.confidence import DOUBT
from kb.types import Letter, Recognised
from tests.support.fakes import MemoryStore
from tests.support.served import ROAD, ROAD_PATH, page_of, place, road_letter, served
from tests.support.stores import publish

ASKED = "农村公路硬化率是多少"
Client = Callable[[float], TestClient]


def scanned(sure: float) -> Letter:
    """A letter of which only the words of ``ROAD`` may have been read badly."""
    letter = road_letter()
    title = Recognised(span=place(letter, "关于农村公路建设提案的答复"), confidence=0.99)
    return replace(
        letter,
        recognised=(title, Recognised(span=place(letter, ROAD), confidence=sure)),
        flags=("ocr",),
    )


@pytest.fixture
def client_of() -> Client:
    def made(sure: float) -> TestClient:
        store = MemoryStore()
        publish(store, scanned(sure))
        return served(store=store)

    return made


@pytest.mark.parametrize(("sure", "told"), [(0.5, True), (0.98, False)])
def test_a_quote_says_that_it_may_be_misread(client_of: Client, sure: float, told: bool) -> None:
    client = client_of(sure)
    assert (DOUBT in page_of(client, f"/ask?q={quote(ASKED)}").one("main").text) == told
    (found,) = client.post("/api/ask", json={"question": ASKED}).json()["quotes"]
    assert found["doubtful"] is told
    assert (DOUBT in client.post("/api/ask/stream", json={"question": ASKED}).text) == told


def test_a_letter_says_that_it_was_scanned_and_which_lines_are_doubtful(client_of: Client) -> None:
    page = page_of(client_of(0.5), ROAD_PATH)
    assert "由扫描件识别" in page.one("p", id="scanned").text
    assert [p.text for p in page.all("p") if "doubtful" in (p.attributes.get("class") or "")] == [
        ROAD
    ]
    sure = page_of(client_of(0.98), ROAD_PATH)
    assert "虚线" not in sure.one("p", id="scanned").text


def test_a_field_that_stands_in_a_doubtful_line_says_so() -> None:
    letter = road_letter()
    store = MemoryStore()
    issuer = Recognised(span=place(letter, "云岭市交通运输局"), confidence=0.5)
    publish(store, replace(letter, recognised=(issuer,), flags=("ocr",)))
    rows = page_of(served(store=store), ROAD_PATH).all("td")
    assert [row.text for row in rows if "可能认错" in row.text] == [
        "云岭市交通运输局（由扫描件识别，可能认错）"
    ]


def test_a_letter_with_a_text_of_its_own_says_nothing_of_scans() -> None:
    page = page_of(served(), ROAD_PATH)
    assert not page.all("p", id="scanned")
    assert "doubtful" not in page.one("article", **{"class": "letter"}).text


def test_the_original_of_a_scan_is_none_of_the_publics(client_of: Client) -> None:
    page = page_of(client_of(0.98), ROAD_PATH)
    assert not [a for a in page.all("a") if (a.attributes.get("href") or "").endswith("/original")]
    assert client_of(0.98).get(f"{ROAD_PATH}/original").status_code == 404
