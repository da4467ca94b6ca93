"""今年 and 去年 mean the year that the letter was written in, and nothing else does."""

from __future__ import annotations

from datetime import date

import pytest

from kb.text.years import relative_years, years_told

WRITTEN = date(2024, 6, 28)


def meant(text: str) -> list[tuple[str, int]]:
    return [(w.span.of(text), w.year) for w in relative_years(text, written=WRITTEN)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今年已改造小区34个。", [("今年", 2024)]),
        ("去年发放补贴714万元，今年预计800万元。", [("去年", 2023), ("今年", 2024)]),
        ("力争明年6月底前开工。", [("明年", 2025)]),
        ("前年起试点，大前年立项。", [("前年", 2022), ("大前年", 2021)]),
        ("本年度预算已下达，上年度结转20万元。", [("本年度", 2024), ("上年度", 2023)]),
        ("比上年增长12%，后年全面完成。", [("上年", 2023), ("后年", 2026)]),
        ("上半年受理报修1574件。", [("上半年", 2024)]),
        ("下半年再安排两批。", [("下半年", 2024)]),
        ("来年春季补种树苗。", [("来年", 2025)]),
        ("截至今年5月底", [("今年", 2024)]),
        ("本年共受理96件", [("本年", 2024)]),
    ],
)
def test_a_word_means_the_year_of_its_letter(text: str, expected: list[tuple[str, int]]) -> None:
    assert meant(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2023年上半年建成平台。",
        "目前年均客流60万人次。",
        "80周岁以上年龄的老人",
        "过去年份的档案",
        "近年来年降雨量减少",
        "此后年均增长8%",
        "当前年产值3亿元",
        "以上年纪的居民",
        "五年前年久失修的管网",
        "说明年度计划的文件",
        "本年级共有6个班",
        "上半年以来气温偏高",
        "提案说“今年再不修就晚了”，已安排维修。",
        "成本年增一成",
        "每半年检修一次",
        "当年建成58部",
        "近几年投入1.2亿元",
    ],
)
def test_what_only_looks_like_such_a_word_is_left_alone(text: str) -> None:
    assert meant(text) == []


def test_a_half_year_is_of_the_year_named_before_it_in_its_clause() -> None:
    assert meant("去年上半年已完工。") == [("去年", 2023)]
    assert meant("去年已完工；上半年又修3处。") == [("去年", 2023), ("上半年", 2024)]


def test_without_a_date_nothing_is_told() -> None:
    assert relative_years("今年完工", written=None) == ()


def test_years_are_told_in_figures_and_by_words() -> None:
    told = years_told("原定2023年底，去年推迟，明年完工", written=WRITTEN)
    assert told == {2023, 2025}
