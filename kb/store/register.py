"""Registers of proposals (交办表): their rows as a snapshot keeps them, and what became of each.

For staff only: a row names who brought a proposal, also where the place hides that in letters.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol, get_args

from kb.types import Letter

RULE = "register"  # the rule of a field that a letter has from a register and not from its words
CONFLICT = "register_conflict"  # the flag of a letter that says otherwise than its row

# joined: there is a letter; unanswered: there is none yet; ambiguous: it can't be told which.
Standing = Literal["joined", "unanswered", "ambiguous"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """A row of a register: a proposal, and what was arranged for its reply.

    ``file`` and ``place`` (``第5行``) say where it stands. ``numbers`` are those of the proposals
    that are handled as one; ``assembly`` is what the table calls the session (``市政协十四届三次
    会议``). ``host`` and ``co_organs`` are organs whose part is told, ``organs`` those whose part
    is not. Days are ISO dates where the table gives dates, else its words; what the table does not
    tell is "" or ().
    """

    file: str
    place: str
    numbers: tuple[str, ...] = ()
    kind: str = ""
    assembly: str = ""
    title: str = ""
    proposers: tuple[str, ...] = ()
    sector: str = ""
    host: tuple[str, ...] = ()
    co_organs: tuple[str, ...] = ()
    organs: tuple[str, ...] = ()
    result_class: str = ""
    handed_on: str = ""
    due: str = ""
    reply_number: str = ""
    replied_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A field of which a letter and its row say different things; the letter is believed."""

    letter_id: str
    field: str
    letter: str
    register: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a row.

    ``letters`` are the ids of those that it was joined to; of an unanswered row those of organs
    that only take part (会办意见), of an ambiguous one those that may be meant. ``why`` says in
    Chinese why it is ambiguous.
    """

    standing: Standing
    letters: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A row and what became of it; ``source`` is the key of its file."""

    source: str
    row: RegisterRow
    outcome: Outcome


class Registers(Protocol):
    """The registers of a draft."""

    def put(self, source: str, rows: Sequence[RegisterRow]) -> None:
        """Keep the rows of the file ``source``, in place of those it had."""
        ...

    def rows(self) -> Sequence[Registered]:
        """Every row, by file and by its place in it, with what became of it the last time."""
        ...

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Record what became of each row, in the order of ``rows``."""
        ...

    def letters(self) -> Iterator[Letter]:
        """Every letter of the draft, as citizens may see it, ordered by id."""
        ...

    def set_aside(self) -> Collection[str]:
        """The ids of the letters that others stand for."""
        ...

    def filled(self) -> frozenset[str]:
        """The ids of the letters that were amended."""
        ...

    def amend(self, letter: Letter) -> None:
        """Put ``letter`` in place of the one of its id, whose text is the same."""
        ...


def counts(rows: Sequence[Registered]) -> Mapping[str, int]:
    """How many rows there are, how many of each standing, how many contradict their letter."""
    standings = Counter(found.outcome.standing for found in rows)
    return {
        "files": len({found.source for found in rows}),
        "rows": len(rows),
        **{standing: standings[standing] for standing in STANDINGS},
        "contradicting": sum(bool(found.outcome.conflicts) for found in rows),
    }


def row_json(row: RegisterRow) -> str:
    """The row as one line of JSON."""
    return json.dumps(asdict(row), ensure_ascii=False)


def row_from(record: str | Mapping[str, Any]) -> RegisterRow:
    """The row that ``row_json`` wrote, or of its JSON object."""
    raw = json.loads(record) if isinstance(record, str) else record
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()
    }
    return RegisterRow(**values)


def outcome_json(outcome: Outcome) -> str:
    """The outcome as one line of JSON."""
    return json.dumps(asdict(outcome), ensure_ascii=False)


def outcome_from(record: str) -> Outcome:
    """The outcome that ``outcome_json`` wrote."""
    raw = json.loads(record)
    return Outcome(
        standing=raw["standing"],
        letters=tuple(raw["letters"]),
        conflicts=tuple(Conflict(**conflict) for conflict in raw["conflicts"]),
        why=raw["why"],
    )
