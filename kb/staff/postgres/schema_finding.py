"""Commitments looked up by words in PostgreSQL: what ``kb.staff.schema_finding`` is for SQLite.

``grams`` has every two and every three characters that follow each other, and a GIN index on
them; letters of ASCII in lower case. What it finds is looked through for the very words.
"""

from __future__ import annotations

_TOLD = (
    "{0}words || chr(10) || {0}action || chr(10) || coalesce({0}organ, '') || chr(10)"
    " || {0}name || chr(10) || coalesce({0}number, '') || chr(10)"
)
_PUT = f"INSERT INTO commitment_text (rowid, told) VALUES (NEW.id, {_TOLD.format('NEW.')});"
_GO = "DELETE FROM commitment_text WHERE rowid = OLD.id;"


def _trigger(name: str, when: str, body: str) -> tuple[str, ...]:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}"
        " RETURN NULL; END $$",
        f"CREATE TRIGGER {name} AFTER {when} ON commitment FOR EACH ROW EXECUTE FUNCTION {name}()",
    )


# By how a statement of SQLite's begins, what stands for it.
FINDING = {
    "CREATE VIRTUAL TABLE commitment_text": (
        "CREATE FUNCTION grams_of(text) RETURNS tsvector LANGUAGE sql IMMUTABLE RETURN"
        " (SELECT array_to_tsvector(coalesce(array_agg(DISTINCT gram), '{}')) FROM"
        ' (SELECT substr(lower($1 COLLATE "C"), place, size) AS gram, size'
        " FROM generate_series(1, length($1)) AS place, generate_series(2, 3) AS size) AS every"
        " WHERE length(gram) = size)",
        'CREATE TABLE commitment_text (rowid BIGINT PRIMARY KEY, told TEXT COLLATE "C" NOT NULL,'
        " grams tsvector GENERATED ALWAYS AS (grams_of(told)) STORED)",
        "CREATE INDEX commitment_grams ON commitment_text USING gin (grams)",
    ),
    "CREATE VIRTUAL TABLE commitment_terms": (),
    "INSERT INTO commitment_text": (
        f"INSERT INTO commitment_text (rowid, told) SELECT id, {_TOLD.format('')} FROM commitment",
    ),
    "CREATE TRIGGER commitment_comes": _trigger("commitment_comes", "INSERT", _PUT),
    "CREATE TRIGGER commitment_goes": _trigger("commitment_goes", "DELETE", _GO),
    "CREATE TRIGGER commitment_changes": _trigger(
        "commitment_changes", "UPDATE OF id, words, action, organ, name, number", _GO + _PUT
    ),
}
