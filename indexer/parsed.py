"""What comes out of a file: its letters, to be read one by one, and the rows of registers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from indexer.digests import raw_digest
from indexer.formats.parse import parse
from indexer.formats.raw import Limits, Raw
from indexer.formats.table.items import Unanswered
from indexer.inbox import Source
from indexer.worker import Prepared, Reading
from kb.errors import UnreadableFile
from kb.intake.corrections import Values
from kb.store.register import RegisterRow
from kb.types import Publicity


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file to be read, the SHA-256 of its bytes, and its letters as last indexed.

    These are ids with the digests of ``behind.marked``; none where all is read anew.
    """

    source: Source
    digest: str
    before: Mapping[str, str]


class Read(Protocol):
    """Reads a letter, with what staff corrected in it. Raises UnreadableFile."""

    def __call__(self, *, letter_id: str, corrections: Values) -> Prepared: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedLetter:
    """A letter of a file: its own id if it has one, its place in the file, its record's digest.

    ``counted`` if it was shown as done before it came here.
    """

    id: str | None
    place: str
    digest: str
    read: Read
    counted: bool = False


Parsed = ParsedLetter | RegisterRow | Unanswered | UnreadableFile


class Reads(Protocol):
    """Whatever gives what is in a file."""

    def items(self, file: File) -> Iterator[Parsed]:
        """What is in ``file``, in order; each letter is to be read before the next is asked for.

        Raises UnreadableFile where the file, or the rest of it, cannot be read; what is refused
        of a file of many is an UnreadableFile among the items.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """Files are parsed and letters are read now, in this process and the limited ones it has.

    ``unmarked`` is who may see letters without a mark of publicity, ``soffice`` the command of
    LibreOffice, "" where there is none.
    """

    reading: Reading
    limits: Limits
    unmarked: Publicity
    soffice: str

    def items(self, file: File) -> Iterator[Parsed]:
        """As ``Reads.items``."""
        for item in parse(file.source.path, limits=self.limits, soffice=self.soffice):
            yield self._letter(item, file.source) if isinstance(item, Raw) else item

    def _letter(self, raw: Raw, source: Source) -> ParsedLetter:
        read = partial(self.reading.letter, raw, source=source.name, unmarked=self.unmarked)
        return ParsedLetter(id=raw.id, place=raw.place, digest=raw_digest(raw), read=read)


def id_of(letter: ParsedLetter | Raw, source: Source) -> str:
    """The id that a letter of the file ``source`` has in the base."""
    return letter.id or "/".join(filter(None, (source.name, letter.place)))
