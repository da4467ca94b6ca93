"""前后对照: promises of several years, figures over time, classes that the words disagree with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.analysis.consistency import Inconsistent, inconsistent
from kb.analysis.repeats import Repeated, repeated
from kb.analysis.series import Series, kept_records, series, told_often
from kb.errors import LetterNotFound, WrongUse
from kb.extract.indicators import Record
from kb.extract.types import PRECISIONS
from kb.ledger.queries import organs
from kb.ledger.types import Entry
from kb.privacy.pii import HIDDEN
from kb.profile import profile
from kb.staff.connection import Database
from kb.store.protocol import SnapshotReader
from kb.text.titles import name_of
from kb.types import Letter
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.filters import offered
from server.console.layout import show
from server.console.ledger.list import row_words
from server.console.letters import letter_of, scope_of
from server.desk import AtDesk
from server.pages.render import Text

GROUPS, SERIES, LETTERS = 20, 20, 30  # of one page
ONCE = 60  # figures that one letter alone tells, where their words are looked for
LONGEST = 100  # code points of the words looked for
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparing:
    """What a tab compares, and with what at hand. ``organ`` and ``words`` are "" for all."""

    database: Database
    reader: SnapshotReader
    visit: StaffRequest
    organ: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A figure with its letter's name, ``quote`` verbatim; ``apart``: letters disagree on it."""

    record: Record
    name: str
    quote: str
    apart: bool


@routes.get("/staff/compare")
@requires("read")
def compare(
    request: Request,
    desk: AtDesk,
    visit: Visiting,
    tab: Text = "repeats",
    organ: Text = "",
    words: Text = "",
) -> Response:
    """One of the tabs, for one organ or all."""
    if tab not in TABS:
        raise WrongUse(f"没有“{tab}”这种对照；请从页面上选择")
    with staff_database(desk) as database:
        comparing = Comparing(
            database=database,
            reader=desk.store.current(),
            visit=visit,
            organ=organ,
            words=words.strip()[:LONGEST],
        )
        return show(
            "compare.html",
            request=request,
            visit=visit,
            tab=tab,
            tabs={name: word for name, (word, _) in TABS.items()},
            asked={
                n: value for n, value in (("organ", organ), ("words", comparing.words)) if value
            },
            choices=offered(organs(database)),
            precisions=PRECISIONS,
            found=TABS[tab][1](comparing),
            **row_words(),
        )


def _repeats(comparing: Comparing) -> list[tuple[Repeated, list[tuple[str, list[Entry]]]]]:
    """Each promise of several years, with its commitments year by year."""
    groups = repeated(
        comparing.database,
        organ=comparing.organ or None,
        public_only=not comparing.visit.sees_all,
        most=GROUPS,
    )
    return [(group, _by_year(group.commitments)) for group in groups]


def _by_year(some: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    """In order of years, as they come."""
    return [
        (year, list(own))
        for year, own in groupby(some, lambda entry: (entry.citation.issued_on or "")[:4])
    ]


def _figures(comparing: Comparing) -> list[tuple[Series, list[Told]]]:
    """The series that several letters tell; of words looked for the others too."""
    chosen: dict[str, Any] = {
        "words": comparing.words,
        "organ": comparing.organ or None,
        "public_only": not comparing.visit.sees_all,
    }
    some = list(told_often(comparing.database, **chosen, most=SERIES))
    if comparing.words:
        known = {(row.indicator, row.unit, row.scope, row.during) for row in some}
        once = series(kept_records(comparing.database, **chosen, most=ONCE))
        some += [
            row for row in once if (row.indicator, row.unit, row.scope, row.during) not in known
        ]
    letters = _letters((record.letter_id for row in some for record in row.records), comparing)
    shown = ((row, _figures_of(row, letters)) for row in some)
    return [(row, figures) for row, figures in shown if figures]


def _figures_of(row: Series, letters: Mapping[str, Letter]) -> list[Told]:
    """The figures of a series whose words still stand in a letter that may be seen."""
    apart = {record for conflict in row.conflicts for record in conflict.records}
    return [
        Told(record=record, name=name_of(letter), quote=quote, apart=record in apart)
        for record in row.records
        if (letter := letters.get(record.letter_id)) and (quote := _standing(record, letter))
    ]


def _standing(record: Record, letter: Letter) -> str:
    """The words of the letter at the place of a figure; "" where they became others."""
    words = record.span.of(letter.text)
    same = len(words) == len(record.raw) and all(
        now == then or HIDDEN in (now, then) for now, then in zip(words, record.raw, strict=True)
    )
    return words if same else ""


def _letters(letter_ids: Iterable[str], comparing: Comparing) -> dict[str, Letter]:
    """Those of the letters that may be seen."""
    letters = {}
    for letter_id in dict.fromkeys(letter_ids):
        try:
            letters[letter_id] = letter_of(letter_id, comparing.reader, comparing.visit)
        except LetterNotFound:
            continue
    return letters


def _classes(comparing: Comparing) -> Sequence[Inconsistent]:
    """The letters whose class and words disagree."""
    scope = replace(scope_of(comparing.visit), issuer=comparing.organ or None)
    return inconsistent(comparing.database, comparing.reader, profile(), scope=scope, most=LETTERS)


TABS: Mapping[str, tuple[str, Callable[[Comparing], Any]]] = {
    "repeats": ("年年答复", _repeats),
    "figures": ("数字", _figures),
    "classes": ("类别与内容", _classes),
}
