"""The browser of somebody who has a password and is not signed in."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.staff import accounts
from kb.staff.database import opened
from tests.support.staffed import QUICK, join
from tests.support.staffing import browser


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database in which 王芳, a reviewer, has a password."""
    monkeypatch.setattr(accounts, "HASHER", QUICK)
    monkeypatch.setattr(accounts, "_NOBODYS", [])
    found = tmp_path / "staff.db"
    with opened(found) as database:
        join(database)
    return found


@pytest.fixture
def client(path: Path) -> TestClient:
    return browser(path)
