"""Before a reply is written: what the page takes, and what it shows to whom."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from fastapi.testclient import TestClient

from kb.analysis.refresh import refresh_ledger
from kb.ledger.edit import move
from kb.privacy.pii import masked
from kb.privacy.redact import redacted
from kb.profile import profile
from kb.staff.database import PROGRAM, By, opened
from kb.types import Letter
from server.console.intake.program import IndexerFailed
from tests.support.fakes import MemoryStore
from tests.support.intake import FakeIndexer
from tests.support.postgres import dumped
from tests.support.promises import CARS, LIFTS, RIVER, all_entries, letter_of
from tests.support.served import Page
from tests.support.staffing import browser, signed, staffed
from tests.support.staffing import shown as page_at
from tests.support.stores import put

PAGE = "/staff/before"
NO_FILE = {"file": ("", b"")}
MOBILE = "13812345678"
PROPOSAL = (
    "关于加快老旧小区加装电梯的提案\n老旧小区的老人上下楼很难。\n建议：\n"
    "一、住房和城乡建设部门加快新增加装电梯，说明今年的部数。\n二、增加停车位。"
)
PUBLIC = letter_of(
    LIFTS, CARS, f"联系人电话是{MOBILE}，加装电梯的事可以打听",
    "截至2024年4月底，全市累计加装电梯12部", letter_id="甲",
    title="关于老旧小区加装电梯提案的答复", proposal_title="关于老旧小区加装电梯的提案",
)  # fmt: skip
CLOSED = letter_of(
    "我局将于2025年底前在军分区大院加装电梯99部", RIVER, letter_id="密", publicity="closed",
    title="关于大院加装电梯提案的答复", proposal_title="关于大院加装电梯的提案",
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "staff.db"


@pytest.fixture
def store(path: Path) -> MemoryStore:
    found = MemoryStore()
    with found.draft() as draft:
        for letter in (PUBLIC, CLOSED):
            shown = redacted(letter, profile().masking)
            put(draft, shown.letter, hidden=shown.hidden)
        draft.publish()
    with opened(path) as database:
        refresh_ledger(database, found.current(), by=By(who=PROGRAM, at=datetime.now(UTC)))
        (lifts,) = (one for one in all_entries(database) if LIFTS in one.text)
        move(database, lifts.seen, "under_way", by=By(who="王芳", at=datetime.now(UTC)))
    return found


@pytest.fixture
def client(path: Path, store: MemoryStore) -> TestClient:
    return staffed(path, store=store)


def brief(client: TestClient, text: str = PROPOSAL, file: bytes = b"", status: int = 200) -> Page:
    response = client.post(PAGE, data={"text": text}, files={"file": ("a.txt", file)})
    assert response.status_code == status, response.text
    return Page.of(response.text)


def letters(page: Page) -> set[str]:
    """The letters that the page leads to."""
    found = (re.match(r"/staff/letters/([^?]+)", a.attributes["href"]) for a in page.all("a"))
    return {match[1] for match in found if match}


def test_it_shows_what_was_promised_said_and_counted(client: TestClient) -> None:
    page = brief(client)
    text = page.one("main").text
    assert page.one("p", role="status").text.startswith("关于加快老旧小区加装电梯的提案：")
    assert LIFTS in page.all("table")[0].text
    assert "逾期" in page.all("table")[0].text
    assert "全市累计加装电梯12部" in [one.text for one in page.all("q")]
    assert "逐点对照" in text
    assert "说明今年的部数" in text
    assert page.one("textarea").text == PROPOSAL


def test_every_quote_stands_in_its_letter_where_its_link_leads(client: TestClient) -> None:
    page = brief(client)
    known: dict[str, Letter] = {"%E7%94%B2": PUBLIC, "%E5%AF%86": CLOSED}
    quotes = page.all("blockquote")
    assert quotes
    for quote in (*quotes, *page.all("q")):
        assert any(quote.text in one.text for one in known.values())
    for link in page.all("a", class_="peek"):
        match = re.match(r"/staff/letters/([^?]+)\?start=(\d+)&end=(\d+)", link.attributes["href"])
        assert match
        assert client.get(link.attributes["href"]).status_code == 200
        words = known[match[1]].text[int(match[2]) : int(match[3])]
        assert words in page.one("main").text


def test_who_may_not_see_all_is_told_of_public_letters_only_and_of_no_person(
    path: Path, store: MemoryStore
) -> None:
    reader = brief(staffed(path, role="reader", store=store))
    assert letters(reader) == {"%E7%94%B2"}
    for secret in ("军分区", "大院", "99部", MOBILE):
        assert secret not in reader.one("main").text
    manager = brief(signed(browser(path, store=store), path, "李明"))
    assert letters(manager) == {"%E7%94%B2", "%E5%AF%86"}
    assert masked(MOBILE) not in manager.one("main").text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_is_read_in_the_encodings_that_chinese_text_comes_in(
    client: TestClient, encoding: str
) -> None:
    page = brief(client, "别的文字", file=PROPOSAL.encode(encoding))
    assert page.one("textarea").text == PROPOSAL
    assert LIFTS in page.one("main").text


@pytest.mark.parametrize(
    ("text", "file", "problem"),
    [
        ("", b"", "没有文字"),
        (" \r\n　", b"", "没有文字"),
        ("路" * 20_001, b"", "超过 20000 个字"),
        ("", b"PK\x03\x04\xff\xfe\x80", "不是纯文本"),
        ("", b"\x00\x01", "无法识别的字符"),
        ("", b"\xff\xfe\x00", "不是纯文本"),
    ],
)
def test_what_cannot_be_read_is_said(
    client: TestClient, text: str, file: bytes, problem: str
) -> None:
    page = brief(client, text, file, status=422)
    assert problem in page.one("p", role="alert").text


def test_what_is_pasted_is_shown_as_words_and_is_neither_kept_nor_logged(
    path: Path, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    evil = PROPOSAL + "\n</textarea><img src=x onerror=alert(1)>独有的话"
    page = brief(client, evil)
    assert not page.all("img")
    assert page.one("textarea").text == evil
    assert "独有的话" not in caplog.text
    with opened(path) as database:
        assert "独有的话" not in dumped(database)


def test_without_letters_on_it_the_page_says_so(client: TestClient) -> None:
    page = brief(client, "关于航天飞机发射场的提案")
    assert "没有找到说这件事的复文" in page.one("main").text


def test_a_form_of_a_browser_that_says_nothing_carries_the_token_in_its_address(
    client: TestClient,
) -> None:
    form = page_at(client, PAGE).one("form", enctype="multipart/form-data")
    action = form.attributes["action"]
    del client.headers["sec-fetch-site"]
    sent = {"data": {"text": PROPOSAL}, "files": {"file": ("", b"")}}
    assert client.post(action, **sent).status_code == 200  # type: ignore[arg-type]
    assert client.post(PAGE, **sent).status_code == 403  # type: ignore[arg-type]


def test_without_a_snapshot_the_page_says_so(path: Path) -> None:
    assert brief(staffed(path, store=MemoryStore()), status=503).one("p", role="alert").text


@pytest.mark.parametrize("suffix", ["docx", "pdf", "ofd"])
def test_a_file_is_read_by_the_indexer_and_nothing_of_it_is_kept(
    path: Path, store: MemoryStore, suffix: str
) -> None:
    indexer = FakeIndexer(store, path.parent)
    client = staffed(path, store=store, indexer=indexer)
    file = {"file": (f"../../我的提案.{suffix}", PROPOSAL.encode())}
    response = client.post(PAGE, data={"text": "别的"}, files=file)
    assert response.status_code == 200
    assert Page.of(response.text).one("textarea").text.endswith(PROPOSAL)
    assert indexer.reads == [f"提案.{suffix}"]
    assert not list(path.parent.rglob("*提案*"))


def test_a_file_that_the_indexer_cannot_read_is_refused_with_what_to_do(
    path: Path, store: MemoryStore
) -> None:
    slow = IndexerFailed("用了 90 秒", reason="too_slow")
    client = staffed(path, store=store, indexer=FakeIndexer(store, path.parent, fails=[slow]))
    sent: dict[str, Any] = {"data": {}, "files": {"file": ("a.pdf", b"%PDF-1.7")}}
    page = Page.of(client.post(PAGE, **sent).text)
    assert "请拆小" in page.one("p", role="alert").text
    assert "“a.pdf”" in page.one("p", role="alert").text
    without = staffed(path, store=store).post(PAGE, **sent)
    assert without.status_code == 422
    assert "复制粘贴" in Page.of(without.text).one("p", role="alert").text


@pytest.mark.parametrize("name", ["a.exe", "C:\\a.exe", "提案", "提案.xlsx"])
def test_a_file_of_another_kind_is_refused_with_the_kinds_that_are_read(
    client: TestClient, name: str
) -> None:
    response = client.post(PAGE, data={}, files={"file": (name, PROPOSAL.encode())})
    assert response.status_code == 422
    alert = Page.of(response.text).one("p", role="alert").text
    assert f"“{name.rpartition(chr(92))[2]}”" in alert
    assert all(kind in alert for kind in (".txt", ".docx", ".pdf", ".wps"))


def test_the_form_of_the_page_gives_the_same_as_a_document_with_its_sources(
    client: TestClient,
) -> None:
    button = brief(client).one("button", form="proposal")
    response = client.post(button.attributes["formaction"], data={"text": PROPOSAL}, files=NO_FILE)
    assert response.status_code == 200
    assert response.headers["content-disposition"].startswith("attachment;")
    text, cells = document(response.content)
    assert "回复之前：关于加快老旧小区加装电梯的提案" in text
    assert "增加停车位" in text
    assert f"{LIFTS}［" in cells
    (line,) = (one for one in text.splitlines() if one.startswith("［") and "老旧小区" in one)
    places = re.findall(r"(\d+)—(\d+)", line)
    assert places
    for first, last in places:
        assert PUBLIC.text[int(first) - 1 : int(last)] in text + cells


def test_the_document_tells_a_reader_of_public_letters_only(path: Path, store: MemoryStore) -> None:
    reader = staffed(path, role="reader", store=store)
    response = reader.post(f"{PAGE}.docx", data={"text": PROPOSAL}, files=NO_FILE)
    told = "\n".join(document(response.content))
    assert LIFTS in told
    for secret in ("军分区", "大院", "99部", MOBILE):
        assert secret not in told


def test_a_proposal_that_cannot_be_read_makes_no_document(client: TestClient) -> None:
    response = client.post(f"{PAGE}.docx", data={"text": ""}, files=NO_FILE)
    assert response.status_code == 422
    assert "没有文字" in Page.of(response.text).one("p", role="alert").text


def document(content: bytes) -> tuple[str, str]:
    """The paragraphs of a Word document, and the cells of its tables."""
    told = Document(BytesIO(content))
    cells = (cell.text for table in told.tables for row in table.rows for cell in row.cells)
    return "\n".join(one.text for one in told.paragraphs), "\n".join(cells)
