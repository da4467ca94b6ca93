"""SQLite's statements as PostgreSQL takes them."""

from __future__ import annotations

import pytest

from kb.staff.postgres.dialect import bound, translated


@pytest.mark.parametrize(
    ("sql", "turned"),
    [
        ("SELECT ? WHERE a = ?", "SELECT %(p1)s WHERE a = %(p2)s"),
        ("SELECT ?1, ?1 WHERE a = ?", "SELECT %(p1)s, %(p1)s WHERE a = %(p2)s"),
        ("SELECT :one WHERE a::text = '?:x%'", "SELECT %(one)s WHERE a::text = '?:x%%'"),
        ("SELECT 7 % 2", "SELECT 7 %% 2"),
        ("SELECT * FROM temp.a JOIN main.b", "SELECT * FROM pg_temp.a JOIN fuwen.b"),
    ],
)
def test_places_are_named(sql: str, turned: str) -> None:
    assert translated(sql) == turned


def test_values_go_by_the_names_of_their_places() -> None:
    assert bound(("a\0b", 7)) == {"p1": "a\ufffdb", "p2": 7}
    assert bound({"one": None}) == {"one": None}
