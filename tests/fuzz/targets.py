"""What is fuzzed: each reader of foreign bytes, the files it starts from, and what must hold.

Readers run in this process, without the limits of the child: whatever they raise beside
UnreadableFile is a fault. Of each letter that comes out of one, every offset must be true.
"""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from random import Random
from typing import BinaryIO

from indexer.formats import archive, checked, docx, html, many, ofd, parse, pdf, plain, sniff
from indexer.formats.raw import Limits, Raw
from indexer.letter.fields import read
from indexer.letter.passages import cut
from indexer.letter.view import iso_day, value_of
from kb.errors import UnreadableFile
from kb.extract.commitments import commitments
from kb.extract.indicators import records
from kb.privacy.publicity import MARKS
from kb.privacy.redact import redacted
from kb.profile import profile
from kb.store.codec import letter_from, letter_json
from kb.text.chars import bare, narrow
from kb.types import Field, Letter, Span
from tests.fuzz import bend, grammar
from tests.support.golden import make

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of everything that is bent
LIMITS = Limits(letter_length=200_000, pages=40, package_bytes=8_000_000, members=50)
Reader = Callable[[BinaryIO, Limits], Raw]
READERS: Mapping[str, Reader] = {
    ".html": html.read,
    ".docx": docx.read,
    ".ofd": ofd.read,
    ".pdf": pdf.read,
    ".txt": plain.read_text,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A reader of bytes; ``goods`` are files that it reads, ``making`` makes up others."""

    name: str
    reads: Callable[[bytes], Iterator[Raw | UnreadableFile]]
    goods: Callable[[], Sequence[bytes]]
    making: Callable[[Random], bytes]
    packed: bool = False

    def bent(self, content: bytes, chance: Random) -> bytes:
        """``content`` changed at random."""
        change = bend.bent_package if self.packed else bend.bent
        return change(content, chance, others=self.goods())

    def any(self, chance: Random) -> bytes:
        """A good file or one that is made up, usually bent."""
        made = chance.choice(self.goods()) if chance.random() < 0.6 else self.making(chance)
        return self.bent(made, chance) if chance.random() < 0.8 else made

    def run(self, content: bytes) -> int:
        """Read ``content`` and check all that must hold; how many letters there were."""
        count = 0
        with suppress(UnreadableFile):
            for raw in self.reads(content):
                if isinstance(raw, Raw):
                    with suppress(UnreadableFile):
                        check(read(raw, letter_id="甲", source="甲"))
                        count += 1
        return count


def one(suffix: str) -> Callable[[bytes], Iterator[Raw | UnreadableFile]]:
    """Reads the one letter of a file that ends in ``suffix``."""

    def reads(content: bytes) -> Iterator[Raw | UnreadableFile]:
        yield _read(io.BytesIO(content), suffix)

    return reads


def _read(file: BinaryIO, suffix: str) -> Raw:
    """As ``parse`` reads it, without the child."""
    form = parse.FORMATS[suffix]
    sniff.sniff(file, page=suffix == ".html")
    file.seek(0)
    return checked.finished(READERS[suffix](file, LIMITS), flags=form.flags, limits=LIMITS)


def _lines(content: bytes) -> Iterator[Raw | UnreadableFile]:
    return _letters(io.BytesIO(content))


def _letters(file: BinaryIO) -> Iterator[Raw | UnreadableFile]:
    """The letters of lines of JSON, each checked as ``parse`` checks it."""
    for item in checked.each(many.read_lines(file, LIMITS), LIMITS):
        if isinstance(item, Raw | UnreadableFile):
            yield item


def _archive(content: bytes) -> Iterator[Raw | UnreadableFile]:
    def member(file: BinaryIO, name: str) -> Iterator[Raw | UnreadableFile]:
        suffix = PurePosixPath(name).suffix.lower()
        file.seek(0)
        if suffix == ".jsonl":
            yield from _letters(file)
        elif suffix in READERS:
            yield _read(file, suffix)

    return archive.members(io.BytesIO(content), LIMITS, read=member)


def _decoded(content: bytes) -> Iterator[Raw | UnreadableFile]:
    """Any characters at all, as a reader may give them: ``fields.read`` alone."""
    text = content.decode("utf-8", "ignore")
    front, _, rest = text.partition("\f\f")
    yield Raw(id=None, text=rest or front, front=front if rest else "", flags=("two_columns",))


def check(letter: Letter) -> None:
    """Raises AssertionError where something of ``letter`` does not hold."""
    text = letter.text
    assert "\0" not in text
    text.encode()
    assert 0 <= letter.body.start <= letter.body.end == len(text)
    assert all(0 <= span.start < span.end <= len(text) for span in _spans(letter))
    for name, field in _fields(letter):
        assert field.span is None or _says(name, field.span.of(text), field.value), (name, field)
    assert list(letter.pages) == sorted(letter.pages)
    assert all(letter.body.start <= start <= len(text) for start in letter.pages)
    assert letter_from(json.loads(json.dumps(letter_json(letter)))) == letter
    shown = redacted(letter, profile().masking)
    assert len(shown.letter.text) == len(text)
    assert all(text[hid.start : hid.start + len(hid.text)] == hid.text for hid in shown.hidden)
    at = shown.letter.body.start
    for passage in cut(shown.letter):
        assert passage.span.start == at == passage.sentences[0].start
        for sentence in passage.sentences:
            assert sentence.start == at < sentence.end
            at = sentence.end
        assert at == passage.span.end
    assert at == len(text)
    promised = commitments(shown.letter, profile())
    for found in (*promised, *records(shown.letter, promised)):
        assert 0 <= found.span.start < found.span.end <= len(text)


def _spans(letter: Letter) -> Iterator[Span]:
    yield from (heading.span for heading in letter.headings)
    yield from (field.span for _, field in _fields(letter) if field.span)


def _fields(letter: Letter) -> Iterator[tuple[str, Field]]:
    yield from letter.fields.items()
    yield from ((name, field) for name, many in letter.lists.items() for field in many)
    if letter.title:
        yield "title", letter.title


def _says(name: str, words: str, value: str) -> bool:
    """True if the ``words`` that a field's span names are its ``value``."""
    if name == "issued_on":
        return iso_day(words) == value
    if name == MARKS:  # long marks are shortened
        return True
    return value_of(name, words) == value or narrow(bare(words)) == narrow(bare(value))


def _files(ending: str) -> Callable[[], Sequence[bytes]]:
    return cache(lambda: [make.MAKERS[ending](text) for text in make.LETTERS.values()])


def _many(maker: Callable[[Random], bytes]) -> Callable[[], Sequence[bytes]]:
    return cache(lambda: [maker(Random(seed)) for seed in range(8)])


TARGETS: Mapping[str, Target] = {
    target.name: target
    for target in (
        Target(name="html", reads=one(".html"), goods=_files("html"), making=grammar.page),
        Target(name="mailbox", reads=one(".html"), goods=_many(grammar.mailbox),
               making=grammar.mailbox),
        Target(name="docx", reads=one(".docx"), goods=_files("docx"), making=grammar.docx,
               packed=True),
        Target(name="ofd", reads=one(".ofd"), goods=_files("ofd"), making=grammar.fixed,
               packed=True),
        Target(name="pdf", reads=one(".pdf"), goods=_files("pdf"), making=grammar.pdf),
        Target(name="plain", reads=one(".txt"), goods=_files("gb18030.txt"), making=grammar.plain),
        Target(name="jsonl", reads=_lines, goods=_many(grammar.lines), making=grammar.lines),
        Target(name="zip", reads=_archive, goods=_many(grammar.archive), making=grammar.archive,
               packed=True),
        Target(name="fields", reads=_decoded, goods=_files("utf-8.txt"),
               making=lambda chance: grammar.text(chance).encode("utf-8", "ignore")),
    )
}  # fmt: skip
