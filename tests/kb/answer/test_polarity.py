"""Whether a letter's words say yes or no, and where they leave it open."""

from __future__ import annotations

from datetime import date

import pytest

from kb.answer.polarity import CUES, Sign, sign
from kb.query.yes_no import whether


@pytest.mark.parametrize(
    ("form", "number"), [(form, n) for form, cues in CUES.items() for n in range(len(cues))]
)
def test_every_cue_finds_its_example(form: str, number: int) -> None:
    cue = CUES[form][number]  # type: ignore[index]
    assert cue.says.search(cue.example)


SAID: list[tuple[str, str, Sign]] = [
    ("外地户口能不能在这里上学？", "非本市户籍儿童可以凭居住证就近入学。", "yes"),
    ("外地户口能不能在这里上学？", "非本市户籍儿童暂不能在我区公办学校入学。", "no"),
    ("小区住户可以装充电桩吗？", "经业主委员会同意的，可以申请安装充电桩。", "yes"),
    ("楼道里可以给电动车充电吗？", "严禁在楼道内给电动车充电。", "no"),
    ("老人卡能在县里用吗", "县（市）公交尚不支持老年卡，无法使用。", "no"),
    ("人行道修好了没有？", "该处人行道已于5月10日修复完毕。", "yes"),
    ("人行道修好了没有？", "该处人行道尚未修复，目前正在招标。", "not_yet"),
    ("路灯装好了吗", "路灯正在安装。", "not_yet"),
    ("加装电梯有没有补助？", "每部电梯补助8万元，加装电梯有市级补助。", "yes"),
    ("村里有没有铺路的计划？", "目前暂无铺设计划。", "no"),
    ("反映的收费属实吗？", "经查，您反映的收费问题属实。", "yes"),
    ("反映的收费属实吗？", "经查，不存在收费问题。", "no"),
    ("这样收费合不合法？", "该项收费符合市物价部门的规定。", "yes"),
    ("这样收费合不合法？", "该项收费违反了收费管理规定。", "no"),
    ("这条巷子是不是市政道路？", "该巷不属于市政道路。", "no"),
    ("这条巷子是不是市政道路？", "该巷属于市政道路，由市政管养。", "yes"),
    ("消防来检查过没有？", "消防部门已检查三次。", "yes"),
    ("有没有答应过给编制", "学校从未答应给编制。", "no"),
]


@pytest.mark.parametrize(("question", "words", "expected"), SAID)
def test_words_say_yes_no_or_not_yet(question: str, words: str, expected: Sign) -> None:
    asked = whether(question)
    assert asked is not None
    assert sign(asked, words) == expected


OPEN = [
    ("夜2路开通了没有？", "夜1路已于2023年10月21日开通"),  # another one
    ("长期处方能开三个月吗？", "长期处方最长可开12周。"),
    ("新馆开工了吗？", "新馆已完成审批。"),
    ("新馆开工了吗？", "新馆今年8月开工。"),
    ("那家厂是不是黑厂？", "该厂系合法企业。"),
    ("人行道修好了没有？", "我局已安排人员进行维修。"),  # who was told to is not done yet
    ("人行道修好了没有？", "计划2025年完成人行道改造。"),
    ("人行道修好了没有？", "东段已修复完毕，西段尚未修复。"),
    ("外地户口能不能在这里上学？", "可以拨打教育局电话咨询。"),
    ("外地户口能不能在这里上学？", "有居住证的可以报名，没有居住证的不能报名。"),
    ("外地户口能不能在这里上学？", "如果您有居住证。"),
    ("这条巷子是不是市政道路？", "该巷是1998年由村里修的。"),
    ("加装电梯有没有补助？", "全市有老旧小区60个。"),
    ("反映的收费属实吗？", "您反映的问题部分属实。"),
    ("加装电梯有没有补助？", ""),
]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("夜间开放去年12月全部实行。", "yes"),
        ("夜间开放今年5月20日实行。", "yes"),
        ("夜间开放今年8月实行。", None),
        ("夜间开放计划今年5月实行。", None),
        ("夜间开放2025年5月底前实行。", None),
    ],
)
def test_a_day_before_the_letters_own_says_that_it_is_done(
    words: str, expected: Sign | None
) -> None:
    asked = whether("夜间开放实行了吗？")
    assert asked is not None
    assert sign(asked, words, written=date(2025, 6, 20)) == expected
    assert sign(asked, words) is None


@pytest.mark.parametrize(("question", "words"), OPEN)
def test_what_leaves_it_open_says_nothing(question: str, words: str) -> None:
    asked = whether(question)
    assert asked is not None
    assert sign(asked, words) is None
