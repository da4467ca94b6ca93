"""LangChain's EnsembleRetriever over its BM25Retriever and its FAISS store.

Given: our vectors and our embedder behind its ``Embeddings``, in FAISS's exact inner product
index; our ``words`` as the preprocessing of its BM25; the first LEG of each ranking, fused by
its own reciprocal rank fusion (c = 60, equal weights), passages told apart by their number.
"""

from __future__ import annotations

from collections.abc import Sequence

from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_community.vectorstores.utils import DistanceStrategy
from langchain_core.embeddings import Embeddings

from eval.peers.peer import LEG, Ranking, Tools, words
from kb.models.embedding import Embedder
from kb.types import Vectors


class LangChain:
    """BM25Retriever and FAISS in an EnsembleRetriever; scores are its order's 1 / rank."""

    def __init__(self, tools: Tools) -> None:
        self._embeddings = _Ours(tools.embedder)

    def build(self, passages: Sequence[str], vectors: Vectors) -> None:
        numbers = [{"ordinal": n} for n in range(len(passages))]
        lexical = BM25Retriever.from_texts(
            passages, metadatas=numbers, preprocess_func=words, k=LEG
        )
        store = FAISS.from_embeddings(
            zip(passages, vectors, strict=True),
            self._embeddings,
            metadatas=numbers,
            distance_strategy=DistanceStrategy.MAX_INNER_PRODUCT,
        )
        dense = store.as_retriever(search_kwargs={"k": LEG})
        self._ensemble = EnsembleRetriever(
            retrievers=[lexical, dense], weights=[0.5, 0.5], id_key="ordinal"
        )

    def rank(self, question: str) -> Ranking:
        documents = self._ensemble.invoke(question)
        return [
            (document.metadata["ordinal"], 1 / rank) for rank, document in enumerate(documents, 1)
        ]


class _Ours(Embeddings):  # type: ignore[misc]
    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_query(self, text: str) -> list[float]:
        row: list[float] = self._embedder.question(text).tolist()
        return row

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise NotImplementedError("the passages' vectors are given")
