"""Looking commitments up by words: of their text, their letter's name and number, their organ."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kb.ledger.columns import ENTRY_NAMES
from kb.ledger.rows import entry_of
from kb.ledger.types import Entry
from kb.staff.connection import Database
from kb.staff.engine import is_file
from kb.text.chars import evened

GRAM = 3  # characters of a term of the index
AND = {True: " AND ", False: " & "}  # between expressions: SQLite's, PostgreSQL's
_BRACKETS = ("〔〕", "[]", "()", "（）", "［］", "【】")  # in which a year may stand in the index
_COLUMNS = ", ".join(f"commitment.{name}" for name in ENTRY_NAMES.split(", "))


def matching(
    database: Database,
    words: Sequence[str],
    *,
    limit: int,
    shown: Callable[[Entry], Entry | None],
) -> list[Entry]:
    """The latest ``limit`` commitments on the lists that have all ``words``, as they are shown.

    Brackets, width and case don't matter: [2025] finds 〔2025〕.

    ``shown`` gives a commitment as whoever asks may see it, None where they may not: what is
    masked for them cannot be looked for.
    """
    wanted = [evened(word) for word in words if word.strip()]
    if not wanted:
        return []
    # One character alone is in no index: then all texts are looked through.
    asked = [(word, expression(database, word)) for word in wanted]
    if any(terms == "" for _, terms in asked):
        return []
    matched = AND[is_file(database)].join(terms for _, terms in asked if terms)
    unmatched = [word for word, terms in asked if terms is None]
    conditions = ["told MATCH ?"] * bool(matched) + ["instr(lower(told), ?) > 0"] * len(unmatched)
    rows = database.execute(
        # CROSS: the texts first, in their order, so that the first rows come at once.
        f"SELECT {_COLUMNS} FROM commitment_text CROSS JOIN commitment"
        " ON commitment.id = commitment_text.rowid"
        f" WHERE {' AND '.join(conditions)} AND commitment.live = 1"
        " ORDER BY commitment_text.rowid DESC",
        [*([matched] if matched else []), *unmatched],
    )
    found: list[Entry] = []
    for row in rows:
        entry = shown(entry_of(row))
        if entry and all(word in _told(entry) for word in wanted):
            found.append(entry)
        if len(found) == limit:
            break
    return found


def expression(database: Database, word: str) -> str | None:
    """What the index is asked for ``word``; "" where no text has it, None where it cannot tell.

    Case does not matter to the index: what it finds is looked through for the very ``word``.

    A word of two characters is the beginning of a term.
    """
    if "\0" in word:  # SQLite's index cannot be asked for it
        return ""
    if len(word) >= GRAM:
        ways = dict.fromkeys(word.translate(str.maketrans("〔〕", pair)) for pair in _BRACKETS)
        if not is_file(database):
            return f"({' | '.join(map(_grams, ways))})"
        return f"({' OR '.join(map(_phrase, ways))})"
    if len(word) < GRAM - 1:
        return None
    if not is_file(database):
        return _grams(word)
    rows = database.execute(
        "SELECT term FROM commitment_terms WHERE term >= ? AND term < ?",
        (word.lower(), f"{word.lower()}\U0010ffff"),
    )
    terms = [term for (term,) in rows]
    return f"({' OR '.join(map(_phrase, terms))})" if terms else ""


def _phrase(word: str) -> str:
    """``word`` as the index takes it, whatever marks are in it."""
    return '"' + word.replace('"', '""') + '"'


def _grams(word: str) -> str:
    """The same for PostgreSQL: every two and every three characters of ``word``."""
    lowered = "".join(char.lower() if char.isascii() else char for char in word)
    parts = (
        lowered[place : place + size]
        for size in (GRAM - 1, GRAM)
        for place in range(len(lowered) - size + 1)
    )
    quoted = (part.replace("\\", "\\\\").replace("'", "''") for part in dict.fromkeys(parts))
    return "(" + " & ".join(f"'{part}'" for part in quoted) + ")"


def _told(entry: Entry) -> str:
    """What a commitment is looked up by; the table ``commitment_text`` has the same."""
    cited = entry.citation
    parts = (entry.text, entry.action, entry.organ or "", cited.name, cited.number or "")
    return evened("\n".join(parts))
