"""How a suite is run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.cards import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a suite is run. ``rate`` is questions a second of the open loop, 0 for none.

    ``command`` is what runs it again, with names of files in place of paths; ``digest`` is of
    the files it came from.

    ``commitments`` are promises that another finder found, in the form of
    ``python -m kb commitments --json``; None for kb's own. ``card`` is the suite's.
    """

    command: str
    digest: str
    limit: int | None
    seed: int
    rate: float
    commitments: Sequence[Mapping[str, Any]] | None = None
    card: Card | None = None
