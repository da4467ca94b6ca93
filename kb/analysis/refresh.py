"""From a snapshot to the ledger: propose what its letters promise, and report those gone.

With it goes what else is made of letters for staff: their figures, the promises of several years.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from hashlib import sha256

from kb.analysis import series
from kb.analysis.repeats import renew
from kb.errors import UnreadableFile
from kb.extract.commitments import commitments
from kb.extract.indicators import Record, records
from kb.extract.types import Commitment
from kb.ledger.propose import Proposed, propose, propose_gone
from kb.models.tagging import TaggingModel
from kb.profile import profile
from kb.settings import OFF
from kb.staff.connection import Database
from kb.staff.database import By, writing
from kb.store.protocol import SnapshotReader
from kb.types import Letter, LetterHead

# Raise it when the rules that find commitments or figures change: every letter is read anew.
RULES_VERSION = "5"
AT_ONCE = 100  # letters between two notes of which were read
Find = Callable[[Letter, TaggingModel | None], Sequence[Commitment]]
Figures = Callable[[Letter, Sequence[Commitment]], Sequence[Record]]


def refresh_ledger(
    database: Database,
    reader: SnapshotReader,
    *,
    by: By,
    tagger: TaggingModel | None = None,
    find: Find = lambda letter, tagger: commitments(letter, profile(), tagger),
    figures: Figures = records,
) -> Proposed:
    """Propose what the letters of ``reader`` promise; those that are as last time are passed over.

    A letter that another stands for promises nothing of its own: what staff decided on in it
    stays where its words are. What is interrupted goes on at the next call, nothing is proposed
    twice. With another ``tagger`` every letter is read anew. A letter of which ``find`` or
    ``figures`` raises UnreadableFile stays in the ledger as it was.
    """
    whole = Proposed()
    aside = reader.set_aside()
    every = (*reader.letters(), *(one.head for one in aside.values()))
    heads = {head.id: _digest(head, reader, tagger) for head in every}
    known = dict(database.execute("SELECT letter, digest FROM letter_read").fetchall())
    new = [letter_id for letter_id in heads if known.get(letter_id) != heads[letter_id]]
    for start in range(0, len(new), AT_ONCE):
        figures_of: dict[str, Sequence[Record]] = {}
        for letter in map(reader.letter, new[start : start + AT_ONCE]):
            try:
                found = () if letter.id in aside else find(letter, tagger)
                counted = () if letter.id in aside else figures(letter, found)
            except UnreadableFile as error:
                whole.skipped.append(f"{letter.id}：{error}")
            else:
                figures_of[letter.id] = counted
                _add(whole, propose(database, letter, found, by=by))
        _note(database, figures_of, heads)
    _add(whole, propose_gone(database, heads.keys(), by=by))
    gone = known.keys() - heads
    _forget(database, gone)
    if new or gone:
        renew(database, {*new, *gone})
    return whole


def _forget(database: Database, gone: Iterable[str]) -> None:
    """Keep nothing of letters that are there no more."""
    with writing(database):
        for letter_id in gone:
            series.drop(database, letter_id)
            database.execute("DELETE FROM letter_read WHERE letter = ?", (letter_id,))


def _note(
    database: Database,
    figures_of: Mapping[str, Sequence[Record]],
    heads: Mapping[str, str],
) -> None:
    """Keep the figures of letters, and that they were read as they are now."""
    with writing(database):
        for letter_id, counted in figures_of.items():
            series.store(database, letter_id, counted)
        database.executemany(
            "INSERT INTO letter_read VALUES (?, ?)"
            " ON CONFLICT (letter) DO UPDATE SET digest = excluded.digest",
            [(letter_id, heads[letter_id]) for letter_id in figures_of],
        )


def _digest(head: LetterHead, reader: SnapshotReader, tagger: TaggingModel | None) -> str:
    """Differs once a letter or the way it is read differs."""
    served = head.id not in reader.set_aside()
    finder = [RULES_VERSION, tagger.name if tagger else OFF]
    shaped = [*finder, dict(reader.snapshot.fingerprint), asdict(head), served]
    return sha256(json.dumps(shaped, sort_keys=True).encode()).hexdigest()


def _add(whole: Proposed, part: Proposed) -> None:
    for field in fields(Proposed):
        setattr(whole, field.name, getattr(whole, field.name) + getattr(part, field.name))
