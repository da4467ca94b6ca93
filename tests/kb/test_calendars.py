"""A place's year is told by its profile; what is told wrong says what would be right."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kb.calendars import YEARLY, Calendar, DayOfYear, TimeOfYear, calendar_of
from kb.errors import WrongUse
from kb.extract.due import dues
from kb.profile import profile


def test_the_common_profile_knows_each_name_or_says_that_it_does_not() -> None:
    given = profile().calendar.times
    for _, (kind, names) in YEARLY.items():
        assert {given[name].kind for name in names if name in given} == {kind}
    assert "秋种" not in given
    assert "汛期" in given


def test_a_place_lays_its_own_seasons_over_the_common_ones(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[seasons]\n"汛期" = ["04-15", "09-30"]\n"雨季" = []\n', encoding="utf-8")
    calendar = profile(str(own)).calendar
    (found,) = dues("2025年汛期前", signed=date(2024, 6, 28), calendar=calendar)
    assert found.due.last == "2025-04-14"
    assert "雨季" not in calendar.times
    assert calendar.times["国庆"] == profile().calendar.times["国庆"]


@pytest.mark.parametrize(
    "tables",
    [
        {"seasons": {"梅雨": ["06-01", "07-01"]}},
        {"seasons": {"汛期": ["06-01"]}},
        {"seasons": {"汛期": "06-01"}},
        {"seasons": {"汛期": ["6月1日", "09-30"]}},
        {"terms": {"汛期": ["06-01", "09-30"]}},
        {"festivals": {"端午": ["农历13-05", "农历05-05"]}},
    ],
)
def test_a_line_that_is_wrong_says_what_would_be_right(
    tables: dict[str, dict[str, object]],
) -> None:
    with pytest.raises(WrongUse, match="农历08-15"):
        calendar_of(tables)


def test_lunar_days_and_qingming_are_told_as_such() -> None:
    read = calendar_of(
        {"festivals": {"端午": ["农历05-05", "农历05-05"], "清明": ["清明", "清明"]}}
    )
    fifth = DayOfYear(reckoning="农历", month=5, day=5)
    assert read.times["端午"] == TimeOfYear(kind="holiday", first=fifth, last=fifth)
    assert read.times["清明"].first.reckoning == "清明"
    assert calendar_of({}) == Calendar()
