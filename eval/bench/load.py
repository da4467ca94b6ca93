"""Questions that come to a server at a fixed rate, whether or not it is ready."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import httpx2

from eval.bench.served import Served
from eval.measures.latency import quantiles

ANSWERED = 200
PATIENCE = 300  # seconds for a reply
VISITORS = 250  # that take turns at asking
UNUSED = 2.0  # seconds until a connection is closed here: sooner than there, or a question is lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What came of a load: per second, milliseconds since each was due, of the processor.

    ``refused`` is the share that was told to come back.
    """

    rate: float
    asked: int
    reached: float
    refused: float
    p50: float
    p95: float
    processor_ms: float


def load(server: Served, questions: Sequence[str], *, rate: float) -> Loaded:
    """Ask all ``questions``, ``rate`` of them a second, each by the next of VISITORS.

    The clock of a question starts when it was due (see ``eval.open_loop``).
    """
    before = server.processor
    replies, seconds = asyncio.run(_all(server.address, questions, rate))
    spent = server.processor - before
    taken = [late for status, late in replies if status == ANSWERED]
    found = quantiles(taken) if taken else {"p50": float("nan"), "p95": float("nan")}
    return Loaded(
        rate=rate,
        asked=len(questions),
        reached=len(taken) / seconds,
        refused=1 - len(taken) / len(questions),
        p50=found["p50"],
        p95=found["p95"],
        processor_ms=1000 * spent / len(questions),
    )


async def _all(
    address: str, questions: Sequence[str], rate: float
) -> tuple[list[tuple[int, float]], float]:
    """The status and the seconds of each, and how long it took until the last."""
    limits = httpx2.Limits(max_connections=None, keepalive_expiry=UNUSED)
    async with httpx2.AsyncClient(
        base_url=address, trust_env=False, timeout=PATIENCE, limits=limits
    ) as client:
        start, coming = time.perf_counter(), []
        for number, question in enumerate(questions):
            due = start + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            visitor = f"10.0.0.{number % VISITORS}"
            coming.append(asyncio.create_task(_one(client, question, visitor, due)))
        replies = await asyncio.gather(*coming)
        return list(replies), time.perf_counter() - start


async def _one(
    client: httpx2.AsyncClient, question: str, visitor: str, due: float
) -> tuple[int, float]:
    asked = {"question": question}
    reply = await client.post("/api/ask", json=asked, headers={"X-Forwarded-For": visitor})
    return reply.status_code, time.perf_counter() - due


def distinct(questions: Sequence[str], words: Sequence[str]) -> Iterator[str]:
    """``questions``, then each of them about each of ``words``: no two are parsed alike."""
    yield from questions
    for word, question in product(words, questions):
        yield f"{word}方面，{question}"
