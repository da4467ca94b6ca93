"""The base and the questions that a comparison of peers asks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.suite import Question, Suite
from kb.models.embedding import Embedder
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from tests.conftest import corpus_rows
from tests.support.peering import Held


@pytest.fixture(scope="module")
def held(base: SnapshotReader, model: Embedder, settings: Settings) -> Held:
    return Held(settings.data, base, model)


@pytest.fixture(scope="module")
def suite() -> Suite:
    """Ten questions of the corpus that have an answer, one very long, one without."""
    rows = [row for row in corpus_rows("questions.jsonl") if row["letter"]][:10]
    asked = [
        Question(
            id=row["id"],
            question=row["question"],
            relevant={row["letter"]: 1},
            answers=(row["answer"],),
        )
        for row in rows
    ]
    long = replace(asked[0], id="长 题", question=asked[0].question * 60)
    return Suite(name="小题集", questions=(*asked, long, Question(id="无", question="几点开饭？")))
