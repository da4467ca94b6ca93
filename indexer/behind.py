"""Letters that do not show what staff corrected in them yet, and the files to read them from."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from indexer.inbox import Source
from indexer.versions.earlier import served
from kb.errors import BadSnapshot, LetterNotFound, NoSnapshot
from kb.intake.corrections import Values
from kb.store.protocol import Draft, SnapshotReader, Store

SIGN = "+"  # parts the digest of a letter's record from that of its corrections


def marked(digest: str, corrections: Values) -> str:
    """The digest of a record with the corrections that its letter shows."""
    return f"{digest}{SIGN}{_sum(corrections)}" if corrections else digest


def is_corrected(letters: Mapping[str, str], corrections: Mapping[str, Values]) -> bool:
    """True if ``letters``, ids with the digests of ``marked``, show what ``corrections`` say."""
    return all(
        digest.partition(SIGN)[2] == _expected(corrections.get(letter_id, {}))
        for letter_id, digest in letters.items()
    )


def behind(corrections: Mapping[str, Values], store: Store, draft: Draft) -> tuple[Source, ...]:
    """The files of the letters in ``draft`` that do not show ``corrections``.

    One that is no longer where it was read is taken from the originals; where there is none, the
    letter is left as it is until its file comes again.
    """
    return tuple(_found(corrections, store, draft))


def _found(corrections: Mapping[str, Values], store: Store, draft: Draft) -> Iterator[Source]:
    keys: set[str] = set()
    for number, letter_id in enumerate(corrections):
        key = draft.source_of(letter_id)
        if key is None or key in keys:
            continue
        if is_corrected(served(draft.letters_from(key)), corrections):
            continue
        keys.add(key)
        try:
            reader = store.current()
            name = reader.letter(letter_id).source
            path = _file(reader, letter_id, Path(key), draft, str(number))
        except (NoSnapshot, BadSnapshot, LetterNotFound):
            continue
        if path:
            yield Source(path=path, key=key, name=name)


def _file(
    reader: SnapshotReader, letter_id: str, path: Path, draft: Draft, number: str
) -> Path | None:
    """The file at ``path``, or a copy of the original under its name, gone with the draft."""
    if path.is_file():
        return path
    original = reader.original(letter_id)
    if original is None:
        return None
    aside = draft.scratch() / number
    aside.mkdir()
    copy = aside / original.name
    shutil.copyfile(original.path, copy)
    return copy


def _expected(corrections: Values) -> str:
    return _sum(corrections) if corrections else ""


def _sum(corrections: Values) -> str:
    content = json.dumps(dict(corrections), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
