"""What most measures give: a value for each question; and the means over questions."""

from __future__ import annotations

from collections.abc import Mapping

# measure → question id → value; higher is better in every one of them.
PerQuestion = Mapping[str, Mapping[str, float]]


def means(values: PerQuestion) -> dict[str, float]:
    """The mean of each measure over the questions it has a value for; none, no mean."""
    return {name: sum(row.values()) / len(row) for name, row in values.items() if row}
