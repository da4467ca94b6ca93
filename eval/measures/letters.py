"""What was read from letters, fields and commitments, against what is known of them.

Gold rows have the form and follow the conventions of ``corpus/README.md``. Precision, recall
and F1 as in van Rijsbergen 1979; None where there is nothing to divide by.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from eval.gold import gold_spans
from eval.record import Texts
from kb.text.chars import bare
from kb.types import MULTI_FIELDS, SINGLE_FIELDS, Letter

Plain = Mapping[str, Any]
Figures = dict[str, float | None]

SAME = 0.5  # intersection over union of characters from which two places are one commitment


def field_scores(gold_rows: Sequence[Plain], letters: Mapping[str, Letter]) -> dict[str, Figures]:
    """Field → ``precision``, ``recall``, ``f1`` and ``gold`` (the count of known values).

    For each field of the gold rows, and "all" for their values counted together. Values are
    equal if they are after white space is removed. A letter that is missing has no values.
    """
    counts: dict[str, Counter[str]] = {}
    for row in gold_rows:
        letter = letters.get(row["letter"])
        for name, value in row["fields"].items():
            known = Counter(map(bare, _listed(value)))
            found = Counter(map(bare, _values(letter, name)))
            for counted in (name, "all"):
                counts.setdefault(counted, Counter()).update(
                    right=(known & found).total(), found=found.total(), gold=known.total()
                )
    names = (*SINGLE_FIELDS, *MULTI_FIELDS, "all")
    return {name: _figures(**counts[name]) for name in names if name in counts}


def _listed(value: str | Sequence[str] | None) -> Sequence[str]:
    return [value] if isinstance(value, str) else value or []


def _values(letter: Letter | None, name: str) -> list[str]:
    if letter is None:
        return []
    single = letter.value(name)
    return [single] if single else [field.value for field in letter.lists.get(name, ())]


def _figures(*, right: int, found: int, gold: int) -> Figures:
    return {
        "precision": _share(right, found),
        "recall": _share(right, gold),
        "f1": _share(2 * right, found + gold),
        "gold": gold,
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def commitment_scores(gold_rows: Sequence[Plain], found: Sequence[Plain], texts: Texts) -> Figures:
    """Commitments found against those known, matched one to one by the characters they share.

    ``found`` has rows ``{"letter_id", "start", "end", "organ", "due", "strength", …}``,
    ``due`` None or with ``first`` and ``last``; ``texts`` is letter id → text. A pair matches
    from ``SAME`` on. A gold row of strength "done" is a report and no promise: it isn't
    wanted, and to find it is wrong. ``due_exact``, ``organ_exact`` and ``strength_exact`` are
    shares of the matched pairs; ``gold`` and ``found`` are counts.
    """
    wanted = [row for row in gold_rows if row["strength"] != "done"]
    pairs = _matched(wanted, found, texts)
    return {
        **_figures(right=len(pairs), found=len(found), gold=len(wanted)),
        "found": len(found),
        "due_exact": _share(sum(_due(g) == _found_due(f) for g, f in pairs), len(pairs)),
        "organ_exact": _share(
            sum(bare(g["organ"]) == bare(f["organ"] or "") for g, f in pairs), len(pairs)
        ),
        "strength_exact": _share(sum(g["strength"] == f["strength"] for g, f in pairs), len(pairs)),
    }


def _due(gold: Plain) -> tuple[str | None, str | None]:
    return gold["due_first"], gold["due_last"]


def _found_due(found: Plain) -> tuple[str | None, str | None]:
    due = found["due"] or {}
    return due.get("first"), due.get("last")


def _matched(
    gold: Iterable[Plain], found: Iterable[Plain], texts: Texts
) -> list[tuple[Plain, Plain]]:
    by_letter: dict[str, tuple[list[Plain], list[Plain]]] = defaultdict(lambda: ([], []))
    for row in gold:
        by_letter[row["letter"]][0].append(row)
    for row in found:
        by_letter[row["letter_id"]][1].append(row)
    return [
        pair
        for letter, (known, read) in by_letter.items()
        for pair in _assigned(known, read, text=texts.get(letter, ""))
    ]


def _assigned(gold: list[Plain], found: list[Plain], *, text: str) -> list[tuple[Plain, Plain]]:
    """The pairs that match, assigned so that they share the most characters (Kuhn 1955)."""
    if not gold or not found:
        return []
    places = [_characters(text, row["start"], row["end"]) for row in found]
    shared = np.array([[_shared(text, row, place) for place in places] for row in gold])
    return [
        (gold[g], found[f])
        for g, f in zip(*linear_sum_assignment(shared, maximize=True), strict=True)
        if shared[g, f]
    ]


def _shared(text: str, gold: Plain, place: set[int]) -> int:
    """How many characters a place shares with the best place of ``gold``; 0 if too few."""
    known = [_characters(text, span.start, span.end) for span in gold_spans(gold["text"], text)]
    return max(
        (len(own & place) for own in known if len(own & place) >= SAME * len(own | place)),
        default=0,
    )


def _characters(text: str, start: int, end: int) -> set[int]:
    return {n for n in range(start, min(end, len(text))) if not text[n].isspace()}
