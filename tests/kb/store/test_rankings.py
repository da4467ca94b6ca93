"""How every store ranks passages and keeps to a scope."""

from __future__ import annotations

import numpy as np
import pytest

from kb.errors import ModelUnusable
from kb.store.protocol import Store
from kb.types import Scope
from tests.support.fakes import DIM, admits, make_letter, tokenize
from tests.support.stores import ALL, ask, publish, varied_letters, vector_of

# Rankings


def test_lexical_ranks_the_passage_with_more_of_the_words_first(store: Store) -> None:
    reader = publish(
        store, make_letter("a", "水库维修。"), make_letter("b", "水库除险加固。"), make_letter("c")
    )
    assert ask(reader, "水库除险") == ["b", "a"]


def test_lexical_scores_are_positive_and_fall(store: Store) -> None:
    reader = publish(store, *(make_letter(f"{n}", "道路" * n + "桥。") for n in range(1, 9)))
    hits = reader.lexical(["道", "桥"], limit=5, scope=ALL)
    scores = [score for _, score in hits]
    assert len(hits) == 5
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0


def test_equal_scores_stand_in_ordinal_order(store: Store) -> None:
    reader = publish(store, *(make_letter(f"{n}", "同一句话。") for n in range(9)))
    hits = reader.lexical(["同"], limit=9, scope=ALL)
    assert [ordinal for ordinal, _ in hits] == list(range(9))
    near = reader.nearest(vector_of("同一句话。"), limit=9, scope=ALL)
    assert [ordinal for ordinal, _ in near] == list(range(9))


def test_a_word_repeated_in_the_question_counts_once(store: Store) -> None:
    reader = publish(store, make_letter("a", "水库。"), make_letter("b", "大坝。"))
    once = reader.lexical(["水"], limit=5, scope=ALL)
    assert reader.lexical(["水"] * 5000, limit=5, scope=ALL) == once


def test_titles_and_headings_are_searched_too(store: Store) -> None:
    by_title = make_letter("a", "正文。", title="关于托育的答复")
    reader = publish(store, by_title, headings=("一、资金", "（一）来源"))
    assert ask(reader, "托育") == ["a"]
    assert ask(reader, "来源") == ["a"]


def test_a_word_of_the_title_counts_as_one_of_the_body(store: Store) -> None:
    reader = publish(
        store,
        make_letter("a", "养老服务事项。", title="关于托育工作的答复"),
        make_letter("b", "托育服务事项。", title="关于养老工作的答复"),
    )
    (_, first), (_, second) = reader.lexical(["托"], limit=5, scope=ALL)
    assert first == second


@pytest.mark.parametrize(
    "words",
    [
        [],
        [""],
        [" "],
        ["没有这词"],
        ['" OR NEAR( * -《》'],
        ["title:路"],
        ["*"],
        ["\x00"],
        ["\ud800"],
        ["路 桥"],
        ["长" * 100_000],
    ],
)
def test_a_word_is_taken_literally_and_never_as_a_query(store: Store, words: list[str]) -> None:
    reader = publish(store, make_letter("a", "道路与桥。"))
    assert reader.lexical(words, limit=5, scope=ALL) == []
    assert [o for o, _ in reader.lexical([*words, "路"], limit=5, scope=ALL)] == [0]


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_of_nothing_gives_nothing(store: Store, limit: int) -> None:
    reader = publish(store, make_letter("a", "路。"))
    assert reader.lexical(["路"], limit=limit, scope=ALL) == []
    assert reader.nearest(vector_of("路"), limit=limit, scope=ALL) == []


def test_a_limit_beyond_the_passages_gives_them_all(store: Store) -> None:
    reader = publish(store, make_letter("a", "路。"), make_letter("b", "桥。"))
    assert len(reader.nearest(vector_of("路"), limit=10**6, scope=ALL)) == 2
    assert len(reader.lexical(["路", "桥"], limit=10**6, scope=ALL)) == 2


def test_nearest_gives_cosines_whatever_the_length_of_the_question(store: Store) -> None:
    reader = publish(store, make_letter("a", "水库除险。"), make_letter("b", "校车安全。"))
    short = reader.nearest(vector_of("校车安全。"), limit=5, scope=ALL)
    long = reader.nearest(vector_of("校车安全。") * 7, limit=5, scope=ALL)
    assert [ordinal for ordinal, _ in short] == [1, 0]
    assert short[0][1] == pytest.approx(1, abs=1e-3)
    assert short[0][1] <= 1
    assert dict(short) == pytest.approx(dict(long), abs=1e-5)


def test_a_question_without_direction_is_near_to_nothing(store: Store) -> None:
    reader = publish(store, make_letter("a"))
    assert reader.nearest(np.zeros(DIM, dtype=np.float32), limit=5, scope=ALL) == []


@pytest.mark.parametrize("vector", [np.ones(3), np.ones((1, DIM)), np.full(DIM, np.nan)])
def test_a_vector_of_another_model_is_refused(store: Store, vector: np.ndarray) -> None:
    reader = publish(store, make_letter("a"))
    with pytest.raises(ModelUnusable):
        reader.nearest(vector.astype(np.float32), limit=5, scope=ALL)


# Scopes

SCOPES = [
    Scope(),
    Scope(letter_ids=("03", "07", "03", "不存在")),
    Scope(letter_ids=("不存在",)),
    Scope(issuer="甲局"),
    Scope(issuer=""),
    Scope(issuer="没有的局"),
    Scope(issuer="甲局\ud800"),
    Scope(year=2024),
    Scope(year=1999),
    Scope(result_class="A"),
    Scope(proposal_no="0005"),
    Scope(proposal_no="5"),
    Scope(public_only=True),
    Scope(issuer="甲局", year=2024, public_only=True),
    Scope(issuer="乙局", result_class="B", letter_ids=("01", "03", "05")),
]


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_listing_and_both_rankings_agree_on_a_scope(store: Store, scope: Scope) -> None:
    letters = varied_letters()
    reader = publish(store, *letters)
    admitted = {one.id for one in letters if admits(scope, one)}
    lexical = reader.lexical(tokenize("道路桥梁"), limit=99, scope=scope)
    nearest = reader.nearest(vector_of("道路"), limit=99, scope=scope)
    assert {head.id for head in reader.letters(scope)} == admitted
    assert {reader.passage(o).letter_id for o, _ in lexical} == admitted
    assert {reader.passage(o).letter_id for o, _ in nearest} == admitted
    assert len(lexical) == len(nearest) == 2 * len(admitted)


def test_a_scope_does_not_change_the_scores(store: Store) -> None:
    reader = publish(store, *varied_letters())
    everywhere = dict(reader.lexical(["桥", "3"], limit=99, scope=ALL))
    for ordinal, score in reader.lexical(["桥", "3"], limit=99, scope=Scope(issuer="甲局")):
        assert score == pytest.approx(everywhere[ordinal], rel=1e-5)
