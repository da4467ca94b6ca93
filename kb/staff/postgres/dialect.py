"""SQLite's statements as PostgreSQL takes them: places for values, and the few words that differ.

Everything else is written so that both understand it; functions and operators that PostgreSQL
lacks are made with its schema (``kb.staff.postgres.schema``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from kb.staff.connection import Values

SCHEMA = "fuwen"
# A literal, a place (?, ?1, :name) or a sign that psycopg takes for the beginning of one.
_TOKEN = re.compile(r"'(?:[^']|'')*'|\?\d*|(?<![:\w]):[A-Za-z_]\w*|%")
_WORDS = (
    (re.compile(r"\bmain\."), f"{SCHEMA}."),
    (re.compile(r"\btemp\."), "pg_temp."),
    (re.compile(r"\bCROSS JOIN\b"), "JOIN"),  # to SQLite, an order of reading; ON follows
    (re.compile(r"\btold MATCH \?"), "grams @@ CAST(? AS tsquery)"),
)


@lru_cache(1024)
def translated(sql: str) -> str:
    """``sql`` with places as psycopg names them: p1 for the first value, and so on."""
    for pattern, word in _WORDS:
        sql = pattern.sub(word, sql)
    last = 0

    def turned(match: re.Match[str]) -> str:
        nonlocal last
        token = match[0]
        if token.startswith(":"):
            return f"%({token[1:]})s"
        if token.startswith("?"):
            number = int(token[1:]) if token[1:] else last + 1
            last = max(last, number)
            return f"%(p{number})s"
        return token.replace("%", "%%")

    return _TOKEN.sub(turned, sql)


def bound(values: Values) -> dict[str, Any]:
    """``values`` by the names that ``translated`` gave their places."""
    if isinstance(values, Mapping):
        return {name: _sound(value) for name, value in values.items()}
    return {f"p{place}": _sound(value) for place, value in enumerate(values, 1)}


def _sound(value: Any) -> Any:
    """``value`` without the one character that PostgreSQL keeps in no text."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) and "\0" in value else value
