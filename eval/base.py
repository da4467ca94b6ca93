"""The suite's documents, indexed by the shipped command line in a process of its own."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from eval.record import Texts
from eval.suite import Document, Suite
from kb.errors import BadSnapshot, KbError, NoSnapshot, WrongUse
from kb.models.embedding import Embedder, model_name
from kb.models.outside import embedder_of
from kb.models.reading import ReadingModel, reading_model
from kb.settings import Settings
from kb.store.open import fingerprint, open_store
from kb.store.protocol import SnapshotReader

ROOT = Path(__file__).resolve().parent.parent
# What decides a snapshot besides its fingerprint: a change here indexes anew.
SHAPING = (
    "indexer/**/*.py",
    "kb/text/*.py",
    "kb/models/embedding.py",
    "kb/models/onnx.py",
    "kb/privacy/*.py",
    "kb/profiles/*",
)
MEMORY_EVERY = 0.1  # seconds between two looks at the indexer's memory


class NotIndexed(KbError):
    """The indexer failed as a whole."""

    status, code = 500, "not_indexed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexing:
    """What indexing cost: seconds, peak memory in bytes (None where /proc is absent).

    ``not_indexed`` are the files or lines that were refused: {file, code, message}.
    """

    key: str
    snapshot: str
    seconds: float
    peak_bytes: int | None
    not_indexed: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Base:
    """A suite's documents as the program serves them; ``data`` is the snapshots' folder."""

    data: Path
    reader: SnapshotReader
    embedder: Embedder
    settings: Settings
    indexing: Indexing
    readers: Readers

    @cached_property
    def letter_ids(self) -> tuple[str, ...]:
        """Every letter's id, in code point order."""
        return tuple(head.id for head in self.reader.letters())

    @cached_property
    def owner(self) -> npt.NDArray[np.int64]:
        """(passages,) the number in ``letter_ids`` of the letter that each passage is of."""
        owner = np.empty(self.reader.snapshot.passages, np.int64)
        for number, letter_id in enumerate(self.letter_ids):
            ordinals = self.reader.passages_of(letter_id)
            owner[ordinals.start : ordinals.stop] = number
        return owner

    @cached_property
    def texts(self) -> Texts:
        """Every letter's text, which is what offsets point into."""
        return {letter_id: self.reader.letter(letter_id).text for letter_id in self.letter_ids}

    @property
    def bytes_on_disk(self) -> int:
        """The size of the snapshot's folder."""
        folder = self.data / "snapshots" / self.reader.snapshot.version
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


class Readers:
    """The reading model that a question is asked with.

    ``folds`` is a folder with ``folds.json``, question id → name of a model folder beside it:
    the model that was trained without that question's document. Others get the one in force.
    """

    def __init__(self, settings: Settings, *, folds: Path | None = None) -> None:
        self._folds = (
            {
                question_id: str((folds / name).resolve())
                for question_id, name in _folds(folds / "folds.json")
            }
            if folds
            else {}
        )
        self._default = settings.reader

    @property
    def names(self) -> tuple[str, ...]:
        """What tells the models of the folds from any other; empty without folds."""
        return tuple(model_name(Path(folder)) for folder in sorted({*self._folds.values()}))

    def folder(self, question_id: str) -> str:
        """The folder of the model for one question, or "off"."""
        return self._folds.get(question_id, self._default)

    def __call__(self, question_id: str) -> ReadingModel | None:
        """The model for one question; None where none is used. Raises ModelUnusable."""
        return opened(self.folder(question_id))


opened = cache(reading_model)  # each loaded once


def _folds(path: Path) -> Sequence[tuple[str, str]]:
    try:
        folds = json.loads(path.read_text(encoding="utf-8")).items()
        return [(str(question_id), str(name)) for question_id, name in folds]
    except (ValueError, AttributeError) as error:
        raise WrongUse(f"{path} 不是“问题编号 → 模型文件夹”的 JSON 对象；请重新生成") from error


def build(suite: Suite, work: Path, *, settings: Settings, folds: Path | None = None) -> Base:
    """The suite's base in ``work``; indexed by ``python -m indexer`` unless it is there.

    ``folds`` holds the reading models of cross-validation (see ``Readers``).

    Raises NotIndexed.
    """
    settings = replace(settings, data=work / "data")
    inbox = suite.letters or _written(suite, work / "documents.jsonl")
    key = _key(inbox, settings)
    indexing = _known(work / "indexing.json", key, settings) or _indexed(inbox, work, key, settings)
    return Base(
        data=settings.data,
        reader=open_store(settings).current(),
        embedder=embedder_of(settings),
        settings=settings,
        indexing=indexing,
        readers=Readers(settings, folds=folds),
    )


def documents(base: Base) -> tuple[Document, ...]:
    """The letters of ``base`` as plain documents, which the same people may see."""
    letters = (base.reader.letter(letter_id) for letter_id in base.letter_ids)
    return tuple(
        Document(
            id=letter.id,
            text=letter.text,
            title=letter.title.value if letter.title else "",
            url=letter.url,
            publicity="" if letter.publicity == "public" else letter.publicity,
        )
        for letter in letters
    )


def _written(suite: Suite, path: Path) -> Path:
    """Write the documents as a bulk import; the same suite gives the same bytes."""
    rows = (
        {name: value for name, value in asdict(document).items() if value}
        | {"text": document.text or document.title}  # a title alone is what there is to find
        for document in suite.documents
    )
    content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def _key(inbox: Path, settings: Settings) -> str:
    """What tells whether an index that is there was made from the same things."""
    shaping = matched(SHAPING)
    files = sorted(inbox.rglob("*")) if inbox.is_dir() else [inbox]
    digest = hashlib.sha256(json.dumps(fingerprint(settings), sort_keys=True).encode())
    for path in (path for path in (*shaping, *files) if path.is_file()):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def matched(patterns: Sequence[str]) -> list[Path]:
    """The files below the repository that ``patterns`` name, in their order.

    Raises ValueError for a pattern that names none: files have moved, and what hashes them
    would take a stale result for a fresh one.
    """
    files = []
    for pattern in patterns:
        paths = [path for path in sorted(ROOT.glob(pattern)) if path.is_file()]
        if not paths:
            raise ValueError(f"{pattern} matches no file; correct the list that holds it")
        files += paths
    return files


def _known(path: Path, key: str, settings: Settings) -> Indexing | None:
    """What indexing cost when this very base was made, or None if it has to be made."""
    try:
        known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        current = open_store(settings).current().snapshot.version
    except (OSError, ValueError, NoSnapshot, BadSnapshot):  # not there, or not readable any more
        return None
    if (known.get("key"), known.get("snapshot")) != (key, current):
        return None
    return Indexing(**known | {"not_indexed": tuple(known["not_indexed"])})


def _indexed(inbox: Path, work: Path, key: str, settings: Settings) -> Indexing:
    command = [sys.executable, "-m", "indexer", "update", "--rebuild", "--json"]
    output = work / "indexer.json"
    output.parent.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    with output.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            [*command, "--data", str(settings.data), str(inbox)], stdout=file, cwd=ROOT
        )
        peak = watched(process)
    seconds = time.perf_counter() - started
    if process.returncode not in (0, 1):  # 1: indexed, with some files refused
        raise NotIndexed(f"编入失败（退出码 {process.returncode}）；原因见上面的输出")
    printed: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
    indexing = Indexing(
        key=key,
        snapshot=printed["snapshot"],
        seconds=round(seconds, 3),
        peak_bytes=peak,
        not_indexed=tuple(printed["refused"]),
    )
    (work / "indexing.json").write_text(
        json.dumps(asdict(indexing), ensure_ascii=False), encoding="utf-8"
    )
    return indexing


def watched(process: subprocess.Popen[Any]) -> int | None:
    """Wait for ``process``; its greatest resident memory in bytes, as Linux counts it.

    ``ru_maxrss`` would not do: it starts from the memory of the process that forked.
    """
    peak: int | None = None
    while process.poll() is None:
        peak = peak_memory(process.pid) or peak
        time.sleep(MEMORY_EVERY)
    return peak


def peak_memory(pid: int | str = "self") -> int | None:
    """The greatest resident memory of a process so far (VmHWM, proc(5)), in bytes."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return None
    peaks = [line.split() for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(peaks[0][1]) * 1024 if peaks else None
