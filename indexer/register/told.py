"""Rows of registers as a command line tells them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kb.store.register import Registered, Standing

CONTRADICTING = "contradicting"
NAMES: Mapping[Standing, str] = {
    "joined": "有复文",
    "unanswered": "没有复文",
    "ambiguous": "说不准",
}
FIELDS = {
    "proposal_no": "编号",
    "assembly": "届次",
    "kind": "种类",
    "proposal_title": "案由",
    "issuer": "单位",
    "number": "文号",
    "addressees": "提案人",
    "result_class": "类别",
}


def standing(found: Registered) -> tuple[str, ...]:
    """By what a row may be asked for: its standing, and that it contradicts its letter."""
    both = (found.outcome.standing, CONTRADICTING)
    return both if found.outcome.conflicts else both[:1]


def row_told(found: Registered) -> str:
    """A row on a line of its own, parted by tabs."""
    row, outcome = found.row, found.outcome
    parts = (
        f"{row.file} {row.place}",
        "、".join(row.numbers),
        row.title,
        NAMES[outcome.standing],
        "、".join(outcome.letters),
        "；".join((outcome.why, *_differing(found))).strip("；"),
    )
    return "\t".join(parts)


def _differing(found: Registered) -> Iterator[str]:
    for conflict in found.outcome.conflicts:
        name = FIELDS[conflict.field]
        yield f"{conflict.letter_id} 的{name}是“{conflict.letter}”，表里是“{conflict.register}”"
