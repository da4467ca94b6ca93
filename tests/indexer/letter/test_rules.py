"""Every rule on its own example."""

from __future__ import annotations

import re

import pytest

from indexer.letter.fields import apply
from indexer.letter.lists import apply_list
from indexer.letter.rules import LIST_RULES, RULES, Rule
from indexer.letter.view import Words, value_of
from kb.types import Span


def named(rule: Rule) -> str:
    return f"{rule.field}-{rule.name}"


@pytest.mark.parametrize("rule", [r for r in RULES if r.name != "bulk import"], ids=named)
def test_every_rule_reads_its_own_example(rule: Rule) -> None:
    field = apply(rule, Words(rule.example), {rule.zone: Span(start=0, end=len(rule.example))})
    assert field is not None
    assert (field.value, field.rule) == (rule.value, rule.name)
    assert field.span is not None
    assert value_of(rule.field, field.span.of(rule.example)) == field.value


@pytest.mark.parametrize("rule", LIST_RULES, ids=named)
def test_every_list_rule_reads_its_own_example(rule: Rule) -> None:
    here = Span(start=0, end=len(rule.example))
    found = apply_list(rule, Words(rule.example), {rule.zone: here, "title": Span(start=0, end=0)})
    assert [field.value for field in found] == rule.value.split("|")
    assert all(f.span is not None and f.span.of(rule.example) == f.value for f in found)


def test_rules_of_a_field_have_names_of_their_own() -> None:
    keys = [(rule.field, rule.name) for rule in (*RULES, *LIST_RULES)]
    assert len(set(keys)) == len(keys)


def test_the_rules_compile_to_distinct_patterns_per_zone() -> None:
    patterns = [(r.field, r.zone, r.pattern.pattern) for r in RULES if r.name != "bulk import"]
    assert len(set(patterns)) == len(patterns)
    assert all(isinstance(r.pattern, re.Pattern) and "v" in r.pattern.groupindex for r in RULES)
