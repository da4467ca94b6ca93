"""Files, addresses and calls attached on the page: checked, kept, given back as downloads only."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from kb.ledger.attachments import Attachment, attachments_of
from kb.ledger.events import entry
from kb.ledger.files import path_of
from kb.staff.database import opened
from tests.support.fakes import MemoryStore
from tests.support.promises import PROMISES, confirm, letter_of, put
from tests.support.served import REFUSES, letters
from tests.support.staffing import browser, shown, signed, staffed
from tests.support.stores import publish

HERE = "/staff/commitments/1"
PDF = b"%PDF-1.7 <script>alert(1)</script>"
SMALL = replace(REFUSES, evidence_mb=1, evidence_types="pdf txt")


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    publish(store, *letters(), letter_of(*PROMISES))
    return store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with opened(tmp_path / "staff.db") as database:
        put(database, letter_of(*PROMISES))
        confirm(database)
    return tmp_path / "staff.db"


@pytest.fixture
def client(path: Path, store: MemoryStore) -> TestClient:
    return staffed(path, store=store, settings=SMALL)


def attached(path: Path) -> list[Attachment]:
    with opened(path) as database:
        return attachments_of(database, 1)


def sent(client: TestClient, path: Path, file: Any = None, **fields: str) -> Response:
    with opened(path) as database:
        version = str(entry(database, 1).version)
    whole = {"version": version, "form": "document", "relation": "fulfils", **fields}
    return client.post(f"{HERE}/attachments", data=whole, files={"file": file or ("", b"")})


def test_a_file_comes_back_as_a_download_that_can_do_nothing(
    client: TestClient, path: Path
) -> None:
    response = sent(client, path, ("验收 单.pdf", PDF), note="竣工验收单")
    assert response.status_code == 303
    page = shown(client, HERE)
    (link,) = [one for one in page.all("a") if one.text.startswith("下载")]
    assert "竣工验收单" in page.one("main").text
    assert "文档：验收 单.pdf" in page.one("ol", class_="events").text
    file = client.get(link.attributes["href"])
    assert file.content == PDF
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert "%E9%AA%8C%E6%94%B6%20%E5%8D%95.pdf" in file.headers["content-disposition"]
    assert file.headers["x-content-type-options"] == "nosniff"
    policy = file.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    digest = hashlib.sha256(PDF).hexdigest()
    assert path_of(path.parent, digest).read_bytes() == PDF


@pytest.mark.parametrize(
    ("file", "fields", "status", "told"),
    [
        (("a.exe", b"MZ"), {}, 422, "可以附上：pdf、txt"),
        (("a.pdf", b"MZ"), {}, 422, "内容不是 pdf"),
        (("a.txt", b"x" * 1_000_001), {}, 413, "超过 1 MB"),
        (("a.txt", b"x" * 2_000_000), {}, 413, "请求正文超过"),
        (None, {}, 422, "要选文件"),
        (None, {"form": "address", "address": "javascript:alert(1)"}, 422, "网址要写成"),
        (None, {"form": "call", "note": "说好了"}, 422, "哪天打的"),
        (None, {"form": "fax"}, 422, "请选择"),
        (("a.txt", b"x"), {"relation": "kin"}, 422, "哪一种"),
        (("a.txt", b"x"), {"version": "1"}, 409, "刚被别人改过"),
    ],
)
def test_what_is_refused_is_told_on_the_page_and_leaves_nothing(
    client: TestClient, path: Path, file: Any, fields: dict[str, str], status: int, told: str
) -> None:
    response = sent(client, path, file, **fields)
    assert response.status_code == status
    assert told in response.text
    assert "open><summary>附上文件" in response.text
    assert attached(path) == []
    assert not (path.parent / "evidence").exists()


def test_an_address_is_a_link_that_tells_nobody_where_from(client: TestClient, path: Path) -> None:
    sent(client, path, form="address", address="https://www.example.gov.cn/a?b=1&c=2")
    link = shown(client, HERE).one("a", href="https://www.example.gov.cn/a?b=1&c=2")
    assert "noreferrer" in link.attributes["rel"]


def test_a_file_chosen_by_mistake_for_a_call_is_refused(client: TestClient, path: Path) -> None:
    fields = {"form": "call", "day": "2026-06-01", "note": "说好了"}
    assert sent(client, path, ("a.txt", b"x"), **fields).status_code == 422
    assert not (path.parent / "evidence").exists()


def test_a_call_has_its_day_and_what_was_said(client: TestClient, path: Path) -> None:
    sent(client, path, form="call", day="2026-06-29", note="街道说60部都已验收")
    told = shown(client, HERE).one("section", class_="attached").text
    assert "电话记录 · 2026年6月29日" in told
    assert "街道说60部都已验收" in told


def test_who_may_not_see_all_is_told_that_there_is_something(
    client: TestClient, path: Path, store: MemoryStore
) -> None:
    sent(client, path, ("王小明.pdf", PDF), note="联系人13812345678")
    reader = signed(browser(path, store=store, settings=SMALL), path, "读者", role="reader")
    text = reader.get(HERE).text
    assert "只给能看未遮盖文字的角色" in text
    assert "王小明" not in text
    assert "联系人" not in text
    sent(client, path, form="call", day="2026-06-29", note="街道说60部都已验收")
    sent(client, path, form="address", address="https://example.org/a", note="网上登了")
    text = reader.get(HERE).text
    assert "电话记录" in text
    assert not [one for one in ("街道说", "example.org", "网上登了") if one in text]
    assert "13812345678" not in reader.get("/api/staff/commitments/1").text
    one = attached(path)[0]
    assert reader.get(f"{HERE}/files/{one.id}").status_code == 403
    whole = client.get("/api/staff/commitments/1").json()
    assert whole["attachments"][0]["sha256"] == one.sha256


def test_nothing_of_it_reaches_the_public(client: TestClient, path: Path) -> None:
    sent(client, path, ("验收单.pdf", PDF), note="独一无二的说明")
    with opened(path) as database:
        version = str(entry(database, 1).version)
    client.post(f"{HERE}/move", data={"version": version, "status": "done"})
    client.cookies.clear()
    text = client.get("/letters/甲").text
    assert "已完成" in text or "完成" in text
    for secret in ("验收单", "独一无二的说明"):
        assert secret not in text
    (one,) = attached(path)
    assert client.get(f"{HERE}/files/{one.id}").status_code == 303, "sent to sign in"


def test_a_file_of_another_commitment_is_not_given(client: TestClient, path: Path) -> None:
    sent(client, path, ("验收单.pdf", PDF))
    (one,) = attached(path)
    assert client.get(f"/staff/commitments/2/files/{one.id}").status_code == 404


def test_a_file_that_is_gone_says_so(client: TestClient, path: Path) -> None:
    sent(client, path, ("验收单.pdf", PDF))
    (one,) = attached(path)
    path_of(path.parent, str(one.sha256)).unlink()
    assert client.get(f"{HERE}/files/{one.id}").status_code == 500


def test_a_form_of_another_site_is_refused(client: TestClient, path: Path) -> None:
    client.headers["sec-fetch-site"] = "cross-site"
    assert sent(client, path, ("验收单.pdf", PDF)).status_code == 403
    assert attached(path) == []
