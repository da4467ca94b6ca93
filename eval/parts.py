"""What a report is made of: figures with their meaning, tables, charts, sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from eval.legend import MEANINGS, written


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure: its Chinese name, its name in results.json, its value, what it says."""

    label: str
    name: str
    value: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Cells as they are printed; each row begins with its own heading."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """An inline SVG with a title, one sentence on how to read it, and its table if it has one."""

    title: str
    says: str
    svg: Markup
    table: Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the report; ``missing`` says why there is nothing in it."""

    id: str
    title: str
    says: str = ""
    rows: Sequence[Figure] = ()
    tables: Sequence[Table] = ()
    charts: Sequence[Chart] = ()
    missing: str = ""


def figures_of(part: str, figures: Mapping[str, Any]) -> list[Figure]:
    """The figures of ``part`` that are at hand, in the order of the legend."""
    values = figures.get(part) or {}
    return [
        Figure(
            label=meaning.label,
            name=name,
            value=written(values[name], meaning.kind),
            says=meaning.says,
        )
        for name, meaning in MEANINGS[part].items()
        if name in values
    ]
