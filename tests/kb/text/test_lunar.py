"""Lunar days are the solar ones on which people kept them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kb.text.lunar import lunar_day, lunar_day_in, qingming

# Spring Festival, 端午, 中秋, 清明, as the State Council announced the days off.
KEPT = {
    2015: ("02-19", "06-20", "09-27", "04-05"), 2016: ("02-08", "06-09", "09-15", "04-04"),
    2017: ("01-28", "05-30", "10-04", "04-04"), 2018: ("02-16", "06-18", "09-24", "04-05"),
    2019: ("02-05", "06-07", "09-13", "04-05"), 2020: ("01-25", "06-25", "10-01", "04-04"),
    2021: ("02-12", "06-14", "09-21", "04-04"), 2022: ("02-01", "06-03", "09-10", "04-05"),
    2023: ("01-22", "06-22", "09-29", "04-05"), 2024: ("02-10", "06-10", "09-17", "04-04"),
    2025: ("01-29", "05-31", "10-06", "04-04"), 2026: ("02-17", "06-19", "09-25", "04-05"),
}  # fmt: skip


@pytest.mark.parametrize("year", KEPT)
def test_the_festivals_fall_on_the_days_on_which_they_were_kept(year: int) -> None:
    days = (
        lunar_day(year, 1, 1),
        lunar_day(year, 5, 5),
        lunar_day(year, 8, 15),
        qingming(year),
    )
    assert tuple(day.strftime("%m-%d") for day in days if day) == KEPT[year]


def test_a_lunar_year_ends_where_the_next_begins() -> None:
    for year in range(2010, 2040):
        last, following = lunar_day(year, 12, 30), lunar_day(year + 1, 1, 1)
        assert last is not None
        assert following == last + timedelta(days=1)


def test_a_leap_month_moves_what_follows_it() -> None:
    assert lunar_day(2023, 2, 1) == date(2023, 2, 20)
    assert lunar_day(2023, 3, 1) == date(2023, 4, 20)  # after the leap second month


def test_the_eve_of_the_spring_festival_is_looked_for_in_the_solar_year() -> None:
    assert lunar_day_in(2024, 12, 30) == date(2024, 2, 9)
    assert lunar_day_in(2025, 12, 30) == date(2025, 1, 28)


def test_a_year_that_is_not_in_the_table_has_no_days() -> None:
    assert lunar_day(1999, 1, 1) is None
    assert qingming(2099) is None
