"""The thing to be done is told in whole words of the quote: what to what, and the end of it."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.extract.action_rules import LEADS, PARTS, LeadRule, PartRule
from kb.extract.actions import LONGEST, deed, kind_of
from kb.extract.clauses import Clause, clauses_of
from kb.extract.commitments import commitments
from kb.extract.due import dues
from kb.extract.figures import target
from kb.profile import profile
from tests.support.letters import make_letter

MARKS = set("，、。；：）")
SIGNED = date(2024, 6, 28)


def told(quote: str, *, main: str = "") -> tuple[str, str | None]:
    """The action and the figure of a quote; ``main`` are words of it that the date stands at."""
    letter = make_letter("甲", f"{quote}。", title=None)
    (clause,) = clauses_of(letter)
    return shown(letter.text, clause, main=clause.plain.words.index(main) if main else 0)


def shown(text: str, clause: Clause, *, main: int) -> tuple[str, str | None]:
    words = clause.plain.words
    dated = dues(words, signed=SIGNED, calendar=profile().calendar)
    found = deed(text, clause, start=0, end=len(words), dated=dated, main=main)
    aimed = target(found.words)
    return found.action, aimed and aimed.text


@pytest.mark.parametrize("rule", LEADS, ids=lambda rule: rule.name)
def test_every_lead_leaves_its_example(rule: LeadRule) -> None:
    match = rule.pattern.match(rule.example)
    assert match
    assert rule.example[match.end() :] == rule.left


@pytest.mark.parametrize("rule", PARTS, ids=lambda rule: rule.name)
def test_every_kind_of_part_reads_its_example(rule: PartRule) -> None:
    assert kind_of(rule.example, before=rule.example) == rule.kind


# A quote, what is to be done, the figure that is aimed at.
TOLD = (
    # no mark, no date, no word that only says that it is a promise
    ("2025年年底前，全市母婴室达到60间", "全市母婴室达到60间", "60间"),
    ("我局计划于明年三月完成档案数字化", "完成档案数字化", None),
    ("下一步，我们将继续加密夜班车次", "继续加密夜班车次", None),
    ("第三批9所于2024年8月底前建成", "第三批9所建成", "9所"),
    ("11月底前提出夜市管理的评估报告", "提出夜市管理的评估报告", None),
    ("力争年底前三汊口断面达标", "三汊口断面达标", None),
    ("从2025年起每季度公布各街道排名", "每季度公布各街道排名", None),
    ("预计该项工作今年9-10月完成", "该项工作完成", None),
    ("待方案通过后即可实施开通社区巴士", "实施开通社区巴士", None),
    ("我县拟建9个口袋公园", "建9个口袋公园", "9个"),
    # what stays
    ("2026年起，将加装电梯运行情况纳入物业信用评价", "将加装电梯运行情况纳入物业信用评价", None),
    ("争取省级补助资金，明年把公交延伸到杨柳镇", "争取省级补助资金，把公交延伸到杨柳镇", None),
    ("拟在2025年市级预算中安排运营补贴600万元", "在2025年市级预算中安排运营补贴600万元", "600万元"),
    ("修订草案推迟到2026年提请市人大常委会审议", "修订草案推迟到2026年提请市人大常委会审议", None),
    ("其余83个列入2025年至2026年改造计划", "其余83个列入2025年至2026年改造计划", "83个"),
    ("2025年年底前完成今年列入的40个小区变压器更换", "完成今年列入的40个小区变压器更换", "40个"),
    ("会同市水利局把3个混接排口改造到位", "会同市水利局把3个混接排口改造到位", "3个"),
    ("提请市人大常委会2025年审议《养犬管理条例》", "提请市人大常委会审议《养犬管理条例》", None),
    ("若省里放宽上限，将在三个月内提出调整方案", "若省里放宽上限，提出调整方案", None),
    ("将根据客流情况通过区间车方式加密班次", "根据客流情况通过区间车方式加密班次", None),
    ("预计完工时间为2025年1月底", "完工时间为2025年1月底", None),
    # the end and not the beginning, and of what
    (
        "市二院停车楼扩建工程今年8月开工，新建车位740个，工期14个月，力争2025年国庆节前启用",
        "市二院停车楼扩建工程，新建车位740个，启用",
        "740个",
    ),
    ("北支渠长5.1公里，正在开展施工招标，今年11月开工，2025年4月底前完工", "北支渠，完工", None),
    ("城东首末站占地21亩，土地已经划拨，力争2025年6月底前建成", "城东首末站，建成", None),
    ("第二小学规模为36个班，总投资1.48亿元，8月份开工，计划2025年9月投入使用",
     "第二小学，投入使用", None),
    ("市实验中学东校区计划2025年9月投入使用", "市实验中学东校区投入使用", None),
    ("2025年新建18万亩、改造提升9万亩，10月份全面开工，2026年5月底前完工",
     "新建18万亩、改造提升9万亩，完工", "18万亩"),
    ("老馆大修10月开工", "老馆大修开工", None),
    ("2025年新增泊位6000个，上半年已建成2480个，其余年底前建成", "新增泊位6000个", "6000个"),
    # a target is no progress, base, speed, share or price
    ("主体结构完成85%，计划10月底前投入使用", "主体结构完成85%，投入使用", None),
    ("建成日处理150吨的厨余垃圾处理厂，同时关停临时站",
     "建成日处理150吨的厨余垃圾处理厂，关停临时站", None),
    ("社区食堂由36家扩大到400家", "社区食堂由36家扩大到400家", "400家"),
    ("6座闸门更换了5座，剩余1座11月底前更换", "剩余1座更换", "1座"),
    ("把学校周边200米高峰车速提高到每小时12公里以上",
     "把学校周边200米高峰车速提高到每小时12公里以上", "12公里"),
    ("加装110部，其中两县不少于15部", "加装110部", "110部"),
    ("供电公司今年投入5600万元，正在对54个小区的变压器进行更换，11月底前完成",
     "供电公司投入5600万元，正在对54个小区的变压器进行更换，完成", "54个"),
    ("11月底前将98%的停车场接入平台", "将98%的停车场接入平台", "98%"),
    ("在园区建成面积3000平方米的分馆", "在园区建成面积3000平方米的分馆", None),
    ("一期开发商年底前对8栋二楼餐厅的油烟管道改道", "一期开发商对8栋二楼餐厅的油烟管道改道", None),
    ("年底前办妥G2栋的产权证", "办妥G2栋的产权证", None),
    ("面积达21万平方米的商业广场明年开业", "面积达21万平方米的商业广场开业", None),
    ("安置人口共719人，明年3月前完成303人", "安置人口共719人，完成303人", "303人"),
    ("增长35%，力争税收总额突破8000万元", "增长35%，税收总额突破8000万元", "8000万元"),
    ("停车楼今年必须开工建设，2025年底建成投用", "停车楼，建成投用", None),
    ("租金当年的年底全部兑现到位", "租金当年的年底全部兑现到位", None),
    # asides and brackets
    ("将在镇政府网站（https://example.cn/）公开名单", "在镇政府网站公开名单", None),
    ("科学组织施工，抢抓工期，3月底前完成抢险", "科学组织施工，抢抓工期，完成抢险", None),
    ("输气管道迁改预计明年底方能完成", "输气管道迁改完成", None),
    ("总投资3.9亿元的文化中心将于明年投入使用", "总投资3.9亿元的文化中心投入使用", None),
    ("限期12月16日前整改到位", "限期12月16日前整改到位", None),
    ("枢纽中心已列入明年投资计划，该项目规划用地150亩，土建投资2.5亿元",
     "枢纽中心已列入明年投资计划", None),
    ("开发商承诺整改到位，待验收备案后再行交房", "开发商承诺整改到位，交房", None),
    ("开通3条社区微循环，优先照顾北站片区，切实方便群众出行", "开通3条社区微循环", "3条"),
    ("对食堂进行整体翻修）", "对食堂进行整体翻修", None),
    ("标准化基地达到20个（粮油5个，蔬菜15个），10月底前验收", "标准化基地达到20个，验收", "20个"),
    # what the head leaves over: a lone 会, 而是, who speaks, hardships before it
    ("我局将会聘请第三方检测水质", "聘请第三方检测水质", None),
    ("我办会牵头划定停车线", "牵头划定停车线", None),
    ("我们将长期公示检测结果", "长期公示检测结果", None),
    ("以后我们还将增派两名保洁员", "增派两名保洁员", None),
    ("后段我局也将补种樱花", "补种樱花", None),
    ("在今后的工作中，我局将每月抽检二次供水", "每月抽检二次供水", None),
    ("而是改在北门另设出口", "改在北门另设出口", None),
    ("我机动巡逻大队将增加夜间巡逻", "机动巡逻大队将增加夜间巡逻", None),
    ("地下管线情况复杂，管道迁改难度较大，我局将分三段更换雨水管", "分三段更换雨水管", None),
    ("市常委会会同人大代表视察渠道", "市常委会会同人大代表视察渠道", None),
    ("估计2026年10月可正式启用渡口", "正式启用渡口", None),
    ("暂定于2026年3月启动古桥测绘", "启动古桥测绘", None),
    ("我们将如实向渡口管理站转告", "如实向渡口管理站转告", None),
    # what is supposed keeps its date
    ("若合同在11月1日前未备案，将按新标准计租", "若合同在11月1日前未备案，按新标准计租", None),
    ("仓库工程计划投资900万元，征地80亩", "仓库工程，征地80亩", "80亩"),
    # the end and the act itself stay
    ("施工队已经在抢修支管，争取早日为三村供水", "施工队已经在抢修支管，早日为三村供水", None),
    ("开发公司将安排监理驻场，并按照购房合同约定时间如期交付钥匙",
     "开发公司将安排监理驻场，按照购房合同约定时间如期交付钥匙", None),
    ("巷道狭窄，我们将按照先急后缓的原则逐步铺设燃气管",
     "巷道狭窄，按照先急后缓的原则逐步铺设燃气管", None),
    ("水务公司将组织工人进场施工，并把东巷接入环网",
     "水务公司将组织工人进场施工，把东巷接入环网", None),
    ("如有新标准，我局将对已签约的住户按新标准补差",
     "如有新标准，对已签约的住户按新标准补差", None),
    ("把清运时间调到21：00至23：00间", "把清运时间调到21：00至23：00间", None),
    # no name and no bracket is cut
    ("李存在在10月底前拆除彩钢棚", "李存在拆除彩钢棚", None),
    ("定于7月5日（下周五）晚7点在社区礼堂召开听证会", "晚7点在社区礼堂召开听证会", None),
    # a quotation with commas is one
    ("我乡将按照“东林西果、南牧北菜，山水相连、城乡同步”的布局，建设三处冷库",
     "按照“东林西果、南牧北菜，山水相连、城乡同步”的布局，建设三处冷库", None),
    # what is striven for or under way isn't told as settled
    ("与铁路公司对接，争取增开一趟早班列车", "与铁路公司对接，争取增开一趟早班列车", None),
    ("向省厅汇报，力争把渡口列入改造名录", "向省厅汇报，力争把渡口列入改造名录", None),
    ("正在编制桥梁检测方案，7月底前送审", "正在编制桥梁检测方案，送审", None),
    ("措施包括：更换水泵", "措施包括：更换水泵", None),
    # 亿 is money
    ("水厂总投资达3个亿，明年向12个村供水", "水厂总投资达3个亿，向12个村供水", "12个"),
    ("如有违规，我局将依法查处并公布结果", "如有违规，依法查处并公布结果", None),
)  # fmt: skip


@pytest.mark.parametrize(("quote", "action", "figure"), TOLD, ids=[row[0] for row in TOLD])
def test_what_is_to_be_done_and_how_much(quote: str, action: str, figure: str | None) -> None:
    assert told(quote) == (action, figure)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        # the organ has a column of its own
        ("县水利局将对泵站的水泵进行更换", "对泵站的水泵进行更换"),
        ("县水利局也将组织更换泵站的水泵", "组织更换泵站的水泵"),
        # a bare verb is told with the thing before it in its clause
        ("堤坝加固工程正在招标，预计10月底完工", "堤坝加固工程，完工"),
        ("目前渡口引桥已经封顶，计划2019年10月通车", "渡口引桥，通车"),
    ],
)
def test_who_acts_is_left_out_and_on_what_is_told(text: str, action: str) -> None:
    letter = make_letter("甲", f"{text}。", title=None)
    assert [found.action for found in commitments(letter, profile())][-1] == action


def test_a_doer_is_no_thing_that_ends() -> None:
    letter = make_letter("甲", "开发商正在筹款，预计10月底完工。", title=None)
    assert [found.action for found in commitments(letter, profile())] == ["完工"]


def test_where_it_is_too_long_what_the_date_stands_at_is_kept() -> None:
    before = "，".join(f"推进第{n}片区雨污分流管网改造工程建设" for n in "一二三四五")
    action, _ = told(f"{before}，2025年底前全部老旧小区接入市政管网", main="2025年底前")
    assert len(action) <= LONGEST
    assert action.endswith("全部老旧小区接入市政管网")


def test_of_many_parts_the_end_is_kept_and_what_comes_between_is_left_out() -> None:
    between = "，".join(f"督促第{n}标段加派人手并且延长作业时间" for n in "一二三四五六")
    action, _ = told(f"区政府将约谈开发商，{between}，督促开发商按约交房")
    assert action.startswith("区政府将约谈开发商，")
    assert action.endswith("督促开发商按约交房")
    assert len(action) <= LONGEST


def test_one_long_part_ends_with_a_whole_word() -> None:
    action, _ = told("建设" + "、".join(["石桥区文化活动中心"] * 12))
    assert len(action) <= LONGEST
    assert action.endswith("石桥区文化活动中心")
    action, _ = told("完善" + "城市管理综合服务平台" * 12)
    assert len(action) <= LONGEST
    assert action.endswith(("城市", "管理", "综合", "服务", "平台"))


PARTS_OF_TEXT = st.sampled_from(
    [
        "我局", "将", "，", "2025年", "年底前", "完成", "建成", "（", "）", "开工", "12公里", "待",
        "后", "如", "已", "其余", "占地", "“", "”", " ", "\n", "改造", "会", "的", "由", "到",
    ]
)  # fmt: skip


@given(st.lists(PARTS_OF_TEXT, min_size=1, max_size=24).map("".join))
def test_every_character_shown_stands_in_the_quote_in_order(text: str) -> None:
    letter = make_letter("甲", f"甲{text}。", title=None)
    for clause in clauses_of(letter):
        action, _ = shown(letter.text, clause, main=0)
        words = iter("".join(letter.text[n] for n in clause.plain.offsets))
        assert action
        assert len(action) <= LONGEST
        assert all(character in words for character in action if character != "，")
        assert action[0] not in MARKS or set(action) <= MARKS


@pytest.mark.parametrize(
    "piece", ["建设", "投入使用", "将", "待", "，将", "计划", "（", "5个", "按计划", "其中", "，由"]
)
def test_hostile_text_takes_no_time(piece: str) -> None:
    started = time.perf_counter()
    told("甲" + piece * (600 // len(piece)))
    assert time.perf_counter() - started < 5  # seconds, on a machine that is busy
