"""Due words of formal letters: the flood season, from the letter's day on, for each case."""

from __future__ import annotations

from datetime import date

import pytest

from kb.extract.commitments import commitments
from kb.extract.due import dues
from kb.profile import profile
from tests.support.letters import make_letter

SIGNED = date(2026, 3, 15)
DAYS = (
    ("2028年汛前投运", "2028年汛前", "2028-05-31"),
    ("2027年汛前完成城中村排水改造", "2027年汛前", "2027-05-31"),
    ("我局于汛前加装完毕", "汛前", "2026-05-31"),
    ("明年入汛前完工", "明年入汛前", "2027-05-31"),
    ("主汛前完成清淤", "主汛前", "2026-06-30"),
    ("明年“五一”前开放口袋公园5个", "明年“五一”前", "2027-04-30"),
    ("明年‘五一’前开放口袋公园5个", "明年‘五一’前", "2027-04-30"),
    ("“七一”前通车", "“七一”前", "2026-06-30"),
    ("自发文之日起30日内公布名单", "自发文之日起30日内", "2026-04-14"),
    ("自本函印发之日起三个月内完成", "自本函印发之日起三个月内", "2026-06-15"),
    ("自本答复之日起10个工作日内反馈", "自本答复之日起10个工作日内", "2026-03-27"),
    ("力争用两年时间改造小区20个", "用两年时间", "2028-03-15"),
    ("用3个月左右的时间完成", "用3个月左右的时间", "2026-06-15"),
    ("将于10个工作日内办结", "10个工作日内", "2026-03-27"),
    ("对您反映的问题，将在5日内办结", "5日内", "2026-03-20"),
    ("每年新增500个，三年内实现全覆盖", "三年内", "2029-03-15"),
)
NO_DAY = (
    "对家长反映集中的问题，坚持接诉即办，3个工作日内答复",
    "每学期开展一轮检查，检查结果一周内向家长公开",
    "接到群众投诉后，24小时内到场处置",
    "发现破损的，2小时内处置",
    "凡受理的诉求，5个工作日内办结",
    "每月召开一次会议，两周内整改到位",
    "自收到通知之日起30日内缴纳",
    "每年底前公布维修资金收支情况",
    "每年汛后对管网清淤一次",
    "每年汛期前清淤一次",
    "开展汛前检查",
    "做好汛前各项准备",
    "组织汛前隐患排查",
    "抓好防汛前期工作",
)


@pytest.mark.parametrize(("text", "raw", "last"), DAYS)
def test_the_day_is_found(text: str, raw: str, last: str) -> None:
    found = dues(text, signed=SIGNED, calendar=profile().calendar)[-1].due
    assert (found.raw, found.last) == (raw, last)


@pytest.mark.parametrize("text", NO_DAY)
def test_what_comes_again_and_again_has_no_day(text: str) -> None:
    found = dues(text, signed=SIGNED, calendar=profile().calendar)
    assert [time.due.last for time in found] == [None] * len(found)


@pytest.mark.parametrize(
    ("text", "raw", "last"),
    [
        ("明年“五一”前开放口袋公园5个", "明年“五一”前", "2027-04-30"),
        ("我局将在“六一”前改造校园3处", "“六一”前", "2026-05-31"),
        ("我局将落实“2026年底前建成10处”的要求", None, None),
    ],
)
def test_a_quoted_holiday_is_a_due_and_a_cited_date_none(
    text: str, raw: str | None, last: str | None
) -> None:
    fields = {"issued_on": "2026-03-15", "number": "云教函〔2026〕4号", "issuer": "云岭市教育局"}
    letter = make_letter("甲", f"下一步工作\n1. {text}。", title=None, **fields)
    (one,) = commitments(letter, profile())
    assert (one.due and one.due.raw, one.due and one.due.last) == (raw, last)


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("由市民政局牵头，每学期开展一轮检查，检查结果一周内向家长公开", "每学期"),
        ("由市民政局牵头，10月起对投诉24小时内到场处置", "10月起"),
        ("由市民政局牵头，每月开展检查，年底前公布结果", "年底前"),
    ],
)
def test_how_soon_each_time_counts_least(text: str, raw: str) -> None:
    fields = {"issued_on": "2026-03-15", "number": "云教函〔2026〕4号", "issuer": "云岭市教育局"}
    letter = make_letter("甲", f"{text}。", title=None, **fields)
    (one,) = commitments(letter, profile())
    assert one.due
    assert one.due.raw == raw
