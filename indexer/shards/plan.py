"""Which files are parsed together, what the shards of them are called, and their end."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from indexer.parsed import File
from indexer.shards.work import Terms
from kb.errors import RunnerFailed

MOST_FILES, MOST_BYTES = 256, 16_000_000  # of a part; a file that is larger is one by itself
KNOWN = "known.npy"  # the keys of passages that have vectors already
# Seconds for which a host may not see what another wrote: a network file system remembers for up
# to a minute that there was no such file (nfs(5), acdirmax).
UNSEEN = 70.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Files that are parsed together; ``name`` says all that shapes what comes of them."""

    name: str
    files: tuple[File, ...]


def parts(files: Iterable[File], terms: Terms) -> Iterator[Part]:
    """``files`` in order, a few together.

    Where a part ends depends on its last file, so that a new file moves no other part's ends.
    """
    some: list[File] = []
    size = 0
    for file in files:
        some.append(file)
        with suppress(OSError):
            size += file.source.path.stat().st_size
        if file.digest.startswith("0") or len(some) >= MOST_FILES or size >= MOST_BYTES:
            yield _part(some, terms)
            some, size = [], 0
    if some:
        yield _part(some, terms)


def _part(files: Sequence[File], terms: Terms) -> Part:
    told = [
        [file.source.key, file.source.name, file.digest, sorted(file.before.items())]
        for file in files
    ]
    shaping = [terms.shape, terms.slice_characters, repr(terms.limits), told]
    name = hashlib.sha256(json.dumps(shaping).encode()).hexdigest()[:32]
    return Part(name=name, files=tuple(files))


def appeared(path: Path, *, patience: float = UNSEEN) -> Path:
    """``path``, which another host may have written just now, once it is seen here.

    Raises RunnerFailed where it is not after ``patience`` seconds.
    """
    until = time.monotonic() + patience
    while not path.exists():
        if time.monotonic() > until:
            raise RunnerFailed(
                f"另一台主机写好的 {path} 这里看不到；"
                f"请在每台主机上把同一个共享文件夹挂到 {path.parent}（或用 --shards 另指一个）"
            )
        time.sleep(0.5)
    return path


def sweep(folder: Path) -> None:
    """Delete the shards in ``folder``, and it, unless something else is there."""
    for ours in ("*.parquet", "*.parquet.*.tmp", KNOWN):
        for path in folder.glob(ours):
            path.unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()
