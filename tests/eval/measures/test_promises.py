"""Promises found are counted against those marked; what is arguable counts neither way."""

from __future__ import annotations

import pytest

from eval.measures.promises import Found, Marked, Read, overlap, promise_scores
from kb.types import Span

TEXT = "我局将更换路灯，补种行道树。我局将加强巡查。"


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start=start, end=start + len(words))


def scores(marked: list[str], found: list[str], ignored: tuple[str, ...] = ()) -> dict[str, float]:
    read = Read(
        text=TEXT,
        marked=[Marked(span=span(words), vague="加强" in words) for words in marked],
        found=[Found(span=span(words)) for words in found],
        ignored=[span(words) for words in ignored],
    )
    return promise_scores([read])


def test_half_of_the_characters_make_a_match_and_each_counts_once() -> None:
    row = scores(["我局将更换路灯", "补种行道树"], ["将更换路灯", "更换路灯", "行道"])
    assert (row["found"], row["marked"]) == (3, 2)
    assert row["precision"] == pytest.approx(1 / 3, abs=1e-3)
    assert (row["recall"], row["f1"]) == (0.5, 0.4)


def test_concrete_and_vague_ones_have_their_own_recall() -> None:
    row = scores(["我局将更换路灯", "我局将加强巡查"], ["我局将加强巡查"])
    assert (row["concrete"], row["vague"], row["vague_right"]) == (0, 1, 0)


def test_what_is_arguable_is_neither_wanted_nor_wrong() -> None:
    row = scores(["我局将更换路灯"], ["我局将更换路灯", "补种行道树"], ignored=("补种行道树",))
    assert (row["found"], row["precision"]) == (1, 1)
    row = scores(["我局将更换路灯"], ["我局将更换路灯", "我局将加强巡查"], ignored=("补种行道树",))
    assert (row["found"], row["precision"]) == (2, 0.5)


def test_joined_it_does_not_matter_how_a_sentence_is_parted() -> None:
    row = scores(["我局将更换路灯，补种行道树"], ["我局将更换路灯", "补种行道树"])
    assert (row["f1"], row["joined_f1"]) == (pytest.approx(2 / 3, abs=1e-3), 1)
    row = scores(["补种行道树", "我局将加强巡查"], ["补种行道树。我局将加强巡查"])
    assert row["joined_f1"] < 1


def test_of_nothing_every_share_is_nought() -> None:
    assert set(scores([], []).values()) == {0}


def test_overlap_is_of_both_together() -> None:
    assert overlap(Span(start=0, end=4), Span(start=2, end=6)) == pytest.approx(2 / 6)
    assert overlap(Span(start=0, end=4), Span(start=4, end=6)) == 0
