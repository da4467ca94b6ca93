"""``python -m tests.torture.publishing FOLDER TIMES SECONDS``: publish two generations in turn, and
prune, so many times, with so many seconds between. In a process of its own, loaded once, so that
what visitors notice is the swap and not an indexer that starts; of the priority that the unit of
``fuwen index watch`` and uploads have.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from indexer.whole import Base, indexed
from kb.models.embedding import embedding_model
from kb.settings import Settings
from kb.store.open import open_store
from server.console.intake.program import NICE
from tests.torture.ground import Ground


def main(folder: str, times: str, seconds: str) -> None:
    os.nice(NICE)
    ground = Ground(Path(folder))
    settings = Settings(data=ground.data)
    store = open_store(settings)
    base = Base(settings=settings, store=store, embedder=embedding_model(settings.model))
    for _ in range(int(times)):
        at = store.current().letter("云建函〔2025〕9号.txt").text
        ground.generation(2 if "每部70004元" in at else 4)
        assert indexed([ground.inbox], base).news
        store.prune(2)
        print(store.current().snapshot.version, flush=True)
        time.sleep(float(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
