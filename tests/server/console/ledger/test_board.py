"""The board: what stands in which column, and that lists have just what is counted."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from kb.ledger import edit
from kb.ledger.types import Status
from kb.staff.database import opened
from tests.support.promises import ORGAN, PROMISES, WANG, all_entries, under_way
from tests.support.served import Page
from tests.support.staffing import shown, tally, whole
from tests.support.town import SECRET, came, founded, stored

MANY = 24
BOARDS = ("status", "organ", "due_month")


def move(path: Path, number: int, status: Status) -> None:
    with opened(path) as database:
        seen = all_entries(database)[number - 1].seen
        edit.move(database, seen, status, by=WANG, reason="看过")


def columns(page: Page) -> dict[str, int]:
    """The columns with their numbers."""
    told = (re.sub(r"\s+", " ", one.text).strip() for one in page.all("caption"))
    return {name: int(number) for name, _, number in (one.rpartition(" ") for one in told)}


def test_what_is_overdue_stands_in_that_column_and_in_no_other(
    path: Path, client: TestClient
) -> None:
    move(path, 1, "under_way")
    assert columns(shown(client, "/staff/board")) == {"▲ 逾期": 1, "? 待核实": 2}
    move(path, 3, "under_way")
    assert columns(shown(client, "/staff/board")) == {"▲ 逾期": 1, "? 待核实": 1, "◐ 进行中": 1}


@pytest.mark.parametrize("by", BOARDS)
def test_a_column_shows_ten_and_leads_to_just_what_it_counts(
    path: Path, client: TestClient, by: str
) -> None:
    under_way(path, *["2025-01-31"] * MANY, *["2026-07-31"] * MANY)
    page = shown(client, f"/staff/board?by={by}")
    begun = re.compile("将于第|" + "|".join(PROMISES))
    assert max(len(begun.findall(one.text)) for one in page.all("tbody")) == 10
    assert whole(page)
    for link in whole(page):
        assert tally(client, link.attributes["href"]) == int(re.findall(r"\d+", link.text)[0])


def test_a_board_by_month_begins_with_this_month_and_only_counts_the_past(
    path: Path, client: TestClient
) -> None:
    under_way(path, "2025-01-31", "2026-06-30", "2026-08-31", None)
    page = shown(client, "/staff/board?by=due_month")
    assert columns(page) == {"2026年6月": 1, "2026年8月": 1, "没有期限": 2}
    past = {one.text: one.attributes["href"] for one in page.all("a") if "年" in one.text[:5]}
    assert set(past) == {"2024年12月", "2025年1月", "2025年6月"}
    assert tally(client, past["2025年1月"]) == 1


def test_a_board_keeps_its_filter_in_every_link(path: Path, client: TestClient) -> None:
    under_way(path, *["2026-07-31"] * MANY)
    page = shown(client, f"/staff/board?organ={ORGAN}&year=2023")
    assert columns(page) == {"◐ 进行中": MANY}
    tabs = [one for one in page.all("a") if one.text in ("按负责单位", "按到期月")]
    kept = [one.attributes["href"] for one in (*whole(page), *tabs)]
    assert len(kept) == 3
    assert all(f"organ={quote(ORGAN)}" in one and "year=2023" in one for one in kept)
    assert columns(shown(client, "/staff/board?organ=云岭市教育局")) == {}


def test_a_board_by_something_else_is_refused(client: TestClient) -> None:
    assert (
        "看板不能按“颜色”分栏" in shown(client, "/staff/board?by=颜色", status=422).one("main").text
    )


@pytest.mark.parametrize(
    "address",
    [
        *(f"/staff/board?by={by}" for by in BOARDS),
        "/staff/due",
        "/staff/statistics",
        "/staff/compare",
        "/staff/compare?tab=figures&words=名单",
        "/staff/compare?tab=classes",
    ],
)
def test_who_may_not_see_a_letter_sees_and_counts_nothing_of_it(path: Path, address: str) -> None:
    store, town = stored(), founded(path)
    with opened(path) as database:
        seen = next(one.seen for one in all_entries(database) if one.text == SECRET)
        edit.move(database, seen, "under_way", by=WANG)
        database.execute("UPDATE commitment SET due_key = '2026-07-01', due_month = '2026-07'")
    page = came(town, "reader", store).get(address).text
    assert SECRET[:6] not in page
    assert "大院" not in page
    if "statistics" in address:
        assert "stage=open" not in page
    if "board" in address or "due" in address:
        assert SECRET in came(town, "manager", store).get(address).text
