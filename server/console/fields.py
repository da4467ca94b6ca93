"""The fields of a letter in a form: what was read, what staff made of it, what they change now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kb.intake.corrections import (
    CORRECTABLE,
    LABELS,
    Changes,
    Correction,
    Value,
    typed,
    value_of,
)
from kb.staff.permissions import Account, NotAllowed, may, rule
from kb.types import MULTI_FIELDS, Letter
from server.console.access.forms import Fields, one

PREFIX = "field-"  # of the names that a form's fields have


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A field as a form has it: ``shown`` has a line for each value.

    ``read`` is what the program had read where staff corrected it, else None.
    """

    name: str
    label: str
    shown: str
    several: bool
    read: str | None = None
    correction: Correction | None = None


def rows(letter: Letter, held: Mapping[str, Correction], edits: Changes | None = None) -> list[Row]:
    """The fields of ``letter``, of which ``held`` are corrected.

    ``edits`` are corrections besides, of a letter that is not published yet.
    """
    return [_row(letter, name, held.get(name), (edits or {}).get(name)) for name in CORRECTABLE]


def changes(fields: Fields, shown: Mapping[str, Value]) -> dict[str, tuple[Value, Value]]:
    """What a form changes of the values ``shown``. Raises WrongUse."""
    found: dict[str, tuple[Value, Value]] = {}
    for name, was in shown.items():
        if PREFIX + name not in fields:
            continue
        became = typed(name, one(fields, PREFIX + name))
        if became != was:
            found[name] = (was, became)
    return found


def shown_values(letter: Letter, held: Mapping[str, Correction]) -> dict[str, Value]:
    """What a form shows of every field: what staff said, else what was read."""
    return {name: _shown(letter, name, held.get(name)) for name in CORRECTABLE}


def lines(value: Value) -> str:
    """A value as a form and a page have it, one of several a line."""
    return value if isinstance(value, str) else "\n".join(value)


def permit_correcting(account: Account, letter: Letter) -> None:
    """Raise NotAllowed unless ``account`` may correct the fields of ``letter``."""
    issuer = letter.value("issuer")
    if may(account, "correct", organ=issuer):
        return
    if rule(account.role, "correct") == "own":
        raise NotAllowed(
            f"{account.name} 只能更正本单位的复文，这一份由 {issuer or '（单位不明）'} 发出；"
            "请转给该单位，或请主管处理"
        )
    raise NotAllowed(f"{account.name} 的角色不能更正复文的要素；请找管理员")


def _row(
    letter: Letter,
    name: str,
    held: Correction | None,
    edit: tuple[Value, Value | None] | None,
) -> Row:
    shown, read = _shown(letter, name, held), held.was if held else None
    if edit and edit[1] is not None:
        shown, read = edit[1], read if read is not None else edit[0]
    return Row(
        name=name,
        label=LABELS[name],
        shown=lines(shown),
        several=name in MULTI_FIELDS,
        read=None if read is None else lines(read),
        correction=held,
    )


def _shown(letter: Letter, name: str, held: Correction | None) -> Value:
    if held and held.became is not None:
        return held.became
    return value_of(letter, name)
