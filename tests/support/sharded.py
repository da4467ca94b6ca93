"""Indexing ahead in tests: a runner in this very process, fake embedders, what a base holds."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

from indexer.report import Report, as_object
from indexer.shards import work
from indexer.shards.runner import Call, Runner, attempt, failed
from indexer.whole import Base, indexed
from kb.models.embedding import Embedder
from kb.settings import Settings
from kb.store.local.store import LocalStore
from kb.text.tokens import tokens
from tests.support.asking import FakeModel, letter_text
from tests.support.tables import as_csv

CORPUS = Path(__file__).resolve().parents[2] / "corpus" / "letters"
SMALL = 100  # characters of a slice: one letter
REGISTER = [
    ["提案号", "案由", "提案人", "主办单位", "会办单位", "办理结果", "办理期限"],
    ["86", "关于加快养老服务的提案", "黄丽", "市民政局", "", "A", "2025-08-31"],
]


class Inline:
    """``Runner`` that makes one call after the other here; ``most`` before it is broken off."""

    def __init__(self, most: int | None = None) -> None:
        self.most = most
        self.made: list[str] = []

    def __enter__(self) -> Inline:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def run(self, calls: Sequence[Call]) -> Iterator[int]:
        for number, call in enumerate(calls):
            if self.most is not None and len(self.made) >= self.most:
                raise KeyboardInterrupt
            if fault := attempt(call):
                raise failed(fault)
            self.made.append(call.func.__name__)  # type: ignore[attr-defined]
            yield number


def fake(model: str) -> Embedder:
    """As ``FakeModel``; every process has its own."""
    return FakeModel()


class Dying(FakeModel):
    """Kills its process: once, where ``KILLED`` names a file that is not there, else always."""

    def passages(self, letter, passages):  # type: ignore[no-untyped-def]
        mark = os.environ.get("KILLED", "")
        if not mark or not Path(mark).exists():
            if mark:
                Path(mark).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().passages(letter, passages)


def dying(model: str) -> Embedder:
    """As ``Dying``."""
    return Dying()


class Slow(FakeModel):
    """Takes a while for every letter, and names its process in the folder ``SLOW``."""

    def passages(self, letter, passages):  # type: ignore[no-untyped-def]
        Path(os.environ["SLOW"], str(os.getpid())).touch()
        time.sleep(0.5)
        return super().passages(letter, passages)


def slow(model: str) -> Embedder:
    """As ``Slow``."""
    return Slow()


def base(
    folder: Path,
    runner: Runner | None = None,
    *,
    model: FakeModel | None = None,
    load: Callable[[str], Embedder] = fake,
) -> Base:
    """A base in ``folder``, indexed by ``runner``."""
    settings = replace(Settings(), data=folder)
    store = LocalStore(folder, fingerprint={"model": "fake"}, tokenize=tokens)
    return Base(
        settings=settings, store=store, embedder=model or FakeModel(), runner=runner, load=load
    )


def inbox_of(folder: Path, *, every: int = 1) -> Path:
    """One sample letter of ``every`` so many, and whatever else may come: all kinds of faults."""
    folder.mkdir()
    for path in sorted(CORPUS.iterdir())[::every]:
        shutil.copyfile(path, folder / path.name)
    rows = [
        {"id": "行1", "text": letter_text("云民函〔2024〕71号", proposal="171")},
        {"id": "行2", "text": ""},
        {"id": "坏/../号", "text": letter_text("云民函〔2024〕72号", proposal="172")},
        {"id": "公交出行.pdf", "text": letter_text("云民函〔2024〕73号", proposal="173")},
        {"id": "行3", "text": letter_text("云民函〔2024〕74号", proposal="174")},
    ]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    (folder / "大批.jsonl").write_text("\n".join([*lines, "{坏"]) + "\n", "utf-8")
    (folder / "交办.csv").write_bytes(as_csv(REGISTER))
    (folder / "坏的.docx").write_bytes(b"PK\x03\x04 this is none")
    several = "\n".join(letter_text(f"云民函〔2024〕{n}号", proposal=f"{n}") for n in (61, 62))
    (folder / "两份.txt").write_text(several, "utf-8")
    (folder / "空的.txt").write_bytes(b"")
    return folder


def contents(base: Base) -> dict[str, Any]:
    """All that the current snapshot of ``base`` holds, but for when it was made."""
    reader = base.store.current()
    folder = base.settings.data / "snapshots" / reader.snapshot.version
    found: dict[str, Any] = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.npy"))
    }
    found["fingerprint"] = dict(reader.snapshot.fingerprint)
    found["files"] = len(reader.snapshot.files)  # Tantivy names its own at random
    found["counts"] = (reader.snapshot.letters, reader.snapshot.passages)
    with closing(sqlite3.connect(folder / "letters.db")) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({name})")]
            kept = ", ".join(column for column in columns if column != "taken_in")
            found[name] = sorted(db.execute(f"SELECT {kept} FROM {name}").fetchall())
    with closing(sqlite3.connect(base.settings.data / "vectors.db")) as db:
        found["cache"] = sorted(db.execute("SELECT key, letter, rows FROM vector").fetchall())
    return found


def told(report: Report) -> dict[str, Any]:
    """What a report tells, but for when."""
    return {**as_object(report), "snapshot": "", "seconds": 0, "tally": asdict(report.tally)}


def both(inbox: Path, one: Base, other: Base, *, rebuild: bool = False) -> tuple[Report, Report]:
    """Index ``inbox`` into two bases and see that nothing differs."""
    reports = indexed([inbox], one, rebuild=rebuild), indexed([inbox], other, rebuild=rebuild)
    assert told(reports[0]) == told(reports[1])
    assert_same(one, other)
    return reports


def assert_same(one: Base, other: Base) -> None:
    """Fail with what differs between two bases."""
    left, right = contents(one), contents(other)
    assert left.keys() == right.keys()
    for name, value in left.items():
        assert value == right[name], name


def small(monkeypatch: Any) -> None:
    """Cut slices of ``SMALL`` characters in this test."""
    monkeypatch.setattr("indexer.whole.Terms", partial(work.Terms, slice_characters=SMALL))
