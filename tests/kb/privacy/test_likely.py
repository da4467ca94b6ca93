"""Persons whose names are words, or of rare surnames: found where a person is due."""

from __future__ import annotations

import pytest

from kb.privacy import pii
from kb.privacy.rule import PiiRule
from kb.privacy.slot_rules import SLOTS


@pytest.mark.parametrize("rule", SLOTS, ids=lambda rule: rule.example)
def test_every_row_hides_its_example(rule: PiiRule) -> None:
    assert pii.masked(rule.example) == rule.hidden


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("业主苗圃来信称地下车库漏水。", "苗圃"),
        ("患者谷雨在市二院住院期间的费用已报销。", "谷雨"),
        ("死者祁连山系某工地木工。", "祁连山"),
        ("职工常乐2003年参加工作。", "常乐"),
        ("农户石榴种植玉米二十亩。", "石榴"),
        ("烈士遗属哈志刚的抚恤金按月发放。", "哈志刚"),
        ("监护人仇万年未到场。", "仇万年"),
        ("游客青莲在景区摔伤。", "青莲"),
        ("债务人钱多多拒不还款", "钱多多"),
        ("电工连发财私拉电线", "连发财"),
        ("货车司机燕归来超载", "燕归来"),
        ("经核实，桑田于2017年购买该房。", "桑田"),
        ("经查，浦江未办理相关手续。", "浦江"),
        ("我局已将结果告知郗望，其表示满意。", "郗望"),
        ("已与隆冬电话沟通，其无异议。", "隆冬"),
        ("派出所依法对索超作出行政拘留五日的处罚。", "索超"),
        ("您所反映的蔺相违建问题，已立案。", "蔺相"),
        ("该铺面归景天使用。", "景天"),
        ("麦浪，男，1962年3月出生。", "麦浪"),
        ("卓越、边疆等四人联名反映。", "边疆"),
        ("收件人花生，13100001111", "花生"),
        ("下岗女工水莲的社保", "水莲"),
    ],
)
def test_a_name_that_is_a_word_or_of_a_rare_surname_is_hidden(text: str, name: str) -> None:
    shown = pii.masked(text)
    assert shown[text.index(name) :].startswith("*" * len(name))


@pytest.mark.parametrize(
    "text",
    [
        "村民普遍反映道路不好走，居民集中反映的停车难问题正在解决。",
        "患者平均住院日下降到七天，残疾人康复服务中心已投入使用。",
        "学生安全问题受到高度重视，职工养老保险关系转移接续。",
        "农户成片种植花椒，村民农闲时外出务工。",
        "患者时有投诉，商户占道经营现象突出，职工方能领取。",
        "被告方经营的饭店已停业，患者谢绝探视。",
        "经查，该小区由物业公司管理；经核实，当地政府已拨付资金。",
        "已与开发商电话沟通，已向住建部门说明情况。",
        "您与单位的劳动争议可申请仲裁，您和家人的户口可以一并迁入。",
        "来信反映平安路积水一事。该房屋登记在公司名下，土地由集体承包经营。",
        "严禁业主任意改变房屋承重结构，业主张贴的通知已更正。",
        "客户单笔交易超过限额的，应当报告。当事人经释明未申请鉴定。",
        "柴静文、闻天、钱玉珍等6位委员：你们提出的提案收悉。",
        "由我局安全科负责办理，请拨打12345热线咨询。",
    ],
)
def test_words_behind_roles_are_shown(text: str) -> None:
    assert pii.masked(text) == text
