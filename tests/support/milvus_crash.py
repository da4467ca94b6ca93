"""An indexer that kills itself: ``python -m tests.support.milvus_crash FOLDER URI STEP``.

It publishes a letter more into the store in ``FOLDER`` and dies just before ``STEP``: a call of the
client's while it publishes, or ``install`` or ``sweep``, before and after ``CURRENT`` moves.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from kb.store import snapshot
from kb.store.local import originals
from kb.store.milvus.client import Milvus
from tests.support.letters import make_letter
from tests.support.milvus import store
from tests.support.stores import put


def main(folder: str, uri: str, step: str) -> None:
    def die(*given: Any, **named: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with store(Path(folder), uri).draft() as draft:
        put(draft, make_letter("b", "桥梁。"))
        ask = Milvus.__call__

        def asking(self: Milvus, method: str, *given: Any, **named: Any) -> Any:
            return die() if method == step else ask(self, method, *given, **named)

        Milvus.__call__ = asking  # type: ignore[method-assign]
        if step == "install":
            snapshot.install = die
        if step == "sweep":
            originals.sweep = die  # type: ignore[assignment]
        draft.publish()


if __name__ == "__main__":
    main(*sys.argv[1:])
