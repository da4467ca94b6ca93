"""The one door to embedding models: sentence-transformers, offline."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from kb.errors import ModelUnusable
from kb.settings import BUNDLED_MODEL
from kb.types import Letter, Passage, Span, Vectors

BATCH = 8  # passages a batch, sorted by length; larger batches were no faster on two cores


class Embedder(Protocol):
    """Texts in, unit vectors out."""

    @property
    def name(self) -> str:
        """What tells this model from any other: part of the snapshot's fingerprint."""
        ...

    def question(self, text: str) -> Vectors:
        """The vector of a question, ``(dim,) float32``."""
        ...

    def passages(
        self, letter: Letter, passages: Sequence[Passage]
    ) -> tuple[Vectors, list[Vectors]]:
        """``(n, dim)`` passage vectors, and ``(sentences, dim)`` for each passage."""
        ...


def surroundings(letter: Letter, passage: Passage) -> str:
    """What stands in front of a passage when it is embedded: title and heading path."""
    title = letter.title.value if letter.title else ""
    subject = letter.value("proposal_title") or ""
    return "\n".join([*dict.fromkeys(filter(None, (title, subject, *passage.headings))), ""])


class SentenceModel:
    """A sentence-transformers model from a local folder.

    With the bundled encoder a sentence's vector is the mean of its tokens in the pass over
    the whole passage (late chunking, arXiv 2409.04701): it knows what it stands among and
    costs nothing extra. Any other model embeds each sentence by itself. The weights are
    loaded when they are first needed, which takes seconds.
    """

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        self.name = model_name(self._folder)

    @cached_property
    def _model(self) -> Any:
        return _load(self._folder)

    @cached_property
    def _encoder(self) -> Any:
        return self._model[0]

    @property
    def _late(self) -> bool:
        return hasattr(self._encoder, "token_spans")

    def question(self, text: str) -> Vectors:
        return self._encode([text], query=True).reshape(-1)

    def passages(
        self, letter: Letter, passages: Sequence[Passage]
    ) -> tuple[Vectors, list[Vectors]]:
        prefixes = [surroundings(letter, passage) for passage in passages]
        texts = [
            p + passage.span.of(letter.text) for p, passage in zip(prefixes, passages, strict=True)
        ]
        rows: list[tuple[Vectors, Vectors]] = [(np.empty(0, np.float32),) * 2] * len(texts)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for first in range(0, len(order), BATCH):
            batch = order[first : first + BATCH]
            spans = [_shifted(passages[i], by=len(prefixes[i])) for i in batch]
            for i, row in zip(batch, self._batch([texts[i] for i in batch], spans), strict=True):
                rows[i] = row
        return np.stack([row[0] for row in rows]), [row[1] for row in rows]

    def _batch(self, texts: list[str], spans: list[list[Span]]) -> list[tuple[Vectors, Vectors]]:
        if not self._late:
            whole = self._encode(texts, query=False)
            parts = [
                self._encode([s.of(t) for s in row], query=False)
                for t, row in zip(texts, spans, strict=True)
            ]
            return list(zip(whole, parts, strict=True))
        prompt = self._model.prompts["document"]
        outputs: Any = self._model.encode_document(
            texts, batch_size=len(texts), output_value=None, show_progress_bar=False
        )
        tokens = self._encoder.token_spans(texts, prompt)
        pooled = []
        for output, places, row in zip(outputs, tokens, spans, strict=True):
            hidden = output["token_embeddings"].numpy()
            whole = output["sentence_embedding"].numpy()
            pooled.append((whole, _pool(hidden, places, row, whole)))
        return pooled

    def _encode(self, texts: list[str], *, query: bool) -> Vectors:
        encode = self._model.encode_query if query else self._model.encode_document
        rows = encode(texts, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(rows, dtype=np.float32)


def _shifted(passage: Passage, *, by: int) -> list[Span]:
    shift = by - passage.span.start
    return [Span(start=s.start + shift, end=s.end + shift) for s in passage.sentences]


def _pool(
    hidden: Vectors, places: Sequence[tuple[int, int]], spans: Sequence[Span], whole: Vectors
) -> Vectors:
    """The mean token of each span, unit length; the whole's where truncation left no token."""
    starts = np.array([start for start, _ in places])
    ends = np.array([end for _, end in places])
    rows = np.empty((len(spans), hidden.shape[1]), np.float32)
    for row, span in zip(rows, spans, strict=True):
        inside = (starts < span.end) & (ends > span.start) & (ends > starts)
        mean = hidden[: len(places)][inside].mean(axis=0) if inside.any() else whole
        row[:] = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return rows


def _load(path: Path) -> Any:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # deprecations inside the libraries, not ours
            from sentence_transformers import SentenceTransformer

            # Only the bundled folder may name a module of ours; nobody else's code is run.
            ours = path.resolve() == BUNDLED_MODEL.resolve()
            return SentenceTransformer(
                str(path), device="cpu", local_files_only=True, trust_remote_code=ours
            )
    except Exception as error:  # tokenizers and onnxruntime raise bare Exceptions for bad files
        raise ModelUnusable(f"向量模型 {path} 无法载入（{error}）；请检查文件夹是否完整") from error


def model_name(path: Path) -> str:
    """The folder's name and a digest of its configuration and the size of every file."""
    if not path.is_dir():
        raise ModelUnusable(
            f"模型 {path} 不是本机上的文件夹；请把 KB_MODEL、KB_READER 指向已下载的模型，或取消设置"
        )
    digest = hashlib.sha256()
    for file in sorted(p for p in path.rglob("*") if p.is_file() and p.suffix != ".md"):
        digest.update(f"{file.relative_to(path)}:{file.stat().st_size}\n".encode())
        if file.stat().st_size < 1_000_000:
            digest.update(file.read_bytes())
    return f"{path.name}:{digest.hexdigest()[:16]}"
