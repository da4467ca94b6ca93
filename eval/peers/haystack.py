"""Haystack's BM25 and embedding retrievers over its in-memory store, joined.

Given: our vectors and our embedder as a component of the pipeline, compared by dot product;
our ``words`` joined by blanks as the documents' content (its tokenizer is a regular
expression, here one that cuts at blanks), the original text in ``meta``; its own BM25L; the
first LEG of each ranking, joined by its own reciprocal rank fusion.
"""

from __future__ import annotations

from collections.abc import Sequence

from haystack import Document, Pipeline, component
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.document_stores.in_memory import InMemoryDocumentStore

from eval.peers.peer import DEPTH, LEG, Ranking, Tools, spaced
from kb.models.embedding import Embedder
from kb.types import Vectors


class Haystack:
    """A pipeline of two retrievers and a DocumentJoiner."""

    def __init__(self, tools: Tools) -> None:
        self._embedder = tools.embedder

    def build(self, passages: Sequence[str], vectors: Vectors) -> None:
        store = InMemoryDocumentStore(
            bm25_tokenization_regex=r"\S+",
            embedding_similarity_function="dot_product",
            return_embedding=False,
        )
        store.write_documents(
            [
                Document(id=str(n), content=spaced(text), meta={"text": text}, embedding=row)
                for n, (text, row) in enumerate(zip(passages, vectors.tolist(), strict=True))
            ]
        )
        joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=DEPTH)
        self._pipeline = Pipeline()
        self._pipeline.add_component("question", _Question(self._embedder))
        self._pipeline.add_component("lexical", InMemoryBM25Retriever(store, top_k=LEG))
        self._pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=LEG))
        self._pipeline.add_component("joined", joiner)
        self._pipeline.connect("question.embedding", "dense.query_embedding")
        self._pipeline.connect("lexical", "joined")
        self._pipeline.connect("dense", "joined")

    def rank(self, question: str) -> Ranking:
        asked = {"lexical": {"query": spaced(question)}, "question": {"text": question}}
        documents = self._pipeline.run(asked)["joined"]["documents"]
        return [(int(document.id), float(document.score)) for document in documents]


@component
class _Question:
    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @component.output_types(embedding=list[float])  # type: ignore[untyped-decorator]
    def run(self, text: str) -> dict[str, list[float]]:
        return {"embedding": self._embedder.question(text).tolist()}
