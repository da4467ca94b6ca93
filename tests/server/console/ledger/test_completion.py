"""Completing on the page: the day, two people, taking back; late and in time told apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from kb.extract.types import Due
from kb.ledger import edit
from kb.ledger.events import entry
from kb.ledger.types import Entry
from kb.staff.database import opened
from tests.support.fakes import MemoryStore
from tests.support.promises import LATER, LIFTS, PROMISES, WANG, confirm, letter_of, put
from tests.support.served import REFUSES, letters
from tests.support.staffing import browser, shown, signed, staffed, tally
from tests.support.stores import publish

HERE = "/staff/commitments/1"
LIST = "/staff/commitments"


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    publish(store, *letters(), letter_of(*PROMISES), LATER)
    return store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with opened(tmp_path / "staff.db") as database:
        put(database, letter_of(*PROMISES))
        confirm(database)
    return tmp_path / "staff.db"


@pytest.fixture
def client(path: Path, store: MemoryStore) -> TestClient:
    return staffed(path, store=store)


def now(path: Path, number: int = 1) -> Entry:
    with opened(path) as database:
        return entry(database, number)


def act(client: TestClient, path: Path, name: str, **fields: str) -> Response:
    version = str(now(path).version)
    return client.post(f"{HERE}/{name}", data={"version": version, **fields})


def words(client: TestClient, address: str = HERE) -> str:
    return shown(client, address).one("main").text


def test_the_day_of_a_later_letter_makes_nothing_late_unasked(
    client: TestClient, path: Path
) -> None:
    proof = {"letter": LATER.id, "words": "已加装电梯61部", "relation": "fulfils"}
    response = act(client, path, "move", status="done", **proof)
    assert response.status_code == 303
    told = shown(client, response.headers["location"]).one("p", class_="said").text
    assert "2025-07-01 晚于末日，没有当作完成日期" in told
    assert (now(path).done_on, now(path).kept) == (None, "unknown")
    act(client, path, "redate", done_on="2025-07-01", reason="打过电话")
    assert "逾期完成，完成日期 2025年7月1日" in words(client)
    response = act(client, path, "redate", done_on="2025-06-30", reason="验收单上的日子")
    assert response.status_code == 303
    assert "按期完成，完成日期 2025年6月30日" in words(client)


def test_linked_evidence_proposes_its_day_in_the_form(client: TestClient, path: Path) -> None:
    act(client, path, "link", letter=LATER.id, words="已加装电梯61部", relation="fulfils")
    box = shown(client, HERE).one("input", id="d-on")
    assert box.attributes["value"] == "2025-07-01"
    assert "没说哪天办完，填的是它自己的日期，晚于末日 2025年6月30日" in words(client)


def test_the_day_that_the_quote_names_is_proposed_before_that_of_the_letter(
    path: Path, store: MemoryStore
) -> None:
    told = "5月27日，加装的电梯全部完工"
    publish(
        store,
        *letters(),
        letter_of(*PROMISES),
        letter_of(told, letter_id="丙", issued_on="2025-07-08"),
    )
    client = staffed(path, store=store)
    act(client, path, "link", letter="丙", words=told, relation="fulfils")
    assert shown(client, HERE).one("input", id="d-on").attributes["value"] == "2025-05-27"
    assert "按原话里的日子填的" in words(client)
    act(client, path, "move", status="done", letter="丙", words=told, relation="fulfils")
    assert (now(path).done_on, now(path).kept) == ("2025-05-27", "on_time")


def test_the_day_of_a_letter_before_the_last_day_is_recorded(
    path: Path, store: MemoryStore
) -> None:
    early = letter_of("加装的电梯全部完工", letter_id="丁", issued_on="2025-06-10")
    publish(store, *letters(), letter_of(*PROMISES), early)
    client = staffed(path, store=store)
    proof = {"letter": "丁", "words": "加装的电梯全部完工", "relation": "fulfils"}
    response = act(client, path, "move", status="done", **proof)
    told = shown(client, response.headers["location"]).one("p", class_="said").text
    assert "完成日期按佐证复文记为 2025-06-10" in told
    assert (now(path).done_on, now(path).kept) == ("2025-06-10", "on_time")


def test_in_time_and_late_are_lists_of_their_own(client: TestClient, path: Path) -> None:
    act(client, path, "move", status="done", reason="看过", done_on="2025-06-01")
    assert [tally(client, f"{LIST}?kept={kept}") for kept in ("on_time", "late")] == [1, 0]
    assert "按期完成" in words(client, f"{LIST}?status=done")
    assert client.get(f"{LIST}?kept=never").status_code == 422
    row = next(one for one in shown(client, "/staff/statistics").all("tr") if "合计" in one.text)
    assert row.text


def test_what_was_put_off_shows_its_first_day_everywhere(client: TestClient, path: Path) -> None:
    due = Due(raw="2027年年底前", first=None, last="2027-12-31", precision="year")
    with opened(path) as database:
        edit.correct(database, entry(database, 1).seen, {"due": due}, by=WANG, reason="停工")
    assert "原定 2025年6月30日，延到 2027年12月31日（延过 1 次）" in words(client)
    assert "原定 2025-06-30，延过 1 次" in words(client, f"{LIST}?list=extended")
    assert tally(client, f"{LIST}?list=extended") == 1
    assert tally(client, f"{LIST}?list=overdue") == 0


def test_the_last_step_is_taken_back_by_who_made_it(client: TestClient, path: Path) -> None:
    act(client, path, "move", status="under_way")
    assert "改变状态，王芳" in words(client)
    response = act(client, path, "undo")
    assert response.status_code == 303
    assert now(path).status == "not_started"
    assert "撤销上一步" in words(client)
    assert not [one for one in shown(client, HERE).all("button") if one.text == "撤销上一步"]


def test_of_another_only_an_admin_takes_it_back(path: Path, store: MemoryStore) -> None:
    other = signed(browser(path, store=store), path, "李明", role="manager")
    assert not [one for one in shown(other, HERE).all("button") if one.text == "撤销上一步"]
    assert act(other, path, "undo").status_code == 403
    admin = signed(browser(path, store=store), path, "管理", role="admin")
    assert act(admin, path, "undo").status_code == 303
    assert now(path).status == "proposed"


@pytest.fixture
def two(path: Path, store: MemoryStore) -> tuple[TestClient, TestClient]:
    """The browsers of 王芳 and of 李明, where two have to decide."""
    settings = replace(REFUSES, sign_off="on")
    first = staffed(path, store=store, settings=settings)
    second = signed(browser(path, store=store, settings=settings), path, "李明", role="manager")
    return first, second


def test_two_decide_where_the_setting_says_so(
    path: Path, two: tuple[TestClient, TestClient]
) -> None:
    first, second = two
    act(first, path, "move", status="done", reason="看过", done_on="2025-06-01")
    assert (now(path).status, now(path).pending) == ("not_started", "done")
    assert tally(second, f"{LIST}?list=pending") == 1
    assert "待签批：已完成" in words(second, f"{LIST}?list=pending")
    assert "等另一个有“签批”权限的人签批" in words(first)
    assert act(first, path, "sign").status_code == 422
    assert "同意，改为“已完成”" in words(second)
    assert act(second, path, "send_back").status_code == 422
    assert act(second, path, "send_back", reason="没有材料").status_code == 303
    assert now(path).pending is None
    act(first, path, "move", status="dropped", reason="不做了")
    assert act(second, path, "sign").status_code == 303
    assert now(path).status == "dropped"


@pytest.mark.parametrize(("status", "word"), [("rejected", "不是承诺"), ("proposed", "待核实")])
def test_what_is_late_is_not_made_no_promise_or_put_back_by_one(
    path: Path, two: tuple[TestClient, TestClient], status: str, word: str
) -> None:
    first, second = two
    assert f"{word} 另一人签批" in words(first).replace("要理由 ", "")
    act(first, path, "move", status=status, reason="看错了")
    assert (now(path).status, now(path).pending) == ("not_started", status)
    assert act(second, path, "sign").status_code == 303
    assert now(path).status == status


def test_a_part_says_for_which_day_the_whole_was_promised(client: TestClient, path: Path) -> None:
    act(client, path, "split", parts=f"{LIFTS[:16]}\n{LIFTS[16:]}")
    assert "由第 1 号拆分而来，那一条原定 2025年6月30日" in words(client, f"{LIST}/4")


def test_of_those_reviewed_together_the_late_ones_wait_for_another(
    path: Path, two: tuple[TestClient, TestClient]
) -> None:
    first, _ = two
    first.post("/staff/review", data={"seen": ["2:1", "3:1"], "becomes": "rejected"})
    assert (now(path, 2).status, now(path, 2).pending) == ("proposed", "rejected"), "over in 2024"
    assert now(path, 3).status == "rejected"
    assert "待签批：不是承诺" in words(first, "/staff/review")


def test_a_reviewer_cannot_sign(path: Path, store: MemoryStore) -> None:
    settings = replace(REFUSES, sign_off="on")
    act(staffed(path, store=store, settings=settings), path, "move", status="done", reason="看过")
    other = signed(browser(path, store=store, settings=settings), path, "李明", role="reviewer")
    assert "同意，改为" not in words(other)
    assert act(other, path, "sign").status_code == 403


def test_a_form_that_was_refused_is_open_with_what_was_typed(
    client: TestClient, path: Path
) -> None:
    response = act(client, path, "move", status="done", done_on="2025-06-01")
    assert response.status_code == 422
    assert "open><summary>办好了" in response.text
    assert 'value="2025-06-01"' in response.text


def test_citizens_are_told_in_time_or_late(client: TestClient, path: Path) -> None:
    act(client, path, "move", status="done", reason="看过", done_on="2025-08-01")
    assert LIFTS in client.get("/letters/甲").text
    assert "逾期完成" in client.get("/letters/甲").text
