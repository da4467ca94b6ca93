"""The steps of ``kb.staff.schema`` as PostgreSQL takes them: the same tables, indexes and rules.

Text is compared byte by byte (COLLATE "C"), as SQLite does, so that lists come in the same order.
What SQLite does by itself is done by triggers: numbers for new rows, and counting them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.staff.postgres.dialect import SCHEMA
from kb.staff.postgres.schema_finding import FINDING
from kb.staff.schema import STEPS

# What statements of this program use and PostgreSQL has not.
PRELUDE = (
    f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}",
    f"SET LOCAL search_path = {SCHEMA}",
    "CREATE FUNCTION instr(text, text) RETURNS integer LANGUAGE sql IMMUTABLE"
    " RETURN strpos($1, $2)",
    "CREATE FUNCTION json_each(text) RETURNS TABLE (value text) LANGUAGE sql IMMUTABLE"
    " RETURN json_array_elements_text($1::json)",
    "CREATE FUNCTION json_extract(text, text) RETURNS text LANGUAGE sql IMMUTABLE"
    " RETURN $1::json #>> string_to_array(substr($2, 3), '.')",
    "CREATE FUNCTION json_member(text, text) RETURNS text LANGUAGE sql IMMUTABLE"
    " RETURN $1::json ->> $2",
    "CREATE FUNCTION json_part(text, text) RETURNS text LANGUAGE sql IMMUTABLE"
    " RETURN ($1::json -> $2)::text",
    "CREATE OPERATOR ->> (LEFTARG = text, RIGHTARG = text, FUNCTION = json_member)",
    "CREATE OPERATOR -> (LEFTARG = text, RIGHTARG = text, FUNCTION = json_part)",
    # Refused with the class of errors that SQLite has for it.
    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation';"
    " END $$",
    # A new row is numbered after the last; or, where rows are counted, after all there ever were.
    "CREATE FUNCTION numbered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF NEW.id IS NULL THEN EXECUTE 'SELECT coalesce(max(id), 0) + 1 FROM ' ||"
    "  TG_RELID::regclass INTO NEW.id; END IF; RETURN NEW; END $$",
    'CREATE TABLE sqlite_sequence (name TEXT COLLATE "C" PRIMARY KEY, seq BIGINT NOT NULL)',
    "CREATE FUNCTION counted() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE next bigint; BEGIN"
    " INSERT INTO sqlite_sequence AS kept VALUES (TG_TABLE_NAME, coalesce(NEW.id, 1))"
    "  ON CONFLICT (name) DO UPDATE SET seq = CASE WHEN NEW.id IS NULL THEN kept.seq + 1"
    "   ELSE greatest(kept.seq, NEW.id) END RETURNING seq INTO next;"
    " NEW.id := coalesce(NEW.id, next); RETURN NEW; END $$",
)

_TABLE = re.compile(r"CREATE TABLE (\w+) \((.*)\) STRICT(?:, WITHOUT ROWID)?", re.DOTALL)
_REFUSED = re.compile(
    r"CREATE TRIGGER (\w+) BEFORE (UPDATE|DELETE) ON (\w+)"
    r" BEGIN SELECT RAISE\(ABORT, ('[^']*')\); END"
)
_SUM = re.compile(r"sum\((counted AND )?(useful IS (?:NOT )?NULL)\)")
_NAMED = re.compile(r"CREATE (?:TRIGGER|VIRTUAL TABLE) \w+|INSERT INTO commitment_text")
_TYPES = (
    ("missed INTEGER", "missed BOOLEAN"),  # its indexes speak of it as a condition
    ("INTEGER", "BIGINT"),
    ("TEXT", 'TEXT COLLATE "C"'),
    ("REAL", "DOUBLE PRECISION"),
)
# Statements of SQLite, by how they begin → what stands for them.
_OTHERWISE = {
    "CREATE TRIGGER gram_comes": (
        "CREATE FUNCTION gram_comes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO common AS kept VALUES (NEW.gram, 1)"
        "  ON CONFLICT (gram) DO UPDATE SET times = kept.times + 1; RETURN NULL; END $$",
        "CREATE TRIGGER gram_comes AFTER INSERT ON gram FOR EACH ROW EXECUTE FUNCTION gram_comes()",
    ),
    "CREATE TRIGGER gram_goes": (
        "CREATE FUNCTION gram_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " UPDATE common SET times = times - 1 WHERE gram = OLD.gram;"
        " DELETE FROM common WHERE gram = OLD.gram AND times <= 0; RETURN NULL; END $$",
        "CREATE TRIGGER gram_goes AFTER DELETE ON gram FOR EACH ROW EXECUTE FUNCTION gram_goes()",
    ),
    **FINDING,
}


def step(number: int) -> Iterator[str]:
    """The statements of step ``number``, counted from 1."""
    for statement in STEPS[number - 1]:
        yield from _turned(statement)


def _turned(statement: str) -> Iterator[str]:
    begins = _NAMED.match(statement)
    if begins and begins[0] in _OTHERWISE:
        yield from _OTHERWISE[begins[0]]
    elif refused := _REFUSED.fullmatch(statement):
        yield from _refusing(*refused.groups())
    elif made := _TABLE.fullmatch(statement):
        yield from _table(*made.groups())
    elif begins:
        raise NotImplementedError(f"no equal in PostgreSQL: {begins[0]}")
    else:
        filtered = _SUM.sub(_filtered, statement)
        yield _typed(filtered) if statement.startswith("ALTER TABLE") else filtered


def _typed(columns: str) -> str:
    for theirs, ours in _TYPES:
        columns = re.sub(rf"\b{theirs}\b", ours, columns)
    return columns


def _table(name: str, columns: str) -> Iterator[str]:
    numbering = "counted" if "AUTOINCREMENT" in columns else "numbered"
    yield f"CREATE TABLE {name} ({_typed(columns.replace(' AUTOINCREMENT', ''))})"
    if columns.startswith("id INTEGER PRIMARY KEY"):
        yield (
            f"CREATE TRIGGER {name}_{numbering} BEFORE INSERT ON {name}"
            f" FOR EACH ROW EXECUTE FUNCTION {numbering}()"
        )


def _refusing(name: str, what: str, table: str, why: str) -> Iterator[str]:
    yield (
        f"CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH ROW"
        f" EXECUTE FUNCTION refuse({why})"
    )
    if what == "DELETE":  # SQLite knows no other way to delete
        yield (
            f"CREATE TRIGGER {name}_whole BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION refuse({why})"
        )


def _filtered(found: re.Match[str]) -> str:
    counted = "counted = 1 AND " if found[1] else ""
    return f"count(*) FILTER (WHERE {counted}{found[2]})"
