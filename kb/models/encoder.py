"""The bundled encoder's tokenizer and network, run by tokenizers and onnxruntime alone."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

from kb.models.session import session
from kb.types import Span, Vectors

GRAPH, TOKENIZER = "model.onnx", "tokenizer.json"
MAX_TOKENS = 512  # positions that multilingual-e5-small was trained with
Ids = npt.NDArray[np.int64]


class Encoder:
    """``model.onnx`` and ``tokenizer.json`` of one folder, each run shared by so many ``threads``.

    onnxruntime and tokenizers raise exceptions of every kind for files that they cannot use.
    """

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        pad = self._tokenizer.token_to_id("<pad>")
        self._tokenizer.enable_padding(pad_id=pad, pad_token="<pad>")
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._session: Any = session(folder / GRAPH, threads=threads)

    def tokens(self, texts: Sequence[str]) -> list[Encoding]:
        """The tokens of each text, cut at ``MAX_TOKENS`` and padded to the longest text's."""
        return self._tokenizer.encode_batch(list(texts))

    def hidden(self, ids: Ids, mask: Ids) -> Vectors:
        """Token embeddings, ``(texts, tokens, 384) float32``, of ``(texts, tokens)`` ids."""
        feed = {"input_ids": ids, "attention_mask": mask}
        (found,) = self._session.run(["token_embeddings"], feed)
        return np.asarray(found)

    def vectors(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> list[tuple[Vectors, Vectors]]:
        """Of each text its vector, (dim,), and those of the spans in it, (spans, dim)."""
        tokens = self.tokens(texts)
        ids, mask = ids_and_mask(tokens)
        rows = zip(self.hidden(ids, mask), mask.astype(bool), tokens, spans, strict=True)
        found = []
        for hidden, real, token, inner in rows:
            whole = mean(hidden, real)
            found.append((whole, span_means(hidden, token.offsets, inner, whole=whole)))
        return found


def ids_and_mask(tokens: Sequence[Encoding]) -> tuple[Ids, Ids]:
    """What the network reads: ids, and 1 for a token of the text, 0 for padding."""
    return np.array([t.ids for t in tokens]), np.array([t.attention_mask for t in tokens])


def mean(hidden: Vectors, inside: npt.NDArray[np.bool_]) -> Vectors:
    """The mean of the rows of ``hidden``, (tokens, dim), that are ``inside``; of unit length."""
    found = hidden[inside].mean(axis=0)
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
        row[:] = mean(hidden, inside) if inside.any() else whole
    return rows
