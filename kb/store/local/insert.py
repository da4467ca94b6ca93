"""Rows of a letter and of its passages, into a draft's database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple

from kb.store import codec
from kb.store.lists import Key, Trait
from kb.store.local.schema import HEAD
from kb.store.outline import outline_json, outline_of
from kb.text.own_numbers import numbers_of, plain_number
from kb.text.places import known_places, place_record
from kb.text.tokens import number_key
from kb.types import Letter, Passage

Tokenize = Callable[[str], list[str]]


def insert_letter(
    db: sqlite3.Connection, letter: Letter, *, source: str, digest: str, tokenize: Tokenize
) -> None:
    """Insert the letter itself; there is none of its id."""
    head = codec.head_of(letter)
    row = (*astuple(head), source, digest)
    db.execute(f"INSERT INTO letters VALUES ({', '.join('?' * len(row))})", row)
    title = _tokens(head.title or "", tokenize)
    db.execute("INSERT INTO texts VALUES (?, ?, ?)", (letter.id, title, codec.letter_json(letter)))
    _insert_listed(db, letter)


def amend_letter(db: sqlite3.Connection, letter: Letter) -> None:
    """Replace the fields of a letter that is there; its text and its tokens stay."""
    head = codec.head_of(letter)
    columns = ", ".join(f"{name} = ?" for name in HEAD.split(", "))
    db.execute(f"UPDATE letters SET {columns} WHERE id = ?", (*astuple(head), letter.id))
    db.execute("UPDATE texts SET record = ? WHERE id = ?", (codec.letter_json(letter), letter.id))
    for table in ("outlines", "keys"):
        db.execute(f"DELETE FROM {table} WHERE id = ?", (letter.id,))
    _insert_listed(db, letter)
    dirty(db, letter.id)


def dirty(db: sqlite3.Connection, letter_id: str) -> None:
    """Note that the part which the letter stands in, if it does yet, has to be made anew."""
    db.execute(
        "UPDATE parts SET dirty = 1 WHERE part = (SELECT part FROM places WHERE id = ?)",
        (letter_id,),
    )


def _insert_listed(db: sqlite3.Connection, letter: Letter) -> None:
    """Insert what lists ask for."""
    outline = outline_of(letter)
    row = (letter.id, outline.words, outline_json(outline))
    db.execute("INSERT INTO outlines VALUES (?, ?, ?)", row)
    rows = {(what, key, letter.id) for what, key in _keys(letter)}
    db.executemany("INSERT INTO keys VALUES (?, ?, ?)", sorted(rows))


def _keys(letter: Letter) -> Iterator[tuple[Key | Trait, str]]:
    number, proposal = letter.value("number"), letter.value("proposal_no")
    if number:
        yield "number", number_key(number)
    if proposal:
        yield "proposal_no", plain_number(proposal)
    for own in numbers_of(letter):
        yield "own_number", own
    issuer, title = letter.value("issuer"), letter.title
    for place in known_places(filter(None, [issuer]), [title.value] if title else []):
        yield "place", place_record(place)


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
