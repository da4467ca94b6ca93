"""What a proposal asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.extract.proposal import points, title_of

TEXT = """关于加快老旧小区加装电梯的提案

一、现状和问题
1. 补助标准低。每部只补12万元。
二、建议
1. 提高财政补助标准。建议将每部电梯补助提高到20万元。
2. 将管线迁改费用纳入财政资金列支，减轻业主负担。
"""


def told(text: str) -> list[str]:
    return [one.text for one in points(text)]


def test_the_items_under_the_suggestions_are_the_points() -> None:
    assert told(TEXT) == [
        "提高财政补助标准。建议将每部电梯补助提高到20万元",
        "将管线迁改费用纳入财政资金列支，减轻业主负担",
    ]


def test_without_items_the_sentences_that_ask_are() -> None:
    assert told("停车位不够用。希望尽快开放机关单位的停车场。我们感谢。建议实行错时共享停车。") == [
        "希望尽快开放机关单位的停车场",
        "建议实行错时共享停车",
    ]


def test_several_in_one_sentence_are_several() -> None:
    assert told("建议：\n一是增加夜间公交班次和线路；二是延长末班车时间到二十三点。") == [
        "增加夜间公交班次和线路",
        "延长末班车时间到二十三点",
    ]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        # Under one word, the item after the colon, a short name with what it means.
        (
            "建议：一、规划公墓用地；二、强化考核。将其纳入考核；三、加强宣传引导。",
            ["规划公墓用地", "强化考核。将其纳入考核", "加强宣传引导"],
        ),
        # Names over items of their own are no points.
        (
            "二、几点建议\n（一）拓宽融资渠道\n1.设立资金池。首期一亿元。\n2.开展续贷。\n（二）优化审批。推行代办。\n"
            "三、结语\n希望市政府高度重视，尽快落实。",
            ["设立资金池。首期一亿元", "开展续贷", "优化审批。推行代办"],
        ),
        (
            "建议一：扩大食堂\n在社区布点。\n建议二：培训护理员",
            ["扩大食堂\n在社区布点", "培训护理员"],
        ),
        ("首先，要开展清淤。其次，要落实河长制。", ["要开展清淤", "要落实河长制"]),
        ("建    议：\n第一，修建坡道。第二，改造厕所；", ["修建坡道", "改造厕所"]),
        ("审查意见：建议由市水利局办理\n能否划些夜间车位？", ["能否划些夜间车位"]),
        (
            "路边没有厕所，建议提高补助标准，同时建立维护基金，并由社区牵头协商。",
            ["建议提高补助标准", "同时建立维护基金", "并由社区牵头协商"],
        ),
        (
            "针对上述问题，提出如下建议：一是配备教师；二是开展筛查。妥否，请予研究。",
            ["配备教师", "开展筛查"],
        ),
        ("感谢你们一直以来的支持！收费的标准也请公开一下。", ["收费的标准也请公开一下"]),
        ("以上建议，请予考虑。希望领导给予重视。", []),
    ],
)
def test_every_thing_that_is_asked_for_is_a_point(text: str, asked: list[str]) -> None:
    assert told(text) == asked


def test_as_many_points_as_are_asked_for_are_told() -> None:
    assert len(told("建议：" + "；".join(f"{mark}增设站牌" for mark in "①②③④⑤⑥⑦⑧⑨⑩⑪⑫"))) == 12


def test_a_text_that_asks_nothing_has_no_points() -> None:
    assert told("我市有三百个小区。") == []


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (TEXT, "关于加快老旧小区加装电梯的提案"),
        ("加装电梯的事\n已经很久了", "加装电梯的事"),
        ("抄送：市政府督查室\n提案人：张三\n垃圾分类", "垃圾分类"),
        ("议案名称：关于优化营商环境的若干建议", "关于优化营商环境的若干建议"),
        (
            "尊敬的领导：\n您好！我是学生家长。\n希望延长课后服务。\n2024年3月5日",
            "希望延长课后服务",
        ),
        ("  \n", ""),
    ],
)
def test_the_title_is_the_proposals_own_or_its_first_line(text: str, title: str) -> None:
    assert title_of(text) == title


@given(
    st.lists(
        st.sampled_from(
            (
                "建议",
                "希望尽快",
                "一是",
                "二是",
                "1. ",
                "2. ",
                "\n",
                "。",
                "；",
                "，",
                "提高补助标准",
                "二、建议",
                "问题",
                " ",
            )
        ),
        max_size=30,
    )
)
def test_every_point_is_verbatim(words: list[str]) -> None:
    text = "".join(words)
    for one in points(text):
        assert one.span.of(text) == one.text
        assert one.text.strip()
