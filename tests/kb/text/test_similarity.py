"""How like two texts are: pairs of characters, and what two share of them."""

from __future__ import annotations

from kb.text.similarity import dice, each_pair, held, jaccard, pairs


def test_pairs_are_folded_and_run_over_marks_and_white_space() -> None:
    assert list(each_pair("装 Ａ，a装A")) == ["装a", "aa", "a装", "装a"]
    assert pairs("装 Ａ，a装A") == {"装a", "aa", "a装"}
    assert pairs("装") == frozenset()


def test_likeness_is_none_to_all() -> None:
    assert (jaccard(0, 3, 3), jaccard(2, 3, 3), jaccard(3, 3, 3)) == (0.0, 0.5, 1.0)
    assert (dice(0, 0, 0), dice(2, 4, 4), dice(3, 3, 3)) == (0.0, 0.5, 1.0)
    assert held(frozenset(), pairs("装电梯")) == 0.0
    assert held(pairs("装电梯"), pairs("加装电")) == 0.5
