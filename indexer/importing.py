"""``fuwen import``: the snapshot that an export was made of, made again in a new data folder.

Letters come as they were read, so nothing is parsed, masked or cut; only what models and engines
make of them, vectors and words, is made here.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from indexer.formats.ids import check_id
from indexer.update import LIMITS
from indexer.versions.families import traits_of
from kb.cli import program
from kb.dataset.card import CARD, Card
from kb.dataset.files import AGAIN, BadExport
from kb.dataset.load import Loaded, card_of, letters
from kb.errors import UnreadableFile, WrongUse
from kb.models.embedding import Embedder
from kb.models.folding import letter_simplified
from kb.models.outside import embedder_of
from kb.settings import Settings
from kb.store import modes, vector_cache
from kb.store.kin import Reason
from kb.store.open import fingerprint, open_store
from kb.store.protocol import Draft, Store
from kb.store.snapshot import Shelf
from kb.store.vector_cache import VectorCache
from kb.types import Snapshot

IMPORTING = "把 fuwen export 导出的表编成快照，放进一个新的数据文件夹"
# Of what letters were read by; the rest of a fingerprint shapes only what is made anew here.
RULES = ("letter_rules", "masking", "passage_rules")
Tick = Callable[[str], object]


def command_line(prog: str) -> argparse.ArgumentParser:
    """The parser of the command."""
    parser = argparse.ArgumentParser(prog=prog, description=IMPORTING)
    parser.add_argument("folder", type=Path, help="fuwen export 导出的文件夹")
    program.add_common(parser)
    parser.set_defaults(command=_import)
    return parser


def _import(given: argparse.Namespace) -> int:
    modes.keep_private()
    settings = program.settings(given)
    bar: tqdm[Any] = tqdm(unit="份", desc="导入", file=sys.stderr, disable=None)
    with bar:
        snapshot = imported(
            given.folder,
            open_store(settings),
            embedder_of(settings),
            settings=settings,
            tick=lambda _: bar.update(1),
        )
    told = f"已导入 {settings.data}：{snapshot.letters} 份，快照 {snapshot.version}"
    return program.say(given, {"snapshot": snapshot.version, "letters": snapshot.letters}, told)


def imported(
    folder: Path,
    store: Store,
    embedder: Embedder,
    *,
    settings: Settings,
    tick: Tick = lambda _: None,
) -> Snapshot:
    """Publish the letters of the export in ``folder`` as the first snapshot of ``store``.

    All of it is read and checked before anything is written. Raises BadExport, WrongUse where
    there is a snapshot already, StoreBusy, StoreFull, ModelUnusable.
    """
    if Shelf(settings.data).current.exists():
        raise WrongUse(f"{settings.data} 里已经有快照；请用 --data 换一个新的数据文件夹")
    card = card_of(folder)
    _check_rules(card, settings)
    aside = _checked(letters(folder), card)
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}"
    vectors = VectorCache(settings.data / vector_cache.NAME, embedder)
    with store.draft() as draft, vectors:
        for one in letters(folder):
            _put(one, draft, vectors, source=f"export:{card.content}", now=now)
            tick(one.letter.id)
        draft.set_aside(aside)
        draft.seen(f"export:{card.content}", card.content)
        return draft.publish()


def _check_rules(card: Card, settings: Settings) -> None:
    ours = fingerprint(settings)
    if differing := [name for name in RULES if card.fingerprint.get(name) != ours[name]]:
        told = "、".join(
            f"{name}（导出时 {card.fingerprint.get(name, '无')}，现在 {ours[name]}）"
            for name in differing
        )
        raise BadExport(
            f"{CARD}：读复文的规则不同：{told}；请用同一版 fuwen、同样的 KB_PROFILE 和 "
            "KB_PUBLICITY_DEFAULT 导入，或由原来的文件重新编入"
        )


def _checked(every: Iterable[Loaded], card: Card) -> dict[str, tuple[str, Reason]]:
    """Read all letters once; which are set aside, and for which others. Raises BadExport."""
    served: set[str] = set()
    aside: dict[str, tuple[str, Reason]] = {}
    for one in every:
        _check(one, card)
        if one.served:
            aside[one.letter.id] = one.served
        else:
            served.add(one.letter.id)
    for letter_id, (other, _) in aside.items():
        if other not in served:
            raise BadExport(f"letters.jsonl：{letter_id} 说由 {other!a} 代替，没有它；{AGAIN}")
    return aside


def _check(one: Loaded, card: Card) -> None:
    """What the indexer demands of every letter, wherever it comes from."""
    letter = one.letter
    try:
        check_id(letter.id)
    except UnreadableFile as error:
        raise BadExport(f"letters.jsonl：{error}；{AGAIN}") from error
    sentences = sum(len(passage.sentences) for passage in one.passages)
    if len(letter.text) > LIMITS.letter_length or sentences > LIMITS.sentences:
        raise BadExport(f"letters.jsonl：{letter.id} 超过一份复文的上限；请拆分")
    if card.scope == "public" and letter.publicity != "public":
        raise BadExport(f"letters.jsonl：{letter.id} 不公开，不该在公开的导出里；{AGAIN}")


def _put(one: Loaded, draft: Draft, embedder: Embedder, *, source: str, now: str) -> None:
    letter, passages = one.letter, one.passages
    former = one.served[0] if one.served and one.served[1] == "older" and not passages else ""
    if passages:
        vectors, sentence_vectors = embedder.passages(*letter_simplified(letter, passages))
    else:
        vectors, sentence_vectors = np.empty((0, 0), dtype=np.float32), []
    draft.put(
        letter,
        passages,
        source=source,
        digest=letter.sha256,
        vectors=vectors,
        sentence_vectors=sentence_vectors,
        traits=traits_of(letter, taken_in=one.taken_in or now, earlier_of=former),
    )
