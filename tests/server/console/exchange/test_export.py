"""The ledger as files, over HTTP: by the filters of the list, within what one may see."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document

from kb.ledger.formats.csv import read
from kb.settings import Settings
from kb.staff import audit
from kb.staff.database import opened
from server.question_log import Notes
from tests.support.promises import CARS, LIFTS, letter_of, put
from tests.support.served import ANSWERS, Page, served
from tests.support.signed import Desk, desk_at

KINDS = ("csv", "xlsx", "docx")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_at(tmp_path)


def hide(desk: Desk) -> None:
    """A letter that is not public, and personal data in a public one."""
    with opened(desk.path) as database:
        closed = letter_of("将整治不公开的堤段", letter_id="密")
        put(database, replace(closed, publicity="closed"), ["将整治不公开的堤段"])
        put(database, letter_of("将致电13812345678", letter_id="丙"), ["将致电13812345678"])


def words(desk: Desk, address: str = "/staff/export.csv", role: str = "manager") -> list[str]:
    response = desk.as_(role).get(address)  # type: ignore[arg-type]
    assert response.status_code == 200
    return [row.cells["承诺原文"] for row in read(response.content)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_comes_with_its_name_and_its_kind(desk: Desk, kind: str) -> None:
    response = desk.as_("reader").get(f"/staff/export.{kind}")
    assert response.status_code == 200
    assert "2026-06-30" in response.headers["content-disposition"]
    assert "attachment" in response.headers["content-disposition"]
    assert response.headers["cache-control"] == "no-store"
    assert len(response.content) == int(response.headers["content-length"])


def test_the_csv_is_what_the_list_shows_by_the_same_filters(desk: Desk) -> None:
    assert set(words(desk)) == {LIFTS, CARS, "研究将青河上段纳入清淤范围的可行性"}
    assert words(desk, "/staff/export.csv?due_month=2024-12") == [CARS]
    assert words(desk, "/staff/export.csv?words=电梯&status=proposed") == [LIFTS]


def test_a_filter_that_cannot_be_is_refused(desk: Desk) -> None:
    assert desk.as_("reader").get("/staff/export.csv?status=x").status_code == 422


def test_the_workbook_leads_back_by_the_address_that_was_set_whatever_the_request_says(
    desk: Desk,
) -> None:
    site = "https://fw.example.gov.cn"
    settings = replace(ANSWERS, public_address=site)
    for given, link in ((Settings(), ""), (settings, f'HYPERLINK("{site}/staff/commitments/1",1)')):
        client = replace(desk, client=served(settings=given, notes=Notes(desk.path))).as_("reader")
        content = client.get("/staff/export.xlsx", headers={"host": "evil.example"}).content
        with ZipFile(io.BytesIO(content)) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "evil" not in sheet
        assert ("HYPERLINK" in sheet) == bool(link)
        assert link in sheet


def test_the_document_says_what_was_chosen_and_shows_statuses_by_shape(desk: Desk) -> None:
    content = desk.as_("reader").get("/staff/export.docx?year=2024&result_class=B").content
    document = Document(io.BytesIO(content))
    assert document.paragraphs[1].text == "全部、2024年、B类　共 3 项　打印日期：2026年6月30日"
    assert document.tables[0].rows[1].cells[1].text == "? 待核实"


def test_a_reader_gets_no_letter_that_is_not_public_and_no_personal_data(desk: Desk) -> None:
    hide(desk)
    assert "将整治不公开的堤段" in words(desk)
    assert "将致电13812345678" in words(desk, "/staff/export.csv?words=致电")
    told = words(desk, role="reader")
    assert "将致电138****5678" in told
    assert len(told) == 4
    client = desk.as_("reader", organs=())
    for kind in KINDS:
        content = client.get(f"/staff/export.{kind}").content
        if kind != "csv":
            with ZipFile(io.BytesIO(content)) as parts:
                content = b"".join(parts.read(name) for name in parts.namelist())
        assert "堤段".encode() not in content
        assert b"13812345678" not in content


def test_every_export_stands_in_the_audit_log(desk: Desk) -> None:
    words(desk, "/staff/export.csv?words=电梯")
    with opened(desk.path) as database:
        (entry,) = audit.entries(database, limit=1)
        audit.verify(database)
    assert (entry.action, entry.subject) == ("exported", "csv")
    assert entry.detail == {"rows": 1, "asked": {"words": "电梯"}}


@pytest.mark.parametrize("kind", KINDS)
def test_no_file_stays_behind(
    desk: Desk, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    client = desk.as_("reader")
    assert client.get(f"/staff/export.{kind}").status_code == 200
    assert list(folder.iterdir()) == []
    monkeypatch.setattr("kb.ledger.formats.docx.MOST", 1)
    assert client.get("/staff/export.docx").status_code == 422
    assert list(folder.iterdir()) == []


def test_nobody_gets_a_file_without_signing_in(desk: Desk) -> None:
    for kind in KINDS:
        response = desk.client.get(f"/staff/export.{kind}", follow_redirects=False)
        assert response.status_code == 303
        assert response.headers["location"].startswith("/staff/login")
    assert desk.as_("reader").get("/staff/export.pdf").status_code == 404


@pytest.mark.parametrize(
    ("role", "shown"),
    [("reader", ()), ("reviewer", ("calendars",)), ("manager", ("in", "calendars"))],
)
def test_the_page_offers_what_one_may(desk: Desk, role: str, shown: tuple[str, ...]) -> None:
    page = Page.of(desk.as_(role).get("/staff/outgoing").text)  # type: ignore[arg-type]
    headings = [one.attributes["id"] for one in page.all("h2")]
    assert headings == ["out", *shown]
    assert re.search(r"共 3 条", page.one("main").text)
