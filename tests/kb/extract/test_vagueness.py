"""What tells that a promise is vague, or conditional."""

from __future__ import annotations

import time

import pytest

from kb.extract.tagger import weights
from kb.extract.vagueness import MOST, UNSAID, UnsaidRule, features, is_so, names_no_thing


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("我局将进一步加强管理", True),
        ("将不断提升服务水平", True),
        ("我局将更换3盏路灯", False),
        ("将于5月底前完成道路修复", False),
    ],
)
def test_vague_is_what_names_nothing_to_check(words: str, wanted: bool) -> None:
    assert is_so(features(words, dated="5月" in words), weights().vague) is wanted


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("待上级批准后即可实施", True),
        ("如发现违规行为，我局将立案查处", True),
        ("年底前完成改造", False),
    ],
)
def test_conditional_is_what_waits_for_something(words: str, wanted: bool) -> None:
    assert is_so(features(words, dated=False), weights().conditional) is wanted


@pytest.mark.parametrize("rule", UNSAID, ids=lambda rule: rule.name)
def test_every_row_of_what_is_left_unsaid_reads_its_example(rule: UnsaidRule) -> None:
    assert rule.pattern.fullmatch(rule.example)
    assert names_no_thing(rule.example)


@pytest.mark.parametrize(
    "action",
    [
        "认真核查",
        "尽快予以解决",
        "安装完毕",
        "充分研究论证",
        "进一步加大监管力度",
        "石桥街道会加强巡查和管理",
        "督促相关职能部门，加强检查",
        "在相关规划中一并考虑",
        "积极向区和市有关部门反映有关问题",
        "对于物业的重新招标将在业委会成立后",
        "执法人员将定期进行检查",
        "组织专业人员进行探讨",
        "接到反映及时处置",
        "进场施工",
        "开发商承诺将尽快组织施工",
        "石桥区将组织相关部门进行研究讨论",
        "及时告知业主",
        "到2030年",
        "争取在两个月内",
        "根据开采量等不同情况",
        "同业主一起协商解决办法",
        "如再遇类似情况，请拨打热线投诉",
        "自2025年1月1日起",
    ],
)
def test_a_bare_verb_names_no_thing(action: str) -> None:
    assert names_no_thing(action)


@pytest.mark.parametrize(
    "action",
    [
        "更换路灯",
        "石桥区拆除岗亭",
        "组织业主大会",
        "该工程动工",
        "督促物业公司整改",
        "完成方案设计",
        "继续跟踪该项目建设情况",
        "石桥街道会加强河道巡查",
        "拆除违建",
        "提供热水24小时",
        "拨付工程款",
        "按照先急后缓的原则更换水表",
        "对乱停的车辆拖移",
        "联合市容部门拆除岗亭",
        "如有调整，提前张贴公告",
    ],
)
def test_what_is_done_to_something_names_it(action: str) -> None:
    assert not names_no_thing(action)


def test_to_tell_a_bare_verb_takes_no_time() -> None:
    started = time.perf_counter()
    assert not names_no_thing("规划设计建设管理" * 400 + "桥")
    assert time.perf_counter() - started < 1  # seconds


def test_figures_are_alike_and_only_the_beginning_is_looked_at() -> None:
    assert features("更换3盏灯", dated=False) == features("更换25盏灯", dated=False)
    long = "绿" * MOST
    assert set(features(long + "化", dated=False)) == set(features(long, dated=False))


def test_without_weights_nothing_is_so() -> None:
    assert is_so(features("加强管理", dated=False), {}) is False
