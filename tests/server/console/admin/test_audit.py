"""The page of the audit log."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.staff import audit
from kb.staff.database import opened, writing
from tests.support.postgres import unguard
from tests.support.promises import NOON, letter_of, put
from tests.support.served import Page
from tests.support.staffing import shown, staffed
from tests.support.town import came, founded, stored

PAGE = "/staff/audit"
EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "staff.db"
    with opened(found) as database:
        for number in range(120):
            with writing(database):
                audit.append(
                    database, "exported", who="李明", at=NOON, subject=EVIL, detail={"rows": number}
                )
        put(database, letter_of("我局将于2025年6月底前新增加装电梯60部"))
    return found


@pytest.fixture
def client(path: Path) -> TestClient:
    return staffed(path)


def rows(page: Page) -> list[str]:
    return [one.text for one in page.all("tr")[1:]]


def numbered(page: Page) -> list[int]:
    """The numbers of the rows: the first cell of every six."""
    return [int(cell.text) for cell in page.all("td")[::6]]


def test_the_latest_stands_first_and_the_oldest_can_be_reached(client: TestClient) -> None:
    address, numbers = PAGE, []
    while address:
        page = shown(client, address)
        numbers += numbered(page)
        following = page.all("a", rel="next")
        address = following[0].attributes["href"] if following else ""
    assert len(numbers) > 120
    assert numbers == list(range(len(numbers), 0, -1))


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("who=李明", 50),
        ("action=signed_in", 1),
        ("subject=王芳", 2),
        ("who=没有", 0),
        ("who=李明&action=signed_in", 0),
        ("action=nonsense", 0),
        ("before=3", 2),
        ("before=x", 50),
    ],
)
def test_rows_are_chosen_by_who_what_and_whom(client: TestClient, asked: str, number: int) -> None:
    assert len(rows(shown(client, f"{PAGE}?{asked}"))) == number


def test_what_a_row_tells_is_told_in_words(client: TestClient) -> None:
    page = shown(client, f"{PAGE}?who=李明")
    assert "导出" in rows(page)[0]
    assert "条数 119" in rows(page)[0]
    assert EVIL in rows(page)[0]
    assert not page.all("img")
    ledger = shown(client, f"{PAGE}?action=ledger")
    assert "台账改动" in rows(ledger)[0]
    assert "第 1 号 程序提出" in rows(ledger)[0]


def test_a_log_as_written_is_said_to_be_whole(path: Path, client: TestClient) -> None:
    with opened(path) as database:
        head = audit.head(database)
    for told in ("", str(head)):
        page = Page.of(client.post(PAGE, data={"head": told}).text)
        said = page.one("p", role="status").text
        assert f"审计日志完好，共 {head.row} 行" in said
        assert str(head) in said


@pytest.mark.parametrize(
    ("told", "status", "problem"),
    [("x", 422, "不是审计日志的末行"), (f"9:{'0' * 64}", 500, "找不到记下的末行")],
)
def test_a_head_that_is_not_in_the_log_is_said(
    client: TestClient, told: str, status: int, problem: str
) -> None:
    response = client.post(PAGE, data={"head": told})
    assert response.status_code == status
    assert problem in Page.of(response.text).one("p", role="alert").text


def test_a_log_that_was_changed_is_said_to_be_broken(path: Path, client: TestClient) -> None:
    with opened(path) as database:
        unguard(database)
        database.execute("UPDATE audit SET who = '王芳' WHERE id = 7")
    response = client.post(PAGE)
    assert response.status_code == 500
    assert "第 7 行的内容已被改动" in Page.of(response.text).one("p", role="alert").text


def test_a_row_of_the_ledger_says_what_changed_in_words(tmp_path: Path) -> None:
    path = founded(tmp_path / "staff.db")
    client = came(path, "admin", stored())
    client.post(
        "/staff/commitments/1/move",
        data={"version": "1", "status": "under_way", "reason": "已经进场"},
    )
    page = Page.of(client.get("/staff/audit", params={"action": "ledger"}).text)
    row = page.all("tr")[1].text
    assert "第 1 号" in row
    assert "待核实 → 进行中" in row
    assert "已经进场" in row
    assert "台账记录自" not in row


def test_a_row_of_a_corrected_field_says_what_it_was_and_became(tmp_path: Path) -> None:
    path = founded(tmp_path / "staff.db")
    client = came(path, "admin", stored())
    client.post("/staff/letters/甲/fields", data={"field-number": "云建函〔2024〕30号"})
    page = Page.of(client.get("/staff/audit", params={"action": "field_corrected"}).text)
    assert "文号：（没有） → 云建函〔2024〕30号" in page.all("tr")[1].text


def test_of_many_changes_at_once_the_first_are_told_and_how_many_more(tmp_path: Path) -> None:
    path = founded(tmp_path / "staff.db")
    with opened(path) as database:
        put(database, letter_of(*(f"将于{n}月底前修路" for n in range(1, 9)), letter_id="丙"),
            [f"将于{n}月底前修路" for n in range(1, 9)])  # fmt: skip
    page = Page.of(came(path, "admin", stored()).get("/staff/audit?action=ledger").text)
    assert "另有 3 处改动" in page.all("tr")[1].text
