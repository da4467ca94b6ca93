"""The values that all packages share: frozen, slotted, keyword-only.

Every offset is in Unicode code points into ``Letter.text``; every span is half-open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

Publicity = Literal["public", "held", "on_request", "closed"]  # ever fewer may see it

# The fields a letter may have, in the order in which they are shown.
SINGLE_FIELDS = (
    "issuer", "number", "signer", "result_class", "assembly", "kind", "proposal_no",
    "proposal_title", "issued_on", "contact_unit",
)  # fmt: skip
MULTI_FIELDS = ("addressees", "co_organs", "cc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Half-open range of code points, ``0 <= start <= end``."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters of ``text`` that this span names."""
        return text[self.start : self.end]

    def holds(self, other: Span) -> bool:
        """True if ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: Span) -> bool:
        """True if the two have a character in common."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One fact read from a letter: its value, where it stands, and the rule that read it.

    ``span`` is None only where the value came from beside the text (bulk import metadata).
    """

    value: str
    span: Span | None
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of the letter's tree; level 1 一、, 2 （一）, 3 1., 4 （1）, 5 一是."""

    text: str
    level: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """Words that were read from a picture; ``confidence``, 0 to 1, of the least sure character."""

    span: Span
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A reply letter, immutable once read.

    ``text`` is the canonical text: mended once at ingest, never rewritten. ``body`` is the part
    that passages are cut from (a web page's table of metadata lies before it). ``pages`` holds the
    offset at which each page after the first begins, ``recognised`` the words read from pictures.
    """

    id: str
    text: str
    sha256: str
    source: str
    title: Field | None
    body: Span
    fields: Mapping[str, Field] = field(default_factory=dict)
    lists: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)
    headings: tuple[Heading, ...] = ()
    pages: tuple[int, ...] = ()
    recognised: tuple[Recognised, ...] = ()
    publicity: Publicity = "public"
    url: str = ""
    flags: tuple[str, ...] = ()

    def value(self, name: str) -> str | None:
        """The value of the single field ``name``, or None if the letter lacks it."""
        found = self.fields.get(name)
        return found.value if found else None

    @property
    def issued_on(self) -> date | None:
        """The letter's own date."""
        iso = self.value("issued_on")
        return date.fromisoformat(iso) if iso else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A run of whole sentences under one heading; passages partition ``Letter.body``.

    ``sentences`` partition ``span``: together they are every character of the passage.
    """

    letter_id: str
    span: Span
    headings: tuple[str, ...]
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which letters a question may draw on; an empty scope admits every letter."""

    letter_ids: tuple[str, ...] = ()
    issuer: str | None = None
    year: int | None = None
    result_class: str | None = None
    proposal_no: str | None = None
    public_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that was found, with the scores and ranks it came from (rank 1 is best)."""

    ordinal: int
    passage: Passage
    score: float
    lexical: float = 0.0
    dense: float = 0.0
    lexical_rank: int | None = None
    dense_rank: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What a letter is cited by, wherever it is shown or listed.

    ``name`` is what citizens know it by: the proposal's title, else its own, else its id.
    ``issued_on`` is an ISO date; a field that the letter lacks is None.
    """

    letter_id: str
    name: str
    number: str | None
    issuer: str | None
    issued_on: str | None
    result_class: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of a letter, verbatim: ``letter.text[span.start:span.end] == text``.

    ``title`` is the letter's own. ``about`` names the field that was asked for. ``exact`` are the
    parts that answer, to be emphasised, in order; empty where all of it is meant. ``doubtful`` if
    some of it was read from a scan, and not surely. ``earlier`` are
    what older letters answered to the same, the oldest first. ``standing`` is what became of a
    promise in it.
    """

    citation: Citation
    title: str | None
    span: Span
    text: str
    headings: tuple[str, ...]
    score: float
    about: str | None = None
    exact: tuple[Span, ...] = ()
    doubtful: bool = False
    earlier: tuple[Quote, ...] = ()
    standing: Standing | None = None

    @property
    def letter_id(self) -> str:
        """The letter whose words these are."""
        return self.citation.letter_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What staff confirmed of a promise: by the office's own record, not by the letter.

    ``told`` is the ``state`` in Chinese, ``due`` the last day in words; ``evidence`` are words of
    later letters.
    """

    state: str
    told: str
    due: str | None
    overdue: bool
    evidence: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """A letter near to a question, offered as 相关, never as the answer; ``title`` is its own."""

    citation: Citation
    title: str | None
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a published snapshot says of itself (its manifest).

    ``files`` maps a path inside the snapshot to the SHA-256 of its bytes; ``fingerprint``
    holds the settings that shaped it (model, tokenizer, dictionary, passage rules, schema).
    """

    version: str
    parent: str | None
    fingerprint: Mapping[str, str]
    letters: int
    passages: int
    files: Mapping[str, str]


Vectors = npt.NDArray[np.float32]

EVERY_LETTER = Scope()


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterHead:
    """The facts of a letter that filters need, as a store keeps them beside its text.

    ``title`` is the letter's own; the proposal's, by which it is cited, stands only in the
    letter. ``issued_on`` is an ISO date; a field that the letter lacks is None.
    """

    id: str
    title: str | None
    number: str | None
    issuer: str | None
    issued_on: str | None
    result_class: str | None
    proposal_no: str | None
    kind: str | None
    publicity: Publicity
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The file that a letter was read from: its own name, and where its bytes are kept."""

    name: str
    path: Path
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """Characters of a letter that citizens do not see, and where they stand in its text."""

    start: int
    text: str
