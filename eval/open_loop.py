"""Latency as citizens meet it: questions arrive at a fixed rate, whether or not we are ready."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from eval.asking import listened
from eval.base import Base
from eval.measures.latency import quantiles
from eval.stages import Watch
from eval.suite import Question
from kb.answer.quotes import NotVerbatim
from kb.errors import WrongUse

REQUESTS = 200


def open_loop(
    questions: Sequence[Question], base: Base, *, rate: float, seed: int
) -> dict[str, Any]:
    """Quantiles in milliseconds: ``total`` from a question's arrival to its reply, and stages.

    ``rate`` questions arrive a second, evenly, at most ``REQUESTS`` of them drawn with
    ``seed``; as many threads answer as there are cores. The clock of a question starts when
    it was due, so one that had to wait for others shows its wait (Schroeder et al., "Open
    versus closed: a cautionary tale", NSDI 2006).
    """
    drawn = random.Random(seed).sample(list(questions), min(REQUESTS, len(questions)))
    workers = os.cpu_count() or 1
    start = time.perf_counter()
    arrivals = [start + number / rate for number in range(len(drawn))]
    with ThreadPoolExecutor(workers) as pool:
        waiting = []
        for question, due in zip(drawn, arrivals, strict=True):
            time.sleep(max(0.0, due - time.perf_counter()))
            waiting.append(pool.submit(_answered, question, base, due))
        spent = [done.result() for done in waiting]
    stages = dict.fromkeys(name for seconds in spent for name in seconds)
    return {
        "rate": rate,
        "requests": len(drawn),
        "threads": workers,
        **{
            name: quantiles([seconds[name] for seconds in spent if name in seconds])
            for name in stages
        },
    }


def _answered(question: Question, base: Base, due: float) -> dict[str, float]:
    """Seconds by stage, and in total since the question was ``due``."""
    watch = Watch()
    with suppress(WrongUse, NotVerbatim):  # turned away, or a fault that its record tells of
        asked = question.question[: base.settings.question_length]
        listened(asked, base, watch, model=base.readers(question.id))
    return watch.stages | {"total": time.perf_counter() - due}
