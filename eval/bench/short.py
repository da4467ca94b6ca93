"""The few ratios that a noisy machine cannot shift by much, and what was recorded of them.

All of processor time, in one process, the ways taking turns.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from eval.base import ROOT, Base
from eval.bench.turns import processor_ms
from eval.bench.ways import answering
from eval.peers.inputs import passages
from eval.peers.peer import Tools
from eval.peers.table import PEERS
from eval.suite import Question
from kb.errors import KbError, WrongUse
from kb.store.open import open_store

RECORDED = Path(__file__).with_name("recorded.json")
WORSE = 1.6  # times what is recorded: a clear regression, and no whim of the machine
QUESTIONS, TURNS = 16, 2
LETTERS = 20  # that are indexed anew: the start of the program counts for little beside them

LABELS: Mapping[str, str] = {
    "question": "一问（不用阅读模型）÷ rank-bm25 排一次",
    "reading": "一问（用阅读模型）÷ 只算问题的向量",
    "indexing": "编入一段 ÷ 只编码这一段",
}


class NotMeasured(KbError):
    """The indexer, whose time was to be measured, failed."""

    status, code = 500, "not_measured"


def ratios(base: Base, questions: Sequence[Question], inbox: Path) -> dict[str, float]:
    """The ratios of LABELS over the suite's ``base``; a part of ``inbox`` is indexed anew."""
    return {**_asking(base, questions[:QUESTIONS]), "indexing": _indexing(base, inbox)}


def _asking(base: Base, questions: Sequence[Question]) -> dict[str, float]:
    bm25 = PEERS["bm25"].make(Tools(embedder=base.embedder, settings=base.settings, work=base.data))
    bm25.build(list(passages(base.reader)), base.reader.vectors(()))
    spent = processor_ms(
        questions,
        {
            "alone": answering(base, reader=False),
            "reading": answering(base, reader=True),
            "bm25": lambda question: bm25.rank(question.question),
            "vector": lambda question: base.embedder.question(question.question),
        },
        turns=TURNS,
    )
    middle = {name: median(taken) for name, taken in spent.items()}
    return {
        "question": middle["alone"] / middle["bm25"],
        "reading": middle["reading"] / middle["vector"],
    }


def _indexing(base: Base, inbox: Path) -> float:
    """Processor time of ``python -m indexer update`` a passage, as a multiple of embedding it."""
    files = sorted(path for path in inbox.iterdir() if path.suffix == ".txt")[:LETTERS]
    if not files:
        raise WrongUse(f"{inbox} 里没有 .txt 的复文；请换一个题集，如 corpus")
    with tempfile.TemporaryDirectory() as folder:
        data, own = Path(folder, "data"), Path(folder, "inbox")
        own.mkdir()
        for path in files:
            (own / path.name).write_bytes(path.read_bytes())
        whole = _processor_of("indexer", "update", str(own), "--data", str(data))
        reader = open_store(replace(base.settings, data=data)).current()
        letters = [reader.letter(head.id) for head in reader.letters()]
        cut = {
            letter.id: [reader.passage(n) for n in reader.passages_of(letter.id)]
            for letter in letters
        }
        spent = processor_ms(
            letters,
            {"embedding": lambda letter: base.embedder.passages(letter, cut[letter.id])},
            turns=1,
        )
    return whole / (sum(spent["embedding"]) / 1000)


def _processor_of(*words: str) -> float:
    """Seconds of processor time of ``python -m`` with ``words``, its children included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    if ended.returncode:
        raise NotMeasured(f"python -m {' '.join(words)} 退出码 {ended.returncode}：{ended.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def recorded(path: Path = RECORDED) -> dict[str, float]:
    """The ratios that were recorded."""
    known: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
    return known


def record(found: Mapping[str, float], path: Path = RECORDED) -> None:
    """Keep the ratios, to be compared with from now on."""
    rounded = {name: round(value, 2) for name, value in found.items()}
    path.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")


def worse(found: Mapping[str, float], before: Mapping[str, float]) -> list[str]:
    """The names of the ratios that are clearly worse than ``before``."""
    return [name for name in LABELS if found[name] > WORSE * before[name]]


def as_text(found: Mapping[str, float], before: Mapping[str, float]) -> str:
    """A table of the ratios, and whether one is clearly worse."""
    lines = ["| 处理器时间之比 | 这次 | 记下的 | 倍 | |", "| --- | ---: | ---: | ---: | --- |"]
    bad = worse(found, before)
    for name, label in LABELS.items():
        mark = f"变差：超过 {WORSE} 倍" if name in bad else ""
        lines.append(
            f"| {label} | {found[name]:.2f} | {before[name]:.2f}"
            f" | {found[name] / before[name]:.2f} | {mark} |"
        )
    return "\n".join(lines) + "\n"
