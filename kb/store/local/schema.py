"""The tables of a local snapshot's database."""

from __future__ import annotations

# ``places`` says in which part a letter's vectors stand and from which row on, NULL being the
# draft's own files; ``first`` and ``first_sentence`` are its ordinals, numbered at publish. A part
# is ``dirty`` once it holds a letter that is to be there no more, or otherwise.
# What lists ask for stands in narrow tables, apart from the letters' texts; ``keys`` are what a
# letter is looked up by and the places that it names (``kb.store.outline``).
# The token columns keep the segmentation, which costs far more time than its bytes cost disk:
# without them every publish would segment every letter again.
SCHEMA = """
CREATE TABLE sources (source TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE letters (id TEXT PRIMARY KEY, title TEXT, number TEXT, issuer TEXT,
    issued_on TEXT, result_class TEXT, proposal_no TEXT, kind TEXT, publicity TEXT NOT NULL,
    sha256 TEXT NOT NULL, source TEXT NOT NULL, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX letters_by_source ON letters (source);
CREATE INDEX letters_by_day ON letters (issued_on, publicity, issuer);
CREATE INDEX letters_by_issuer ON letters (issuer, publicity, issued_on);
CREATE INDEX letters_by_proposal ON letters (proposal_no);
CREATE TABLE texts (id TEXT PRIMARY KEY, title_tokens TEXT NOT NULL, record TEXT NOT NULL);
CREATE TABLE outlines (id TEXT PRIMARY KEY, words TEXT NOT NULL, record TEXT NOT NULL)
    WITHOUT ROWID;
CREATE TABLE keys (what TEXT NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL,
    PRIMARY KEY (what, key, id)) WITHOUT ROWID;
CREATE INDEX keys_by_id ON keys (id);
CREATE TABLE passages (id TEXT NOT NULL, position INTEGER NOT NULL,
    first_sentence INTEGER NOT NULL, sentences INTEGER NOT NULL, record TEXT NOT NULL,
    heading_tokens TEXT NOT NULL, body_tokens TEXT NOT NULL, PRIMARY KEY (id, position));
CREATE TABLE places (id TEXT PRIMARY KEY, part INTEGER, row INTEGER NOT NULL,
    passages INTEGER NOT NULL, sentence_row INTEGER NOT NULL, sentences INTEGER NOT NULL,
    first INTEGER, first_sentence INTEGER) WITHOUT ROWID;
CREATE INDEX places_by_first ON places (first) WHERE passages > 0;
CREATE TABLE parts (part INTEGER PRIMARY KEY, dirty INTEGER NOT NULL);
CREATE TABLE trained (kind TEXT NOT NULL, passages INTEGER NOT NULL);
CREATE TABLE hidden (id TEXT NOT NULL, start INTEGER NOT NULL, characters TEXT NOT NULL,
    PRIMARY KEY (id, start)) WITHOUT ROWID;
CREATE TABLE traits (id TEXT PRIMARY KEY, taken_in TEXT NOT NULL, record TEXT NOT NULL,
    sketch BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE aside (id TEXT PRIMARY KEY, served TEXT NOT NULL, reason TEXT NOT NULL)
    WITHOUT ROWID;
CREATE TABLE registers (source TEXT NOT NULL, position INTEGER NOT NULL, record TEXT NOT NULL,
    outcome TEXT NOT NULL, PRIMARY KEY (source, position)) WITHOUT ROWID;
CREATE TABLE filled (id TEXT PRIMARY KEY) WITHOUT ROWID;
"""
# Rows of one letter, by its id; ``filled`` are those with fields out of a register.
OF_LETTERS = (
    "letters", "texts", "outlines", "keys", "passages", "places", "hidden", "traits", "aside",
    "filled",
)  # fmt: skip
HEAD = "id, title, number, issuer, issued_on, result_class, proposal_no, kind, publicity, sha256"
