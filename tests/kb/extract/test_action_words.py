"""What is to be done is told in whole words: no half of a due, no doer, no “不晚” left."""

from __future__ import annotations

import pytest

from kb.extract.commitments import commitments
from kb.profile import profile
from tests.support.letters import make_letter

FIELDS = {"issued_on": "2026-03-15", "number": "云住建函〔2026〕5号", "issuer": "云岭市住建局"}
TOLD = (
    # what comes before a due goes with it
    ("电梯加装工程不晚于国庆前完工", "电梯加装工程完工"),
    ("东关桥最迟于9月底前通车", "东关桥通车"),
    ("石桥区老年食堂至迟10月底前开餐", "石桥区老年食堂开餐"),
    ("在8月份之前完成站房招标，最晚11月中旬交付使用", "完成站房招标，交付使用"),
    ("在8月份之前完成招标，最晚11月中旬交付", "完成招标，交付"),
    ("东站须待铁路部门批复后方可进场，最迟不晚于2027年5月底", "东站须待铁路部门批复后方可进场"),
    # two dues that are joined
    ("市教育局分别在9月前、12月前完成校医室改造10所", "完成校医室改造10所"),
    ("我局将于6月底前和12月底前开展两次检查", "开展两次检查"),
    ("改造完成1260户，余下的12月15日前完成入户验收", "余下的完成入户验收"),
    # the doer, who has a column of his own
    ("市财政局负责在9月底前将尾款拨付到位", "将尾款拨付到位"),
    ("市财政局于6月底前拨付资金800万元", "拨付资金800万元"),
    ("由市城市管理局负责，年内拆除违建3万平方米", "拆除违建3万平方米"),
    ("市卫生健康委员会表示，11月以前推动6家卫生院设立床位", "推动6家卫生院设立床位"),
    ("市民政局答复，年底前新建养老服务中心3个", "新建养老服务中心3个"),
    ("市教育局、市卫生健康委员会分别在9月前、12月前完成改造10所", "完成改造10所"),
    ("市卫生健康委员会于年底前完成培训300人", "完成培训300人"),
)


@pytest.mark.parametrize(("text", "action"), TOLD)
def test_the_action_is_told_in_whole_words(text: str, action: str) -> None:
    letter = make_letter("甲", f"下一步工作\n1. {text}。", title=None, **FIELDS)
    (one,) = commitments(letter, profile())
    assert one.action == action
