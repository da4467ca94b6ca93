"""One machine at several sizes: disk, memory, opening, questions, and publishing one more letter.

Each size is measured in a process of its own, which has opened nothing else:
``python -m eval.bench.scale`` reads what to measure as JSON and prints what it found.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from eval.asking import CITIZENS
from eval.base import ROOT, Base
from eval.bench.synthetic import MADE, put_another
from eval.bench.table import rows_table
from kb.answer.ask import ask
from kb.environment import read
from kb.models.outside import embedder_of
from kb.query.directory import directory_of
from kb.query.understand import understood
from kb.settings import Settings
from kb.store.open import open_store
from kb.store.protocol import SnapshotReader

QUESTIONS = 50
MB = 1_000_000
# The rows of the table: what is measured, and the name of the figure.
ROWS = (
    ("编成（处理器秒）", "build_processor"),
    ("磁盘 MB", "disk"),
    ("打开（秒，核对校验和在内）", "open"),
    ("打开后内存 RSS / 其中不是文件 MB", "opened"),
    ("第一问（处理器毫秒）", "first"),
    ("一问 p50 / p95（处理器毫秒，不用阅读模型）", "asked"),
    ("一问 p50 / p95（毫秒，别的进程做的也在内）", "waited"),
    (f"{QUESTIONS} 问后内存 RSS / 其中不是文件 MB", "after"),
    ("加一份复文再发布（秒 / 处理器秒）", "publish"),
    ("为它多占的磁盘 MB", "added"),
)


@dataclass(frozen=True, slots=True)
class Job:
    """What a process is to measure: the data folder, and the questions that are asked of it."""

    data: str
    questions: list[str]


def scale(base: Base, folders: Sequence[Path], questions: Sequence[str]) -> dict[str, Any]:
    """What was measured of each of the data ``folders``, by the number of its passages."""
    found = {}
    for data in folders:
        job = Job(data=str(data.resolve()), questions=list(questions[:QUESTIONS]))
        done = subprocess.run(
            [sys.executable, "-m", "eval.bench.scale"],
            input=json.dumps(asdict(job)), stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT,
        )  # fmt: skip
        one = json.loads(done.stdout)
        found[one["passages"]] = one
    return found


def as_table(found: dict[str, Any]) -> str:
    """The figures, one column a size."""
    rows = [[label, *(_told(one[name]) for one in found.values())] for label, name in ROWS]
    return rows_table(rows, head=("一台机器", *(f"{passages} 段" for passages in found)))


def _told(value: float | list[float]) -> str:
    values = value if isinstance(value, list) else [value]
    return " / ".join(f"{one:.3g}" if one < 100 else f"{one:.0f}" for one in values)


def measured(job: Job) -> dict[str, Any]:
    """Open, ask, publish; what each took."""
    data = Path(job.data)
    settings = replace(read(os.environ), data=data)
    embedder = embedder_of(settings)
    vector = embedder.question("打开")  # what is loaded at the first question is of no size
    began = time.perf_counter()
    store = open_store(settings)
    reader = store.current()
    opened = time.perf_counter() - began
    found: dict[str, Any] = {
        "passages": reader.snapshot.passages,
        "letters": reader.snapshot.letters,
        "dim": len(vector),
        "build_processor": json.loads((data / MADE).read_text("utf-8"))["processor"],
        "disk": _disk(data / "snapshots" / reader.snapshot.version),
        "open": opened,
        "opened": _memory(),
    }

    def answer(question: str) -> tuple[float, float]:
        start = time.perf_counter(), time.process_time()
        known = directory_of(reader, CITIZENS)
        query = understood(question, known, settings=settings, reader=reader).query
        ask(query, reader, embedder, model=None, settings=settings)
        took = time.perf_counter() - start[0], time.process_time() - start[1]
        return 1000 * took[0], 1000 * took[1]

    (_, found["first"]), *rest = map(answer, job.questions)
    for name, taken in zip(("waited", "asked"), zip(*rest, strict=True), strict=True):
        found[name] = [median(taken), float(np.percentile(taken, 95))]
    found["after"] = _memory()
    return found | _published(data, reader, settings)


def _published(data: Path, reader: SnapshotReader, settings: Settings) -> dict[str, Any]:
    """What it takes to publish one letter more; then the version before it is current again."""
    store, before = open_store(settings), reader.snapshot.version
    store.current()
    began, processor = time.perf_counter(), time.process_time()
    with store.draft() as draft:
        put_another(draft, reader)
        version = draft.publish().version
    took = [time.perf_counter() - began, time.process_time() - processor]
    added = _disk(data / "snapshots" / version, new=True)
    store.rollback(before)
    store.prune(1)
    return {"publish": took, "added": added}


def _disk(folder: Path, *, new: bool = False) -> float:
    """Megabytes of the files in ``folder``, or of those that no other version has."""
    sizes = [path.stat() for path in folder.rglob("*") if path.is_file()]
    return sum(stat.st_size for stat in sizes if not new or stat.st_nlink == 1) / MB


def _memory() -> list[float]:
    """Resident megabytes of this process, and how many of them are no pages of files (proc(5))."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    sizes = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith("Rss")}
    whole = next(line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return [int(whole) * 1024 / MB, int(sizes["RssAnon"]) * 1024 / MB]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(Job(**json.load(sys.stdin)))))
