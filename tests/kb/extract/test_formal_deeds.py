"""Deeds that formal letters tell without a cue are promises; what is done or ruled is none."""

from __future__ import annotations

import pytest

from kb.extract.commitments import commitments
from kb.extract.formal_deeds import FORMAL, FormalRule
from kb.profile import profile
from tests.support.letters import make_letter

FIELDS = {"issued_on": "2026-04-15", "issuer": "云岭市水务局"}
NUMBER = {"number": "云水函〔2026〕12号"}


def found(text: str, **fields: str) -> list[str]:
    letter = make_letter("甲", f"{text}。", title=None, **FIELDS, **fields)
    return [one.span.of(letter.text) for one in commitments(letter, profile())]


PROMISED = (
    (
        "作为替代，市交通运输局同意自9月1日起将215路首班车提前",
        "市交通运输局同意自9月1日起将215路首班车提前",
    ),
    ("市财政局同意年底前追加资金300万元", "市财政局同意年底前追加资金300万元"),
    ("由市市场监督管理局牵头，每学期开展一轮检查", "由市市场监督管理局牵头，每学期开展一轮检查"),
    ("由市民政局负责，组织护理员培训300人次", "由市民政局负责，组织护理员培训300人次"),
    ("今年安排改造管网11公里，投资6800万元", "今年安排改造管网11公里，投资6800万元"),
    ("下半年再安排3所学校扩建", "下半年再安排3所学校扩建"),
    ("按照方案，年内再布局42处", "年内再布局42处"),
    ("每餐补贴由2元涨到4元，从7月1日开始执行", "每餐补贴由2元涨到4元，从7月1日开始执行"),
    ("开放时间由8小时延长，票价由10元降到5元，10月1日起实施", "票价由10元降到5元，10月1日起实施"),
    ("但我局将另行向市财政局申请专项资金", "但我局将另行向市财政局申请专项资金"),
    ("城区雨水井盖的防坠网，我局于汛前加装完毕", "城区雨水井盖的防坠网，我局于汛前加装完毕"),
    ("新增16处，全部于11月20日前开餐", "新增16处，全部于11月20日前开餐"),
    ("小河镇：新增8处，由镇政府筹资，年底前开餐", "小河镇：新增8处，由镇政府筹资，年底前开餐"),
    ("形成初稿后征求委员意见，9月报市政府审批", "形成初稿后征求委员意见，9月报市政府审批"),
    ("委托机构开展规划修编，9月报市政府审批", "委托机构开展规划修编，9月报市政府审批"),
    ("剩余500个在下月完成", "剩余500个在下月完成"),
    ("防坠网已加装5100个，剩余500个在下月完成", "剩余500个在下月完成"),
    ("到2027年末，老城区合流制管网全部清零", "到2027年末，老城区合流制管网全部清零"),
)
NONE = (
    "经市交通运输局调整，251路首班车自3月1日起提前",
    "市财政局同意您的建议",
    "此项工作由市应急管理局承担",
    "由市民政局负责，已完成培训300人次",
    "去年安排改造管网11公里",
    "今年已安排改造管网11公里",
    "年初安排的11公里管网，施工图完成审查",
    "补贴已由2元提高到4元，1月1日起执行",
    "补贴由2元提高到4元",
    "医保报销比例由80%提高到85%，今年1月1日起执行",
    "您建议将补贴由2元提高到4元，明年1月1日起执行",
    "有委员提出年内再布局10处",
    "今年共安排补助资金500万元，惠及200户",
    "由市教育局牵头，组织开展了专项检查",
    "4月完成投资3.2亿元，同比增长5%",
    "到2027年末，管网全部清零难度很大",
    "1月完成招标，2月上线试运行",
    "西门片区合流制管网全部清零",
    "雨水井盖的防坠网加装完毕",
    "若资金不足，剩余500个在下月完成的可能性不大",
)


@pytest.mark.parametrize("rule", FORMAL, ids=lambda rule: rule.name)
def test_every_rule_reads_its_example(rule: FormalRule) -> None:
    first, _, after = rule.example.partition("，")
    held = after if rule.back and not rule.pattern.search(first) else first
    assert rule.pattern.search(held)
    assert not rule.then or rule.then.match(after)


@pytest.mark.parametrize(("text", "quote"), PROMISED)
def test_a_deed_of_a_formal_letter_is_a_promise(text: str, quote: str) -> None:
    assert found(text, **NUMBER) == [quote]


@pytest.mark.parametrize("text", NONE)
def test_what_is_done_or_only_told_is_none(text: str) -> None:
    assert found(text, **NUMBER) == []


def test_each_deed_of_a_sentence_is_one() -> None:
    text = "年内再布局42处，每餐补贴由2元涨到4元，从7月1日开始执行"
    assert found(text, **NUMBER) == ["年内再布局42处", "每餐补贴由2元涨到4元，从7月1日开始执行"]


def test_in_a_reply_from_the_mailbox_the_learned_weights_alone_decide() -> None:
    assert found("剩余500个在下月完成", **NUMBER)
    assert not found("剩余500个在下月完成")
