"""The day that a figure tells of."""

from __future__ import annotations

from datetime import date

import pytest

from kb.extract.as_of import as_of

SIGNED = date(2025, 7, 18)


@pytest.mark.parametrize(
    ("words", "day", "precision", "during"),
    [
        ("截至2025年6月累计建成", "2025-06-30", "month", False),
        ("到今年4月底，累计", "2025-04-30", "month", False),
        ("至2025年6月20日为", "2025-06-20", "day", False),
        ("2024年底达到", "2024-12-31", "year", False),
        ("去年底达到", "2024-12-31", "year", False),
        ("2024年发放", "2024-12-31", "year", True),
        ("去年全年发放", "2024-12-31", "year", True),
        ("今年上半年受理", "2025-06-30", "half", True),
        ("今年1月至5月发放", "2025-05-31", "month", True),
        ("2024年第三季度发放", "2024-09-30", "quarter", True),
        ("2023年为30个，2024年为", "2024-12-31", "year", True),
    ],
)
def test_the_words_before_a_figure_name_its_day(
    words: str, day: str, precision: str, *, during: bool
) -> None:
    found = as_of(words, signed=SIGNED)
    assert found is not None
    assert (found.day, found.precision, found.during) == (day, precision, during)
    assert found.stated


def test_without_a_day_it_is_the_letters_own() -> None:
    found = as_of("全市护学岗达到", signed=SIGNED)
    assert found is not None
    assert (found.day, found.stated, found.during) == ("2025-07-18", False, False)


def test_this_year_is_told_as_far_as_it_had_gone() -> None:
    found = as_of("今年受理", signed=SIGNED)
    assert found is not None
    assert (found.day, found.during) == ("2025-07-18", True)


@pytest.mark.parametrize("words", ["到2025年年底达到", "2026年达到", "2025年2月30日为"])
def test_a_day_to_come_or_none_at_all_is_no_day_of_a_figure(words: str) -> None:
    assert as_of(words, signed=SIGNED) is None
