"""The tables of a local snapshot's database."""

from __future__ import annotations

# ``places`` says where a letter's vectors stand: while drafting, in the base (fresh = 0) or in
# the files of this draft (fresh = 1); once published, in the snapshot's own, by ordinal.
# The token columns keep the segmentation, which costs far more time than its bytes cost disk:
# without them every publish would segment every letter again.
SCHEMA = """
CREATE TABLE sources (source TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE letters (id TEXT PRIMARY KEY, title TEXT, number TEXT, issuer TEXT,
    issued_on TEXT, result_class TEXT, proposal_no TEXT, kind TEXT, publicity TEXT NOT NULL,
    sha256 TEXT NOT NULL, source TEXT NOT NULL, digest TEXT NOT NULL,
    title_tokens TEXT NOT NULL, record TEXT NOT NULL);
CREATE INDEX letters_by_source ON letters (source);
CREATE TABLE passages (id TEXT NOT NULL, position INTEGER NOT NULL,
    first_sentence INTEGER NOT NULL, sentences INTEGER NOT NULL, record TEXT NOT NULL,
    heading_tokens TEXT NOT NULL, body_tokens TEXT NOT NULL, PRIMARY KEY (id, position));
CREATE TABLE places (id TEXT PRIMARY KEY, fresh INTEGER NOT NULL, first INTEGER NOT NULL,
    passages INTEGER NOT NULL, first_sentence INTEGER NOT NULL, sentences INTEGER NOT NULL)
    WITHOUT ROWID;
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
OF_LETTERS = ("letters", "passages", "places", "hidden", "traits", "aside", "filled")
HEAD = "id, title, number, issuer, issued_on, result_class, proposal_no, kind, publicity, sha256"
