"""督查通报 in the console: a week as a page, and as a document."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from fastapi.testclient import TestClient

from kb.ledger import edit
from kb.ledger.events import entry
from kb.staff import audit
from kb.staff.database import By, opened
from tests.support.promises import under_way
from tests.support.staffing import shown
from tests.support.town import came, founded, stored

TUESDAY = By(who="王芳", at=datetime(2026, 6, 23, 4, tzinfo=UTC))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = founded(tmp_path / "staff.db")
    under_way(path, "2026-06-24", "2026-09-30")  # 4 and 5
    with opened(path) as database:
        phone = "竣工，电话13812345678"
        edit.move(database, entry(database, 5).seen, "done", by=TUESDAY, reason=phone)
    return path


@pytest.fixture
def client(path: Path) -> TestClient:
    return came(path, "manager", stored())


def test_the_last_whole_week_is_shown_and_the_others_are_a_click_away(client: TestClient) -> None:
    page = shown(client, "/staff/weekly")
    assert "2026年6月22日至2026年6月28日" in page.one("main").text
    assert "本周新逾期 1 项，新增 0 项、办结 1 项" in page.one("p", class_="tally").text
    (before,) = page.all("a", rel="prev")
    assert before.attributes["href"] == "/staff/weekly?week=2026-06-15"
    (after,) = page.all("a", rel="next")
    this = shown(client, after.attributes["href"])
    assert "新增 2 项" in this.one("p", class_="tally").text
    assert not this.all("a", rel="next")


def test_the_document_is_what_the_page_shows_and_is_noted(client: TestClient, path: Path) -> None:
    (link,) = (one for one in shown(client, "/staff/weekly").all("a") if "docx" in one.text)
    response = client.get(link.attributes["href"])
    assert response.status_code == 200
    assert "attachment" in response.headers["content-disposition"]
    said = "\n".join(one.text for one in Document(io.BytesIO(response.content)).paragraphs)
    assert shown(client, "/staff/weekly").one("p", class_="tally").text in said
    with opened(path) as database:
        (row,) = audit.entries(database, limit=9, action="exported")
    assert (row.who, row.subject, row.detail) == (
        "manager",
        "督查通报",
        {"asked": {"week": "2026-06-22"}},
    )


def test_a_reader_sees_no_person_in_a_reason_neither_here_nor_there(path: Path) -> None:
    reader = came(path, "reader", stored())
    assert "13812345678" not in reader.get("/staff/weekly").text
    content = reader.get("/staff/weekly.docx").content
    cells = "".join(
        cell.text
        for table in Document(io.BytesIO(content)).tables
        for row in table.rows
        for cell in row.cells
    )
    assert "竣工" in cells
    assert "13812345678" not in cells


@pytest.mark.parametrize("week", ["2026-07-13", "x", "2026-02-30"])
def test_a_week_that_cannot_be_is_refused(client: TestClient, week: str) -> None:
    assert client.get(f"/staff/weekly?week={week}").status_code == 422
    assert client.get(f"/staff/weekly.docx?week={week}").status_code == 422
