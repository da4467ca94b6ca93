"""LlamaIndex's QueryFusionRetriever over its BM25 retriever and a vector index.

Given: our vectors and our embedder behind its ``BaseEmbedding``, in its FAISS store with an
exact inner product index; our ``words`` joined by blanks as the text of the nodes (its BM25
tokenizer is a regular expression, here one that cuts at blanks; no stemming); the first LEG
of each ranking, fused by its own reciprocal rank fusion; one query, so that no language model
is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import faiss
from llama_index.core import QueryBundle, StorageContext, VectorStoreIndex
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import TextNode
from llama_index.retrievers.bm25 import BM25Retriever
from llama_index.vector_stores.faiss import FaissVectorStore

from eval.peers.peer import DEPTH, LEG, Ranking, Tools, spaced
from kb.models.embedding import Embedder
from kb.types import Vectors

# Nodes are told apart by a hash of text and metadata; the number is for that alone.
NUMBER = "ordinal"


class LlamaIndex:
    """BM25Retriever and VectorStoreIndex in a QueryFusionRetriever."""

    def __init__(self, tools: Tools) -> None:
        self._embedding = _Ours(tools.embedder)

    def build(self, passages: Sequence[str], vectors: Vectors) -> None:
        nodes = [
            TextNode(
                id_=str(n),
                text=spaced(text),
                metadata={NUMBER: n},
                excluded_embed_metadata_keys=[NUMBER],
                embedding=row,
            )
            for n, (text, row) in enumerate(zip(passages, vectors.tolist(), strict=True))
        ]
        store = FaissVectorStore(faiss.IndexFlatIP(vectors.shape[1]))
        index = VectorStoreIndex(
            nodes,
            storage_context=StorageContext.from_defaults(vector_store=store),
            embed_model=self._embedding,
        )
        lexical = BM25Retriever(
            nodes, similarity_top_k=LEG, skip_stemming=True, token_pattern=r"\S+"
        )
        self._fusion = QueryFusionRetriever(
            [lexical, index.as_retriever(similarity_top_k=LEG)],
            llm=MockLLM(),
            mode="reciprocal_rerank",
            similarity_top_k=DEPTH,
            num_queries=1,
            use_async=False,
        )

    def rank(self, question: str) -> Ranking:
        asked = QueryBundle(spaced(question), custom_embedding_strs=[question])
        nodes = self._fusion.retrieve(asked)
        return [(scored.node.metadata[NUMBER], float(scored.score)) for scored in nodes]


class _Ours(BaseEmbedding):  # type: ignore[misc]
    _embedder: Any = PrivateAttr()

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(model_name=embedder.name)
        self._embedder = embedder

    def _get_query_embedding(self, query: str) -> list[float]:
        row: list[float] = self._embedder.question(query).tolist()
        return row

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        raise NotImplementedError("the passages' vectors are given")
