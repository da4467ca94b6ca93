"""Many at once from the list: what would change, then done, and told of each that was refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.ledger.bulk import MOST
from kb.ledger.events import entry
from kb.ledger.history import history
from kb.staff.database import opened
from tests.support.fakes import MemoryStore
from tests.support.promises import RIVER, confirm, seen
from tests.support.staffing import shown
from tests.support.town import WATER, came, founded, stored

PREVIEW, CONFIRM = "/staff/bulk", "/staff/bulk/confirm"
LIST = "/staff/commitments"


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    return stored()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return founded(tmp_path / "staff.db")


def statuses(path: Path) -> list[str]:
    with opened(path) as database:
        return [entry(database, number).status for number in (1, 2, 3)]


def sent(client: TestClient, address: str, **fields: object) -> str:
    response = client.post(address, data={"action": "under_way", **fields})
    assert response.status_code == 200, response.text
    return response.text


def test_what_would_change_is_shown_and_nothing_is_done(path: Path, store: MemoryStore) -> None:
    client = came(path, "manager", store)
    text = sent(client, PREVIEW, seen=["1:1", "2:1", "9:1"])
    assert "会改 2 条，1 条不行" in text
    assert "状态：<s>待核实</s> → 进行中" in text
    assert "台账里没有第 9 号承诺" in text
    assert statuses(path) == ["proposed"] * 3


def test_it_is_done_with_its_reason_and_what_was_refused_is_told(
    path: Path, store: MemoryStore
) -> None:
    client = came(path, "reviewer", store)
    fields = {"seen": ["1:1", "2:1"], "reason": "集中核实"}
    text = sent(client, CONFIRM, **fields)
    assert "改了 1 条。1 条没有改" in text
    assert "只能对本单位的承诺" in text
    assert statuses(path) == ["under_way", "proposed", "proposed"]
    assert "集中核实" in client.get(f"{LIST}/1").text
    again = sent(client, CONFIRM, **fields)
    assert "改了 0 条" in again
    assert "已经是“进行中”" in again


def test_without_a_reason_nothing_is_done(path: Path, store: MemoryStore) -> None:
    client = came(path, "manager", store)
    fields = {"seen": ["1:1"], "action": "under_way", "reason": " "}
    response = client.post(CONFIRM, data=fields)
    assert response.status_code == 422
    assert "批量处理要写明理由" in response.text
    assert statuses(path) == ["proposed"] * 3


def test_all_of_a_filter_is_chosen_as_the_list_has_it(path: Path, store: MemoryStore) -> None:
    client = came(path, "manager", store)
    text = sent(client, f"{PREVIEW}?organ={WATER}", all="1")
    assert "会改 1 条" in text
    assert RIVER in text
    assert 'value="2:1"' in text
    assert f'href="{LIST}?organ=' in text
    assert (
        client.post(f"{PREVIEW}?organ=没有", data={"action": "under_way", "all": "1"}).status_code
        == 422
    )


def test_what_may_not_be_seen_is_not_chosen(path: Path, store: MemoryStore) -> None:
    client = came(path, "neighbour", store)
    assert "会改 1 条" in sent(client, PREVIEW, all="1")


def test_another_organ_takes_its_right(path: Path, store: MemoryStore) -> None:
    fields = {"action": "organ", "organ": WATER, "seen": ["1:1"], "reason": "职能划转"}
    assert "改了 0 条" in sent(came(path, "reviewer", store), CONFIRM, **fields)
    assert "改了 1 条" in sent(came(path, "manager", store), CONFIRM, **fields)
    with opened(path) as database:
        assert entry(database, 1).organ == WATER


def test_an_organ_that_nobody_knows_needs_a_tick(path: Path, store: MemoryStore) -> None:
    client = came(path, "manager", store)
    fields = {"action": "organ", "organ": "云岭市不存在局", "seen": ["1:1"], "reason": "划转"}
    for address in (PREVIEW, CONFIRM):
        for organ in ("云岭市不存在局", "<script>", " "):
            assert client.post(address, data={**fields, "organ": organ}).status_code == 422
    text = sent(client, PREVIEW, new_organ="1", **fields)
    assert 'name="new_organ" value="1"' in text
    assert "改了 1 条" in sent(client, CONFIRM, new_organ="1", **fields)


def test_many_are_completed_on_one_day(path: Path, store: MemoryStore) -> None:
    with opened(path) as database:
        confirm(database)
        version = seen(database).version
    client = came(path, "manager", store)
    fields = {"action": "done", "done_on": "2025-06-01", "seen": [f"1:{version}"]}
    assert "完成情况：按期完成" in sent(client, PREVIEW, **fields)
    sent(client, CONFIRM, reason="验收", **fields)
    with opened(path) as database:
        assert entry(database, 1).kept == "on_time"


def test_all_of_it_is_undone_with_a_reason(path: Path, store: MemoryStore) -> None:
    client = came(path, "manager", store)
    fields = {"seen": ["1:1", "2:1"], "reason": "集中核实"}
    done = sent(client, CONFIRM, **fields)
    assert "整批撤销" in done
    assert "这一步同时改了 2 条" in client.get(f"{LIST}/1").text
    number = re.search(r'name="event" value="(\d+)"', done)
    assert number
    back = {"action": "undo", "event": number[1]}
    text = sent(client, PREVIEW, **back)
    assert "会改 2 条" in text
    assert "确认，撤销 2 条" in text
    assert "状态：<s>进行中</s> → 待核实" in text
    assert statuses(path) == ["under_way", "under_way", "proposed"], "only looked at"
    back["seen"] = re.findall(r'name="seen" value="(\d+:\d+)"', text)
    assert client.post(CONFIRM, data=back).status_code == 422, "no reason"
    other = sent(came(path, "reviewer", store), CONFIRM, reason="批错了", **back)
    assert "改了 0 条" in other, "somebody else's step"
    text = sent(client, CONFIRM, reason="批错了", **back)
    assert "改了 2 条" in text
    assert "整批撤销" not in text
    assert statuses(path) == ["proposed"] * 3
    assert "批错了" in client.get(f"{LIST}/1").text


def test_one_that_was_no_part_of_it_is_refused(path: Path, store: MemoryStore) -> None:
    client = came(path, "manager", store)
    done = sent(client, CONFIRM, seen=["1:1"], reason="核实")
    number = re.search(r'name="event" value="(\d+)"', done)
    assert number is None, "one is undone on its page"
    with opened(path) as database:
        event = history(database, 1)[0].id
    fields = {"action": "undo", "event": event, "seen": ["1:2", "2:1"], "reason": "批错了"}
    assert "改了 1 条。1 条没有改" in sent(client, CONFIRM, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "under_way"},
        {"action": "undo", "event": "1"},
        {"action": "undo", "event": "x"},
        {"action": "undo"},
        {"action": "burn", "seen": "1:1"},
        {"action": "organ", "seen": "1:1"},
        {"action": "under_way", "seen": "x"},
        {"action": "under_way", "seen": [f"{number}:1" for number in range(1, MOST + 2)]},
    ],
)
def test_what_makes_no_sense_is_refused(
    path: Path, store: MemoryStore, fields: dict[str, object]
) -> None:
    assert came(path, "manager", store).post(PREVIEW, data=fields).status_code == 422


def test_who_may_not_edit_is_offered_nothing_to_choose(path: Path, store: MemoryStore) -> None:
    assert shown(came(path, "manager", store), LIST).all("input", name="seen")
    assert not shown(came(path, "reader", store), LIST).all("input", name="seen")
