"""What is compared: years side by side, figures that disagree both shown, classes with reasons."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.analysis import repeats, series
from kb.extract.indicators import records
from kb.ledger.propose import propose
from kb.staff.database import opened, writing
from kb.staff.permissions import Role
from kb.types import Letter
from tests.support.fakes import MemoryStore, make_letter
from tests.support.promises import LIFTS, PROGRAMS, found_in, letter_of, put
from tests.support.served import Page
from tests.support.staffing import browser, shown, signed
from tests.support.stores import publish

COMPARE = "/staff/compare"
FIGURES = f"{COMPARE}?tab=figures"
GRID = "云岭市发展和改革委员会"
Staffed = Callable[..., TestClient]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "staff.db"


@pytest.fixture
def come(path: Path) -> Staffed:
    def came(
        *letters: Letter, stored: tuple[Letter, ...] = (), role: Role = "manager"
    ) -> TestClient:
        """A member of staff; the figures are those of ``letters``, which ``stored`` replaced."""
        store = MemoryStore()
        publish(store, *(stored or letters))
        with opened(path) as database, writing(database):
            for letter in letters:
                series.store(database, letter.id, records(letter))
        return signed(browser(path, store=store), path, role, role=role)

    return came


def grid(letter_id: str, words: str, **fields: str) -> Letter:
    facts = {"issuer": GRID, "issued_on": "2025-07-01", "title": "关于充电的答复", **fields}
    return make_letter(letter_id, f"{words}。", **facts)


JUNE = grid("甲", "截至2024年6月底，全市公用充电桩3870个", issued_on="2024-07-12")
OTHER = grid("乙", "截至2024年6月底，全市公用充电桩3900个")
LATER = grid("丙", "截至2025年6月底，全市公用充电桩5240个")


def library(year: int) -> str:
    return f"我局力争{year}年6月底前开工建设市图书馆新馆"


def quotes(page: Page) -> list[str]:
    return [one.text for one in page.all("span", class_="quoted")]


def test_a_promise_of_several_years_stands_year_by_year(path: Path, come: Staffed) -> None:
    some = [
        letter_of(library(year), letter_id=str(year), issued_on=f"{year}-05-06")
        for year in (2024, 2022, 2023)
    ]
    with opened(path) as database:
        for letter in some:
            words = library(int(letter.id))
            propose(database, letter, found_in(letter, words, target=None), by=PROGRAMS)
        repeats.renew(database)
    page = shown(come(*some), COMPARE)
    assert "2022、2023、2024 年，共 3 条" in page.one("main").text
    assert [one.text.strip() for one in page.all("blockquote")] == [
        library(year) for year in (2022, 2023, 2024)
    ]
    assert not shown(come(*some), f"{COMPARE}?organ=云岭市教育局").all("blockquote")


def test_figures_that_disagree_are_both_shown_and_never_averaged(come: Staffed) -> None:
    page = shown(come(JUNE, OTHER, LATER), FIGURES)
    told = page.one("table").text
    assert "▲ 说法不一" in page.one("p", class_="notice").text
    assert told.count("说法不一") == 2
    assert "885" not in told
    told_of = zip((OTHER, JUNE, LATER), quotes(page), strict=True)
    assert all(quote in letter.text for letter, quote in told_of)
    cells = page.all("td", class_="figure")
    assert [one.attributes["data-value"] for one in cells] == ["3900.0", "3870.0", "5240.0"]
    assert page.one("table").attributes["data-chart"] == "line"


def test_a_figure_that_one_letter_tells_is_found_by_its_words(come: Staffed) -> None:
    client = come(LATER)
    assert not quotes(shown(client, FIGURES))
    assert quotes(shown(client, f"{FIGURES}&words=充电桩"))
    assert not quotes(shown(client, f"{FIGURES}&words=水渠"))
    assert not quotes(shown(client, f"{FIGURES}&words=充电桩&organ=云岭市教育局"))


def test_a_figure_whose_words_became_others_is_not_shown(come: Staffed) -> None:
    changed = grid("乙", "截至2024年6月底，全市公用充电桩3909个")
    page = shown(come(JUNE, OTHER, LATER, stored=(JUNE, changed, LATER)), FIGURES)
    assert len(quotes(page)) == 2
    assert "3900" not in page.one("main").text


def test_a_figure_of_a_letter_that_is_gone_or_not_public_is_not_shown(come: Staffed) -> None:
    closed = grid("乙", "截至2024年6月底，全市公用充电桩3900个", publicity="closed")
    assert len(quotes(shown(come(JUNE, closed, LATER), FIGURES))) == 3
    assert len(quotes(shown(come(JUNE, closed, LATER, role="reader"), FIGURES))) == 2
    assert len(quotes(shown(come(JUNE, OTHER, LATER, stored=(JUNE, LATER)), FIGURES))) == 2


def test_a_class_that_the_words_disagree_with_is_told_with_its_reason(
    path: Path, come: Staffed
) -> None:
    solved = letter_of(LIFTS, result_class="A")
    client = come(solved)
    with opened(path) as database:
        put(database, solved)
    page = shown(client, f"{COMPARE}?tab=classes")
    assert "办理结果为 A（所提问题已经解决或采纳），但文中还有 1 条" in page.one("main").text
    assert LIFTS in page.one("a", class_="words").text
    other = shown(client, f"{COMPARE}?tab=classes&organ=云岭市教育局")
    assert "没有不相称的复文" in other.one("main").text


def test_a_comparison_of_something_else_is_refused(come: Staffed) -> None:
    said = shown(come(JUNE), f"{COMPARE}?tab=天气", status=422)
    assert "没有“天气”这种对照" in said.one("main").text
