"""The plain baselines: words alone, vectors alone, and both by reciprocal rank."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.peers import inputs
from eval.peers.peer import LEG, Peer, Tools
from eval.peers.plain import Dense, Fused, Lexical, reciprocal_rank
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.types import Vectors
from tests.support.peering import Held, made, ordinals

ASKED = "管网改造什么时候完成"  # names no letter and no organ


@pytest.fixture(scope="module")
def texts(base: SnapshotReader) -> list[str]:
    return list(inputs.passages(base))


def test_reciprocal_rank_adds_what_a_passage_gets_in_each_ranking() -> None:
    # 7: 1/61 + 1/63, 5: 1/62 + 1/61, 9: 1/63, 2: 1/62; 5 leads because 1/62 > 1/63.
    found = reciprocal_rank([[7, 5, 9], [5, 2, 7]])
    assert ordinals(found) == [5, 7, 2, 9]
    assert dict(found)[7] == pytest.approx(1 / 61 + 1 / 63)
    assert dict(found)[2] == pytest.approx(1 / 62)


def test_equal_reciprocal_ranks_stand_in_the_order_of_ordinals() -> None:
    assert ordinals(reciprocal_rank([[8, 3], [3, 8]])) == [3, 8]
    assert reciprocal_rank([[], []]) == []


def test_lexical_ranks_by_shared_words_and_leaves_out_what_shares_none(tmp_path: Path) -> None:
    peer = Lexical(_no_tools(tmp_path))
    passages = ["道路 照明", "学校 操场", "公园 道路 绿化", "养老 床位", "医院 停车"]
    peer.build(passages, np.zeros((5, 1), np.float32))
    assert ordinals(peer.rank("道路 绿化")) == [2, 0]
    assert peer.rank("？！") == []


def test_dense_ranks_by_inner_product(held: Held, tmp_path: Path, settings: Settings) -> None:
    vectors = held.reader.vectors(range(held.reader.snapshot.passages))
    products = vectors @ held.embedder.question(ASKED)
    found = made("dense", held, settings, tmp_path).rank(ASKED)
    assert [score for _, score in found] == pytest.approx(sorted(products, reverse=True), abs=1e-5)
    assert all(score == pytest.approx(products[ordinal], abs=1e-5) for ordinal, score in found)


def test_fused_is_the_reciprocal_rank_of_the_first_of_both(
    held: Held, texts: list[str], settings: Settings, tmp_path: Path
) -> None:
    tools = Tools(embedder=held.embedder, settings=settings, work=tmp_path)
    legs: tuple[Peer, ...] = (Lexical(tools), Dense(tools))
    for leg in legs:
        leg.build(texts, held.reader.vectors(range(len(texts))))
    expected = reciprocal_rank([ordinals(leg.rank(ASKED))[:LEG] for leg in legs])
    fused = Fused(tools)
    fused.build(texts, held.reader.vectors(range(len(texts))))
    assert fused.rank(ASKED) == expected


def _no_tools(work: Path) -> Tools:
    class Nothing:
        name = "none"

        def question(self, text: str) -> Vectors:
            raise AssertionError("words alone need no vector")

        def passages(self, letter: Any, passages: Any) -> Any:
            raise AssertionError("words alone need no vector")

    return Tools(embedder=Nothing(), settings=Settings(), work=work)
