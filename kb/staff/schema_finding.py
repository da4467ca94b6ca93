"""The step of ``kb.staff.schema`` that lets commitments be looked up by words."""

from __future__ import annotations

# What commitments are looked up by (kb.ledger.finding). The index has every three characters that
# follow each other, also those of the line break at the end; ``commitment_terms`` lists them.
_TOLD = (
    "{0}words || char(10) || {0}action || char(10) || coalesce({0}organ, '') || char(10)"
    " || {0}name || char(10) || coalesce({0}number, '') || char(10)"
)
FINDING = (
    "CREATE VIRTUAL TABLE commitment_text USING fts5(told, tokenize = 'trigram')",
    "CREATE VIRTUAL TABLE commitment_terms USING fts5vocab('commitment_text', 'row')",
    f"INSERT INTO commitment_text (rowid, told) SELECT id, {_TOLD.format('')} FROM commitment",
    "CREATE TRIGGER commitment_comes AFTER INSERT ON commitment BEGIN"
    f" INSERT INTO commitment_text (rowid, told) VALUES (new.id, {_TOLD.format('new.')}); END",
    "CREATE TRIGGER commitment_goes AFTER DELETE ON commitment BEGIN"
    " DELETE FROM commitment_text WHERE rowid = old.id; END",
    "CREATE TRIGGER commitment_changes AFTER UPDATE OF id, words, action, organ, name, number"
    " ON commitment BEGIN DELETE FROM commitment_text WHERE rowid = old.id;"
    f" INSERT INTO commitment_text (rowid, told) VALUES (new.id, {_TOLD.format('new.')}); END",
)
