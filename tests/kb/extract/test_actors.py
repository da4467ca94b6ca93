"""Who is to do it: the clause's own subject before what another item or sentence says."""

from __future__ import annotations

import pytest

from kb.extract.commitments import commitments
from kb.profile import profile
from tests.support.letters import make_letter

OWN = "云岭市教育局"
FIELDS = {"issued_on": "2026-03-15", "number": "云教函〔2026〕4号", "issuer": OWN}
NAMED = (
    (
        "（一）设施改造。市财政局负责在9月底前将尾款拨付到位。\n"
        "（二）日常监管。由市市场监督管理局牵头，9月起开展检查。",
        ["市财政局", "市市场监督管理局"],
    ),
    (
        "（一）市交通运输局将于年底前增设站牌20处。\n（二）由市住房和城乡建设局负责，年内改造小区5个。",
        ["市交通运输局", "市住房和城乡建设局"],
    ),
    (
        "1. 今明两年新建停车位2000个。\n2. 由市城市管理局负责，年内拆除违建3处。",
        [OWN, "市城市管理局"],
    ),
    ("市水务局将于6月底前清淤12公里。由市财政局负责保障资金。", ["市水务局"]),
    ("计划于年底前增设站牌20处。由市交通运输局负责实施。", ["市交通运输局"]),
    ("两项均由市民政局承办，年底前完成300户改造。", ["市民政局"]),
)


@pytest.mark.parametrize(("text", "organs"), NAMED)
def test_the_subject_of_the_clause_acts(text: str, organs: list[str]) -> None:
    letter = make_letter("甲", text, title=None, **FIELDS)
    assert [one.organ for one in commitments(letter, profile())][: len(organs)] == organs


@pytest.mark.parametrize(
    ("text", "organ", "co_organs"),
    [
        ("市教育局、市民政局分别在9月前、12月前完成改造10所", "市教育局", ("市民政局",)),
        ("市公安局和市城市管理局各自于年底前施划车位50个", "市公安局", ("市城市管理局",)),
        ("市水务局、市林业局共同在6月底前完成补植300亩", "市水务局", ("市林业局",)),
    ],
)
def test_several_that_act_are_all_named(text: str, organ: str, co_organs: tuple[str, ...]) -> None:
    letter = make_letter("甲", f"下一步工作\n1. {text}。", title=None, **FIELDS)
    (one,) = commitments(letter, profile())
    assert (one.organ, one.co_organs) == (organ, co_organs)


@pytest.mark.parametrize(
    "row", ["2石桥区中心小学将于8月20日前完成扩建", "12云岭市第三中学于2026年7月31日前更换排烟系统"]
)
def test_what_begins_with_the_number_of_a_row_is_no_organ(row: str) -> None:
    letter = make_letter("甲", f"{row}。", title=None, **FIELDS)
    (one,) = commitments(letter, profile())
    assert one.organ == OWN
