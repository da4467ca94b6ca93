"""``fuwen eval bench``: one table beside the peers, then how it serves, starts and grows."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from eval.base import Base, build
from eval.bench import short
from eval.bench.load import Loaded, distinct, load
from eval.bench.scale import as_table, scale
from eval.bench.served import served
from eval.bench.synthetic import made
from eval.bench.table import peers_table, rows_table
from eval.bench.turns import processor_ms
from eval.bench.ways import answering
from eval.peers import compare as peers_compare
from eval.peers.peer import words
from eval.suite import Suite
from eval.suite_arguments import BUILD, add_suite, places_of, suite_of
from kb.cli import program
from kb.errors import WrongUse
from kb.store.open import open_store

PEERS = ("bm25", "fuwen-no-reading", "txtai", "langchain", "haystack", "llamaindex")
SIZES = (5_000, 100_000)  # passages
AGAIN = 500  # questions that the server keeps the answers of, and that are asked again
WARM = 10  # questions before what is counted: what is loaded at the first is no one's delay
ASKED = 40  # questions at each size
DEFAULT = ("peers", "sizes", "load")
READING = ("off", "on")
PARTS = ("peers", "sizes", "scale", "load")


def add_bench(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_suite(parser)
    parser.add_argument("--short", action="store_true", help="只量几个稳的比例，明显变差就失败")
    parser.add_argument("--record", action="store_true", help="把 --short 这次的比例记下来")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=DEFAULT, help="只量这些")
    parser.add_argument(
        "--rate", type=float, nargs="+", default=[5.0, 100.0], help="每秒来几问，可以几个"
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="每个 --rate 问多久")
    parser.add_argument("--workers", type=int, default=1, help="fuwen serve 用几个进程")
    parser.add_argument(
        "--reading", nargs="+", choices=READING, default=READING, help="服务用不用阅读模型"
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="编几个段落，可以几个")
    parser.set_defaults(command=run)


def run(given: argparse.Namespace) -> int:
    """Measure and tell; returns the exit code, 1 where a ratio is clearly worse."""
    if min(*given.rate, given.seconds, given.workers, *given.sizes) <= 0:
        raise WrongUse("--rate、--seconds、--workers、--sizes 都应大于 0")
    suite, mark = suite_of(given)
    _, work = places_of(given, suite, mark)
    base = build(suite, work, settings=program.settings(given), folds=given.folds)
    if given.short:
        return _short(suite, base, record=given.record)
    out = given.out or BUILD / "bench" / suite.name
    out.mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = {}
    for part in given.parts:
        found[part], text = MEASURES[part](suite, base, out, given)
        _tell(f"{text}\n")
    (out / "bench.json").write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
    _tell(f"结果 {out / 'bench.json'}\n")
    return program.FINE


def _short(suite: Suite, base: Base, *, record: bool) -> int:
    if suite.letters is None:
        raise WrongUse(f"题集 {suite.name} 没有一个文件夹的复文可以编；请用 corpus")
    found = short.ratios(base, suite.questions, suite.letters)
    if record:
        short.record(found)
    before = short.recorded()
    _tell(short.as_text(found, before))
    return int(bool(short.worse(found, before)))


def _peers(suite: Suite, base: Base, out: Path, given: argparse.Namespace) -> tuple[Any, str]:
    shutil.rmtree(out / "peers", ignore_errors=True)  # times of now, not of another day
    outcome = peers_compare.run(
        suite,
        base,
        out=out,
        names=PEERS,
        settings=base.settings,
        seed=given.seed,
        tick=lambda name: sys.stderr.write(f"{name} 量过了\n"),
    )
    passages, embedding = outcome["passages"], outcome["embedding"]["processor"]
    ours = next((peer for peer in outcome["peers"] if peer["name"] == "fuwen"), None)
    if ours is None:
        raise WrongUse(f"没有可比的：{outcome['absent']['fuwen']}")
    whole = embedding + ours["index_processor_seconds"]
    return outcome, peers_table(outcome) + (
        f"- 每个核每秒编码 {passages / embedding:.1f} 段，连同建索引 {passages / whole:.1f} 段\n"
    )


def _sizes(suite: Suite, base: Base, out: Path, given: argparse.Namespace) -> tuple[Any, str]:
    """Processor time of a question at each size, the sizes and ways taking turns."""
    ways = {}
    for size in given.sizes:
        data = made(
            base.reader, BUILD / "bases", passages=size, settings=base.settings, seed=given.seed
        )
        own = replace(
            base, data=data, reader=open_store(replace(base.settings, data=data)).current()
        )
        ways[f"{size} 段，不用阅读模型"] = answering(own, reader=False)
        ways[f"{size} 段，用阅读模型"] = answering(own, reader=True)
    spent = processor_ms(suite.questions[:ASKED], ways, turns=2)
    found = {
        name: {"p50": median(taken), "p95": float(np.percentile(taken, 95))}
        for name, taken in spent.items()
    }
    rows = [[name, f"{at['p50']:.1f}", f"{at['p95']:.1f}"] for name, at in found.items()]
    return found, rows_table(rows, head=("一问的处理器毫秒", "p50", "p95"))


def _scale(suite: Suite, base: Base, out: Path, given: argparse.Namespace) -> tuple[Any, str]:
    """What each size takes of one machine."""
    folders = [
        made(base.reader, BUILD / "bases", passages=size, settings=base.settings, seed=given.seed)
        for size in given.sizes
    ]
    questions = [question.question for question in suite.questions]
    found = scale(base, folders, questions)
    return found, as_table(found)


def _load(suite: Suite, base: Base, out: Path, given: argparse.Namespace) -> tuple[Any, str]:
    """The smallest size under load: questions that are new, then some of them again."""
    size = min(given.sizes)
    data = made(
        base.reader, BUILD / "bases", passages=size, settings=base.settings, seed=given.seed
    )
    rows: list[list[str]] = []
    found: list[dict[str, Any]] = []
    for reading in given.reading:
        reader, name = reading == "on", "用阅读模型" if reading == "on" else "不用阅读模型"
        fresh = _questions(suite, base)
        with served(data, reader=reader, workers=given.workers) as server:
            load(server, list(islice(fresh, WARM)), rate=min(given.rate))
            start = f"就绪 {server.ready:.1f} 秒（处理器 {server.ready_processor:.1f}）"
            for rate in given.rate:
                asked = list(islice(fresh, max(1, round(rate * given.seconds))))
                one = load(server, asked, rate=rate)
                again = load(server, asked[-AGAIN:], rate=rate)
                rows += [_row(f"{name}，新的", one), _row(f"{name}，问过的", again)]
                found += [{"name": name, "new": asdict(one), "again": asdict(again)}]
            rows.append([f"{name}：{start}，内存 {server.megabytes:.0f} MB", *[""] * 7])
    head = (
        "服务，开环",
        "每秒来几问",
        "答了几问/秒",
        "叫回去的",
        "p50 毫秒",
        "p95 毫秒",
        "处理器毫秒/问",
        "一个核每秒至多",
    )
    return found, f"{size} 段，{given.workers} 个进程\n\n" + rows_table(rows, head=head)


def _row(name: str, one: Loaded) -> list[str]:
    return [
        f"{name}（{one.asked}）",
        f"{one.rate:g}",
        f"{one.reached:.1f}",
        f"{one.refused:.1%}",
        f"{one.p50:.0f}",
        f"{one.p95:.0f}",
        f"{one.processor_ms:.1f}",
        f"{1000 / one.processor_ms:.0f}",
    ]


def _questions(suite: Suite, base: Base) -> Iterator[str]:
    """Questions, each of them new: those of the suite, then about each word of its letters."""
    texts = [base.reader.letter(head.id).text for head in base.reader.letters()]
    known = dict.fromkeys(word for text in texts for word in words(text) if len(word) > 1)
    asked: Sequence[str] = [question.question for question in suite.questions]
    return distinct(asked, list(known))


def _tell(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


MEASURES = {"peers": _peers, "sizes": _sizes, "scale": _scale, "load": _load}
