"""A snapshot written as tables: the main flow of ``fuwen export``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from kb.dataset import parquet
from kb.dataset.card import (
    CARD,
    LICENCE,
    README,
    Card,
    Scope,
    card_json,
    card_text,
    content_of,
    release,
)
from kb.dataset.folder import made_whole
from kb.dataset.tables import TABLES, rows_of
from kb.extract.commitments import commitments
from kb.models.tagging import TaggingModel
from kb.profile import chosen, profile
from kb.store.disk import sha256_of
from kb.store.kin import SetAside
from kb.store.protocol import SnapshotReader

Tick = Callable[[str], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be exported, and ``licence``, under which terms it may be used, in words.

    ``scope`` is "public" for what citizens see, "all" for every letter; what was masked stays so.
    """

    scope: Scope = "public"
    parquet: bool = False
    licence: str = LICENCE


def export(
    reader: SnapshotReader,
    folder: Path,
    *,
    wanted: Wanted,
    tagger: TaggingModel | None,
    tick: Tick = lambda _: None,
) -> Card:
    """Write the letters of a snapshot into ``folder``, which is there whole or not at all.

    The same snapshot, models and profile give the same bytes. ``tick`` is called with the id of
    each letter that is done. Raises WrongUse where there is something in ``folder`` already, or
    pyarrow is not installed; OSError.
    """
    if wanted.parquet:
        parquet.check_installed()
    with made_whole(folder) as aside:
        rows = _tables(reader, aside, wanted=wanted, tagger=tagger, tick=tick)
        if wanted.parquet:
            for name in TABLES:
                parquet.write(aside / f"{name}.jsonl", aside / f"{name}.parquet", table=name)
        card = _card(reader, aside, rows, wanted=wanted, tagger=tagger)
        (aside / CARD).write_text(card_json(card), "utf-8")
        (aside / README).write_text(card_text(card), "utf-8")
    return card


def _tables(
    reader: SnapshotReader,
    folder: Path,
    *,
    wanted: Wanted,
    tagger: TaggingModel | None,
    tick: Tick,
) -> Counter[str]:
    """Write every table as JSON Lines; how many rows each has."""
    counts: Counter[str] = Counter(dict.fromkeys(TABLES, 0))
    with ExitStack() as files:
        out = {
            name: files.enter_context((folder / f"{name}.jsonl").open("w", encoding="utf-8"))
            for name in TABLES
        }
        for letter_id, aside in _letters(reader, scope=wanted.scope):
            letter = reader.letter(letter_id)
            passages = [reader.passage(ordinal) for ordinal in reader.passages_of(letter_id)]
            # A former text promises nothing any more, and a copy what the letter itself does.
            promises = () if aside else commitments(letter, profile(), tagger)
            for name, rows in rows_of(letter, passages, promises, aside=aside).items():
                out[name].writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
                counts[name] += len(rows)
            tick(letter_id)
    return counts


def _letters(reader: SnapshotReader, *, scope: Scope) -> Iterator[tuple[str, SetAside | None]]:
    """The ids of the letters to be exported, in order, and what stands for those set aside.

    Of these the public sees those alone that are public and so is what stands for them.
    """
    served = {head.id for head in reader.letters() if scope == "all" or head.publicity == "public"}
    found: dict[str, SetAside | None] = dict.fromkeys(served)
    for letter_id, aside in reader.set_aside().items():
        if aside.served in served and (scope == "all" or aside.head.publicity == "public"):
            found[letter_id] = aside
    for letter_id in sorted(found):
        yield letter_id, found[letter_id]


def _card(
    reader: SnapshotReader,
    folder: Path,
    rows: Counter[str],
    *,
    wanted: Wanted,
    tagger: TaggingModel | None,
) -> Card:
    files = {path.name: sha256_of(path) for path in sorted(folder.iterdir())}
    return Card(
        fuwen=release(),
        snapshot=reader.snapshot.version,
        fingerprint=dict(sorted(reader.snapshot.fingerprint.items())),
        tagger=tagger.name if tagger else "off",
        profile=Path(chosen()).stem,
        scope=wanted.scope,
        licence=wanted.licence,
        rows=dict(rows),
        files=files,
        content=content_of(files),
    )
