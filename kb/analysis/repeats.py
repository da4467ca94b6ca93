"""年年答复: the same promise in several years, by the same organ and without a new figure."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from kb.ledger.columns import ENTRY_NAMES
from kb.ledger.rows import entry_of
from kb.ledger.types import Entry
from kb.profile import profile
from kb.staff.connection import Database
from kb.staff.database import writing
from kb.text.chars import bare
from kb.text.normalize import narrowed
from kb.text.similarity import jaccard, pairs

# From this share on two promises count as one: pairs of characters that they share, of all that
# they have (Jaccard), dates and figures aside. See tests/kb/analysis/test_repeats.py.
ALIKE = 0.5
SHORTEST = 6  # pairs; what is shorter says too little
_YEARS = 2  # at least, in which a promise was made
MOST_SHOWN = 20  # commitments of one group
_ASIDE = re.compile(
    r"(?:20\d\d|[今明去后当]|本)年(?:度)?(?:[上下]半年|年?[底末内]|第?[一二三四]季度)?(?:之?前)?|\d{1,2}月(?:份|底|\d{1,2}日)?(?:之?前)?"
    r"|年[底末内](?:之?前)?|[上下]半年|第?[一二三四]季度|\d+(?:\.\d+)?|我[市局委县区]|将|拟|计划|力争|争取|预计|继续|进一步"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """A promise of several years: its ``years``, ``count`` of commitments, the first of them."""

    organ: str | None
    years: tuple[str, ...]
    count: int
    commitments: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Promise:
    id: int
    year: str
    figure: tuple[float, str] | None
    grams: frozenset[str]


@dataclass(slots=True, kw_only=True)
class _Group:
    """Promises like the first of them, by their figure."""

    grams: frozenset[str]
    members: dict[tuple[float, str] | None, list[_Promise]] = field(default_factory=dict)


def repeated(
    database: Database,
    *,
    organ: str | None = None,
    public_only: bool = False,
    most: int = 50,
) -> tuple[Repeated, ...]:
    """The groups that ``renew`` last found, those of most years first.

    What is off the lists by now is left out, whatever else staff changed since is not looked at.
    """
    groups = database.execute(
        f"SELECT id, organ FROM kindred {'WHERE organ = ?' if organ else ''}"
        " ORDER BY years DESC, id",
        [organ] if organ else [],
    )
    shown = (_shown(database, number, named, public_only) for number, named in groups)
    return tuple(islice((group for group in shown if group), most))


def renew(database: Database, letter_ids: Collection[str] | None = None) -> int:
    """Find the groups anew, of all organs or of those that these letters are of; how many.

    Half a second for 2,500 commitments of one organ.
    """
    found = 0
    with writing(database):
        for organ in _organs(database, letter_ids):
            names = json.dumps(profile().organs.spellings(organ))
            database.execute(
                "DELETE FROM kindred WHERE organ IN (SELECT value FROM json_each(?))", (names,)
            )
            for group in _groups(list(_promises(database, organ))):
                years = len({promise.year for promise in group})
                first = group[0].id
                database.execute("INSERT INTO kindred VALUES (?, ?, ?)", (first, organ, years))
                database.executemany(
                    "INSERT INTO repeated VALUES (?, ?)", [(promise.id, first) for promise in group]
                )
                found += 1
    return found


def _organs(database: Database, letter_ids: Collection[str] | None) -> list[str]:
    """The organs of these letters' commitments, each by one name; of all where none are given."""
    chosen = "1 = 1" if letter_ids is None else "letter IN (SELECT value FROM json_each(?))"
    rows = database.execute(
        f"SELECT DISTINCT coalesce(organ, issuer, '') FROM commitment WHERE {chosen}",
        [] if letter_ids is None else [json.dumps(sorted(letter_ids))],
    )
    return sorted({profile().organs.one_name(organ) for (organ,) in rows})


def _shown(database: Database, number: int, organ: str, public_only: bool) -> Repeated | None:
    """A group as it is now; None where not two years are left of it."""
    chosen = "kindred = ? AND live = 1" + (" AND publicity = 'public'" if public_only else "")
    source = f"FROM repeated JOIN commitment ON id = commitment WHERE {chosen}"
    years = database.execute(f"SELECT year, count(*) {source} GROUP BY year", (number,)).fetchall()
    if len(years) < _YEARS:
        return None
    rows = database.execute(
        f"SELECT {ENTRY_NAMES} {source} ORDER BY issued_on, id LIMIT ?", (number, MOST_SHOWN)
    )
    return Repeated(
        organ=organ or None,
        years=tuple(year for year, _ in years),
        count=sum(count for _, count in years),
        commitments=tuple(entry_of(row) for row in rows),
    )


def _promises(database: Database, organ: str) -> Iterator[_Promise]:
    """The dated promises of an organ that are on the lists, the earliest first."""
    rows = database.execute(
        "SELECT id, year, target_value, target_unit, words FROM commitment"
        " WHERE (organ IN (SELECT value FROM json_each(:names)) OR (organ IS NULL"
        " AND coalesce(issuer, '') IN (SELECT value FROM json_each(:names))))"
        " AND live = 1 AND year IS NOT NULL ORDER BY issued_on, id",
        {"names": json.dumps(profile().organs.spellings(organ))},
    )
    for number, year, value, unit, words in rows:
        grams = pairs(_ASIDE.sub("", narrowed(bare(words))))
        if len(grams) >= SHORTEST:
            figure = None if unit is None else (value, unit)
            yield _Promise(id=number, year=year, figure=figure, grams=grams)


def _groups(promises: Sequence[_Promise]) -> Iterator[list[_Promise]]:
    """The groups of one organ's promises, of at least two years each.

    Each joins the first group whose first promise is like it. Two that share the share ``ALIKE``
    have one of their rarest pairs in common (prefix filtering: Chaudhuri et al., ICDE 2006), so
    only groups found by those are compared.
    """
    spread = Counter(gram for promise in promises for gram in promise.grams)
    groups: list[_Group] = []
    found_by: dict[str, list[int]] = {}
    for promise in promises:
        rarest = sorted(promise.grams, key=lambda gram: (spread[gram], gram))
        rarest = rarest[: len(rarest) - math.ceil(ALIKE * len(rarest)) + 1]
        near = sorted({number for gram in rarest for number in found_by.get(gram, ())})
        number = next((n for n in near if _alike(groups[n].grams, promise.grams)), None)
        if number is None:
            number = len(groups)
            groups.append(_Group(grams=promise.grams))
            for gram in rarest:
                found_by.setdefault(gram, []).append(number)
        groups[number].members.setdefault(promise.figure, []).append(promise)
    for group in groups:
        for alike in group.members.values():
            if len({promise.year for promise in alike}) >= _YEARS:
                yield alike


def _alike(left: frozenset[str], right: frozenset[str]) -> bool:
    return jaccard(len(left & right), len(left), len(right)) >= ALIKE
