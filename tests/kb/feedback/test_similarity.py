"""Questions that ask the same are found to be alike, others are not."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.feedback.similarity import ALIKE, figures, grams, weight
from kb.text.similarity import jaccard
from tests.conftest import corpus_rows

# Invented: a line asks one thing in several wordings; neighbours share their subject. The share
# was chosen on other lines of this kind.
PARAPHRASES = """
公园什么时候免费开放？|公园哪天开始免费开放|公园免费开放是什么时候
公园里能不能遛狗？|公园可以遛狗吗|在公园遛狗允许吗
垃圾分类的奖励怎么领？|垃圾分类奖励如何领取|垃圾分类有什么奖励，怎么领
垃圾多久清运一次？|小区垃圾几天清运一次|垃圾清运多久一次
幼儿园学位够不够？|幼儿园学位紧张吗|公办幼儿园学位还缺多少
公办幼儿园比例是多少？|公办幼儿园占多大比例|公办园占比多少
公交线路会不会增加？|会增加公交线路吗|公交线路有没有增加计划
公交卡老年人免费吗？|老年人坐公交免费吗|老人乘公交车是不是免费
河道什么时候清淤？|河道清淤什么时候开始|河道哪年清淤
河长制落实得怎么样？|河长制怎么落实的|河长制落实情况如何
高标准农田建了多少亩？|全市建成高标准农田多少亩|高标准农田有多少亩
村里路灯谁来维护？|农村路灯由谁维护|村里的路灯坏了谁维护
供暖什么时候开始？|今年供暖几号开始|集中供暖从哪天开始
供暖温度不达标怎么办？|家里供暖温度不够怎么办|暖气温度不达标找谁
"""


def alike(one: str, other: str) -> bool:
    a, b = grams(one), grams(other)
    return figures(one) == figures(other) and jaccard(weight(a & b), weight(a), weight(b)) >= ALIKE


def test_paraphrases_are_alike_and_other_questions_of_the_same_subject_are_not() -> None:
    lines = [line.split("|") for line in PARAPHRASES.split()]
    asked = [(text, number) for number, line in enumerate(lines) for text in line]
    joined = [(a == b) for (x, a), (y, b) in combinations(asked, 2) if alike(x, y)]
    same = sum(a == b for (_, a), (_, b) in combinations(asked, 2))
    assert sum(joined) / len(joined) >= 0.96, "precision"
    assert sum(joined) / same >= 0.8, "recall"


def test_of_the_188_questions_of_the_corpus_hardly_two_are_joined() -> None:
    asked = [row["question"] for row in corpus_rows("questions.jsonl")]
    joined = [pair for pair in combinations(asked, 2) if alike(*pair)]
    assert len(joined) <= 3, joined


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2023年加装了多少部电梯？", "2024年加装了多少部电梯？"),
        ("第047号提案是谁提的？", "第201号提案是谁提的？"),
        ("政协提案办理了多少件？", "2024年政协提案办理了多少件？"),
    ],
)
def test_who_asks_of_other_figures_asks_something_else(one: str, other: str) -> None:
    assert not alike(one, other)


def test_a_masked_number_and_the_width_of_figures_tell_nothing_apart() -> None:
    assert figures("电话138****5678，２０２４年") == figures("电话139****1234，2024年") == "2024"


@given(st.text(max_size=60))
def test_every_question_is_like_itself(question: str) -> None:
    assert grams(question)
    assert alike(question, question)
