"""The figure, day, organ or number that is asked for, whole and only where it is the one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from kb.answer.figure import figure
from kb.query.expect import expected
from kb.query.parse import plainly
from kb.types import Span


def found(question: str, words: str, *, exact: str | None = None) -> str | None:
    text = plainly(question)
    query: Any = SimpleNamespace(text=text, expected=expected(text))
    part = exact or words
    at = Span(start=words.index(part), end=words.index(part) + len(part))
    span = figure(query, words, quoted=Span(start=0, end=len(words)), exact=[at])
    return span.of(words) if span else None


@pytest.mark.parametrize(
    ("question", "words", "exact", "told"),
    [
        ("加装电梯补助多少钱", "每部电梯补助8万元，分两年发放。", "补助8万元", "8万元"),
        ("一共改造了多少户", "改造小区60个，惠及3200户。", "惠及3200户", "3200户"),
        ("盲道铺设率是多少", "盲道铺设率达到97.7%。", "达到97.7%", "97.7%"),
        ("路有多长", "道路全长约1.2公里，宽18米。", "全长约1.2公里", "约1.2公里"),
        ("低保每月补多少钱", "低保标准为每人每月650元。", "每人每月650元", "每人每月650元"),
        ("物业费一平方多少钱", "物业费1.8元/平方米。", "1.8元/平方米", "1.8元/平方米"),
        ("公园占地多大", "公园占地不超过40.5亩。", "40.5亩", "不超过40.5亩"),
        ("新馆什么时候开工", "新馆计划2025年6月底前开工建设。", "6月底前", "2025年6月底前"),
        ("几号验收", "2018年12月21日通过验收。", "2018年12月21日", "2018年12月21日"),
        ("报名到几号", "报名时间为3月1日至5月2日。", "3月1日至5月2日", "3月1日至5月2日"),
        ("公交末班几点", "末班车时间延长到22:30。", "22:30", "22:30"),
        ("办证要多久", "材料齐全后20个工作日内办结。", "20个工作日内", "20个工作日内"),
        ("打哪个电话", "可拨打0391-3568107咨询。", "0391-3568107", "0391-3568107"),
        ("哪个部门负责", "由市城市管理局负责清理。", "由市城市管理局负责清理", "市城市管理局"),
    ],
)
def test_the_whole_of_what_is_asked_for_is_told(
    question: str, words: str, exact: str, told: str
) -> None:
    assert found(question, words, exact=exact) == told


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("补助多少钱", "一级补助8万元，二级补助6万元。"),
        ("补助多少钱", "共补助60部电梯。"),  # in another unit
        ("多少钱，什么时候发", "补助8万元，6月底前发放。"),
        ("什么时候开工", "待资金落实后开工。"),
        ("什么时候开工", "2024年3月招标，2025年6月开工。"),
        ("怎么申请", "共补助8万元。"),
        ("电话是多少", "请拨打0391-356****咨询。"),
        ("哪个部门负责", "由市城管局和市公安局负责。"),
        ("补助多少钱", ""),
    ],
)
def test_where_it_is_not_sure_nothing_is_told(question: str, words: str) -> None:
    assert found(question, words) is None
