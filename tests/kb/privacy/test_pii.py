"""Personal data is found and hidden; what belongs to the office stays."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.privacy.pii import HIDDEN, found, masked
from kb.privacy.pii_rules import RULES, PiiRule

WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
EXAMPLES = [rule.example for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
def test_every_rule_hides_its_example(rule: PiiRule) -> None:
    assert rule.kind in [one.kind for one in found(rule.example)]
    assert masked(rule.example) == rule.hidden


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
def test_full_width_characters_hide_nothing_from_a_rule(rule: PiiRule) -> None:
    wide = rule.example.translate(WIDE)
    assert [(one.kind, one.span) for one in found(wide)] == [
        (one.kind, one.span) for one in found(rule.example)
    ]
    assert masked(wide).count(HIDDEN) == rule.hidden.count(HIDDEN)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("138 1234 5678", "138 **** 5678"),
        ("138-1234-5678", "138-****-5678"),
        ("138.1234.5678", "138.****.5678"),
        ("+86 13812345678", "+86 138****5678"),
        ("+8613812345678", "+86138****5678"),
        ("(+86)138-1234-5678", "(+86)138-****-5678"),
        ("13812345678,13912345678", "138****5678,139****5678"),
        ("打13812345678号码", "打138****5678号码"),
        ("110105 19491231 002x", "110*** ******** **2x"),
        ("110105194912310021", "110*************21"),  # a mistyped check digit
        ("130125196001010016", "130*************16"),  # born before the county had this code
        ("990101196001010015", "990*************15"),  # no such place, yet somebody's number
        ("6222 0212 3456 7890 128", "6222 **** **** ***0 128"),
        ("a.b-c@mail.gov.cn。", "a.*-*@mail.gov.cn。"),
        ("豫HD12345停在门口", "豫H******停在门口"),
        ("人民路12号院3单元502室漏水", "人民路**号院*单元***室漏水"),
        ("阳光小区3号楼5单元", "阳光小区*号楼*单元"),
        ("东苑社区8栋2单元11楼", "东苑社区*栋*单元**楼"),
    ],
)
def test_personal_data_is_hidden(text: str, hidden: str) -> None:
    assert masked(text) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "焦建办〔2024〕32号是谁签发的",
        "市政协十五届二次会议第1520135号提案",
        "第13812345678号提案",
        "13812345678号建议",
        "投资13812345678元",
        "投资13812345678.50元",
        "合计13812345678万元",
        "2024年6月28日到2025年12月31日",
        "0391-3568888 转 8001",
        "（0391）12345",
        "12345热线和110",
        "人民路12号市民中心",
        "滨河路12号线3站",
        "解放路2号2024年改造",
        "建设路1号院有3个出入口",
        "4111111111111112",  # and so is this one's
        "统一社会信用代码 91410800MA12345678",
        "GB/T 9704-2012 和 1481个项目、12.6万户",
        "A类、B类和C类，京A类",
        "www.example.gov.cn",
        "",
    ],
)
def test_what_is_not_personal_stays(text: str) -> None:
    assert found(text) == ()
    assert masked(text) == text


@given(
    st.lists(st.sampled_from([*EXAMPLES, "，", " ", "1", "𠮷", "＠", "８６"]) | st.text(max_size=8))
)
def test_hiding_keeps_the_length_and_all_that_lies_outside(parts: list[str]) -> None:
    text = "".join(parts)
    shown, spans = masked(text), [one.span for one in found(text)]
    assert len(shown) == len(text)
    inside = {place for span in spans for place in range(span.start, span.end)}
    assert all(shown[i] == text[i] for i in range(len(text)) if i not in inside)
    assert all(shown[i] in (text[i], HIDDEN) for i in inside)
    ordered = sorted(spans, key=lambda span: span.start)
    assert ordered == spans
    assert all(one.end <= other.start for one, other in pairwise(spans))


@given(
    st.sampled_from(EXAMPLES), st.text(max_size=4).filter(lambda s: not any(map(str.isalnum, s)))
)
def test_what_was_hidden_is_not_found_again(example: str, tail: str) -> None:
    once = masked(example + tail)
    assert masked(once) == once or "@" in once


@pytest.mark.parametrize(
    "words", ["问卷今年才寄给赵文倩委员。", "材料已转给孙立群代表", "退给李明委员的意见"]
)
def test_members_to_whom_something_is_given_are_shown(words: str) -> None:
    assert masked(words) == words
