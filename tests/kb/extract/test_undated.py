"""What names no day keeps its words; what comes first says more than 尽快 beside it."""

from __future__ import annotations

import time
from datetime import date

import pytest

from kb.calendars import Calendar
from kb.extract.days import Clock
from kb.extract.types import Due
from kb.extract.undated import UNDATED, UndatedRule, undated

CLOCK = Clock(signed=date(2024, 6, 28), year=2024, calendar=Calendar())


def due(words: str, *, clock: Clock = CLOCK) -> Due | None:
    found = undated(words, clock=clock)
    if found is None:
        return None
    span, due = found
    assert span.of(words) == due.raw
    return due


@pytest.mark.parametrize("rule", UNDATED, ids=lambda rule: rule.name)
def test_every_row_reads_its_example(rule: UndatedRule) -> None:
    found = due(rule.example)
    assert found is not None
    assert found.raw == rule.raw


@pytest.mark.parametrize(
    ("words", "raw"),
    [
        ("待资金下达后，尽快组织实施", "待资金下达后"),
        ("交警部门在标线复划完成后，将恢复通行", "在标线复划完成后"),
        ("我们将尽快修复，方便群众出行", "尽快"),
        ("待天气转晴，施工队即进场", "待天气转晴"),
        ("力争 近 期\n开放", "近 期"),
    ],
)
def test_words_are_kept_as_the_letter_has_them(words: str, raw: str) -> None:
    found = due(words)
    assert found is not None
    assert (found.raw, found.first, found.last, found.precision) == (raw, None, None, "vague")


@pytest.mark.parametrize(
    "words",
    [
        "新建公厕12座",
        "将燃气管、热力管等问题一并解决",
        "一旦发现违规，严肃查处",
        "在门户网站同时发布",
    ],
)
def test_what_says_nothing_of_the_time_is_none(words: str) -> None:
    assert due(words) is None


@pytest.mark.parametrize(
    "words", ["尽快修复", "发现破损及时修补", "逐步更换", "择机启动", "立即清运"]
)
def test_how_it_is_done_is_told_apart_from_when(words: str) -> None:
    assert undated(words, clock=CLOCK) is not None
    assert undated(words, clock=CLOCK, manner=False) is None


def test_beside_how_it_is_done_the_time_counts() -> None:
    found = undated("近期及时修补", clock=CLOCK, manner=False)
    assert found is not None
    assert found[1].raw == "近期"


def test_about_how_long_it_takes_has_days() -> None:
    assert due("还有两周左右可以通车") == Due(
        raw="还有两周左右", first="2024-06-28", last="2024-07-12", precision="approximate"
    )
    later = due("将于3个月后恢复")
    assert later is not None
    assert (later.first, later.last) == ("2024-09-28", None)
    unknown = due("将于3个月后恢复", clock=Clock(signed=None, year=None, calendar=Calendar()))
    assert unknown is not None
    assert unknown.precision == "vague"


@pytest.mark.parametrize("piece", ["待", "，在", "完成", "一旦", "还有1", "在完成后", "，完成后"])
def test_hostile_text_takes_no_time(piece: str) -> None:
    started = time.perf_counter()
    undated(piece * (6_000 // len(piece)), clock=CLOCK)
    assert time.perf_counter() - started < 10  # seconds, on a machine that is busy
