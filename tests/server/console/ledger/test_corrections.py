"""What the form that corrects a commitment takes and refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.ledger.events import entry
from kb.staff.database import opened
from tests.support.fakes import MemoryStore
from tests.support.promises import LIFTS, ORGAN, letter_of, put
from tests.support.served import Page
from tests.support.staffing import shown, signed, staffed
from tests.support.stores import publish

HERE = "/staff/commitments/1"
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


WATER = "云岭市水利局"  # which nobody knows here
SEEN = {"version": "1", "reason": "职能划转", "strength": "will"}


def organ_of(path: Path) -> str | None:
    with opened(path) as database:
        return entry(database, 1).organ


@pytest.mark.parametrize("box", [{}, {"new_organ": "1"}])
@pytest.mark.parametrize("name", ["", " ", "局", "<script>alert(1)</script>", "云岭市 水利局"])
def test_what_is_no_organ_is_never_taken(
    path: Path, client: TestClient, name: str, box: dict[str, str]
) -> None:
    response = client.post(f"{HERE}/correct", data={**SEEN, **box, "organ": name})
    assert response.status_code == 422
    assert organ_of(path) == ORGAN


def test_an_organ_that_nobody_knows_needs_a_tick(path: Path, client: TestClient) -> None:
    fields = {**SEEN, "organ": WATER}
    response = client.post(f"{HERE}/correct", data=fields)
    alert = Page.of(response.text).one("p", role="alert").text
    assert "没有“云岭市水利局”这个单位" in alert
    assert organ_of(path) == ORGAN
    assert client.post(f"{HERE}/correct", data={**fields, "new_organ": "1"}).status_code == 303
    assert organ_of(path) == WATER


def test_a_reviewer_cannot_bring_in_a_new_organ(path: Path, client: TestClient) -> None:
    reviewer = signed(client, path, "刘洋", role="reviewer")
    assert not shown(reviewer, HERE).all("input", name="new_organ")
    fields = {**SEEN, "co_organs": WATER, "new_organ": "1"}
    assert reviewer.post(f"{HERE}/correct", data=fields).status_code == 422
    known = {**SEEN, "co_organs": f"云岭市财政局、{ORGAN}"}
    assert reviewer.post(f"{HERE}/correct", data=known).status_code == 303


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
