"""Due expressions resolve against the letter's own date, and keep their words and precision."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.calendars import Calendar
from kb.extract.due import Dated, dues
from kb.extract.due_rules import ROWS, SIGNED, DueRule


def only(text: str, *, signed: date | None = SIGNED) -> Dated:
    (found,) = dues(text, signed=signed)
    return found


def days(text: str, *, signed: date | None = SIGNED) -> tuple[str | None, str | None]:
    due = only(text, signed=signed).due
    return due.first, due.last


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_reads_its_example(row: DueRule) -> None:
    first, last = (None if day == "-" else day for day in row.expected.split())
    assert days(row.example) == (first, last)


# The letter is of 2024-06-28.
RESOLVED = (
    ("年底前", "2024-06-28", "2024-12-31", "year"),
    ("今年内", "2024-01-01", "2024-12-31", "year"),
    ("明年", "2025-01-01", "2025-12-31", "year"),
    ("明年底", "2024-06-28", "2025-12-31", "year"),
    ("到2026年底", "2024-06-28", "2026-12-31", "year"),
    ("2025年上半年", "2025-01-01", "2025-06-30", "half"),
    ("下半年", "2024-07-01", "2024-12-31", "half"),
    ("从今年下半年起", "2024-07-01", None, "half"),
    ("第三季度", "2024-07-01", "2024-09-30", "quarter"),
    ("2025年一季度", "2025-01-01", "2025-03-31", "quarter"),
    ("10月底前", "2024-06-28", "2024-10-31", "month"),
    ("2025年2月底", "2024-06-28", "2025-02-28", "month"),
    ("2025年6月前", "2024-06-28", "2025-05-31", "month"),
    ("九月底前", "2024-06-28", "2024-09-30", "month"),
    ("12月份", "2024-12-01", "2024-12-31", "month"),
    ("7—9月", "2024-07-01", "2024-09-30", "month"),
    ("2025年6月至9月", "2025-06-01", "2025-09-30", "month"),
    ("7月中旬", "2024-07-11", "2024-07-20", "ten_days"),
    ("2024年12月31日前", "2024-06-28", "2024-12-31", "day"),
    ("二〇二五年三月五日", "2025-03-05", "2025-03-05", "day"),
    ("2025年1月1日起", "2025-01-01", None, "day"),
    ("2025年至2026年", "2025-01-01", "2026-12-31", "years"),
    ("“十四五”期间", "2021-01-01", "2025-12-31", "years"),
    ("“十五五”末", "2024-06-28", "2030-12-31", "years"),
    ("一年内", "2024-06-28", "2025-06-28", "year"),
    ("半年内", "2024-06-28", "2024-12-28", "month"),
    ("30日内", "2024-06-28", "2024-07-28", "day"),
    ("两周内", "2024-06-28", "2024-07-12", "day"),
)


@pytest.mark.parametrize(("text", "first", "last", "precision"), RESOLVED)
def test_an_expression_means_these_days(
    text: str, first: str | None, last: str | None, precision: str
) -> None:
    due = only(text).due
    assert (due.raw, due.first, due.last, due.precision) == (text, first, last, precision)


@pytest.mark.parametrize(
    "text",
    [
        "2024年汛期前",
        "今年9月秋种之前",
        "2025年国庆节前",
        "2024年秋季学期起",
    ],
)
def test_where_the_calendar_is_not_known_a_season_keeps_its_words_and_has_no_day(text: str) -> None:
    due = only(text).due
    assert (due.raw, due.first, due.last, due.precision) == (text, None, None, "vague")


def test_what_comes_back_every_year_has_no_day() -> None:
    assert only("每年3月向社会公布").due.precision == "recurring"


@pytest.mark.parametrize(
    "text", ["若省里放宽上限，将在三个月内提出方案", "收到申请后5个工作日内答复"]
)
def test_a_period_after_something_to_come_cannot_be_told(text: str) -> None:
    assert days(text) == (None, None)


@pytest.mark.parametrize(
    "text", ["“十四五”规划", "近三年内", "试运行三个月", "第16号", "内部", "3号线"]
)
def test_what_only_looks_like_a_due_expression_is_none(text: str) -> None:
    assert dues(text, signed=SIGNED) == ()


def test_what_was_over_when_the_letter_was_signed_is_past() -> None:
    assert only("2023年10月底前").past
    assert only("今年5月1日").past
    assert not only("今年7月1日").past


def test_broken_text_is_read_as_it_was_meant_and_kept_as_it_stands() -> None:
    text = "于 ２０２５ 年\n６ 月 底\n前完成"
    found = only(text)
    assert found.due.raw == text[found.span.start : found.span.end] == "２０２５ 年\n６ 月 底\n前"
    assert (found.due.first, found.due.last) == ("2024-06-28", "2025-06-30")


def test_a_month_takes_the_year_that_is_being_spoken_of() -> None:
    text = "2025年6月底完工，7—9月验收，10月底交房"
    assert [one.due.last for one in dues(text, signed=SIGNED)] == [
        "2025-06-30",
        "2025-09-30",
        "2025-10-31",
    ]


def test_late_in_the_year_a_spring_month_is_the_next_years() -> None:
    assert days("3月底前", signed=date(2024, 11, 5)) == ("2024-11-05", "2025-03-31")
    assert days("3月底前", signed=date(2024, 7, 5)) == (None, None)


def test_without_the_letters_date_only_a_named_year_resolves() -> None:
    assert days("2025年上半年", signed=None) == ("2025-01-01", "2025-06-30")
    assert days("2025年底前", signed=None) == (None, "2025-12-31")
    assert days("年底前", signed=None) == (None, None)
    assert days("三个月内", signed=None) == (None, None)


def test_working_days_pass_over_the_holidays_that_are_known() -> None:
    signed = date(2024, 9, 27)  # a Friday before the national holiday
    known = Calendar(
        holidays=frozenset(date(2024, 10, day) for day in range(1, 8)),
        worked=frozenset({date(2024, 9, 29)}),
    )
    (found,) = dues("5个工作日内办结", signed=signed, calendar=known)
    assert (found.due.last, found.due.precision) == ("2024-10-10", "day")
    (guessed,) = dues("5个工作日内办结", signed=signed)
    assert (guessed.due.last, guessed.due.precision) == ("2024-10-04", "approximate")


def test_the_last_day_of_a_short_month_is_kept() -> None:
    assert days("三个月内", signed=date(2023, 11, 30)) == ("2023-11-30", "2024-02-29")


PIECES = st.sampled_from(
    [
        "2025年",
        "今年",
        "年底",
        "前",
        "6月",
        "至",
        "三个月",
        "内",
        "每年",
        "起",
        "第",
        "季度",
        "，",
        " ",
        "\n",
        "将",
        "99月",
        "0日",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_spans_are_verbatim_ordered_and_apart(text: str) -> None:
    end = 0
    for one in dues(text, signed=SIGNED):
        assert one.due.raw == text[one.span.start : one.span.end]
        assert one.span.start >= end
        end = one.span.end
        if one.due.first and one.due.last and not one.past:
            assert date.fromisoformat(one.due.first) <= date.fromisoformat(one.due.last)


@pytest.mark.parametrize("piece", ["年", "2025年", "6月", "今年底前", "三个月", "第一", " ", "十"])
def test_hostile_text_takes_no_time(piece: str) -> None:
    started = time.perf_counter()
    dues(piece * (20_000 // len(piece)), signed=SIGNED)
    assert time.perf_counter() - started < 20  # seconds, on a machine that is busy


def test_a_count_left_open_is_read_and_breaks_nothing() -> None:
    (found,) = dues("二三十日内完成", signed=date(2025, 1, 1))
    assert (found.due.first, found.due.last) == ("2025-01-01", "2025-01-31")
