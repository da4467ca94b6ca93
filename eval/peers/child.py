"""One peer in a process of its own: ``python -m eval.peers.child NAME WORK``.

``run`` is the parent's side. The child reads what eval.peers.inputs wrote to WORK and writes
``WORK/NAME/found.jsonl``, a line a question, and ``WORK/NAME/cost.json``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from eval.base import ROOT, opened, peak_memory
from eval.peers import inputs
from eval.peers.peer import Peer, Tools
from eval.peers.table import PEERS
from eval.record import write_lines
from kb.models.outside import embedder_of

# Read by the libraries when they are imported.
QUIET = {
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "PYTHONUTF8": "1",
    "PYTHONWARNINGS": "ignore",
    "TRANSFORMERS_OFFLINE": "1",
}
REACHING_OUT = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
MEGABYTE = 1_000_000
LIMIT = 2 * 3600  # seconds that a peer may take


class Crashed(Exception):
    """The child ended without a result; the message is the last thing that it said."""


def run(name: str, work: Path) -> None:
    """Run the peer ``name`` over the inputs in ``work``. Raises Crashed."""
    command = [sys.executable, "-m", "eval.peers.child", name, str(work.resolve())]
    try:
        ended = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **QUIET},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=LIMIT,
        )
    except subprocess.TimeoutExpired:
        raise Crashed(f"超过 {LIMIT} 秒还没有跑完") from None
    if ended.returncode < 0:
        raise Crashed(f"被信号 {-ended.returncode} 终止，多半是内存不足")
    if ended.returncode:
        errors = [line.strip() for line in ended.stderr.splitlines() if line.strip()]
        raise Crashed(errors[-1] if errors else f"没有留下话，退出码 {ended.returncode}")


def main(name: str, work: Path) -> None:
    """The child's side: load, build, then ask every question once, one after another."""
    sys.addaudithook(_stay_offline)
    given = inputs.read(work)
    baseline = peak_memory()
    own = work / name
    own.mkdir(exist_ok=True)
    embedder = embedder_of(given.settings)
    tools = Tools(
        embedder=embedder,
        settings=given.settings,
        work=own,
        model_of=lambda question: opened(given.readers[question]),
    )
    peer = PEERS[name].make(tools)
    started, processor = time.perf_counter(), time.process_time()
    peer.build(given.passages, given.vectors)
    index_seconds = time.perf_counter() - started
    index_processor = time.process_time() - processor
    peer.rank(given.questions[0][1])  # what is loaded at the first question is no one's delay
    processor = time.process_time()
    write_lines(own / "found.jsonl", (_asked(peer, *question) for question in given.questions))
    query_processor = (time.process_time() - processor) / len(given.questions)
    cost = {
        "index_seconds": index_seconds,
        "index_processor_seconds": index_processor,
        "query_processor_ms": 1000 * query_processor,
        "peak_megabytes": _megabytes(peak_memory()),
        "baseline_megabytes": _megabytes(baseline),
    }
    (own / "cost.json").write_text(json.dumps(cost), encoding="utf-8")


def _asked(peer: Peer, question_id: str, text: str) -> str:
    started = time.perf_counter()
    ranking = peer.rank(text)
    seconds = time.perf_counter() - started
    ordinals = [ordinal for ordinal, _ in ranking]
    return json.dumps([question_id, seconds, ordinals], ensure_ascii=False)


def _megabytes(taken: int | None) -> float | None:
    return taken / MEGABYTE if taken else None


def _stay_offline(event: str, arguments: tuple[Any, ...]) -> None:
    if event in REACHING_OUT:
        raise PermissionError(f"a peer reached for the network: {event}")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
