"""The kinds of due expression: rows with a name, a pattern, how it resolves and an example.

Patterns match squeezed text (``kb.text.normalize``). One test runs every row on its example.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from kb.extract.days import (
    Resolve,
    by_day,
    by_five_years,
    by_half,
    by_months,
    by_quarter,
    by_soon,
    by_tenth,
    by_week,
    by_year,
    by_years,
    recurring,
    within,
    working_days,
)
from kb.extract.seasons import (
    SEASON,
    by_lunar,
    by_part_of_year,
    by_school_year,
    by_season,
    by_term,
    by_turn,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRule:
    """``example`` is read on ``SIGNED`` as ``expected``: first day, last day ("-" for none).

    ``from_now`` rows count from the letter's date, unless an event to come is named.
    """

    name: str
    pattern: re.Pattern[str]
    resolve: Resolve
    example: str
    expected: str
    from_now: bool = False


SIGNED = date(2024, 6, 28)  # the examples' letter

_Y = r"(?:(?<!\d)(?P<y>\d{4}|[零一二三四五六七八九]{4})年度?|(?P<rel>今年|本年|明年|来年|次年|后年)度?)"
_M = r"(?<![\d.个])(?P<m>1[0-2]|0?[1-9]|十[一二]?|元|[一二三四五六七八九])月份?"
_RM = r"(?P<rm>本月|这个月|当月|下个?月)份?"
_D = r"(?P<d>\d{1,2}|[一二三]?十?[一二三四五六七八九]|[二三]?十)[日号]"
_LD = r"初[一二三四五六七八九十]|[二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九](?!月)"
_LEAD = r"(?P<lead>从|自|到|至)?"
_BEFORE = (
    r"(?:之前|以前|前(?![期后来年往置景端述列沿瞻])(?!提(?![出交供升高请报到前]))(?!三|十|五)"
    r"|(?<=[底末日号旬初])前(?![期后]))"
)
# 从秋季学期开始; but in 第四季度开始评定 the verb is the other one's.
_AFTER = r"(?:起|(?(lead)开始|开始(?![一-龥]))|之后|以后|后(?![续期勤台]))"
_WITHIN = r"(?:之内|以内|内(?![容部涝外])|期间)"
_ABOUT = r"(?:前后|左右)"
_EDGE = rf"(?P<edge>[底末]{_BEFORE}?|{_ABOUT}|{_BEFORE}|{_AFTER}|{_WITHIN})?"
_N = r"(?:(?<!\d)\d{1,3}个?[-至到])?(?<![\d.一二三四五六七八九十])(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3}|半)"
# What a festival or a season may be called more fully, and a second one beside it.
_TIME = r"(?:国际|季节|时节|假期|长假|黄金周|佳节|节日|学期|节|假)*"
_SECOND = SEASON.replace("<season>", "<second>")
_SCHOOL = r"(?P<school>开学|开园)?"
_AFTER_START = (
    r"(?:之?后(?P<n>[一二两三四五六七八九十]|\d{1,2})个?(?P<u>月|周|星期|天|日)(?:之|以)?内)"
)
_SEASONAL = rf"{SEASON}{_TIME}(?:[、和及]?{_SECOND}{_TIME})?{_SCHOOL}"
_YEAR_OR_MONTH = r"(?=\d|农历\d|[今明来次后本]年|[一二三四五六七八九十元]{1,2}月)"
_COMING = rf"(?:到来|来临|开始){_BEFORE}|结束{_BEFORE}"
_DURING = rf"(?P<edge>[底末]{_BEFORE}?|{_COMING}|{_ABOUT}|{_BEFORE}|{_AFTER}|{_WITHIN})"


def _row(
    name: str,
    pattern: str,
    resolve: Resolve,
    example: str,
    expected: str,
    *,
    from_now: bool = False,
) -> DueRule:
    return DueRule(
        name=name,
        pattern=re.compile(pattern),
        resolve=resolve,
        example=example,
        expected=expected,
        from_now=from_now,
    )


ROWS: tuple[DueRule, ...] = (
    _row("日", rf"{_LEAD}{_Y}?{_M}{_D}{_EDGE}",
         by_day, "９ 月 1日前将护学岗增加到56所", "2024-06-28 2024-09-01"),
    _row("几日至几日", rf"{_LEAD}{_Y}?{_M}{_D.replace('[日号]', '[日号]?')}[-至到](?P<d2>\d{{1,2}})[日号]{_EDGE}",
         by_day, "7月16日-25日施工", "2024-07-16 2024-07-25"),
    _row("本月几日", rf"{_LEAD}{_RM}{_D}{_EDGE}", by_day, "下月10日前反馈", "2024-06-28 2024-07-10"),
    _row("旬", rf"{_LEAD}(?:{_Y}?{_M}|{_RM})(?P<third>[上中下]旬|初(?![步中一二三次始])){_EDGE}",
         by_tenth, "计划7月中旬前予以拆除", "2024-06-28 2024-07-20"),
    _row("月", rf"{_LEAD}{_Y}?{_M}{_EDGE}", by_months, "2025年3月底前完成安装", "2024-06-28 2025-03-31"),
    _row("本月", rf"{_LEAD}{_RM}{_EDGE}", by_months, "下个月底前拆除围挡", "2024-06-28 2024-07-31"),
    _row("月底", rf"(?<![\d一二三四五六七八九十元个每本这下当次])月(?P<edge>[底末]{_BEFORE}?)",
         by_months, "力争月底前修好", "2024-06-28 2024-06-30"),
    _row("月内", r"(?<![\d一二三四五六七八九十元个每本这下当次半几])月(?P<edge>内(?:之?前)?)(?![容部涝外])",
         by_months, "月内完成验收", "2024-06-01 2024-06-30"),
    _row("几个月", rf"{_LEAD}{_Y}?(?<![\d.])(?P<m>1[0-2]|0?[1-9])月?(?:[-至到]|、(?=\d{{1,2}}月))(?P<m2>1[0-2]|0?[1-9])月份?{_EDGE}",
         by_months, "今年9-10月完成", "2024-09-01 2024-10-31"),
    _row("季度", rf"{_LEAD}{_Y}?第?(?P<q>[一二三四1-4])(?:[、至到-](?P<q2>[一二三四1-4]))?季度{_EDGE}",
         by_quarter, "拟第四季度出台", "2024-10-01 2024-12-31"),
    _row("本季度", rf"{_LEAD}(?P<turn>本|这个|下个|下一?)季度{_EDGE}", by_quarter, "下一季度启动招标", "2024-07-01 2024-09-30"),
    _row("半年", rf"{_LEAD}{_Y}?(?P<half>[上下])半年{_EDGE}", by_half, "2025年上半年再建18家",
         "2025-01-01 2025-06-30"),
    _row("年底", rf"{_LEAD}(?:{_Y}年?|年)(?P<edge>[底末]{_BEFORE}?|终(?={_BEFORE}){_BEFORE})", by_year, "2025年\n年 底前建成", "2024-06-28 2025-12-31"),
    _row("年初年中", rf"{_LEAD}(?:{_Y}年?|(?<![\d一二两三四五六七八九十每])年)(?P<part>初|中(?![心学小央医期])){_EDGE}",
         by_part_of_year, "明年年初动工", "2025-01-01 2025-03-31"),
    _row("年内", rf"(?:{_Y}年?|(?<![\d一二两三四五六七八九十半每几])年)度?(?P<edge>{_WITHIN})", by_year,
         "争取年内调解结案", "2024-01-01 2024-12-31"),
    _row("年", rf"{_LEAD}{_Y}(?P<edge>{_ABOUT}|{_AFTER}|{_BEFORE})?(?!度|的(?!.{{0,10}}(?:计划|项目)))", by_year, "明年新建10个", "2025-01-01 2025-12-31"),
    _row("几年", rf"{_LEAD}(?<!\d)(?P<y>\d{{4}})年?[-至到](?P<y2>\d{{4}})年{_EDGE}", by_years,
         "列入2025-2026年改造计划", "2025-01-01 2026-12-31"),
    _row("今明两年", r"今明(?:两年|2年|二年)", by_years, "今明两年完成改造", "2024-01-01 2025-12-31"),
    _row("五年规划", rf"[“\"]?十(?P<plan>[一二三四五六七八九])五[”\"]?(?:规划)?(?:(?:时期|期间|期内)|期?(?P<edge>末{_BEFORE}?))",
         by_five_years, "“十四五”末实现全覆盖", "2024-06-28 2025-12-31"),
    _row("多久以内", rf"(?:未来|今后|接下来)?(?<!近)(?<!过去)(?<!最近){_N}(?:个(?=[月季星小工半礼]))?(?P<half>半(?=月))?"
         rf"(?P<u>(?<=个)月|(?<=半)月|年|季度|周|星期|礼拜|天|日|小时)(?P<half2>半)?(?:左右)?(?:的?时间)?{_WITHIN}",
         within, "三个月内建立台账", "2024-06-28 2024-09-28", from_now=True),
    _row("发文起", rf"自(?:发文|印发本[函文]|本(?:复函|答复|回复|意见|[函文件])(?:印发|签发|发出|下发|发布|送达)?|答复)之日起{_N}(?:个(?=[月季星工半]))?(?P<half>半(?=月))?"
         rf"(?P<u>(?<=个)月|(?<=半)月|年|周|星期|天|日)(?:的?时间)?(?:{_WITHIN})?", within, "自发文之日起30日内公布名单", "2024-06-28 2024-07-28"),
    _row("发文起工作日", rf"自(?:发文|印发本[函文]|本(?:复函|答复|回复|意见|[函文件])(?:印发|签发|发出|下发|发布|送达)?|答复)之日起{_N}个?工作日(?:之内|以内|内)?",
         working_days, "自本函印发之日起10个工作日内办结", "2024-06-28 2024-07-12"),
    _row("用多久", rf"用{_N}(?:个(?=月))?(?P<u>(?<=个)月|年)(?P<half2>半)?(?:左右)?的?时间(?!{_WITHIN})",
         within, "力争用两年时间改造小区20个", "2024-06-28 2026-06-28", from_now=True),
    _row("未来多久", rf"(?:未来|今后|接下来){_N}(?:个(?=[月季星]))?(?P<u>(?<=个)月|年|周|星期)(?!{_WITHIN})",
         within, "今后三年新增学位5000个", "2024-06-28 2027-06-28", from_now=True),
    _row("工作日", rf"{_N}个?工作日(?:之内|以内|内)?", working_days, "10个工作日内办结", "2024-06-28 2024-07-12", from_now=True),
    _row("周期", r"每年(?:\d{1,2}月份?(?:[底末]|[上中下]旬)?(?:之?前)?|年?[底末初](?:之?前)?|[主入]?汛期?[前后])?|每(?:半年|个?季度|个?月|学期|周)",
         recurring, "每年3月公布评估报告", "- -"),
    _row("周", rf"{_LEAD}(?P<week>本|这个?|下个?)(?:周(?![边期年转围密到折])|星期|礼拜)(?:(?P<weekday>[一二三四五六日天])|(?P<end>末))?{_EDGE}",
         by_week, "下周三前反馈", "2024-06-28 2024-07-03"),
    _row("今明", rf"{_LEAD}(?<![如迄文说声证光透鲜表简阐注])(?P<soon>[今明](?=[天日晚早])|后(?=天))[天日晚早](?:[上早晚中下][上午])?(?![常后益渐新]){_EDGE}|(?P<lead2>即)日起",
         by_soon, "明日起恢复供水", "2024-06-29 -"),
    _row("农历", rf"{_LEAD}(?:(?:农历)?{_Y}(?:农历)?|农历)?(?P<lm>正|腊)月(?P<ld>{_LD})?日?{_EDGE}",
         by_lunar, "正月十五前开工", "2024-06-28 2025-02-12"),
    _row("农历某月", rf"{_LEAD}农历{_Y}?(?P<lm>十[一二]?|[一二三四五六七八九]|1[0-2]|[1-9])月(?P<ld>{_LD})?日?{_EDGE}",
         by_lunar, "农历九月底前", "2024-06-28 2024-10-31"),
    _row("时节", rf"{_LEAD}{_YEAR_OR_MONTH}(?:农历)?{_Y}?(?:农历)?(?:{_M})?{_SEASONAL}(?:{_AFTER_START}|{_DURING})?",
         by_season, "2024年汛期前全部改造完毕", "- -"),
    _row("不言年的时节", rf"{_LEAD}{_SEASONAL}(?:{_AFTER_START}|{_DURING})", by_season, "春节前通水", "- -"),
    _row("今冬明春", rf"{_LEAD}(?P<turn>[今明来][春夏秋冬])[季天]?(?P<turn2>[今明来][春夏秋冬])?[季天]?(?:期间|时节)?{_EDGE}",
         by_turn, "今冬明春开展清淤", "- -"),
    _row("学期", rf"{_LEAD}(?:(?P<term>(?:下一?个?|新|本|这个?|当前)学[期年])(?P<school>开学)?|(?:{_Y}?{_M})?(?P<opening>开学|学期|学年)(?=之?前|以前|[末底])){_EDGE}",
         by_term, "下学期起实行", "- -"),
    _row("学年", rf"{_LEAD}(?<!\d)(?P<y>\d{{4}})[-至到](?P<y2>\d{{4}})(?:学年度?|年度(?=第))(?:第?(?P<half>[一二上下])学期)?{_EDGE}",
         by_school_year, "2024-2025学年第二学期", "- -"),
)  # fmt: skip
