"""A letter with its fields, and how the server does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field and where it stands in the text, None where it does not; ``rule`` is what read it."""

    value: str
    start: int | None
    end: int | None
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The fields of a letter."""

    issuer: Field | None
    number: Field | None
    signer: Field | None
    result_class: Field | None
    assembly: Field | None
    kind: Field | None
    proposal_no: Field | None
    proposal_title: Field | None
    addressees: tuple[Field, ...]
    co_organs: tuple[Field, ...]
    issued_on: Field | None
    contact_unit: Field | None
    cc: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading; level 1 is 一、, 2 is （一）, 3 is 1."""

    text: str
    level: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """An earlier version, or another copy."""

    letter_id: str
    date: str | None
    taken_in: str
    source: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A whole letter; ``sha256`` is of its text in UTF-8."""

    id: str
    title: str | None
    text: str
    fields: Fields
    headings: tuple[Heading, ...]
    source: str
    url: str
    sha256: str
    newer: str | None
    copy_of: str | None
    earlier: tuple[Related, ...]
    copies: tuple[Related, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The server answers questions; ``detail`` says what does not work where it is degraded."""

    status: Literal["ready", "degraded"]
    snapshot: str
    letters: int
    passages: int
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The program and its version."""

    name: str
    version: str
