"""How well clean scans are read: ``python -m tests.bench.bench_scans [NAME…]``.

Each golden letter is drawn as a scan of 300 dots per inch and read by ``fuwen[ocr]``. Prints the
character error rate, the seconds, and the fields that are not those of the text; 1 is the exit
code where a letter has more errors than ``MOST_WRONG``.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Sequence

from indexer.formats import ocr
from indexer.formats.raw import Limits
from indexer.letter.fields import read
from tests.indexer.formats.test_golden import MOST_WRONG, folded, plain, values, wrong
from tests.support.golden import make


def main(names: Sequence[str]) -> int:
    engine = ocr.rapid()
    bad = edits = characters = 0
    for name in names or sorted(make.LETTERS):
        began = time.monotonic()
        file = io.BytesIO(make.scan("TIFF", make.LETTERS[name]))
        raw = ocr.read(file, Limits(), engine=engine)
        letter = read(raw, letter_id=name, source=name)
        wanted, found = values(plain(name)), values(letter)
        other = [field for field, value in wanted.items() if found.get(field) != value]
        text = folded(plain(name).text)
        rate = wrong(folded(letter.text), text)
        bad += rate > MOST_WRONG
        edits, characters = edits + round(rate * len(text)), characters + len(text)
        seconds = time.monotonic() - began
        sys.stdout.write(f"{name}\t{rate:.2%}\t{seconds:.0f} s\t{'、'.join(other)}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{edits} of {characters} characters wrong: {edits / characters:.2%}\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
