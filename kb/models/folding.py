"""A letter as models read it: in simplified characters, every span where it stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kb.text.traditional import simplified
from kb.types import Field, Letter, Passage


def letter_simplified(
    letter: Letter, passages: Sequence[Passage]
) -> tuple[Letter, tuple[Passage, ...]]:
    """``letter`` and its ``passages`` as models read them; every span stands where it stood."""
    read = replace(
        letter,
        text=simplified(letter.text),
        title=_simplified(letter.title) if letter.title else None,
        fields={name: _simplified(field) for name, field in letter.fields.items()},
    )
    return read, tuple(
        replace(passage, headings=tuple(map(simplified, passage.headings))) for passage in passages
    )


def _simplified(field: Field) -> Field:
    return replace(field, value=simplified(field.value))
