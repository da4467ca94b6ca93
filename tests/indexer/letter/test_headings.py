"""The heading tree of a letter, and the path above a place in it."""

from __future__ import annotations

import pytest
from hypothesis import given

from indexer.letter.headings import LONGEST, headings
from kb.text.sentences import heading_path
from kb.types import Span
from tests.support import made
from tests.support.indexed import LETTER


def tree_of(text: str) -> list[tuple[int, str]]:
    return [(h.level, h.text) for h in headings(text, Span(start=0, end=len(text)))]


def path_to(text: str, words: str) -> list[str]:
    tree = headings(text, Span(start=0, end=len(text)))
    return [heading.text for heading in heading_path(tree, text.index(words))]


def test_the_tree_of_a_letter_is_read_in_order() -> None:
    assert tree_of(LETTER) == [
        (1, "一、基本情况"),
        (2, "（一）整体情况"),
        (2, "（二）取得成效"),
        (5, "一是编制规划"),
        (5, "二是完成任务"),
        (3, "1. 新建设施"),
        (4, "（1）社区食堂"),
        (3, "2．改建设施"),
        (1, "二、下步工作"),
    ]


@pytest.mark.parametrize(
    ("words", "above"),
    [
        ("您的提案", []),
        ("全市完成", ["一、基本情况", "（一）整体情况"]),
        ("科学布局", ["一、基本情况", "（二）取得成效", "一是编制规划"]),
        ("建成率", ["一、基本情况", "（二）取得成效", "二是完成任务"]),
        ("建成56处", ["一、基本情况", "（二）取得成效", "1. 新建设施"]),
        ("开办12家", ["一、基本情况", "（二）取得成效", "1. 新建设施", "（1）社区食堂"]),
        ("二、下步", ["二、下步工作"]),
        ("继续推进", ["二、下步工作"]),
    ],
)
def test_a_place_stands_under_its_headings(words: str, above: list[str]) -> None:
    assert path_to(LETTER, words) == above


@pytest.mark.parametrize(
    "line",
    [
        "1.5万户完成改造",
        "3.2023年以来完成改造",
        "十四五期间完成",
        "第一次会议召开",
        "2024年，我市完成改造。",
        "一、" + "长" * (LONGEST + 1) + "。",
        "一、",
        "1. 完成改造；",
        "1. 完成全部改造。",
        "一是否妥当，请审阅。",
    ],
)
def test_what_is_content_is_no_heading(line: str) -> None:
    assert tree_of(line) == []


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("一、情况", 1),
        ("十一．情况", 1),
        ("第二章情况", 1),
        ("(二)情况", 2),
        ("（ 二 ）情况", 2),
        ("第三节情况", 2),
        ("3、情况", 3),
        ("12. 情况", 3),
        ("(3)情况", 4),
        ("③情况", 4),
        ("一是情况。内容在后。", 5),
    ],
)
def test_markers_of_every_make_have_their_level(line: str, level: int) -> None:
    assert [found for found, _ in tree_of(line)] == [level]


def test_a_heading_may_run_into_its_paragraph() -> None:
    assert tree_of("(一)成立领导小组，高位推动。成立由市长任组长的小组。") == [
        (2, "(一)成立领导小组，高位推动")
    ]


def test_only_headings_inside_the_body_are_read() -> None:
    text = "一、表格\n二、正文\n三、附录"
    assert [h.text for h in headings(text, Span(start=5, end=9))] == ["二、正文"]


@given(made.bodies)
def test_headings_are_true_spans_in_order_and_short(text: str) -> None:
    found = headings(text, Span(start=0, end=len(text)))
    assert all(h.span.of(text) == h.text and 0 < len(h.text) <= LONGEST for h in found)
    starts = [h.span.start for h in found]
    assert starts == sorted(set(starts))


@given(made.bodies)
def test_a_path_goes_strictly_inwards(text: str) -> None:
    tree = headings(text, Span(start=0, end=len(text)))
    for offset in range(0, len(text), 37):
        levels = [heading.level for heading in heading_path(tree, offset)]
        assert levels == sorted(set(levels))
