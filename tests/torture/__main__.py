"""``python -m tests.torture NAME [TRIALS]``: one torture; what it counted and what went wrong."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.torture import competing, damaging, filling, flipping, killing, ordering, soak, swapping
from tests.torture.ground import Found

# Each torture, and how many trials, or minutes, make a full one.
TORTURES: Mapping[str, tuple[Callable[[Path, int], Found], int]] = {
    "killing": (killing.killed, 200),
    "filling": (filling.filled, 50),
    "competing": (competing.competed, 12),
    "damaging": (damaging.damaged, 1000),
    "swapping": (swapping.swapped, 100),
    "soak": (soak.soaked, 30),
    "ordering": (ordering.ordered, 3),
    "vectors": (flipping.cached, 300),
    "staff": (flipping.staffed, 200),
    "originals": (damaging.originals, 100),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("name", choices=TORTURES)
    parser.add_argument("trials", type=int, nargs="?")
    parser.add_argument("--folder", type=Path, help="where it works; a temporary one if not given")
    given = parser.parse_args()
    torture, full = TORTURES[given.name]
    with tempfile.TemporaryDirectory() as temporary:
        began = time.monotonic()
        found = torture(given.folder or Path(temporary), given.trials or full)
    seconds = round(time.monotonic() - began, 1)
    print(json.dumps({given.name: found.counts, "seconds": seconds}, ensure_ascii=False))
    print(f"troubles: {len(found.troubles)}", *found.troubles[:20], sep="\n", flush=True)
    return bool(found.troubles)


if __name__ == "__main__":
    sys.exit(main())
