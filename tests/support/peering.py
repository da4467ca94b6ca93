"""What the tests of peers share: a base as a comparison asks for it, and peers over it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from eval.base import Readers
from eval.peers import inputs
from eval.peers.peer import Peer, Ranking, Tools
from eval.peers.table import PEERS
from kb.models.embedding import Embedder
from kb.settings import Settings
from kb.store.protocol import SnapshotReader


@dataclass(frozen=True, slots=True)
class Held:
    """What a comparison asks of a base."""

    data: Path
    reader: SnapshotReader
    embedder: Embedder
    readers: Readers = field(default_factory=lambda: Readers(Settings()))


def made(name: str, held: Held, settings: Settings, work: Path) -> Peer:
    """The peer ``name`` over the sample letters."""
    peer = PEERS[name].make(Tools(embedder=held.embedder, settings=settings, work=work))
    reader = held.reader
    peer.build(list(inputs.passages(reader)), reader.vectors(range(reader.snapshot.passages)))
    return peer


def ordinals(ranking: Ranking) -> list[int]:
    return [ordinal for ordinal, _ in ranking]
