"""What a question lets expect, and whether a sentence shows it."""

from __future__ import annotations

import pytest

from kb.query.expect import EXPECTATIONS, SECTIONS, Expectation, expected, in_unit, shown, totalled
from kb.text.sentences import headings_over
from kb.types import Letter
from tests.support.asking import LONG_BODY, letter_text
from tests.support.indexed import letter_of


@pytest.fixture(scope="module")
def letter() -> Letter:
    return letter_of(letter_text(body=LONG_BODY), letter_id="care")


@pytest.mark.parametrize("row", [*EXPECTATIONS, *SECTIONS], ids=lambda row: row.name)
def test_every_expectation_applies_to_its_example(row: Expectation) -> None:
    assert row.asks.search(row.example)


@pytest.mark.parametrize(
    ("question", "words", "sign"),
    [
        ("地铁什么时候开通", "2025年6月开通", 1.0),
        ("地铁什么时候开通", "正在推进建设", -1.0),
        ("几点开门", "上午9:00开门", 1.0),
        ("联系电话是多少", "联系电话：03913557209", 1.0),
        ("联系电话是多少", "请联系我们3次", -1.0),
        ("有多少栋楼", "共有居民楼51栋", 1.0),
        ("盲道铺设率是多少", "铺设率达到97.7%", 1.0),
        ("有几条线路", "开通五条线路", 1.0),
        ("补贴多少钱", "给予适当补贴", -1.0),
        ("怎么办理", "到窗口办理", 0.0),
        ("啥时候能修好", "争取8月底前完成", 1.0),
        ("哪天动工", "正在办理手续", -1.0),
        ("为啥一直没装", "因邻居不同意，管线无法通过", 1.0),
        ("凭啥收这个钱", "每户每月20元", -1.0),
        ("这条路归谁管", "由区城管局负责", 1.0),
        ("哪家在修", "每月20", -1.0),
        ("新站建在哪儿", "位于学府路北侧", 1.0),
        ("上哪去办", "每月20日", -1.0),
    ],
)
def test_a_sentence_shows_or_lacks_what_is_asked_for(
    question: str, words: str, sign: float
) -> None:
    assert shown(expected(question), words) == sign


def test_a_question_about_efficiency_expects_no_figure() -> None:
    assert shown(expected("怎样提高办事效率"), "优化流程") == 0.0


def test_the_plans_are_a_section_of_their_own(letter: Letter) -> None:
    assert [row.name for row in expected("下一步打算怎么做").sections] == ["plans"]
    assert expected("有多少处").sections == ()
    assert expected("打算建几座").sections == ()
    assert expected("展示厅打算什么时候建好").sections == ()
    at = letter.text.index("我们将新建")
    assert headings_over(letter, at) == ("二、下一步打算", "（一）新建社区食堂")
    assert headings_over(letter, 0) == ()


@pytest.mark.parametrize(
    ("question", "words", "sign"),
    [
        ("改造了多少户", "5382 户", 1.0),
        ("改造了多少户", "12.6万余户", 1.0),
        ("来了几个人", "三十多名", 0.0),
        ("来了几名专家", "三十多名", 1.0),
        ("有多少家企业", "30万只口罩", -1.0),
        ("有多少家企业", "各家企业", -1.0),
        ("什么时候完工", "5382户", 0.0),
        ("铺设率是多少", "97.7%", 0.0),
    ],
)
def test_a_figure_should_be_in_the_unit_that_is_asked_for(
    question: str, words: str, sign: float
) -> None:
    assert in_unit(expected(question), words) == sign


@pytest.mark.parametrize(
    ("question", "words", "told"),
    [
        ("一共改造了多少户", "累计改造5382户", 1.0),
        ("总共几个项目", "项目共1481个", 1.0),
        ("停车位总共差多少", "总缺口7.7万个", 1.0),
        ("停车位总共差多少", "总量不足，空置车位有2.4万个", 0.0),
        ("一共改造了多少户", "2023年改造776户", 0.0),
        ("改造了多少户", "累计改造5382户", 0.0),
        ("一共花了多少钱", "公共服务投入3亿元", 0.0),
        ("一共花了多少钱", "与民政局共同投入3亿元", 0.0),
        ("累计补贴怎么申请", "累计补贴", 0.0),
    ],
)
def test_a_sum_is_asked_for_and_told(question: str, words: str, told: float) -> None:
    assert totalled(expected(question), words) == told
