"""The reading model: one pass over a question and a passage says whether and where it answers.

Weights and tokenizer lie in one folder (``model.onnx``, ``tokenizer.json``); its model card
says how they were made. What the model reads is built here for training too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from kb.errors import ModelUnusable
from kb.models.embedding import model_name, surroundings
from kb.settings import OFF
from kb.text.traditional import simplified
from kb.types import Letter, Passage, Span

QUESTION_TOKENS, CONTEXT_TOKENS, TOKENS = 96, 48, 512
NODES = ("input_ids", "relevance", "start", "end")  # of the graph, in and out
ANSWER_TOKENS = 256  # a longer span is no answer
Logits = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A question with a passage as tokens: ``<s> query: 问 </s> above </s> passage </s>``.

    ``offsets`` say where the passage's tokens, which begin at token ``first``, stand in the
    passage, in code points. What is too long for ``TOKENS`` is cut at the passage's end.
    """

    ids: list[int]
    first: int
    offsets: list[tuple[int, int]]


def load_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer in ``folder``, neither padding nor truncating."""
    made = Tokenizer.from_file(str(folder / "tokenizer.json"))
    made.no_padding()
    made.no_truncation()
    return made


def pair(tokenizer: Tokenizer, question: str, above: str, passage: str) -> Pair:
    """What the model reads; ``above`` is the passage's title and heading path."""
    end: int = tokenizer.encode("").ids[-1]  # </s>
    asked = tokenizer.encode("query: " + question).ids[:QUESTION_TOKENS]
    context = tokenizer.encode(above.strip(), add_special_tokens=False).ids[:CONTEXT_TOKENS]
    words = tokenizer.encode(passage, add_special_tokens=False)
    head = [*asked, *context, end]
    room = TOKENS - len(head) - 1
    return Pair(ids=[*head, *words.ids[:room], end], first=len(head), offsets=words.offsets[:room])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the model says of one passage.

    ``relevance`` is the log-odds that the passage answers. ``starts`` and ``ends`` are logits
    by token, comparable between the passages of one question; ``places`` are the tokens'
    places in ``Letter.text``, ``lines`` the number of the line that each stands in.
    """

    relevance: float
    starts: Logits
    ends: Logits
    places: tuple[Span, ...]
    lines: npt.NDArray[np.int64]

    def spans(self, most: int) -> list[tuple[Span, float]]:
        """The best spans that do not overlap, with start plus end logit, best first.

        A span ends in the line that it begins in: an answer of several lines is several spans.
        """
        if not self.places:
            return []
        count = len(self.places)
        scores = self.starts[:, None] + self.ends[None, :]
        rows = np.arange(count)
        length = rows[None, :] - rows[:, None]
        lawful = (length >= 0) & (length < ANSWER_TOKENS)
        lawful &= self.lines[:, None] == self.lines[None, :]
        scores = np.where(lawful, scores, -np.inf)
        found: list[tuple[Span, float]] = []
        while len(found) < most and np.isfinite(best := scores.max()):
            start, end = np.unravel_index(int(scores.argmax()), scores.shape)
            span = Span(start=self.places[start].start, end=self.places[end].end)
            if span.end > span.start:
                found.append((span, float(best)))
            scores[: end + 1, start:] = -np.inf  # whatever begins before its end and ends in it
        return found


Weights = Mapping[str, Mapping[str, float]]


class ReadingModel(Protocol):
    """A question and a passage in, a reading out."""

    @property
    def name(self) -> str:
        """What tells this model from any other."""
        ...

    @property
    def weights(self) -> Weights:
        """Logistic models over its readings: which ``passage`` holds the answer, which
        ``span`` it is, and whether there is one at all (``decision``).
        """
        ...

    def read(self, question: str, letter: Letter, passage: Passage) -> Reading:
        """What it says of ``passage`` of ``letter``."""
        ...


def reading_model(folder: str) -> ReadingModel | None:
    """The reading model in ``folder``, or None where that is "off". Raises ModelUnusable."""
    return None if folder == OFF else OnnxReader(folder)


class OnnxReader:
    """A reading model from a local folder, run by onnxruntime. Raises ModelUnusable."""

    def __init__(self, folder: str) -> None:
        self.name = model_name(Path(folder))
        try:
            # Imported here: whoever only looks at a letter shall not wait for it.
            from kb.models.session import session

            self._session: Any = session(Path(folder) / "model.onnx")
            nodes = (*self._session.get_inputs(), *self._session.get_outputs())
            names = tuple(node.name for node in nodes)
            if names != NODES:  # a model that an earlier program made, or one of another kind
                raise ValueError(
                    f"输入和输出是 {'、'.join(names)}，不是 {'、'.join(NODES)}；"
                    "旧的请用 make reader 重造"
                )
            self._tokenizer = load_tokenizer(Path(folder))
            self.weights: Weights = json.loads((Path(folder) / "weights.json").read_bytes())
            if "fits" not in self.weights["span"]:
                raise ValueError("weights.json 是旧版程序拟合的；请用 make reader 重造")
        except Exception as error:  # tokenizers and onnxruntime raise bare Exceptions
            raise ModelUnusable(
                f"阅读模型 {folder} 无法载入（{error}）；请检查文件夹是否完整"
            ) from error

    def read(self, question: str, letter: Letter, passage: Passage) -> Reading:
        words = simplified(passage.span.of(letter.text))
        above = simplified(surroundings(letter, passage))
        made = pair(self._tokenizer, question, above, words)
        ids = np.array([made.ids], dtype=np.int64)
        relevance, starts, ends = self._session.run(NODES[1:], {NODES[0]: ids})
        own = slice(made.first, made.first + len(made.offsets))
        return Reading(
            relevance=float(relevance[0]),
            starts=starts[0, own],
            ends=ends[0, own],
            places=tuple(
                Span(start=passage.span.start + a, end=passage.span.start + b)
                for a, b in made.offsets
            ),
            lines=_lines(words, made.offsets),
        )


def _lines(text: str, offsets: Sequence[tuple[int, int]]) -> npt.NDArray[np.int64]:
    """The number of the line of ``text`` that each token begins in."""
    breaks = [n for n, mark in enumerate(text) if mark == "\n"]
    return np.searchsorted(breaks, [start for start, _ in offsets], side="left")
