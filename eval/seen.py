"""Documents that the model that ships was trained on, told by a digest of their words.

    python -m eval.seen FILE… [--field text]

writes the list anew from the files of documents that training used (JSON lines, may be .gz).
Digests, since the texts are not ours to publish. Whoever trains the model runs it.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from eval.rows import lines
from kb.text.chars import bare

LIST = Path(__file__).with_name("seen_documents.txt")
DIGITS = 12  # of a digest's 64: two of ten thousand texts are alike with a chance of 2e-7


def seen_documents(texts: Iterable[str]) -> int:
    """How many of ``texts`` stand in the list, white space aside."""
    known = _known()
    return sum(_digest(text) in known for text in texts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the list; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.seen", description="训练时见过的文件")
    parser.add_argument("files", nargs="+", type=Path, help="训练用的文件：jsonl，可以是 .gz")
    parser.add_argument("--field", nargs="+", default=["text"], help="文字在哪个键下，取先有的")
    given = parser.parse_args(arguments)
    texts = (
        row.text(key, blank=True)
        for path in given.files
        for row in lines(path)
        for key in [key for key in given.field if key in row.values][:1]
    )
    digests = sorted({_digest(text) for text in texts if text.strip()})
    LIST.write_text("".join(f"{digest}\n" for digest in digests), encoding="ascii")
    return 0


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(LIST.read_text(encoding="ascii").split())


def _digest(text: str) -> str:
    return hashlib.sha256(bare(text).encode()).hexdigest()[:DIGITS]


if __name__ == "__main__":
    raise SystemExit(main())
