"""The browser of a member of staff, over a ledger with proposals of one letter."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.staff.database import opened
from tests.support.fakes import MemoryStore
from tests.support.promises import PROMISES, letter_of, put
from tests.support.served import letters
from tests.support.staffing import staffed
from tests.support.stores import publish


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "staff.db"


@pytest.fixture
def client(path: Path) -> TestClient:
    store = MemoryStore()
    publish(store, *letters(), letter_of(*PROMISES))
    with opened(path) as database:
        put(database, letter_of(*PROMISES))
    return staffed(path, store=store)
