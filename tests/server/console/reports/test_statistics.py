"""The statistics: numbers that agree with the lists they lead to, and the tables of charts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.ledger import edit
from kb.ledger.types import Status
from kb.staff.database import opened
from server.console.reports.statistics import figures
from server.pages.render import STATICS
from tests.support.fakes import MemoryStore
from tests.support.promises import ORGAN, PROMISES, WANG, all_entries, letter_of, put
from tests.support.served import Page, letters
from tests.support.staffing import shown, staffed, tally
from tests.support.stores import publish

LETTERS = (
    letter_of(*PROMISES, letter_id="一", proposal_title="关于加装电梯的提案"),
    letter_of(*PROMISES, letter_id="二", issued_on="2025-03-01", result_class="A"),
)
STATISTICS = "/staff/statistics"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "staff.db"


@pytest.fixture
def client(path: Path) -> TestClient:
    store = MemoryStore()
    publish(store, *letters(), *LETTERS)
    with opened(path) as database:
        for letter in LETTERS:
            put(database, letter)
    return staffed(path, store=store)


def decide(path: Path, *statuses: Status) -> None:
    """Of the first commitments, one each."""
    with opened(path) as database:
        for entry, status in zip(all_entries(database), statuses, strict=False):
            if status != "proposed":
                edit.move(database, entry.seen, status, by=WANG, reason="看过")


def shares(page: Page) -> list[str]:
    """The last cell of each line that has one."""
    return [
        one.text.strip()
        for one in page.all("td", class_="figure")
        if "/" in one.text or one.text.strip() == "–"
    ]


def test_of_what_is_due_the_kept_share_is_what_is_done(path: Path, client: TestClient) -> None:
    decide(path, "done", "under_way", "dropped", "unverifiable", "proposed")
    said = shown(client, STATISTICS)
    assert shares(said)[0] == "33% 1/3"  # the one under way was due in 2024
    assert "已完成 ÷（已完成＋逾期＋不再实施）" in said.one("main").text


def test_where_nothing_is_due_no_share_is_made_up(client: TestClient) -> None:
    assert set(shares(shown(client, STATISTICS))) == {"–"}


def test_every_number_leads_to_a_list_of_as_many(path: Path, client: TestClient) -> None:
    decide(path, "done", "under_way", "dropped", "not_started", "under_way")
    page = shown(client, STATISTICS)
    links = [one for one in page.all("a") if one.text.isdecimal()]
    assert len({one.attributes["href"] for one in links}) > 15
    for link in links:
        assert tally(client, link.attributes["href"]) == int(link.text), link.attributes["href"]


def test_numbers_are_those_of_the_filter_and_keep_it(path: Path, client: TestClient) -> None:
    decide(path, "done")
    page = shown(client, f"{STATISTICS}?year=2025")
    links = [one for one in page.all("a") if one.text.isdecimal()]
    assert {int(one.text) for one in links} == {3, 2}  # all; those past their day
    assert all("year=2025" in one.attributes["href"] for one in links)
    assert "没有符合的承诺" in shown(client, f"{STATISTICS}?year=1999").one("main").text


def test_every_facet_has_its_table_with_a_chart(client: TestClient) -> None:
    page = shown(client, STATISTICS)
    charts = [one for one in page.all("table") if "data-chart" in one.attributes]
    assert [one.attributes["data-chart"] for one in charts] == ["bar", "column", "bar", "bar"]
    for told, table in zip((ORGAN, "2024年", "B ", "住房"), charts, strict=True):
        assert told in table.text
    drawn = [one for one in figures("2026-06-30") if one.drawn]
    assert len(page.all("th", class_="figure")) == 5 * (len(drawn) + 3)
    assert len([one for one in page.all("th") if one.attributes.get("data-series")]) == 5 * 8


def test_what_was_done_in_time_and_late_are_columns_that_lead_to_their_lists(
    client: TestClient, path: Path
) -> None:
    with opened(path) as database:
        for one, day in zip(all_entries(database), ("2025-06-30", "2025-07-01"), strict=False):
            edit.move(database, one.seen, "done", by=WANG, reason="看过", done_on=day)
    page = shown(client, STATISTICS)
    links = {one.attributes["href"]: one.text for one in page.all("a")}
    counted = {kept: links.get(f"/staff/commitments?kept={kept}") for kept in ("on_time", "late")}
    assert counted == {"on_time": "1", "late": "1"}
    for kept in counted:
        assert tally(client, f"/staff/commitments?kept={kept}") == 1


def test_every_series_of_a_chart_has_a_colour_in_both_schemes_and_a_key() -> None:
    css, program = (STATICS[one].body.decode() for one in ("overview.css", "charts.mjs"))
    light, dark = css.split("@media (prefers-color-scheme: dark)", 1)
    for one in figures("2026-06-30"):
        if one.drawn:
            assert f"--s-{one.drawn}: #" in light
            assert f"--s-{one.drawn}: #" in dark.split("\n}", 1)[0]
            assert one.drawn == "proposed" or f".swatch.{one.drawn} " in css
            assert one.shape, "colour alone would tell it"
    assert "prefers-reduced-motion" in program
    assert 'setAttribute("aria-hidden", "true")' in program


def test_charts_are_drawn_with_what_the_server_itself_has(client: TestClient) -> None:
    (library,) = re.findall(r'LIBRARY = "/static/(.+?)"', STATICS["charts.mjs"].body.decode())
    assert client.get(f"/static/{library}").status_code == 200


def test_names_that_are_probably_one_organs_are_told_with_the_line_to_add(
    client: TestClient, path: Path
) -> None:
    assert not shown(client, STATISTICS).all("details", id="same-organs")
    with opened(path) as database:
        put(database, letter_of(*PROMISES, letter_id="三"), organ="市住建局")
    assert f'"{ORGAN}" = ["市住建局"]' in (
        shown(client, STATISTICS).one("details", id="same-organs").text
    )
