"""What is overdue is as many everywhere; what nobody looked at yet is counted apart."""

from __future__ import annotations

import re
from pathlib import Path

from fastapi.testclient import TestClient

from kb.ledger.queries import Wanted, each
from kb.staff.database import opened
from tests.support.promises import CARS, LIFTS, TODAY, under_way
from tests.support.staffing import shown, tally

LASTS = ("2026-06-29", "2026-06-25", "2026-06-30", "2026-07-01", None)
LATE, LAPSED = 2, 2  # of those, and of the three that are proposed


def tile(client: TestClient, name: str) -> int:
    """The number of home that has this name."""
    (found,) = [one.text for one in shown(client, "/staff").all("li") if one.text.endswith(name)]
    return int(re.findall(r"\d+", found)[0])


def heading(client: TestClient, address: str, begins: str) -> int:
    """The number in the heading of a page that begins so."""
    told = [one.text.strip("▲ ") for one in shown(client, address).all("h2")]
    (found,) = [one for one in told if re.match(rf"{begins} \d", one)]
    return int(re.findall(r"\d+", found)[0])


def figures(client: TestClient) -> dict[str, int]:
    """The columns of the first line of the statistics."""
    page = shown(client, "/staff/statistics")
    names = [one.text for one in page.all("th", class_="figure")]
    cells = [one.text.strip() for one in page.all("td", class_="figure")]
    whole = zip(names[: names.index("兑现率")], cells, strict=False)
    return {name: int(cell) for name, cell in whole}


def test_overdue_is_as_many_on_every_page(path: Path, client: TestClient) -> None:
    under_way(path, *LASTS)
    assert tile(client, "逾期") == tally(client, "/staff/commitments?list=overdue") == LATE
    assert heading(client, "/staff/due", "逾期") == figures(client)["逾期"] == LATE
    assert f"其中逾期 {LATE} 项" in shown(client, "/staff/weekly").one("main").text
    with opened(path) as database:
        entries = list(each(database, Wanted()))
        assert sum(one.overdue(TODAY) for one in entries) == LATE


def test_what_nobody_looked_at_is_counted_apart_and_listed(path: Path, client: TestClient) -> None:
    under_way(path, *LASTS)
    name = "待核实而已过期"
    assert tile(client, name) == tally(client, "/staff/commitments?list=lapsed") == LAPSED
    assert heading(client, "/staff/due", name) == figures(client)["其中已过期"] == LAPSED
    assert heading(client, "/staff/weekly", name) == LAPSED
    for address in ("/staff", "/staff/due", "/staff/commitments?list=lapsed"):
        text = shown(client, address).one("main").text
        assert all(words in text for words in (LIFTS, CARS, "期限已过"))
