"""Corrections of a letter's fields on its page: made, told with who and when, undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.intake import corrections
from kb.staff.database import opened
from tests.support.fakes import MemoryStore
from tests.support.promises import ORGAN
from tests.support.served import Page
from tests.support.town import came, founded, stored

HERE = "/staff/letters/甲"
RIGHT = "云建函〔2024〕30号"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return founded(tmp_path / "staff.db")


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    return stored()


def main_of(client: TestClient, address: str = HERE) -> str:
    return Page.of(client.get(address).text).one("main").text


def test_a_correction_is_noted_and_told_with_what_was_read(path: Path, store: MemoryStore) -> None:
    client = came(path, "reviewer", store)
    assert "更正要素" in main_of(client)
    done = client.post(f"{HERE}/fields", data={"field-number": RIGHT, "reason": "扫描不清"})
    assert done.status_code == 303
    told = main_of(client, done.headers["location"].partition("#")[0])
    for words in ("已记下 1 项更正", RIGHT, "reviewer", "程序读出的是", "扫描不清", "正在编入"):
        assert words in told, words
    with opened(path) as database:
        assert corrections.in_force(database) == {"甲": {"number": RIGHT}}
        corrections.note_applied(database, corrections.last(database))
    assert "正在编入" not in main_of(client)


def test_what_is_sent_as_it_was_shown_changes_nothing(path: Path, store: MemoryStore) -> None:
    client = came(path, "manager", store)
    page = Page.of(client.get(HERE).text)
    fields = {
        one.attributes["name"]: one.attributes.get("value", "")
        for one in page.all("input")
        if one.attributes.get("name", "").startswith("field-")
    }
    assert fields["field-issuer"] == ORGAN
    client.post(f"{HERE}/fields", data=fields)
    with opened(path) as database:
        assert corrections.last(database) == 0


def test_a_correction_is_undone(path: Path, store: MemoryStore) -> None:
    client = came(path, "manager", store)
    client.post(f"{HERE}/fields", data={"field-number": RIGHT})
    assert "撤销“文号”的更正" in main_of(client)
    client.post(f"{HERE}/fields", data={"undo": "number"})
    told = main_of(client)
    assert "撤销更正，以程序读出的为准" in told
    assert "撤销“文号”的更正" not in told
    with opened(path) as database:
        assert corrections.in_force(database) == {"甲": {}}


def test_what_cannot_be_is_refused_with_why(path: Path, store: MemoryStore) -> None:
    client = came(path, "manager", store)
    for fields in ({"field-issued_on": "去年"}, {"field-result_class": "Q"},
                   {"field-issuer": "局" * 301}, {"field-signer": "王\u200b某"}):  # fmt: skip
        response = client.post(f"{HERE}/fields", data=fields)
        assert response.status_code == 422
        assert "请" in Page.of(response.text).one("p", class_="problem").text
    client.post(f"{HERE}/fields", data={"field-publicity": "public", "undo": "issuer"})
    with opened(path) as database:
        assert corrections.last(database) == 0


def test_a_reader_sees_the_letter_of_the_base_and_nothing_that_staff_wrote(
    path: Path, store: MemoryStore
) -> None:
    came(path, "manager", store).post(
        f"{HERE}/fields", data={"field-number": RIGHT, "reason": "内情"}
    )
    told = main_of(came(path, "reader", store))
    for words in (RIGHT, "程序读出的是", "更正要素", "更正的经过"):
        assert words not in told  # the letter of the base shows it, masked, once it is indexed
    assert "内情" not in told


def test_markup_in_a_correction_is_words(path: Path, store: MemoryStore) -> None:
    client = came(path, "manager", store)
    client.post(f"{HERE}/fields", data={"field-number": "<b>1</b>", "reason": "<i>2</i>"})
    page = Page.of(client.get(HERE).text)
    assert not page.all("b")
    assert "<i>2</i>" in page.one("main").text
