"""What a later clause says became of a promise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.extract.clauses import Clause, clauses_of
from kb.extract.outcomes import RULES, Measure, Rule, outcome
from kb.extract.types import Due, Relation, Target
from kb.profile import profile
from tests.support.letters import make_letter

SIXTY = Measure(
    due=Due(raw="2023年年底前", first="2023-06-19", last="2023-12-31", precision="year"),
    target=Target(value=60, unit="部", text="60部"),
)
SIGNED = "2025-05-22"


def clause(words: str) -> Clause:
    (only,) = clauses_of(make_letter("x", f"{words}。", title=None))
    return only


def told(words: str, asked: Measure = SIXTY) -> tuple[Relation, str] | None:
    signed = make_letter("x", issued_on=SIGNED).issued_on
    found = outcome(clause(words), asked, signed=signed, calendar=profile().calendar)
    return (found.relation, "；".join(found.why)) if found else None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.name}-{rule.relation}")
def test_each_rule_holds_for_its_example(rule: Rule) -> None:
    assert SIXTY.due
    by_2026 = replace(SIXTY, due=replace(SIXTY.due, raw="2026年年底前", last="2026-12-31"))
    found = told(rule.example, by_2026)
    assert found is not None
    assert found[0] == rule.relation
    assert found[1].startswith(rule.name)


@pytest.mark.parametrize(
    ("words", "relation"),
    [
        ("原定2023年年底前建成60部，当年实际建成58部，差2部，2024年1月底补齐", "fulfils"),
        ("加装电梯推迟到2024年10月15日才全部建成", "fulfils"),
        ("加装电梯拖到去年10月15日才建成", "fulfils"),
        ("原计划2023年年底建成，至今没有完工，计划2025年10月底前建成", "contradicts"),
        ("60部的目标无法按期实现", "contradicts"),
        ("60部只建成35部", "progresses"),
        ("目前主体结构完成85%", "progresses"),
        ("2025年年底前加装60部，惠及居民2000户", "repeats"),
    ],
)
def test_what_is_said_gives_the_relation(words: str, relation: Relation) -> None:
    found = told(words)
    assert found is not None
    assert found[0] == relation


@pytest.mark.parametrize(
    "words",
    ["2023年我局答复沈佩兰委员时提出，2023年年底前建成60部", "加装电梯不容易", "电梯安全最要紧"],
)
def test_what_only_recalls_the_promise_or_says_nothing_gives_none(words: str) -> None:
    assert told(words) is None


def test_the_figures_and_the_days_are_told_side_by_side() -> None:
    found = told("2024年3月加装电梯建成35部")
    assert found is not None
    assert "当初60部，现在35部，没有达到" in found[1]
    assert "晚于原定的2023-12-31" in found[1]
