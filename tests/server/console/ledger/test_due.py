"""The days of commitments: what is late, what is due in which month, and lists of just that."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from tests.support.promises import ORGAN, under_way
from tests.support.served import TODAY
from tests.support.staffing import shown, tally, whole
from tests.support.town import came, founded, stored

MANY = 24


def test_the_longest_overdue_comes_first_with_its_days(path: Path, client: TestClient) -> None:
    under_way(path, "2026-06-29", "2025-06-30", "2026-06-30")
    page = shown(client, "/staff/due")
    late = [one.text for one in page.all("span", class_="status overdue")]
    assert late == ["▲ 逾期 365 天", "▲ 逾期 1 天"]


def test_what_is_due_today_is_of_this_month_and_what_is_far_is_only_counted(
    path: Path, client: TestClient
) -> None:
    under_way(path, TODAY.isoformat(), "2026-12-31", "2027-05-31", "2027-06-01", "2031-01-01")
    page = shown(client, "/staff/due")
    assert [one.text for one in page.all("h3")] == [
        "2026年6月，1 条",
        "2026年12月，1 条",
        "2027年5月，1 条",
    ]
    (far,) = (one for one in page.all("a") if one.text.startswith("更远的"))
    assert far.text == "更远的 2 条"
    assert tally(client, far.attributes["href"]) == 2


def test_a_month_leads_to_just_what_it_counts(path: Path, client: TestClient) -> None:
    under_way(path, "2026-06-01", *["2026-06-30"] * MANY, *["2026-09-30"] * MANY)
    page = shown(client, "/staff/due")
    assert len(whole(page)) == 2
    for link in whole(page):
        assert tally(client, link.attributes["href"]) == MANY


def test_what_has_no_day_is_walked_through_page_by_page(path: Path, client: TestClient) -> None:
    under_way(path, *[None] * (MANY + 1))
    address, found = "/staff/due", set[str]()
    while address:
        page = shown(client, address)
        found |= {
            one.text for one in page.all("a", class_="words") if one.text[:2] in ("将于", "研究")
        }
        (address,) = [one.attributes["href"] for one in page.all("a", rel="next")] or [""]
    assert len(found) == MANY + 1


def test_days_are_narrowed_by_organ_and_by_no_status(path: Path, client: TestClient) -> None:
    under_way(path, "2026-06-29")
    assert "逾期 1 天" in shown(client, f"/staff/due?organ={ORGAN}&status=done").one("main").text
    assert "没有逾期" in shown(client, "/staff/due?organ=云岭市教育局").one("main").text


def test_calendars_are_pointed_out_to_who_may_make_them(path: Path) -> None:
    store, town = stored(), founded(path)
    assert "日历" in came(town, "reviewer", store).get("/staff/due").text
    assert "日历" not in came(town, "reader", store).get("/staff/due").text
