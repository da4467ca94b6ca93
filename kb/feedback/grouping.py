"""Which group of like questions one belongs to, at a bounded cost however many groups there are.

Anybody can ask anything, so no question may make the program compare it with all the others:
what is read for one is bounded by ``ROWS`` and ``COMPARED``. Below them nothing is left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from kb.feedback.similarity import ALIKE, figures, grams, weight
from kb.staff.connection import Database
from kb.text.similarity import jaccard

FULL = 20_000  # groups that no staff ruled on; beyond them a question like none has no group
ROWS = 2_000  # entries of the rarest grams of a question that are read to find groups like it
COMPARED = 6  # groups that are compared with the whole of a question

_NEAREST = " ORDER BY shared * 1.0 / (weight + :heavy - shared) DESC, id LIMIT :limit"
_SHARED = "SELECT kin, sum(3 - length(gram)) AS shared FROM gram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What a question is compared by: its grams, their weight and its figures."""

    question: str
    grams: frozenset[str]
    weight: int
    figures: str


def likeness(question: str) -> Likeness:
    """What ``question`` is compared by; worked out before the file is locked for writing."""
    own = grams(question)
    return Likeness(question=question, grams=own, weight=weight(own), figures=figures(question))


def unruled(database: Database) -> int:
    """How many groups no staff ruled on."""
    query = "SELECT (SELECT count(*) FROM kin) - (SELECT count(DISTINCT kin) FROM event)"
    return int(database.execute(query).fetchone()[0])


def like(database: Database, one: Likeness) -> int | None:
    """The group of the same figures that is most like ``one``, the older of two; or None.

    What is compared is the question that a group began with, so groups never drift.
    """
    found = database.execute(
        f"SELECT id, shared, weight FROM ({_SHARED}"
        "  WHERE gram IN (SELECT value FROM json_each(:grams))"
        "  AND kin IN (SELECT CAST(value AS BIGINT) FROM json_each(:near)) GROUP BY kin)"
        " AS near JOIN kin ON id = kin" + _NEAREST,
        {
            "grams": json.dumps(sorted(one.grams)),
            "near": json.dumps(_near(database, one)),
            "heavy": one.weight,
            "limit": 1,
        },
    ).fetchone()
    alike = found and jaccard(found[1], found[2], one.weight) >= ALIKE
    return int(found[0]) if alike else None


def _near(database: Database, one: Likeness) -> list[int]:
    """The few groups that may be like ``one``: all of its figures, or those of its rarest grams."""
    same = database.execute(
        "SELECT id FROM kin WHERE figures = ? LIMIT ?", (one.figures, COMPARED + 1)
    ).fetchall()
    if len(same) > COMPARED:
        same = database.execute(
            "SELECT id, shared FROM (SELECT kin, sum(3 - length(gram)) AS shared FROM"
            "  (SELECT gram, kin FROM (SELECT common.gram AS rare FROM common"
            "    WHERE common.gram IN (SELECT value FROM json_each(:grams))"
            "    ORDER BY times, rare) AS rarest"
            "   CROSS JOIN gram ON gram.gram = rare LIMIT :rows) AS few GROUP BY kin) AS near"
            " CROSS JOIN kin ON id = kin WHERE figures = :figures" + _NEAREST,
            {
                "grams": json.dumps(sorted(one.grams)),
                "rows": ROWS,
                "figures": one.figures,
                "heavy": one.weight,
                "limit": COMPARED,
            },
        ).fetchall()
    return [row[0] for row in same]


def made(database: Database, one: Likeness) -> int:
    """A new group that begins with ``one``."""
    number = database.execute(
        "INSERT INTO kin (question, figures, weight) VALUES (?, ?, ?) RETURNING id",
        (one.question, one.figures, one.weight),
    ).fetchone()[0]
    database.executemany(
        "INSERT INTO gram VALUES (?, ?)", [(gram, number) for gram in sorted(one.grams)]
    )
    return int(number)
