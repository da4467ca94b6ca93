"""A letter's words as its fields are read, and the values that they give.

Fields are looked for in a view of the text that folds what means the same: width, traditional
characters, radicals, quotation marks. The view is as long as the text, so that spans hold in both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from kb.text.chars import bare, narrow, whole
from kb.text.numerals import cardinal, number
from kb.text.traditional import simplified

_SIGNS = str.maketrans(":(),;「」『』", "：（），；“”“”")
_DAY = re.compile(
    r"\s*(\d{4}|[〇○零ＯO一二三四五六七八九]{4})\s*[年./-]\s*(\d{1,2}|[一二三四五六七八九十]{1,2})"
    r"\s*[月./-]\s*(\d{1,2}|[一二三四五六七八九十]{1,3})(?!\d)"
)
_NUMERALS = re.compile(r"[一二三四五六七八九十百千〇零]+")
# What letters are grouped and looked up by has its digits and letters in half width.
_KEYS = frozenset({"assembly", "co_organs", "issuer", "number", "proposal_no", "result_class"})


@dataclass(frozen=True, slots=True)
class Words:
    """A ``text`` and the ``view`` in which its fields are looked for, one for one."""

    text: str
    view: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "view", simplified(narrow(self.text)).translate(_SIGNS))


def value_of(name: str, raw: str) -> str | None:
    """The value of the field ``name`` where the text has ``raw``; None if that is none."""
    if name == "issued_on":
        return iso_day(raw)
    if name in ("signer", "issuer"):
        raw = bare(raw)
    if name == "proposal_no" and _NUMERALS.fullmatch(raw):
        return str(cardinal(raw))
    if name == "kind":
        return simplified(raw)
    return narrow(raw) if name in _KEYS else whole(raw)


def iso_day(raw: str) -> str | None:
    """``2024年6月28日``, ``2024-6-28`` or ``二〇二四年六月二十八日`` as an ISO date.

    What follows the day (a time, 印发) is left aside; None if no date stands at the start.
    """
    match = _DAY.match(narrow(raw))
    if not match:
        return None
    try:
        return date(*map(number, match.groups())).isoformat()
    except ValueError:
        return None
