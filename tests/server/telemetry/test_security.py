"""The security log: what was refused, from about where, and nothing that was typed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb.intake import uploads
from kb.staff import accounts
from kb.staff.database import NAME, By, opened
from server.question_log import Notes
from server.telemetry.request import network_of
from tests.support.operated import Written, client
from tests.support.served import ANSWERS
from tests.support.staffed import QUICK
from tests.support.town import came, founded, stored

PEER = "203.0.113.7"
OURS = {"origin": "http://127.0.0.1:8000"}


@pytest.fixture
def log() -> Iterator[Written]:
    written, logger = Written(), logging.getLogger("fuwen.security")
    logger.addHandler(written)
    yield written
    logger.removeHandler(written)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(accounts, "HASHER", QUICK)
    return founded(tmp_path / NAME)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("2001:db8:1:2::7", "2001:db8:1::/48"),
        ("testclient", ""),
        ("", ""),
    ],
)
def test_of_an_address_only_the_network_is_told(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_refused_sign_in_is_told_without_what_was_typed(log: Written, path: Path) -> None:
    asking = client(notes=Notes(path))
    sent = {"name": "my-password-by-mistake", "password": "wrong"}
    assert asking.post("/staff/login", data=sent, headers=OURS).status_code == 401
    (line,) = log.lines
    assert " WARNING sign_in_refused network=127.0.0.0/24 request=" in line
    assert "mistake" not in line


def test_a_locked_sign_in_is_told(log: Written, path: Path) -> None:
    asking = client(notes=Notes(path))
    sent = {"name": "reader", "password": "wrong"}
    for _ in range(8):
        last = asking.post("/staff/login", data=sent, headers=OURS)
    assert last.status_code == 429
    assert " WARNING sign_in_locked network=" in log.lines[-1]
    assert "limit=sign_in" in log.lines[-1]


def test_refused_rights_are_told_with_the_account(log: Written, path: Path) -> None:
    assert came(path, "reader", stored()).get("/staff/accounts").status_code == 403
    (line,) = log.lines
    assert "rights_refused" in line
    assert "account=reader" in line


def test_forms_and_pages_of_other_sites_are_told(log: Written, path: Path) -> None:
    asking = client(notes=Notes(path))
    foreign = {"origin": "https://evil.example"}
    assert asking.post("/api/ask", json={"question": "水渠"}, headers=foreign).status_code == 403
    assert asking.post("/ask/feedback", data={}, headers=foreign).status_code == 403
    assert [line.split()[3] for line in log.lines] == ["origin_refused", "not_our_page"]
    assert "evil" not in "".join(log.lines)


def test_a_limit_is_told_with_a_network_and_without_the_question(log: Written) -> None:
    asking = client(settings=replace(ANSWERS, rate=1, trusted_proxy="127.0.0.1"), peer="127.0.0.1")
    for _ in range(2):
        headers = {"x-forwarded-for": PEER}
        asking.post("/api/ask", json={"question": "水渠归谁管"}, headers=headers)
    (line,) = log.lines
    assert "limited network=203.0.113.0/24 limit=rate" in line
    assert "水渠" not in line
    assert PEER not in line


def test_a_file_that_is_refused_is_told_by_its_code(log: Written, path: Path) -> None:
    files = {"file": ("~$秘密.docx", b"1")}
    assert came(path, "manager", stored()).post("/staff/uploads", files=files).status_code < 400
    (line,) = log.lines
    assert "upload_refused" in line
    assert "account=manager code=bad_id" in line
    assert "秘密" not in line


def test_an_upload_that_is_taken_down_is_told(log: Written, path: Path) -> None:
    with opened(path) as database:
        by = By(who="manager", at=datetime.now(UTC))
        number = uploads.add(database, name="渠.txt", size=1, sha256="0", folder="", by=by)
        database.execute("UPDATE upload SET state = 'published' WHERE id = ?", (number,))
    came(path, "manager", stored()).post(f"/staff/uploads/{number}/withdraw")
    (line,) = log.lines
    assert " WARNING taken_down " in line
    assert f"account=manager upload={number}" in line
