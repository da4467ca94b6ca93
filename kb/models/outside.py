"""An embedder and a reranker from outside: any endpoint of the usual forms; off by default."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import ModelUnusable
from kb.models.embedding import Embedder, embedding_model, model_name, surroundings
from kb.models.endpoint import REST, Endpoint, EndpointUnusable
from kb.settings import RerankForm, Settings
from kb.types import Letter, Passage, Vectors

BATCH = 32  # texts of one request; Text Embeddings Inference takes no more by default
PATIENCE = 6  # times the timeout that indexing waits where a question waits once
# Cosine of what a model says of the same passage at two times. Other precision or batches
# make 0.997 of one model (docs/models.md), another model 0.9 and less.
SAME = 0.99
TRUSTED = 600  # seconds after which it is looked at again whether the model is the same


def embedder_of(settings: Settings) -> Embedder:
    """The embedder that the settings name. Raises ModelUnusable."""
    return (
        _endpoint_embedder(settings) if settings.embeddings_url else embedding_model(settings.model)
    )


def embedder_name(settings: Settings) -> str:
    """The name of ``embedder_of(settings)``, without asking it. Raises ModelUnusable."""
    if not settings.embeddings_url:
        return model_name(Path(settings.model))
    prompts = f"{settings.embeddings_question}\n{settings.embeddings_passage}"
    digest = hashlib.sha256(prompts.encode()).hexdigest()[:16]
    return f"{settings.embeddings_model}:{digest}"


def _endpoint_embedder(settings: Settings) -> EndpointEmbedder:
    return EndpointEmbedder(
        Endpoint(
            url=settings.embeddings_url,
            key=settings.embeddings_key,
            timeout=settings.endpoint_timeout,
            of="EMBEDDINGS",
        ),
        name=embedder_name(settings),
        model=settings.embeddings_model,
        prompts=(settings.embeddings_question, settings.embeddings_passage),
    )


class OtherModel(ModelUnusable):
    """Behind the name of a model there is another one than the snapshot was made with."""


class EndpointEmbedder:
    """``/embeddings`` as OpenAI has it (Text Embeddings Inference, vLLM, Ollama and others do).

    Each sentence is embedded by itself. The address is no part of ``name``: the same model may
    move to another host.
    """

    def __init__(
        self, endpoint: Endpoint, *, name: str, model: str, prompts: tuple[str, str]
    ) -> None:
        self._endpoint = endpoint
        self.name = name
        self._model = model
        self._prompts = prompts
        self._trusted = ("", 0.0)

    def question(self, text: str) -> Vectors:
        row: Vectors = self._batch([self._prompts[0] + text], patience=1)[0]
        return row

    def passages(
        self, letter: Letter, passages: Sequence[Passage]
    ) -> tuple[Vectors, list[Vectors]]:
        prompt = self._prompts[1]
        texts = self._texts(letter, passages)
        texts += [prompt + s.of(letter.text) for passage in passages for s in passage.sentences]
        batches = [texts[first : first + BATCH] for first in range(0, len(texts), BATCH)]
        rows = [self._batch(batch, patience=PATIENCE) for batch in batches]
        if len({part.shape[1] for part in rows}) > 1:
            raise self._endpoint.unusable("的向量一时是几维，一时是几维；请核对那边的服务")
        vectors = np.concatenate(rows)
        ends = accumulate(len(passage.sentences) for passage in passages)
        parts = np.split(vectors[len(passages) :], list(ends)[:-1])
        return vectors[: len(passages)], parts

    def trusts(self, version: str) -> bool:
        """True if ``check_same`` found not long ago that this snapshot was made with it."""
        return self._trusted[0] == version and time.monotonic() < self._trusted[1]

    def check_same(
        self, version: str, passages: Sequence[tuple[Letter, Passage]], stored: Vectors
    ) -> None:
        """Raise OtherModel unless ``stored``, (n, dim), is what is said of ``passages`` now.

        They are of the snapshot ``version``, which is trusted from then on, for a while.
        """
        texts = [self._texts(letter, [passage])[0] for letter, passage in passages]
        rows = self._batch(texts, patience=1)
        cosines = (rows * stored).sum(axis=1) if rows.shape == stored.shape else np.zeros(1)
        if not cosines.min() >= SAME:
            raise OtherModel(
                f"{self.name} 换了模型：同一段话的向量，与快照 {version} 里的余弦只有 "
                f"{cosines.min():.3f}；请把那边换回原来的模型，"
                "或运行 fuwen index update … --rebuild"
            )
        self._trusted = (version, time.monotonic() + TRUSTED)

    def _texts(self, letter: Letter, passages: Sequence[Passage]) -> list[str]:
        above = (self._prompts[1] + surroundings(letter, passage) for passage in passages)
        return [a + p.span.of(letter.text) for a, p in zip(above, passages, strict=True)]

    def _batch(self, texts: Sequence[str], *, patience: float) -> Vectors:
        """(n, dim) float32, rows of unit length. Raises EndpointUnusable."""
        body = {"model": self._model, "input": list(texts)}
        answer = self._endpoint.ask(body, patience=patience, away=self._doubt)
        try:
            vectors = _numbered(
                lambda: [(row["index"], row["embedding"]) for row in answer["data"]],
                count=len(texts),
                what="向量",
            )
            with np.errstate(over="ignore"):
                lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
            if vectors.ndim != 2 or not np.isfinite(lengths).all() or not (lengths > 0).all():
                raise ValueError("有的不是一串数，或者全是 0")
        except ValueError as error:
            self._doubt()
            raise self._endpoint.unusable(
                f"的回答不是要的向量（{error}）；请核对那边的服务"
            ) from error
        unit: Vectors = (vectors / lengths).astype(np.float32)
        return unit

    def _doubt(self) -> None:
        """Whoever has it running again may have changed the model."""
        self._trusted = ("", 0.0)


@dataclass(slots=True)
class Reranker:
    """A model that puts passages in order; ``trouble`` says why it did not the last time.

    Only the order is taken over: its scores mean something else with each model.
    """

    endpoint: Endpoint
    model: str
    form: RerankForm
    trouble: EndpointUnusable | None = field(default=None)
    clock: Callable[[], float] = time.monotonic
    rested: float = 0  # from when on it may be asked; 0 unless it was away the last time
    taking_turns: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def order(self, question: str, texts: Sequence[str]) -> list[int]:
        """The numbers of ``texts``, the likeliest to answer first.

        They are as they stand where it fails, and for ``REST`` after it was away: then one
        question asks again.
        """
        if len(texts) < 2 or not self._turn():
            return list(range(len(texts)))
        try:
            scores = self._scores(question, texts)
        except EndpointUnusable as error:
            self.trouble = error
            self.rested = self.clock() + REST if error.away else 0
            return list(range(len(texts)))
        self.trouble, self.rested = None, 0
        return sorted(range(len(texts)), key=lambda at: -scores[at])

    def _turn(self) -> bool:
        """True if it is to be asked now; others do not wait for who asks after a rest."""
        with self.taking_turns:
            if self.clock() < self.rested:
                return False
            if self.rested:
                self.rested = self.clock() + self.endpoint.timeout + REST
            return True

    def _scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        body, read = FORMS[self.form](self.model, question, texts)
        answer = self.endpoint.ask(body, waits=False)
        try:
            scores = _numbered(lambda: read(answer), count=len(texts), what="分")
            if scores.ndim != 1 or not np.isfinite(scores).all():
                raise ValueError("有的分不是有限的数")
        except ValueError as error:
            raise self.endpoint.unusable(
                f"的回答不是要的分（{error}）；请核对那边的服务和 KB_RERANK_FORM"
            ) from error
        found: list[float] = scores.tolist()
        return found


Numbered = Sequence[tuple[Any, Any]]  # what is said of each text, with the number of the text
Read = Callable[[Any], Numbered]


def _numbered(read: Callable[[], Numbered], *, count: int, what: str) -> NDArray[np.float64]:
    """What is said of ``count`` texts, in their order.

    Raises ValueError, which says what is wrong and repeats nothing that was answered.
    """
    try:
        given = read()
        if len(given) != count:
            raise ValueError(f"{count} 段文字，{len(given)} 个{what}")
        found = dict(given)
        if found.keys() != set(range(count)):
            raise ValueError("编号 index 有重复的，或者不是从 0 数起的")
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError("不是这种接口的样子") from error
    said = [found[at] for at in range(count)]
    if len({len(one) for one in said if isinstance(one, list)}) > 1:
        raise ValueError(f"{what}有长有短")
    try:
        return np.array(said, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"有的{what}不是数") from error


def _jina(model: str, question: str, texts: Sequence[str]) -> tuple[Mapping[str, Any], Read]:
    """As Jina and Cohere have it, and vLLM, Xinference and others do."""
    body = {"model": model, "query": question, "documents": list(texts), "top_n": len(texts)}
    return body, lambda answer: [(r["index"], r["relevance_score"]) for r in answer["results"]]


def _tei(model: str, question: str, texts: Sequence[str]) -> tuple[Mapping[str, Any], Read]:
    """As Text Embeddings Inference has it, which serves one model and asks for no name."""
    body = {"query": question, "texts": list(texts), "truncate": True}
    return body, lambda answer: [(row["index"], row["score"]) for row in answer]


FORMS: Mapping[RerankForm, Callable[[str, str, Sequence[str]], tuple[Mapping[str, Any], Read]]] = {
    "jina": _jina,
    "tei": _tei,
}


@lru_cache(maxsize=4)
def reranker_of(settings: Settings) -> Reranker | None:
    """The reranker that the settings name, always the same one; None where they name none."""
    if not settings.rerank_url:
        return None
    endpoint = Endpoint(
        url=settings.rerank_url,
        key=settings.rerank_key,
        timeout=settings.endpoint_timeout,
        of="RERANK",
    )
    return Reranker(endpoint, settings.rerank_model, settings.rerank_form)
