"""Our own search among the peers, and what it is without each of its parts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval.peers.peer import DEPTH, Tools
from eval.peers.plain import reciprocal_rank
from eval.peers.table import PEERS
from kb.models.embedding import Embedder
from kb.models.reading import Reading, Weights
from kb.query.directory import directory_of, names
from kb.query.given import directory
from kb.query.parse import as_written
from kb.search.hybrid import Found, search
from kb.settings import Settings
from kb.text.tokens import tokens
from kb.types import EVERY_LETTER, Letter, Passage
from tests.support.peering import Held, made, ordinals

ASKED = "管网改造什么时候完成"  # names no letter and no organ
OURS = [name for name in PEERS if name.startswith("fuwen")]


def searched(question: str, held: Held, *, settings: Settings) -> Found:
    query = as_written(question, directory_of(held.reader, EVERY_LETTER))
    return search(query, held.reader, held.embedder, settings=settings)


def words(held: Held) -> tuple[str, ...]:
    return as_written(ASKED, directory_of(held.reader, EVERY_LETTER)).words


def test_fuwen_is_the_shipped_search_over_an_index_of_its_own(
    held: Held, settings: Settings, tmp_path: Path
) -> None:
    peer = made("fuwen", held, settings, tmp_path)
    assert (tmp_path / "index").is_dir()
    for question in (ASKED, "焦作市住房和城乡建设局怎么答复老旧小区？"):
        found = searched(question, held, settings=settings)
        assert peer.rank(question) == [(hit.ordinal, hit.score) for hit in found.hits]


def test_the_bundled_models_rank_beside_those_from_outside(
    held: Held, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Settings] = []

    def embedder_of(given: Settings) -> Embedder:
        asked.append(given)
        return held.embedder

    monkeypatch.setattr("eval.peers.ours.embedder_of", embedder_of)
    nobody = "http://127.0.0.1:9/rerank"
    outside = replace(settings, rerank_url=nobody, rerank_model="m", embeddings_url="")
    ranked = made("fuwen-bundled", held, outside, tmp_path).rank(ASKED)
    assert [(one.rerank_url, one.embeddings_url) for one in asked] == [("", "")]
    found = searched(ASKED, held, settings=settings)
    assert [number for number, _ in ranked] == [hit.ordinal for hit in found.hits]
    assert (tmp_path / "index").is_dir()


def test_without_lexical_only_the_vectors_rank(
    held: Held, settings: Settings, tmp_path: Path
) -> None:
    vector = held.embedder.question(ASKED)
    nearest = held.reader.nearest(vector, limit=settings.depth, scope=EVERY_LETTER)
    found = made("fuwen-no-lexical", held, settings, tmp_path).rank(ASKED)
    assert set(ordinals(found)) == set(ordinals(nearest)[: settings.hits])


def test_without_dense_only_the_words_rank(held: Held, settings: Settings, tmp_path: Path) -> None:
    lexical = held.reader.lexical(words(held), limit=settings.depth, scope=EVERY_LETTER)
    found = made("fuwen-no-dense", held, settings, tmp_path).rank(ASKED)
    assert set(ordinals(found)) == set(ordinals(lexical)[: settings.hits])
    assert 0 < len(found) < held.reader.snapshot.passages


def test_without_names_a_number_does_not_confine_the_search(
    held: Held, settings: Settings, tmp_path: Path
) -> None:
    head = next(one for one in held.reader.letters() if one.number)
    question = f"{head.number}说了什么？"
    own = set(held.reader.passages_of(head.id))
    known = directory(held.reader.letters())
    assert names(question, known, words=tokens(question)).letter_ids == (head.id,)
    assert set(ordinals(made("fuwen", held, settings, tmp_path).rank(question))) <= own
    found = set(ordinals(made("fuwen-no-names", held, settings, tmp_path).rank(question)))
    assert not found <= own


class Prefers:
    """A reading model that finds the last passage that it is given the likeliest."""

    name = "prefers"

    def __init__(self) -> None:
        self.given = -4.0

    @property
    def weights(self) -> Weights:
        return {"passage": {"intercept": 0.0, "passage": 0.0, "relevance": 1.0, "span": 0.0}}

    def read(self, question: str, letter: Letter, passage: Passage) -> Reading:
        self.given += 1
        nothing = np.zeros(0, np.float32)
        return Reading(
            relevance=self.given,
            starts=nothing,
            ends=nothing,
            places=(),
            lines=np.zeros(0, np.int64),
        )


def test_fuwen_ranks_as_the_reading_model_does_and_without_it_as_the_search(
    held: Held, settings: Settings, tmp_path: Path
) -> None:
    asked: list[str] = []

    def model_of(question: str) -> Prefers:
        asked.append(question)
        return Prefers()

    tools = Tools(embedder=held.embedder, settings=settings, work=tmp_path, model_of=model_of)
    plain = ordinals(made("fuwen-no-reading", held, settings, tmp_path).rank(ASKED))
    without, whole = PEERS["fuwen-no-reading"].make(tools), PEERS["fuwen"].make(tools)
    for peer in (without, whole):
        peer.build([], held.reader.vectors(range(held.reader.snapshot.passages)))
    assert ordinals(without.rank(ASKED)) == plain
    assert asked == []
    first = plain[: settings.read]
    assert ordinals(whole.rank(ASKED)) == [*reversed(first), *plain[settings.read :]]
    assert asked == [ASKED]


def test_without_coverage_only_the_two_rankings_count(
    held: Held, settings: Settings, tmp_path: Path
) -> None:
    bare = replace(settings, coverage_weight=0.0, pair_weight=0.0)
    found = searched(ASKED, held, settings=bare)
    ranked = made("fuwen-no-coverage", held, settings, tmp_path).rank(ASKED)
    assert ranked == [(hit.ordinal, hit.score) for hit in found.hits]
    assert ranked != made("fuwen-no-reading", held, settings, tmp_path).rank(ASKED)


def test_fuwen_by_reciprocal_rank_fuses_our_two_rankings_by_rank(
    held: Held, settings: Settings, tmp_path: Path
) -> None:
    vector = held.embedder.question(ASKED)
    lexical = held.reader.lexical(words(held), limit=settings.depth, scope=EVERY_LETTER)
    dense = held.reader.nearest(vector, limit=settings.depth, scope=EVERY_LETTER)
    found = made("fuwen-rrf", held, settings, tmp_path).rank(ASKED)
    assert found == reciprocal_rank([ordinals(lexical), ordinals(dense)])


@pytest.mark.parametrize("name", ["bm25", "dense", "rrf", *OURS])
def test_a_ranking_holds_each_passage_once_best_first(
    name: str, held: Held, settings: Settings, tmp_path: Path
) -> None:
    found = made(name, held, settings, tmp_path).rank(ASKED)
    assert 0 < len(found) <= DEPTH
    assert len(set(ordinals(found))) == len(found)
    assert all(0 <= ordinal < held.reader.snapshot.passages for ordinal in ordinals(found))
    assert [score for _, score in found] == sorted((s for _, s in found), reverse=True)
