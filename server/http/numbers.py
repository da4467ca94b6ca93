"""Numbers that addresses and forms write."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator


def number_in(text: str) -> int | None:
    """What up to 15 digits of ASCII say; None for any other text.

    SQLite holds no number of 20 digits, and ``int`` takes other scripts, signs and underscores.
    """
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else None


def _or_none_such(text: str) -> int:
    return number_in(text) or 0


# A number in a path or a query; text that is no number becomes 0, a number that nothing has, so
# that each route refuses it with its own message and code (``Path(ge=1)`` would not).
Number = Annotated[int, BeforeValidator(_or_none_such)]
