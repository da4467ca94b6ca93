"""What a peer is, what it is made from, and how all of them cut Chinese into words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from kb.models.embedding import Embedder
from kb.models.reading import ReadingModel
from kb.settings import Settings
from kb.text.segment import Segmenter
from kb.types import Vectors

DEPTH = 200  # passages of a question at most
LEG = DEPTH // 2  # passages that each of two rankings gives to a fusion; ours takes more

Ranking = list[tuple[int, float]]  # passage ordinal and score, best first


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What every peer is made from; ``work`` is a folder to write to.

    ``settings.data`` holds the snapshots of the base, and ``model_of`` gives the reading model
    for a question, or None; both are only for our own.
    """

    embedder: Embedder
    settings: Settings
    work: Path
    model_of: Callable[[str], ReadingModel | None] = lambda _: None


class Peer(Protocol):
    """A search engine over passages that are numbered from 0."""

    def build(self, passages: Sequence[str], vectors: Vectors) -> None:
        """Index ``passages`` and their ``vectors``, (n, dim) float32 rows of unit length."""
        ...

    def rank(self, question: str) -> Ranking:
        """The passages nearest to ``question``, at most DEPTH, each once."""
        ...


@lru_cache(maxsize=1)
def plain_segmenter() -> Segmenter:
    """jieba with its own dictionary alone, made once a process."""
    return Segmenter()


def words(text: str) -> list[str]:
    """jieba's words with its own dictionary, in lower case, without marks and blanks."""
    segmented = plain_segmenter().cut(text.lower())
    return [word for word in segmented if any(c.isalnum() for c in word)]


def spaced(text: str) -> str:
    """``words`` with blanks between, for engines that only cut at blanks."""
    return " ".join(words(text))
