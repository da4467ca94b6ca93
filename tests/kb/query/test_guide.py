"""Questions for a guide to official business are told from those about it."""

from __future__ import annotations

import pytest

from kb.query.guide import ASKINGS, Asking, asks_for_guide


@pytest.mark.parametrize("asking", ASKINGS, ids=lambda asking: asking.name)
def test_each_way_to_ask_finds_its_example(asking: Asking) -> None:
    assert asking.pattern.search(asking.example)


@pytest.mark.parametrize(
    "question",
    [
        "怎么办营业执照",
        "营业执照怎么办",
        "在哪排队",
        "要带什么材料",
        "残疾证怎么办理",
        "身份证丢了怎么补办",
        "办公积金贷款需要哪些手续",
        "在哪里办准生证",
        "社保卡怎么激活",
        "居住证去哪里领",
        "政务大厅几点上班",
        "周末能办业务吗 周末办公吗",
        "落户流程是什么 办理流程",
        "怎么申请低保",
        "怎么报名参加课后服务",
        "怎样在网上缴费",
        "老年证在哪里办",
        "护照怎么换",
        "开证明去哪个窗口办",
        "办健康证要什么材料",
        "新生儿怎么上户口",
        "如何预约挂号",
        "不动产登记大厅电话",
        "房产过户怎么办手续",
    ],
)
def test_how_to_do_business_is_asked_of_a_guide(question: str) -> None:
    assert asks_for_guide(question)


@pytest.mark.parametrize(
    "question",
    [
        "路灯坏了怎么办",
        "学校的操场怎么还没修好",
        "下一步打算怎么办",
        "这件提案怎么办理的答复",
        "电梯补贴多少钱",
        "垃圾怎么分类",
        "怎么办法都没有",
        "停车难怎么解决",
        "哪里新建学校",
        "地铁什么时候开通",
        "噪音扰民怎么处理",
        "孩子上学难怎么办",
        "谁来负责维修",
        "哪些小区加装了电梯",
    ],
)
def test_what_letters_tell_is_not(question: str) -> None:
    assert not asks_for_guide(question)
