"""Letters a second and core, apart from embedding: ``python -m tests.bench.bench_parsing``.

``--letters`` of a format, copies of the sample letters (OFD: of the plain texts, set as OFD), are
indexed as ``fuwen index update`` does it, with an embedder that does nothing. Counted is the
processor time of all processes: starting them, parsing, fields, masks, passages, words, publishing.
Shown: letters a second of it, by format; the exit code is 1 where one is under ``--least``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from indexer.formats import forkserver
from indexer.update import update
from kb.settings import Settings
from kb.store.open import open_store
from kb.types import Letter, Passage, Vectors
from tests.conftest import CORPUS
from tests.support import ofd

FORMATS = ("txt", "html", "docx", "pdf", "ofd")
DIM = 384
LINES, WIDE = 22, 28  # of a page that is set as OFD, as GB/T 9704-2012 asks


class NoModel:
    """An ``Embedder`` for which every text is the same."""

    name = "none"

    def question(self, text: str) -> Vectors:
        return np.eye(1, DIM, dtype=np.float32)[0]

    def passages(
        self, letter: Letter, passages: Sequence[Passage]
    ) -> tuple[Vectors, list[Vectors]]:
        def rows(count: int) -> Vectors:
            return np.repeat(np.eye(1, DIM, dtype=np.float32), count, axis=0)

        return rows(len(passages)), [rows(len(passage.sentences)) for passage in passages]


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.bench_parsing", description=__doc__
    )
    parser.add_argument("--letters", type=int, default=200, help="of each format")
    parser.add_argument("--least", type=float, default=20.0, help="letters a second and core")
    given = parser.parse_args()
    slow = False
    for name in FORMATS:
        with tempfile.TemporaryDirectory() as folder:
            inbox = Path(folder, "inbox")
            inbox.mkdir()
            fill(inbox, name, given.letters)
            seconds = processor(lambda inbox=inbox, data=Path(folder, "data"): index(inbox, data))
        sys.stdout.write(
            f"{name}: {1e3 * seconds / given.letters:.1f} ms a letter, "
            f"{given.letters / seconds:.1f} a second and core\n"
        )
        sys.stdout.flush()
        slow = slow or given.letters / seconds < given.least
    return int(slow)


def fill(inbox: Path, name: str, count: int) -> None:
    """Put ``count`` letters of a format into ``inbox``."""
    kind = "txt" if name == "ofd" else name
    letters = sorted((CORPUS / "letters").glob(f"*.{kind}"))
    for number in range(count):
        letter, path = letters[number % len(letters)], inbox / f"{number}.{name}"
        if name == "ofd":
            path.write_bytes(as_ofd(letter.read_bytes()))
        else:
            shutil.copy(letter, path)


def as_ofd(content: bytes) -> bytes:
    """A plain text as OFD, its lines broken."""
    text = content.decode("gb18030" if not _is_utf8(content) else "utf-8-sig")
    lines = [
        line[at : at + WIDE].replace("&", "＆").replace("<", "＜")
        for line in text.splitlines()
        for at in range(0, len(line), WIDE)
    ]
    pages = [ofd.lined(*lines[at : at + LINES]) for at in range(0, len(lines), LINES)]
    return ofd.ofd(pages)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def index(inbox: Path, data: Path) -> None:
    _, tally = update([inbox], open_store(Settings(data=data)), NoModel())
    if tally.refused:
        raise SystemExit(f"refused: {tally.refused[0].message}")


def processor(work: Callable[[], object]) -> float:
    """Seconds of processor time that ``work`` took, in all processes."""
    forkserver.stop()
    before = sum(os.times()[:4])
    work()
    forkserver.stop()  # what its children took is known once it has ended
    return sum(os.times()[:4]) - before


if __name__ == "__main__":
    sys.exit(main())
