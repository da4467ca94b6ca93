"""Every point of a proposal is kept, however it is opened and numbered."""

from __future__ import annotations

import pytest

from kb.extract.proposal import points

A, B, C = "增加石桥区助餐点", "提高用餐补贴", "新建养老院"
TITLE = "关于养老的提案\n"
OPENINGS = (
    "",
    "建议：",
    "建议",
    "为此，建议：",
    "为此，建议如下：",
    "为此建议",
    "为此建议：",
    "为此，特建议：",
    "对此，我们建议：",
    "现提出如下建议：",
    "提出如下建议：",
    "希望市民政局：",
    "恳请市政府：",
    "建议市民政局做到：",
    "我们认为应做好以下几方面工作：",
    "综上所述，建议市政府从以下几个方面着手：",
    "三、工作建议",
    "三、对策建议：",
    "具体建议如下：",
    "办理建议：",
    "【建议】",
    "基于此，笔者提出三点建议：",
    "为进一步做好养老服务工作，特提出以下建议：",
    "为解决老年人吃饭难的问题，建议市民政局会同有关部门做好以下工作：",
)
# A list under each of them, on lines of their own or in one paragraph.
LISTS = (
    f"一、{A}。\n二、{B}。\n三、{C}。",
    f"（一）{A}；\n（二）{B}；\n（三）{C}。感谢领导的关心！",
    f"1. {A}。\n2. {B}。\n3. {C}。",
    f"1、{A}；2、{B}；3、{C}。",
    f"（1）{A}\n（2）{B}\n（3）{C}\n感谢！",
    f"①{A}②{B}③{C}",
    f"一是{A}；二是{B}；三是{C}。",
    f"首先，{A}。其次，{B}。最后，{C}。\n妥否，请予考虑。",
    f"第一，{A}。第二，{B}。第三，{C}。\n以上建议，请予研究。",
    f"其一，{A}；其二，{B}；其三，{C}。",
    f"⑴{A}；⑵{B}；⑶{C}。",
    f"- {A}\n- {B}\n- {C}",
)


def told(text: str) -> list[str]:
    return [one.text for one in points(text)]


@pytest.mark.parametrize("items", LISTS)
@pytest.mark.parametrize("opening", OPENINGS)
def test_an_opening_is_no_point_and_the_items_are(opening: str, items: str) -> None:
    assert told(f"{TITLE}{opening}\n{items}") == [A, B, C]


@pytest.mark.parametrize("opening", [one for one in OPENINGS if one])
def test_what_is_told_before_is_no_point(opening: str) -> None:
    before = "近年来老年人越来越多。存在以下问题：一是布点不足；二是补贴偏低。\n"
    assert told(f"{TITLE}{before}{opening}\n1.{A}。\n2.{B}。\n3.{C}。") == [A, B, C]


@pytest.mark.parametrize(
    "text",
    [
        f"建议：{A}；{B}；{C}。",
        f"建议：{A}。{B}。{C}。",
        f"建议：\n{A}。\n{B}。\n{C}。\n感谢您的支持！",
        f"建议一是{A}，二是{B}，三是{C}。",
        f"建议市民政局一是{A}，二是{B}，三是{C}。",
        f"建议首先{A}，其次{B}，最后，{C}。",
        f"二、建议\n一、{A}。\n二、{B}。\n三、{C}。",
        f"为此建议：1.{A} 2.{B} 3.{C}",
        f"为此建议：\n一、助餐：\n1.{A}；\n2.{B}。\n二、机构\n1.{C}。",
        f"建议1：{A}\n建议2：{B}\n建议3：{C}",
        f"案由：加强养老服务\n案据：一是布点不足；二是补贴偏低。\n建议：\n1.{A}；\n2.{B}；\n3.{C}。",
        f"案    由：加强养老服务\n背景情况：老年人多。\n具 体 建 议：{A}；{B}；{C}。",
        f"一、存在问题\n1.布点不足。\n二、解决办法\n1.{A}。\n2.{B}。\n3.{C}。\n三、结语\n感谢。",
    ],
)
def test_headings_of_real_proposals_and_lists_in_one_sentence(text: str) -> None:
    assert told(TITLE + text) == [A, B, C]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("建议：\n①修路；②架桥；③减税。", ["修路", "架桥", "减税"]),
        (f"老人多。为此，建议{A}；{B}；{C}。", [f"建议{A}", B, C]),
        (f"建议尽快修复人民路，并做好以下工作：一是{A}；二是{B}。", ["建议尽快修复人民路", A, B]),
        (f"一、助餐点太少，希望{A}。\n二、{B}。\n三、{C}。", [f"助餐点太少，希望{A}", B, C]),
        (
            f"建议：\n一、{A}：1.石桥街道；2.新城街道。\n二、{B}。",
            [f"{A}：1.石桥街道；2.新城街道", B],
        ),
        (f"1.{A}。现在只有三处。\n2.{B}。", [f"{A}。现在只有三处", B]),
        (f"存在以下问题：一是布点不足；二是补贴偏低。\n希望{A}。", [f"希望{A}"]),
        (
            f"建议：\n1.{A}。\n2.{B}。\n以上建议，敬请采纳。\n提案人：张三\n2024年3月5日",
            [A, B],
        ),
        (f"建议：\n{A}。\n{B}。\n提案人：张三\n二〇二四年三月五日", [A, B]),
        (
            "老人多。我们建议：在东湖公园增设厕所；对路面进行修复。",
            ["在东湖公园增设厕所", "对路面进行修复"],
        ),
        ("请在老旧小区加装电梯。路灯不亮，也请修。", ["请在老旧小区加装电梯", "路灯不亮，也请修"]),
        (
            f"主要原因有三：一是老人多；二是厨房少。\n为此，建议：一、{A}。二、{B}。此外，希望公开名单。",
            [A, B, "此外，希望公开名单"],
        ),
    ],
)
def test_no_point_is_dropped(text: str, asked: list[str]) -> None:
    assert told(TITLE + text) == asked
