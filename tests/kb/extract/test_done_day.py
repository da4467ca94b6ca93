"""The day on which a quote says that it was done."""

from __future__ import annotations

from datetime import date

import pytest

from kb.calendars import Calendar
from kb.extract.done_day import done_day


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("5月27日，3台大流量移动泵车全部验收入列，抢险队伍扩充到52人", "2026-05-27"),
        ("已于2026年5月27日建成投用", "2026-05-27"),
        ("已于今年5月27日建成", "2026-05-27"),
        ("已于去年12月3日建成", "2025-12-03"),
        ("3月1日开工，5月27日全部完工", "2026-05-27"),
        ("按照原定5月1日前完成的期限，已于5月27日建成", "2026-05-27"),
        ("原定2026年5月1日建成，现已全部完成", None),
        ("已于5月底建成", None),
        ("已于5月建成", None),
        ("5月27日前已全部建成", None),
        ("已全部建成，12月27日验收", None),  # ahead
        ("已于2026年7月1日建成", None),  # after the letter
        ("已建成60部", None),
        ("5月27日，召开协调会", None),
    ],
)
def test_it_is_the_exact_day_that_the_quote_names(words: str, day: str | None) -> None:
    assert done_day(words, signed=date(2026, 6, 10), calendar=Calendar()) == day


def test_without_the_day_of_the_letter_only_a_named_year_counts() -> None:
    assert done_day("5月27日建成", signed=None, calendar=Calendar()) is None
    assert done_day("2026年5月27日建成", signed=None, calendar=Calendar()) == "2026-05-27"
