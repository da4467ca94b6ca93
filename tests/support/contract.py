"""Requests made up from an OpenAPI document, and whether the answers are those it promises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case
from schemathesis.generation.modes import GenerationMode
from schemathesis.schemas import APIOperation, BaseSchema


def operations(schema: BaseSchema) -> dict[str, APIOperation]:
    """All operations of ``schema``, by method and path."""
    return {one.ok().label: one.ok() for one in schema.get_all_operations()}


def sent_as_promised(operation: APIOperation, *, examples: int, **sent: Any) -> int:
    """How many requests were sent: each kind of right and wrong one, and ``examples`` at random.

    The same ones each time. Raises what schemathesis raises where an answer is a server error, of
    a status, type or shape that the document lacks, refuses what it allows or takes what it
    forbids. ``sent`` goes with each request.
    """
    count = 0

    def send(case: Case) -> None:
        nonlocal count
        count += 1
        case.call_and_validate(**sent)

    for case in _kinds(operation):
        if _sensible(case):
            send(case)
    for mode in GenerationMode:

        @settings(
            max_examples=examples,
            derandomize=True,
            database=None,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def at_random(case: Case) -> None:
            assume(_sensible(case))
            send(case)

        try:
            at_random()
        except Unsatisfiable:  # where nothing is asked for, nothing can be wrong
            assert mode is GenerationMode.NEGATIVE, operation.label
    return count


def _kinds(operation: APIOperation) -> Iterator[Case]:
    """One request for each limit of the schema, on either side of it."""
    config = operation.schema.config.generation
    return operation.schema.iter_coverage_cases(
        operation, generation_modes=list(GenerationMode), generation_config=config
    )


def _sensible(case: Case) -> bool:
    """False for what JSON Schema cannot forbid: a quote that ends before it begins."""
    quote = case.body.get("quote") if isinstance(case.body, dict) else None
    places = [quote.get(name) for name in ("start", "end")] if isinstance(quote, dict) else []
    numbers = [place for place in places if isinstance(place, int | float)]
    return len(numbers) < 2 or numbers[0] < numbers[1]
