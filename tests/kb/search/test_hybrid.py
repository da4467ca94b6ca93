"""Two rankings fused, added words, and the scope."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.hybrid import SYNONYM_WEIGHT, fuse
from kb.store.protocol import SnapshotReader
from kb.text.tokens import subject_tokens, tokens
from kb.types import EVERY_LETTER, Scope
from tests.support.asking import base_of, found_in, letter_text, two_letters, two_towns

rankings = st.dictionaries(st.integers(0, 30), st.floats(-5, 50, allow_nan=False), max_size=12).map(
    lambda scores: list(scores.items())
)


def test_words_that_only_ask_are_not_looked_for(tmp_path: Path) -> None:
    asks = letter_text("云民函〔2024〕8号", body="请问什么时候，请问多少，请问怎么样。")
    way = letter_text(body="盲道的占用由城管部门处理。")
    reader = base_of(tmp_path, way, asks, ids=["way", "asks"])
    hits = found_in(reader, "请问盲道被占用了怎么样，什么时候？").hits
    ranked = [hit.passage.letter_id for hit in hits if hit.lexical_rank]
    assert ranked == ["way"]
    assert found_in(reader, "请问怎么样？").hits[0].lexical_rank == 1  # where nothing else is asked


# --- fusing -----------------------------------------------------------------------------------


def test_fusing_gives_the_hand_computed_table() -> None:
    lexical = [(1, 10.0), (2, 6.0), (3, 2.0)]  # scaled: 1, 0.5, 0
    dense = [(2, 0.9), (4, 0.8), (1, 0.7)]  # scaled: 1, 0.5, 0
    fused = fuse(lexical, dense, weight=0.4)
    assert [ordinal for ordinal, _ in fused] == [2, 1, 4, 3]
    assert [score for _, score in fused] == pytest.approx([0.8, 0.4, 0.3, 0.0])


def test_equal_scores_stand_in_the_order_of_ordinals() -> None:
    assert [o for o, _ in fuse([(5, 1.0), (3, 1.0), (4, 1.0)], [], weight=0.4)] == [3, 4, 5]


def test_scaling_of_nothing_of_one_and_of_equals() -> None:
    assert fuse([], [], weight=0.4) == []
    assert fuse([(7, 0.2)], [], weight=1.0) == [(7, 1.0)]
    assert fuse([(1, 3.0), (2, 3.0)], [], weight=1.0) == [(1, 1.0), (2, 1.0)]


@given(rankings, rankings, st.floats(0, 1))
def test_fusing_is_the_convex_combination_by_its_definition(
    lexical: list[tuple[int, float]], dense: list[tuple[int, float]], weight: float
) -> None:
    words, near = scaled(lexical), scaled(dense)
    expected = {
        ordinal: weight * words.get(ordinal, 0.0) + (1 - weight) * near.get(ordinal, 0.0)
        for ordinal in words | near
    }
    fused = fuse(lexical, dense, weight=weight)
    assert dict(fused) == expected
    assert fused == sorted(fused, key=lambda pair: (-pair[1], pair[0]))


def scaled(ranking: list[tuple[int, float]]) -> dict[int, float]:
    """Scores scaled to 0–1 by the ranking's own least and greatest; 1 where all are the same."""
    scores = [score for _, score in ranking]
    width = max(scores, default=0.0) - min(scores, default=0.0)
    return {o: (score - min(scores)) / width if width else 1.0 for o, score in ranking}


@given(rankings, rankings, st.floats(0, 1))
def test_fusing_names_every_passage_once_with_a_score_from_0_to_1(
    lexical: list[tuple[int, float]], dense: list[tuple[int, float]], weight: float
) -> None:
    fused = fuse(lexical, dense, weight=weight)
    assert {o for o, _ in fused} == {o for o, _ in lexical} | {o for o, _ in dense}
    assert len({o for o, _ in fused}) == len(fused)
    assert all(-1e-9 <= score <= 1 + 1e-9 for _, score in fused)
    assert [s for _, s in fused] == sorted((s for _, s in fused), reverse=True)


@given(rankings, rankings)
def test_a_weight_of_one_is_the_lexical_ranking(
    lexical: list[tuple[int, float]], dense: list[tuple[int, float]]
) -> None:
    scores = dict(fuse(lexical, dense, weight=1.0))
    assert {o: s for o, s in scores.items() if o in dict(lexical)} == pytest.approx(scaled(lexical))


# --- the base ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return two_letters(tmp_path_factory.mktemp("data"))


def test_a_named_number_keeps_the_search_inside_its_letter(reader: SnapshotReader) -> None:
    found = found_in(reader, "云民函（2024）7号加装电梯补助多少")
    assert found.named.letter_ids == ("care",)
    assert {hit.passage.letter_id for hit in found.hits} == {"care"}


def test_a_scope_keeps_the_search_and_the_names_inside_it(reader: SnapshotReader) -> None:
    scope = Scope(year=2023)
    found = found_in(reader, "养老服务中心有多少处", scope=scope)
    assert {hit.passage.letter_id for hit in found.hits} == {"lift"}
    assert found_in(reader, "云民函〔2024〕7号", scope=scope).named.missing


def test_hits_bear_the_ranks_and_scores_they_came_from(reader: SnapshotReader) -> None:
    best = found_in(reader, "加装电梯每部补助多少").hits[0]
    assert best.passage.letter_id == "lift"
    assert best.lexical_rank == 1
    assert best.lexical > 0
    assert best.passage == reader.passage(best.ordinal)


def test_a_question_without_a_known_word_still_finds_neighbours(reader: SnapshotReader) -> None:
    assert found_in(reader, "？？").hits


# --- words of the domain ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return two_towns(tmp_path_factory.mktemp("towns"))


def test_what_holds_more_of_the_question_comes_first(tmp_path: Path) -> None:
    often = letter_text(body="一、情况\n" + "养老服务中心养老服务中心，养老服务中心。" * 9)
    whole = letter_text(
        "云民函〔2024〕8号", body="一、情况\n养老服务中心的食堂补助8万元。" + "其他事项。" * 90
    )
    reader = base_of(tmp_path, often, whole)
    assert found_in(reader, "养老服务中心的食堂补助").hits[0].passage.letter_id == "1"


def test_an_everyday_word_finds_the_official_one_for_half(towns: SnapshotReader) -> None:
    assert towns.lexical(tokens("老房子"), limit=9, scope=EVERY_LETTER) == []
    official = dict(towns.lexical(["老旧小区"], limit=9, scope=EVERY_LETTER))
    hits = [hit for hit in found_in(towns, "老房子").hits if hit.lexical_rank]
    assert {hit.ordinal: hit.lexical for hit in hits} == {
        ordinal: SYNONYM_WEIGHT * score for ordinal, score in official.items()
    }
    assert {hit.passage.letter_id for hit in hits} == {"estate"}


def test_the_asked_word_counts_more_than_the_one_it_brings(towns: SnapshotReader) -> None:
    question = "全市的老房子"
    scored = dict(towns.lexical(subject_tokens(question), limit=9, scope=EVERY_LETTER))
    added = dict(towns.lexical(["老旧小区"], limit=9, scope=EVERY_LETTER))
    for hit in found_in(towns, question).hits:
        expected = scored.get(hit.ordinal, 0.0) + SYNONYM_WEIGHT * added.get(hit.ordinal, 0.0)
        assert hit.lexical == pytest.approx(expected)


def test_added_words_leave_the_ranking_within_its_depth(towns: SnapshotReader) -> None:
    found = found_in(towns, "老房子和养老服务中心")
    ranks = sorted(hit.lexical_rank for hit in found.hits if hit.lexical_rank)
    assert ranks == list(range(1, len(ranks) + 1))


def test_a_named_letter_keeps_the_search_inside_whatever_place_is_named(
    towns: SnapshotReader,
) -> None:
    found = found_in(towns, "云民函〔2024〕7号里临江市2023年的养老服务中心")
    assert {hit.passage.letter_id for hit in found.hits} == {"care"}
