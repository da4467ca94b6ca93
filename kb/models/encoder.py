"""The bundled encoder's tokenizer and network, run by tokenizers and onnxruntime alone."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Encoding, Tokenizer

from kb.models.session import session
from kb.types import Span, Vectors

GRAPH, TOKENIZER = "model.onnx", "tokenizer.json"
MAX_TOKENS = 512  # positions that multilingual-e5-small was trained with


class Encoder:
    """``model.onnx`` and ``tokenizer.json`` of one folder, one text at a time, on one core.

    Whoever has several texts runs them beside each other, in threads of their own.
    onnxruntime and tokenizers raise exceptions of every kind for files that they cannot use.
    """

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._session: Any = session(folder / GRAPH, threads=1)

    def tokens(self, text: str) -> Encoding:
        """The tokens of ``text``, cut at ``MAX_TOKENS``."""
        return self._tokenizer.encode(text)

    def hidden(self, ids: Sequence[int]) -> Vectors:
        """Token embeddings, ``(tokens, 384) float32``, of one text's ids: the graph has no mask."""
        (found,) = self._session.run(["token_embeddings"], {"input_ids": np.array([ids])})
        return np.asarray(found[0])

    def vectors(self, text: str, spans: Sequence[Span] = ()) -> tuple[Vectors, Vectors]:
        """The vector of ``text``, (dim,), and those of ``spans`` in it, (spans, dim)."""
        tokens = self.tokens(text)
        hidden = self.hidden(tokens.ids)
        whole = mean(hidden)
        return whole, span_means(hidden, tokens.offsets, spans, whole=whole)


def mean(hidden: Vectors) -> Vectors:
    """The mean of the rows of ``hidden``, (tokens, dim), of unit length."""
    found = hidden.mean(axis=0)
    unit: Vectors = found / max(float(np.linalg.norm(found)), 1e-9)
    return unit


def span_means(
    hidden: Vectors, places: Sequence[tuple[int, int]], spans: Sequence[Span], *, whole: Vectors
) -> Vectors:
    """The mean of each span's tokens, ``(spans, dim)``; ``whole`` where truncation left none.

    ``places`` say where the tokens stand in the text that ``spans`` are of, in code points.
    """
    starts, ends = np.array(places).T
    rows = np.empty((len(spans), len(whole)), np.float32)
    for row, span in zip(rows, spans, strict=True):
        inside = (starts < span.end) & (ends > span.start) & (ends > starts)
        row[:] = mean(hidden[inside]) if inside.any() else whole
    return rows
