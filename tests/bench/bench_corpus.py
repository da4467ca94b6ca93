"""A large corpus: does memory grow, and does a run that was killed begin anew?

    python -m tests.bench.bench_corpus hebei.jsonl.gz laws.jsonl.gz --letters 300

FILES are JSON Lines with ``text``, gzipped or not. ``--letters`` of them, spread evenly, are
indexed by ``python -m indexer update``, a file each. The first run is killed (SIGKILL) as soon as
the vectors of ``--kill`` passages are on the disk, the second does the rest. Shown: passages
embedded, seconds, the memory (RSS) of the parent by tenths of the run. The exit code is 1 where a
passage that was on the disk is embedded anew, or the parent exceeds ``--most`` MB.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kb.store.vector_cache import NAME
from tests.conftest import ROOT

EVERY = 0.5  # seconds between two looks at the memory
TENTHS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: seconds, megabytes of the parent at each look, its exit code."""

    seconds: float
    memory: list[float]
    code: int


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_corpus", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--letters", type=int, default=300)
    parser.add_argument("--kill", type=int, default=1000, help="passages on the disk by then")
    parser.add_argument("--most", type=float, default=500.0, help="MB of the parent")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        inbox, data = Path(folder, "inbox"), Path(folder, "data")
        inbox.mkdir()
        characters = fill(inbox, given.files, given.letters)
        say(f"{given.letters} letters, {characters / 1e6:.2f} million characters")
        first = indexed(inbox, data, kill=given.kill)
        if first.code >= 0:
            raise SystemExit("the first run ended before it was killed; give a lesser --kill")
        marked = mark(data / NAME)
        show("killed", first, passages=len(marked))
        second = indexed(inbox, data)
        if second.code not in (0, 1):  # 1: some were refused
            raise SystemExit(f"the second run ended with {second.code}")
        found = vectors(data / NAME)
    show("resumed", second, passages=len(found.keys() - marked.keys()))
    anew = sum(found.get(key) != value for key, value in marked.items())
    say(f"embedded anew of what was on the disk: {anew} of {len(marked)}")
    return int(anew > 0 or max(first.memory + second.memory) > given.most)


def fill(inbox: Path, files: Sequence[Path], count: int) -> int:
    """Put ``count`` of the texts in ``files``, spread evenly, into ``inbox``; their characters."""
    texts: list[str] = []
    for path in files:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8") as lines:
            texts += (json.loads(line)["text"] for line in lines)
    chosen = np.linspace(0, len(texts) - 1, min(count, len(texts)), dtype=int)
    for number, place in enumerate(chosen):
        (inbox / f"{number:05}.txt").write_text(texts[place], encoding="utf-8")
    return sum(len(texts[place]) for place in chosen)


def indexed(inbox: Path, data: Path, *, kill: int | None = None) -> Run:
    """Index ``inbox``; killed as soon as the vectors of ``kill`` passages are on the disk."""
    began, memory = time.perf_counter(), []
    command = [sys.executable, "-m", "indexer", "update", str(inbox), "--data", str(data)]
    quiet = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=quiet, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            memory.append(resident(process.pid))
            if kill is not None and kept(data / NAME) >= kill:
                process.kill()
                break
            time.sleep(EVERY)
    used = [megabytes for megabytes in memory if megabytes]
    return Run(seconds=time.perf_counter() - began, memory=used, code=process.returncode)


def resident(process: int) -> float:
    """Megabytes of memory that ``process`` holds; 0 where it has ended."""
    told = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+)", told)
    return int(found[1]) / 1024 if found else 0.0


def kept(path: Path) -> int:
    """How many passages have their vectors on the disk."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return int(database.execute("SELECT count(*) FROM vector").fetchone()[0])
    except sqlite3.Error:  # not made yet, or being written
        return 0


def vectors(path: Path) -> Mapping[bytes, bytes]:
    """The vectors that are on the disk, by their keys."""
    with closing(sqlite3.connect(path)) as database:
        return dict(database.execute("SELECT key, rows FROM vector"))


def mark(path: Path) -> Mapping[bytes, bytes]:
    """Change every vector on the disk a little, so that one that is made anew is told from it."""
    with closing(sqlite3.connect(path)) as database, database:
        for key, rows in dict(database.execute("SELECT key, rows FROM vector")).items():
            changed = bytes([rows[0] ^ 1]) + rows[1:]
            database.execute("UPDATE vector SET rows = ? WHERE key = ?", (changed, key))
    return vectors(path)


def show(name: str, run: Run, *, passages: int) -> None:
    tenths = [float(np.median(part)) for part in np.array_split(run.memory, TENTHS) if len(part)]
    say(f"{name}: {passages} passages embedded, {run.seconds:.0f} s; MB of the parent")
    say(f"  by tenths {' '.join(f'{part:.0f}' for part in tenths)}, most {max(run.memory):.0f}")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
