"""Words of the same meaning, and official words for everyday ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.synonyms import MOST_ADDED, SYNONYMS, coverage, expanded, meanings
from kb.text.tokens import rarity, tokens
from tests.support import made


def test_coverage_is_the_share_of_the_asked_words() -> None:
    assert coverage(["盲道"], "建设盲道1039千米") == 1.0
    assert coverage([], "甲") == 0.0
    assert coverage(["地铁"], "建设盲道") == 0.0
    both = coverage(["盲道", "地铁"], "建设盲道")
    assert both == pytest.approx(rarity("盲道") / (rarity("盲道") + rarity("地铁")))


def test_single_characters_earn_partial_credit() -> None:
    assert 0 < coverage(["厚度"], "厚20厘米") < 1
    assert coverage(["厚"], "高20厘米") == 0.0


def test_a_word_of_the_same_meaning_counts_whole() -> None:
    assert "老年人" in meanings("老人")
    assert meanings("盲道") == {"盲道"}
    assert coverage(["老人"], "帮助老年人家庭") == 1.0


@pytest.mark.parametrize(
    ("question", "official"),
    [
        ("老房子怎么改造", ["老旧小区"]),
        ("老小区怎么改造", ["老旧小区"]),  # two tokens, looked up as one word
        ("装电梯补助", ["加装电梯"]),
        ("哪里有养老院", ["养老", "机构", "服务"]),  # an official word of several tokens
        ("放学后托管收费", ["课后服务"]),
        ("还差多少上学名额", ["学位"]),  # and not 入学, which 上学 alone would give
        ("补多少钱", ["补贴", "补助"]),
    ],
)
def test_everyday_words_bring_official_ones(question: str, official: list[str]) -> None:
    assert expanded(tokens(question)) == official


@pytest.mark.parametrize(
    "question",
    [
        "老旧小区怎么改造",  # official already: the way is one
        "养老服务机构有哪些",
        "老旧小区和老房子怎么改造",  # asked besides
        "多少钱一张",  # 钱 alone would bring 资金 and 投资
        "公路养护",  # 路 is only a part of it
        "幼儿园收费",
        "",
    ],
)
def test_nothing_is_added_where_nothing_official_is_lacking(question: str) -> None:
    assert expanded(tokens(question)) == []


def test_a_question_of_everyday_words_is_added_to_within_bounds() -> None:
    asked = tokens("老人看病坐公交车去养老院，孩子上学，低保户领失业金和退休金，装电梯修路")
    added = expanded(asked)
    assert len(added) == MOST_ADDED
    assert not set(added) & set(asked)
    assert added[:2] == ["老年人", "老年"]


def test_words_that_carry_no_subject_are_not_added() -> None:
    assert expanded(tokens("票价降价了吗")) == ["下调", "降"]  # of 降为, 为 only binds


def test_the_list_of_synonyms_is_in_order() -> None:
    lines = SYNONYMS.read_text(encoding="utf-8").splitlines()
    groups = [group for line in lines if (group := line.split("#")[0].split())]
    leads = [group[0] for group in groups]
    assert len(leads) == len(set(leads))
    assert all(len(group) == len(set(group)) for group in groups)
    institutions = [{"幼儿园", "托育机构", "托育"} & set(group) for group in groups]
    assert all(len(found) < 2 for found in institutions)


@given(st.lists(st.sampled_from(made.WORDS), max_size=8), made.bodies)
def test_coverage_lies_between_0_and_1(asked: list[str], text: str) -> None:
    assert 0.0 <= coverage(asked, text) <= 1.0 + 1e-9
