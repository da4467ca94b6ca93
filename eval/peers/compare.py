"""Compare our search with others: the same machine, passages, vectors and questions.

Every peer runs in a process of its own, one after another; a peer whose package is absent or
that crashes is told in one line and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from eval.peers.inputs import Base
from eval.suite import Suite
from kb.settings import Settings


def run(
    suite: Suite,
    base: Base,
    *,
    out: Path,
    names: Sequence[str],
    settings: Settings,
    seed: int,
    tick: Callable[[str], object],
) -> dict[str, Any]:
    """Compare the peers ``names`` on the answerable questions of ``suite``.

    Writes ``out/peers.json`` (which is returned) and ``out/peers.md``, and for each peer
    ``out/peers/NAME/`` with run.trec, records.jsonl and result.json. A peer whose result was
    made from the same inputs is not run again. ``tick`` is called with each name when it is
    done. Raises WrongUse for an unknown name or a suite without anything to ask or to find.
    """
    # Here, lest a peer's process holds what only measuring needs.
    from eval.peers.contest import Contest, held

    contest = Contest(
        base=base,
        questions=tuple(question for question in suite.questions if question.answerable),
        folder=out / "peers",
        settings=settings,
        seed=seed,
    )
    return held(contest, names=names, suite=suite.name, tick=tick)
