"""Bars, clocks and buttons of a page are no words of its letter."""

from __future__ import annotations

import pytest

from indexer.formats.bars import parted

LETTER = ["罗秋实委员：", "您提出的建议收悉，现答复如下：", "2024年5月8日前完成，来源：市级财政。"]


@pytest.mark.parametrize(
    "bar",
    [
        "来源：澄江市水利局 发布时间：2024-05-08 09:30 浏览次数：12",
        "【来源：澄江市水利局】 【发布日期：2024-05-08】 【字体：大 中 小】",
        "发布时间：2024-05-08|来源：澄江市水利局|阅读：7",
    ],
)
def test_a_bar_is_left_out_and_what_it_names_is_kept(bar: str) -> None:
    kept, named = parted([bar, *LETTER])
    assert kept == LETTER
    assert named["来源"] == "澄江市水利局"
    assert named["发布时间"].startswith("2024-05-08")


@pytest.mark.parametrize(
    "line",
    [
        "2023年11月5日 星期天",
        "今天是2024年6月3日 星期一",
        "【打印本页】 【关闭窗口】",
        "打印 | 关闭",
        "扫一扫在手机打开当前页",
        "上一篇：关于第7号建议的答复",
    ],
)
def test_clocks_and_buttons_are_left_out(line: str) -> None:
    assert parted([line, *LETTER]) == (LETTER, {})


@pytest.mark.parametrize(
    "line",
    [
        "联系人：何远  联系电话：0391-2222222",
        "2024年5月8日",
        "会议时间：下周一上午，地点：局会议室",
        "中",
        "来源：市财政",
    ],
)
def test_words_of_a_letter_stay(line: str) -> None:
    assert parted([line]) == ([line], {})
