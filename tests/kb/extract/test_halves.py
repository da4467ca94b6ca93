"""A promise that is cut in mid-sentence goes on to where it says what is done."""

from __future__ import annotations

import time

import pytest

from kb.extract.commitments import commitments
from kb.extract.halves import HALVES, HalfRule, is_half
from kb.profile import profile
from tests.support.letters import make_letter


@pytest.mark.parametrize("rule", HALVES, ids=lambda rule: rule.name)
def test_every_row_reads_its_example(rule: HalfRule) -> None:
    assert rule.pattern.search(rule.example)


@pytest.mark.parametrize(
    "words",
    [
        "我局将会同县水利局",
        "我镇将组织林业、水利等部门",
        "县水务公司将依据抽检报告",
        "我局将结合渡口的特点",
        "将以本次检查为契机",
        "在不影响航运的前提下",
        "待堤坝验收完成",
        "将通过夜间停水的方式",
        "由水利局复核审批后",
        "经会议研究决定",
        "对渡口停航的问题",
        "指导各乡镇护林中队",
    ],
)
def test_half_a_sentence_is_told(words: str) -> None:
    assert is_half(words)


@pytest.mark.parametrize(
    "words",
    [
        "我局将更换水泵",
        "督促施工单位更换水泵",
        "将按照规定公示抽检报告",
        "组织村民代表视察渡口",
        "按季度抽检水质",
        "年底前完成堤坝验收",
    ],
)
def test_what_says_a_deed_is_whole(words: str) -> None:
    assert not is_half(words)


def test_a_promise_of_half_a_sentence_is_whole() -> None:
    letter = make_letter("甲", "我局将严格按照法律法规的规定，办理采砂许可手续。", title=None)
    (found,) = commitments(letter, profile())
    assert found.span.of(letter.text) == "我局将严格按照法律法规的规定，办理采砂许可手续"


def test_what_begins_another_matter_is_left_out() -> None:
    letter = make_letter("甲", "我局将联合县水利局，感谢您对水利工作的支持。", title=None)
    found = [one.span.of(letter.text) for one in commitments(letter, profile())]
    assert not any("感谢" in words for words in found)


@pytest.mark.parametrize("piece", ["将", "按照", "组织", "规定", "我局", "在", "后"])
def test_hostile_words_take_no_time(piece: str) -> None:
    started = time.perf_counter()
    is_half(piece * (600 // len(piece)))
    assert time.perf_counter() - started < 5  # seconds, on a machine that is busy
