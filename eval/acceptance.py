"""``fuwen eval acceptance``: whether a store, such as a customer's Milvus, does all that ours does.

The current snapshot is put into it anew, under a name of its own, and is taken out again at the
end; what else is in that Milvus is not touched.
"""

from __future__ import annotations

import argparse
import json
import secrets
import shutil
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from eval.parity import CITIZENS, LEAST_EQUAL, LEAST_OVERLAP, Models, compared, copy
from eval.suite_arguments import BUILD
from kb.cli import program
from kb.errors import KbError, WrongUse
from kb.models.outside import embedder_of
from kb.models.reading import reading_model
from kb.settings import Settings
from kb.store.open import open_store
from kb.store.protocol import SnapshotReader, Store
from kb.text.tokens import subject_tokens

Tell = Callable[[str, bool, str], None]
PATIENCE = 60.0  # seconds in which what was published is to be served
LIMIT = 50  # passages that are asked for where the time is taken


def add_acceptance(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    program.add_data(parser)
    parser.add_argument("suite", type=Path, help="问题：一行一个 JSON，有 question")
    parser.add_argument(
        "--store", choices=("local", "milvus"), default="milvus", help="验收哪一种存储"
    )
    parser.add_argument("--questions", type=int, default=100, help="问多少个")
    parser.add_argument("--work", type=Path, help="快照放在哪个文件夹（各台都看得到的）；做完删去")
    parser.set_defaults(command=run)


def run(given: argparse.Namespace) -> int:
    """Try everything and tell; returns the exit code, 1 where anything fell short."""
    settings = program.settings(given)
    questions = _questions(given.suite, given.questions)
    work = given.work or BUILD / "acceptance"
    if work.exists():
        raise WrongUse(f"{work} 已经存在，做完会被删去；请用 --work 指定一个还没有的文件夹")
    name = f"acceptance_{secrets.token_hex(4)}"
    there = replace(settings, store=given.store, data=work, milvus_name=name)
    outcomes: list[bool] = []

    def tell(what: str, good: bool, told: str) -> None:
        outcomes.append(good)
        sys.stdout.write(f"{'通过' if good else '没有通过'}  {what}：{told}\n")
        sys.stdout.flush()

    ours, store = open_store(replace(settings, store="local")).current(), open_store(there)
    try:
        _tried(ours, store, questions, settings, tell)
    except KbError as error:
        tell("中断", False, str(error))
    finally:
        _taken_out(store, work)
    return program.FINE if all(outcomes) else 1


def _tried(
    ours: SnapshotReader, store: Store, questions: Sequence[str], settings: Settings, tell: Tell
) -> None:
    began = time.perf_counter()
    first = copy(ours, store)
    seconds = time.perf_counter() - began
    same = first.snapshot.passages == ours.snapshot.passages
    tell("编入", same, f"{first.snapshot.passages} 段，{seconds:.1f} 秒")
    models = Models(
        embedder=embedder_of(settings),
        reading=reading_model(settings.reader),
        settings=settings,
    )
    found = compared(questions, ours, first, models=models)
    least = f"前十至少 {LEAST_OVERLAP}、回答至少 {LEAST_EQUAL}"
    tell("与单机相同", found.kept, f"{json.dumps(asdict(found))}（{least}）")
    vectors = [models.embedder.question(question) for question in questions]
    _timed(first, questions, vectors, tell)
    _swapped(store, questions, tell)


def _timed(
    reader: SnapshotReader, questions: Sequence[str], vectors: Sequence[np.ndarray], tell: Tell
) -> None:
    """How long both searches take, one question after the other."""
    taken = []
    for question, vector in zip(questions, vectors, strict=True):
        began = time.perf_counter()
        reader.lexical(subject_tokens(question), limit=LIMIT, scope=CITIZENS)
        reader.nearest(vector, limit=LIMIT, scope=CITIZENS)
        taken.append(1000 * (time.perf_counter() - began))
    p50, p95 = np.percentile(taken, [50, 95])
    tell("两种检索", True, f"p50 {p50:.1f}、p95 {p95:.1f} 毫秒（不设门槛）")


def _swapped(store: Store, questions: Sequence[str], tell: Tell) -> None:
    """Publish, go back and prune while somebody asks."""
    old = store.current().snapshot
    gone = store.current().letters()[0].id
    failed, asked, ending = list[str](), [0], threading.Event()

    def asking() -> None:
        while not ending.is_set():
            for question in questions:
                try:
                    reader = store.current()
                    reader.lexical(subject_tokens(question), limit=LIMIT, scope=CITIZENS)
                    asked[0] += 1
                except KbError as error:
                    failed.append(str(error))
                if ending.is_set():
                    return

    somebody = threading.Thread(target=asking)
    somebody.start()
    try:
        with store.draft() as draft:
            draft.drop(gone)
            new = draft.publish()
        tell("换快照", _served(store, new.version), f"{old.version} → {new.version}")
        store.rollback(republish=True)  # what is gone is shown again only where that is meant
        tell("退回", _served(store, old.version), f"又是 {old.version}")
        with store.draft() as draft:
            draft.drop(gone)
            last = draft.publish()
        pruned = store.prune(1) if _served(store, last.version) else []
        good = {*pruned} == {old.version, new.version} and _served(store, last.version)
        tell("清理", good, f"删去 {'、'.join(pruned)}")
    finally:
        ending.set()
        somebody.join()
    told = f"问了 {asked[0]} 次，{len(failed)} 次失败{'：' + failed[0] if failed else ''}"
    tell("边换边问", bool(asked[0]) and not failed, told)


def _served(store: Store, version: str) -> bool:
    """True once ``version`` is served: whoever opens it first lets others go on with the older."""
    end = time.monotonic() + PATIENCE
    while store.current().snapshot.version != version:
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def _taken_out(store: Store, work: Path) -> None:
    """Nothing is left: neither collections nor files."""
    try:
        (work / "CURRENT").unlink(missing_ok=True)
        shutil.rmtree(work / "snapshots", ignore_errors=True)
        store.tidy()
    except KbError as error:
        sys.stderr.write(f"没有清理干净（{error}）；请删去名字以 acceptance_ 开头的集合\n")
    shutil.rmtree(work, ignore_errors=True)


def _questions(file: Path, most: int) -> list[str]:
    try:
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
        found = [str(row["question"]) for row in rows][:most]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WrongUse(f"{file} 读不出问题（{error}）；应是一行一个 JSON，有 question") from error
    if not found:
        raise WrongUse(f"{file} 里没有问题，或 --questions 不大于 0；请换一个")
    return found
