"""The first page: of one's own organ for who is bound to one, of the town for everybody else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.ledger import edit, work
from kb.ledger.events import entry
from kb.staff.database import opened
from tests.support.promises import ORGAN, WANG, under_way
from tests.support.served import TODAY, Page
from tests.support.staffing import shown, tally
from tests.support.town import WATER, came, founded, stored


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The town, and four promises of the reviewer's organ and of the neighbour's that are begun."""
    path = founded(tmp_path / "staff.db")
    days = [TODAY + timedelta(days=ahead) for ahead in (-1, 30, 31)]
    under_way(path, *(day.isoformat() for day in days), None)
    with opened(path) as database:  # 4 to 7; the last goes to the neighbour
        edit.correct(database, entry(database, 7).seen, {"organ": WATER}, by=WANG)
    return path


def home(path: Path, who: str, address: str = "/staff") -> tuple[TestClient, Page]:
    client = came(path, who, stored())
    return client, shown(client, address)


def test_who_is_bound_to_an_organ_begins_with_what_that_organ_has_to_do(path: Path) -> None:
    _, page = home(path, "reviewer")
    assert page.one("h1").text == "本单位的承诺"
    assert [one.text for one in page.all("h2")] == [
        "待核实 2 条",
        "逾期 1 条",
        "待核实而已过期 1 条",
        "30 天内到期 1 条",
        "以后到期或没有期限 1 条",
    ]
    assert WATER not in page.one("main").text
    _, neighbours = home(path, "neighbour")
    assert [one.text for one in neighbours.all("h2")] == [
        "待核实 1 条",
        "逾期",
        "30 天内到期",
        "以后到期或没有期限 1 条",
    ]
    assert ORGAN not in neighbours.one("main").text


def test_the_whole_town_is_a_click_away_and_the_only_page_of_others(path: Path) -> None:
    client, page = home(path, "reviewer")
    (everybody,) = (one for one in page.all("a") if one.text == "全部单位")
    whole = shown(client, everybody.attributes["href"])
    assert whole.one("h1").text == "承诺总览"
    assert [one.text for one in whole.all("h2")] == [
        "逾期 1 条",
        "待核实而已过期 1 条",
        "90 天内到期 2 条",
    ]
    _, managers = home(path, "manager")
    assert managers.one("h1").text == "承诺总览"
    assert not [one for one in managers.all("a") if one.text in ("本单位", "全部单位")]


@pytest.mark.parametrize("address", ["/staff", "/staff?all=yes"])
def test_every_number_leads_to_a_list_of_as_many(path: Path, address: str) -> None:
    client, page = home(path, "reviewer", address)
    linked = [
        one
        for one in page.all("a")
        if one.attributes["href"].startswith("/staff/commitments?") and one.text[0].isdecimal()
    ]
    assert len(linked) >= 3
    for one in linked:
        number = int(one.text.split()[0])
        assert tally(client, one.attributes["href"]) == number, one.text


def test_what_somebody_owns_is_theirs_to_see_at_once(path: Path) -> None:
    with opened(path) as database:
        work.assign(database, entry(database, 4).seen, "manager", by=WANG)
    client, page = home(path, "manager")
    (mine,) = (one for one in page.all("a") if "我负责" in one.text)
    assert mine.text.startswith("1 ")
    rows = shown(client, mine.attributes["href"])
    assert [one.attributes["href"] for one in rows.all("a", class_="words")] == [
        "/staff/commitments/4"
    ]
    assert rows.one("select", id="f-owner")
    assert "我负责" not in home(path, "reviewer")[1].one("main").text
