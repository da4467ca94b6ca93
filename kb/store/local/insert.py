"""Rows of a letter and of its passages, into a draft's database."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import astuple

from kb.store import codec
from kb.store.local.plan import Tokenize
from kb.types import Letter, Passage


def insert_letter(
    db: sqlite3.Connection, letter: Letter, *, source: str, digest: str, tokenize: Tokenize
) -> None:
    """Insert the letter itself; there is none of its id."""
    head = codec.head_of(letter)
    title = _tokens(head.title or "", tokenize)
    row = (*astuple(head), source, digest, title, codec.letter_json(letter))
    marks = ", ".join("?" * len(row))
    db.execute(f"INSERT INTO letters VALUES ({marks})", row)


def insert_passages(
    db: sqlite3.Connection, letter: Letter, passages: Sequence[Passage], *, tokenize: Tokenize
) -> int:
    """Insert the passages and return the number of their sentences."""
    sentences = 0
    for position, passage in enumerate(passages):
        row = (
            letter.id,
            position,
            sentences,
            len(passage.sentences),
            codec.passage_json(passage),
            _tokens("\n".join(passage.headings), tokenize),
            _tokens(passage.span.of(letter.text), tokenize),
        )
        db.execute("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        sentences += len(passage.sentences)
    return sentences


def _tokens(text: str, tokenize: Tokenize) -> str:
    return " ".join(tokenize(text)) if text else ""
