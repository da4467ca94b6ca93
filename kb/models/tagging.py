"""The tagging model: a letter is read once, and each part of its clauses told from what it says.

Weights and tokenizer lie in one folder (``model.onnx``, ``tokenizer.json``, ``weights.json``); its
model card says how they were made. What the model reads is built here for training too.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from kb.errors import ModelUnusable
from kb.models.embedding import model_name
from kb.settings import OFF
from kb.text.traditional import simplified
from kb.types import Span

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENS = 254  # of a window, without its two marks
STEP = 170  # tokens from a window to the next, so that each part is well inside of one
Odds = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Token ids of a stretch of a letter; ``parts`` are (number, first token, token behind)."""

    ids: list[int]
    parts: list[tuple[int, int, int]]

    def inside(self) -> npt.NDArray[np.float32]:
        """``(parts, tokens)``: 1 where a token is of a part."""
        found = np.zeros((len(self.parts), len(self.ids)), np.float32)
        for row, (_, first, end) in zip(found, self.parts, strict=True):
            row[first:end] = 1
        return found

    def depth(self, first: int, end: int) -> int:
        """How far tokens are from the window's nearer border."""
        return min(first, len(self.ids) - end)


def windows(tokenizer: Tokenizer, text: str, places: Sequence[Span]) -> Iterator[Window]:
    """The stretches of ``text`` that have any of ``places``, which are in order; one may be in two.

    A place without a token of its own is in none.
    """
    read = tokenizer.encode(simplified(text), add_special_tokens=False)
    begin, end = tokenizer.encode("").ids
    starts, ends = [a for a, _ in read.offsets], [b for _, b in read.offsets]
    tokens = []
    for number, place in enumerate(places):
        first = bisect_left(ends, place.start + 1)
        last = bisect_left(starts, place.end)
        if first < last:
            tokens.append((number, first, last))
    for at in range(0, max(1, len(starts) - (TOKENS - STEP)), STEP):
        stop = at + TOKENS
        own = [(n, a - at + 1, min(b, stop) - at + 1) for n, a, b in tokens if at <= a < stop]
        if own:
            yield Window(ids=[begin, *read.ids[at:stop], end], parts=own)


class TaggingModel(Protocol):
    """The places of a letter's parts in, what is said of each out."""

    @property
    def name(self) -> str:
        """What tells this model from any other."""
        ...

    def odds(self, text: str, places: Sequence[Span]) -> list[Odds]:
        """Log-odds that each of ``places``, which are in order, begins a promise, that it goes
        on with one, to be added to what else is known of it.
        """
        ...


def tagging_model(folder: str) -> TaggingModel | None:
    """The tagging model in ``folder``, or None where that is "off". Raises ModelUnusable."""
    return None if folder == OFF else OnnxTagger(folder)


class OnnxTagger:
    """A tagging model from a local folder, run by onnxruntime once it is asked.

    Raises ModelUnusable.
    """

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        self.name = model_name(self._folder)

    @cached_property
    def _loaded(self) -> tuple[Tokenizer, Any, Mapping[str, float]]:
        """The tokenizer, the session, and how what it says is weighed."""
        try:
            # Imported here: whoever only looks at a letter shall not wait for it.
            from kb.models.reading import load_tokenizer
            from kb.models.session import session

            weights = json.loads((self._folder / "weights.json").read_bytes())
            return (
                load_tokenizer(self._folder),
                session(self._folder / "model.onnx"),
                {name: float(weights[name]) for name in ("share", "eager")},
            )
        except Exception as error:  # tokenizers and onnxruntime raise bare Exceptions
            raise ModelUnusable(
                f"承诺模型 {self._folder} 无法载入（{error}）；请检查文件夹是否完整"
            ) from error

    def odds(self, text: str, places: Sequence[Span]) -> list[Odds]:
        tokenizer, network, weights = self._loaded
        found: list[Odds] = [(0.0, 0.0)] * len(places)
        best = [-1] * len(places)
        for window in windows(tokenizer, text, places):
            feed = {"input_ids": np.array([window.ids], np.int64), "inside": window.inside()}
            (rows,) = network.run(["odds"], feed)
            told = weights["share"] * rows + weights["eager"]
            for (number, first, end), (begins, goes_on) in zip(window.parts, told, strict=True):
                if window.depth(first, end) > best[number]:
                    best[number] = window.depth(first, end)
                    found[number] = float(begins), float(goes_on)
        return found
