"""One box for everything: letters, commitments, registers, within what the account may see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.errors import KbError
from kb.ledger import events
from kb.ledger.finding import matching
from kb.ledger.policy import as_seen
from kb.ledger.queries import Wanted, page
from kb.ledger.types import CommitmentNotFound, Entry
from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.store.register import Registered
from kb.text.chars import evened, searchable
from kb.text.titles import name_of
from kb.text.tokens import number_key, tokens
from kb.types import Letter, Span
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.intake.catalogue import catalogue
from server.console.intake.catalogue import found as listed
from server.console.layout import show
from server.console.ledger.list import row_words
from server.console.letters import scope_of, seen
from server.desk import AtDesk, Desk
from server.pages.render import Text

PAGE = "/staff/search"
EACH = 10  # of each group
LONGEST, MOST_WORDS = 200, 8  # code points of what is looked for, and words of it that count
AROUND = 40  # code points of a letter on either side of what was found in it
PASSAGES = 60  # best passages in which all words are looked for
_OWN_NUMBER = re.compile(r"(?:第|#)?\s*(\d{1,9})\s*号?(?:承诺)?")
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@dataclass(frozen=True, slots=True, kw_only=True)
class InLetter:
    """A letter that was found; ``words`` between what surrounds them where its text has them."""

    id: str
    name: str
    parts: tuple[str, ...]
    before: str = ""
    words: str = ""
    after: str = ""
    span: Span | None = None


@routes.get(PAGE)
@requires("read")
def look_up(request: Request, desk: AtDesk, visit: Visiting, q: Text = "") -> Response:
    """Up to ``EACH`` letters, commitments and rows of registers that have all the words."""
    asked = q.strip()[:LONGEST]
    words = asked.split()[:MOST_WORDS]
    letters: list[InLetter] = []
    rows: list[Registered] = []
    if words:
        try:
            reader = desk.store.current()
            letters = _letters(words, reader, visit)
            rows = _registered(words, reader) if visit.sees_all else []
        except KbError:
            pass  # nothing is published yet: the ledger may have something all the same
    named = [one.id for one in letters if one.span is None]
    entries = _commitments(asked, words, named, desk, visit) if words else []
    return show(
        "search.html",
        request=request,
        visit=visit,
        asked=asked,
        looked_for=asked,
        each=EACH,
        letters=letters,
        entries=entries,
        rows=rows,
        **row_words(),
    )


def _commitments(
    asked: str, words: Sequence[str], named: Sequence[str], desk: Desk, visit: StaffRequest
) -> list[Entry]:
    """The commitment of this number first, then those with the words, then of letters ``named``."""
    shown = partial(as_seen, unmasked=visit.sees_all)
    with staff_database(desk) as database:
        found = matching(database, words, limit=EACH + 1, shown=shown)
        if number := _OWN_NUMBER.fullmatch(asked):
            with suppress(CommitmentNotFound):
                own = shown(events.entry(database, int(number[1])))
                found = [own, *found] if own else found
        for letter_id in named:
            if len(found) > EACH:
                break
            rows = page(database, Wanted(letter_id=letter_id), limit=EACH + 1, order="letter").rows
            found += filter(None, map(shown, rows))
    return list({entry.id: entry for entry in found}.values())


def _letters(words: Sequence[str], reader: SnapshotReader, visit: StaffRequest) -> list[InLetter]:
    """Letters with the words in their fields, the newest first, then those in whose text."""
    found = {
        one.id: InLetter(
            id=one.id,
            name=one.name,
            parts=tuple(filter(None, (one.issuer, one.number, one.issued_on))),
        )
        for one in listed(reader, whole=visit.sees_all, words=" ".join(words))[: EACH + 1]
    }
    for letter, span in _with_words(words, reader, visit):
        if len(found) > EACH:
            break
        found.setdefault(letter.id, _in_letter(letter, span))
    return list(found.values())


def _with_words(
    words: Sequence[str], reader: SnapshotReader, visit: StaffRequest
) -> Iterator[tuple[Letter, Span]]:
    """Letters whose text has all the words, with where the first stands.

    The index knows nothing of what is masked: for those who see it, such letters are read too.
    """
    asked = [token for word in words for token in tokens(word)]
    hits = reader.lexical(asked, limit=PASSAGES, scope=scope_of(visit)) if asked else []
    ids = dict.fromkeys(reader.passage(ordinal).letter_id for ordinal, _ in hits)
    wanted = [evened(word) for word in words]
    if visit.sees_all:
        held = (id for id, text in _masked(reader) if all(word in text for word in wanted))
        ids |= dict.fromkeys(held)
    for letter_id in ids:
        letter = seen(reader.letter(letter_id), reader, visit)
        text = evened(letter.text)
        starts = [text.find(word) for word in wanted]
        if min(starts) >= 0:
            yield letter, Span(start=starts[0], end=starts[0] + len(words[0]))


@memo()
def _masked(reader: SnapshotReader) -> tuple[tuple[str, str], ...]:
    """The letters in which something is masked, the newest first, with their whole texts."""
    return tuple(
        (one.id, evened(text))
        for one in catalogue(reader, True)
        if (text := reader.unmasked(one.id).text) != reader.letter(one.id).text
    )


def _in_letter(letter: Letter, span: Span) -> InLetter:
    text, start, end = letter.text, span.start - AROUND, span.end + AROUND
    parts = (letter.value("issuer"), letter.value("number"), letter.value("issued_on"))
    return InLetter(
        id=letter.id,
        name=name_of(letter),
        parts=tuple(part for part in parts if part),
        before=text[max(0, start) : span.start].rpartition("\n")[2],
        words=span.of(text),
        after=text[span.end : end].partition("\n")[0],
        span=span,
    )


def _registered(words: Sequence[str], reader: SnapshotReader) -> list[Registered]:
    """The rows of registers that have all the words, in the order of their files."""
    wanted = [{searchable(word), number_key(word)} - {""} for word in words]
    rows = (
        row
        for row, told in _told(reader)
        if all(any(way in told for way in ways) for ways in wanted)
    )
    return [row for row, _ in zip(rows, range(EACH + 1), strict=False)]


@memo()
def _told(reader: SnapshotReader) -> tuple[tuple[Registered, str], ...]:
    """Every row of the registers with what it is looked up by, folded."""
    told = []
    for found in reader.registered():
        row = found.row
        numbers = (f"第{number}号 第{number.lstrip('0')}号" for number in row.numbers)
        parts = (
            *numbers, row.title, row.assembly, row.reply_number, number_key(row.reply_number),
            *row.proposers, *row.host, *row.co_organs, *row.organs,
        )  # fmt: skip
        told.append((found, searchable("\n".join(parts))))
    return tuple(told)
