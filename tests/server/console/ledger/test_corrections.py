"""What the form that corrects a commitment takes and refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.ledger.events import entry
from kb.staff.database import opened
from tests.support.fakes import MemoryStore
from tests.support.promises import LIFTS, letter_of, put
from tests.support.served import Page
from tests.support.staffing import staffed
from tests.support.stores import publish

FORM = {
    "version": "1", "reason": "核实", "action": "新增加装电梯", "strength": "will",
    "target_text": "60部", "target_unit": "部",
}  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "staff.db"


@pytest.fixture
def client(path: Path) -> TestClient:
    store = MemoryStore()
    publish(store, letter_of(LIFTS))
    with opened(path) as database:
        put(database, letter_of(LIFTS))
    return staffed(path, store=store)


@pytest.mark.parametrize("typed", ["", "六十", "nan", "NaN", "inf", "-inf", "Infinity", "1e999"])
def test_a_target_that_is_no_finite_number_is_refused(
    path: Path, client: TestClient, typed: str
) -> None:
    address = "/staff/commitments/1/correct"
    response = client.post(address, data={**FORM, "target_value": typed})
    assert response.status_code == 422
    alert = Page.of(response.text).one("p", role="alert")
    assert f"目标的数值“{typed}”不是数；请改正" in alert.text
    with opened(path) as database:
        assert entry(database, 1).version == 1


def test_a_target_with_decimals_is_taken(path: Path, client: TestClient) -> None:
    address = "/staff/commitments/1/correct"
    assert client.post(address, data={**FORM, "target_value": "61.5"}).status_code == 303
    with opened(path) as database:
        target = entry(database, 1).target
    assert target is not None
    assert target.value == 61.5
