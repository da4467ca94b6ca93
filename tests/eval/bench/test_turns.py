"""Processor time of ways that take turns."""

from __future__ import annotations

from eval.bench.turns import processor_ms


def test_every_way_takes_its_turn_at_each_and_is_warmed_before() -> None:
    asked: list[str] = []
    found = processor_ms(
        ["甲", "乙"],
        {"a": lambda one: asked.append(f"a{one}"), "b": lambda one: asked.append(f"b{one}")},
        turns=2,
    )
    assert asked == ["a甲", "b甲", *["a甲", "b甲", "a乙", "b乙"] * 2]
    assert {name: len(taken) for name, taken in found.items()} == {"a": 2, "b": 2}


def test_what_computes_costs_more_than_what_does_nothing() -> None:
    found = processor_ms(
        [0], {"busy": lambda _: sum(range(2_000_000)), "idle": lambda _: None}, turns=1
    )
    assert found["busy"][0] > found["idle"][0]
