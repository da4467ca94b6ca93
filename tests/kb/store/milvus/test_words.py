"""BM25 as we compute it for Milvus: tantivy's, to float32."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from kb.store.local import lexical
from kb.store.milvus import words
from kb.store.milvus.words import Counts, Words

SIZES = (1, 5, 39, 40, 41, 42, 55, 57, 100, 150, 300, 700)


def texts() -> list[str]:
    """Texts of all kinds of lengths, whose words are rare and frequent."""
    chance = random.Random(0)
    return [
        " ".join(chance.choice("甲乙丙丁") + str(int(chance.expovariate(0.3))) for _ in range(size))
        for size in SIZES * 12
    ]


def counted(folder: Path, passages: list[Words | None]) -> Counts:
    words.write(folder, passages)
    return Counts(folder)


@pytest.mark.parametrize("asked", [["甲0"], ["甲0", "乙1", "丙4", "甲0"], ["丁12", "没有", "甲0"]])
def test_scores_and_ranks_are_those_of_tantivy(tmp_path: Path, asked: list[str]) -> None:
    every = texts()
    rows = (lexical.Words(row=n, tokens=text, labels=()) for n, text in enumerate(every))
    lexical.build_lexical(tmp_path / "tantivy", rows, scratch=tmp_path / "scratch")
    index = lexical.Lexical([tmp_path / "tantivy"], [np.arange(len(every))])
    theirs = index.search(asked, limit=len(every), groups=())
    counts = counted(tmp_path, [Words(text, public=True) for text in every])
    question = counts.asked(asked, public_only=False)
    assert question
    ours = lexical.in_order(np.arange(len(every)), counts.scores(np.arange(len(every)), question))
    assert [ordinal for ordinal, _ in theirs] == [o for o, score in ours if score > 0]
    np.testing.assert_allclose([s for _, s in theirs], [s for _, s in ours if s > 0], rtol=1e-5)


def test_the_products_that_milvus_computes_are_the_scores(tmp_path: Path) -> None:
    counts = counted(tmp_path, [Words(text, public=True) for text in texts()])
    question = counts.asked(["甲0", "乙1"], public_only=False)
    assert question
    sparse, every = question.sparse(), np.arange(len(texts()))
    products = [
        sum(weight * sparse.get(number, 0.0) for number, weight in counts.weights(n).items())
        for n in every
    ]
    np.testing.assert_allclose(products, counts.scores(every, question), rtol=1e-6)


def test_the_public_are_counted_by_themselves(tmp_path: Path) -> None:
    every: list[Words | None] = [Words(text, public=n % 3 > 0) for n, text in enumerate(texts())]
    public = [found for found in every if found and found.public]
    (tmp_path / "few").mkdir()
    all_of_them, few = counted(tmp_path, every), counted(tmp_path / "few", [*public])
    asked = all_of_them.asked(["甲0", "乙1"], public_only=True)
    alone = few.asked(["甲0", "乙1"], public_only=False)
    assert asked
    assert alone
    at = np.array([n for n, found in enumerate(every) if found and found.public])
    np.testing.assert_array_equal(
        all_of_them.scores(at, asked), few.scores(np.arange(len(public)), alone)
    )


def test_passages_that_are_not_to_be_found_weigh_nothing(tmp_path: Path) -> None:
    counts = counted(tmp_path, [Words("甲 乙", public=True), None, Words("", public=True)])
    assert counts.passages == 2
    assert counts.weights(1) == counts.weights(2) == {words.NOWHERE: 1.0}
    assert counts.asked(["没有"], public_only=False) is None
    asked = counts.asked(["甲"], public_only=False)
    assert asked
    assert counts.scores(np.arange(3), asked)[1:].tolist() == [0, 0]


def test_a_snapshot_without_passages_has_no_words(tmp_path: Path) -> None:
    counts = counted(tmp_path, [])
    assert counts.passages == 0
    assert counts.asked(["甲"], public_only=True) is None
