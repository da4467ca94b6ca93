"""Milvus against the local store, on the sample letters."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eval.parity import Models, Parity, compared, copy, overlap
from kb.models.embedding import Embedder
from kb.models.reading import OnnxReader
from kb.settings import Settings
from kb.store.open import open_store
from kb.store.protocol import SnapshotReader
from tests.conftest import corpus_rows
from tests.support import milvus

QUESTIONS = 100


@milvus.NEEDED
def test_milvus_finds_and_answers_as_the_local_store(
    base: SnapshotReader,
    model: Embedder,
    reading: OnnxReader,
    settings: Settings,
    tmp_path: Path,
) -> None:
    uri = milvus.address(tmp_path, milvus.kinds()[-1])
    there = replace(settings, store="milvus", milvus_uri=uri, data=tmp_path / "data")
    questions = [row["question"] for row in corpus_rows("questions.jsonl")][:QUESTIONS]
    models = Models(embedder=model, reading=reading, settings=settings)
    found = compared(questions, base, copy(base, open_store(there)), models=models)
    milvus.close()
    assert found.kept, found
    assert found.questions == QUESTIONS


@pytest.mark.parametrize("short", ["lexical", "dense", "fused", "equal"])
def test_whatever_falls_short_is_no_parity(short: str) -> None:
    whole = Parity(questions=100, passages=1, lexical=1, dense=1, fused=1, equal=1)
    assert whole.kept
    assert not replace(whole, **{short: 0.96}).kept


def test_overlap_is_the_share_of_the_longer() -> None:
    one, other = ("a", 0, 1), ("b", 0, 1)
    assert overlap([one, other], [other, one]) == 1
    assert overlap([one], [one, other]) == 0.5
    assert overlap([], []) == 1
