"""Copies are one letter, versions are one letter, and letters of one mould are never one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from indexer.versions.families import Aside, arranged, traits_of
from kb.types import Letter
from tests.support.indexed import letter_of

NUMBERED = """关于区政协三届二次会议第031号提案的答复
禾农函〔2023〕18号
贺文川委员：
您提出的“关于修复南塘灌渠的提案”收悉，现答复如下：
南塘灌渠全长6.5公里，惠及3个村的农田1200亩，已完成清淤2.4公里。
下一步，我局将在2023年10月底前完成衬砌，并安排专人管护。
禾川区农业农村局
2023年4月18日"""
# As many are: no number was given or read, and nothing but the words tells two of them apart.
BARE = """关于青石路路灯的答复
市民您好：
您反映的青石路路灯不亮的问题收悉。经查，青石路共有路灯42盏，其中损坏5盏，
已于3月12日全部修复，今后由城东养护所每周巡查一次，费用不由居民承担。
感谢您对城市照明工作的关心。
安原市城市管理局
2023年3月15日"""
PAGE = "首页 > 政务公开 > 建议提案\n"


def base(*texts: str) -> dict[str, Letter]:
    """Letters ``a``, ``b``, … of ``texts``."""
    return {name: letter_of(text, letter_id=name) for name, text in zip("abcdef", texts)}  # noqa: B905


def told(letters: Mapping[str, Letter], order: str = "") -> Aside:
    """What is set aside; ``order`` is that in which they came, by default of their names."""
    came = {name: f"{place:03}" for place, name in enumerate(order or sorted(letters))}
    traits = {name: traits_of(one, taken_in=came[name]) for name, one in letters.items()}
    return arranged(traits, letters.__getitem__)


@pytest.mark.parametrize("text", [NUMBERED, BARE])
@pytest.mark.parametrize(
    ("words", "other"),
    [
        ("", ""),
        ("\n", "\n\n"),
        ("\n", "\n　　"),
        ("，", ","),
        ("答复", "答覆"),
        ("、", "，"),
        ("2023年", "２０２３年"),
        ("。", "。\n- 2 -\n"),
        ("您", " 您"),
    ],
)
def test_a_letter_set_otherwise_is_a_copy(text: str, words: str, other: str) -> None:
    same = text.replace(words, other) if words else text
    ((name, (served, reason)),) = told(base(text, same)).items()
    assert {name, served} == {"a", "b"}
    assert reason == "copy"


@pytest.mark.parametrize("text", [NUMBERED, BARE])
@pytest.mark.parametrize(
    "around",
    [
        (PAGE, ""),
        ("", "\n打印 关闭"),
        ("来源：安原市人民政府网\n", "\n上一篇：关于停车的答复\n下一篇：关于绿化的答复"),
        (PAGE, "\n版权所有 联系我们"),
    ],
)
def test_a_page_around_a_letter_makes_it_no_other(text: str, around: tuple[str, str]) -> None:
    assert len(told(base(text, around[0] + text + around[1]))) == 1


def test_two_pages_around_one_letter_are_of_one_letter() -> None:
    left = PAGE + NUMBERED + "\n打印 关闭"
    right = "当前位置：互动交流\n" + NUMBERED + "\n分享到微信"
    assert len(told(base(left, right))) == 1


# Each is a way in which two letters of one mould differ; the words stand in BARE.
MOULD = [
    ("42盏", "24盏"),
    ("42盏", "四十二盏"),
    ("42盏", "4.2盏"),
    ("损坏5盏", "损坏6盏"),
    ("3月12日", "3月21日"),
    ("2023年3月15日", "2023年3月16日"),
    ("青石路", "青云路"),
    ("关于青石路路灯", "关于青云路路灯"),
    ("城东养护所", "城西养护所"),
    ("费用不由居民", "费用由居民"),
    ("全部修复", "部分修复"),
    ("已于", "未于"),
    ("每周巡查", "每月巡查"),
    ("市民您好", "罗女士您好"),
    ("安原市城市管理局", "安平市城市管理局"),
    ("路灯不亮", "路灯太亮"),
    ("感谢您对城市照明工作的关心。", "另有3盏须待更换电缆后修复。"),
    ("费用不由居民承担", "费用的30%由居民承担"),
    ("共有路灯42盏，其中损坏5盏", "共有路灯5盏，其中损坏42盏"),
    ("今后由城东养护所每周巡查一次，", ""),
    ("3月12日全部", "3月1日至2日全部"),
    ("42盏", "42盏（含太阳能灯8盏）"),
]


@pytest.mark.parametrize(("words", "other"), MOULD)
def test_letters_of_one_mould_are_never_one(words: str, other: str) -> None:
    assert words in BARE
    assert told(base(BARE, BARE.replace(words, other))) == {}


@pytest.mark.parametrize(("words", "other"), MOULD)
def test_long_letters_of_one_mould_are_never_one(words: str, other: str) -> None:
    """However small the share of what differs."""
    more = "".join(f"第{n}项工作已列入计划，由有关科室按月调度。\n" for n in range(1, 120))
    long = BARE.replace("感谢", more + "感谢")
    assert told(base(long, long.replace(words, other))) == {}


@pytest.mark.parametrize(
    ("words", "other"),
    [
        ("18号", "19号"),
        ("第031号", "第032号"),
        ("区政协三届二次", "区政协三届三次"),
        ("贺文川委员", "苏月平委员"),
        ("禾川区农业农村局", "禾川区水利局"),
        ("区政协", "区人大"),
        ("修复南塘灌渠", "推广优质稻种"),
        ("的答复\n", "的会办意见\n"),
        ("的答复\n", "的补充答复\n"),
    ],
)
def test_letters_with_another_fact_are_two(words: str, other: str) -> None:
    assert words in NUMBERED
    assert told(base(NUMBERED, NUMBERED.replace(words, other))) == {}


CORRECTED = NUMBERED.replace("2.4公里", "2.8公里")


def test_a_changed_text_of_the_same_number_is_a_version_and_the_later_is_served() -> None:
    letters = base(NUMBERED, CORRECTED)
    assert told(letters, "ab") == {"a": ("b", "older")}
    assert told(letters, "ba") == {"b": ("a", "older")}


def test_the_day_of_the_signature_goes_before_the_time_of_intake() -> None:
    letters = base(NUMBERED, CORRECTED.replace("4月18日", "4月26日"))
    assert told(letters, "ba") == {"a": ("b", "older")}


def test_without_a_number_the_same_proposal_of_the_same_organ_is_a_version() -> None:
    one, other = (text.replace("禾农函〔2023〕18号\n", "") for text in (NUMBERED, CORRECTED))
    assert told(base(one, other)) == {"a": ("b", "older")}


def test_copies_of_an_older_version_are_older_too_whenever_they_came() -> None:
    letters = base(NUMBERED, CORRECTED, PAGE + NUMBERED)
    assert told(letters, "abc") == {"a": ("b", "older"), "c": ("b", "older")}


def test_a_number_given_twice_to_two_matters_makes_no_version() -> None:
    other = BARE.replace("关于青石路路灯的答复\n", "关于青石路路灯的答复\n禾农函〔2023〕18号\n")
    assert told(base(NUMBERED, other)) == {}


def test_a_letter_that_fits_two_is_of_neither() -> None:
    second = NUMBERED.replace("第031号", "第045号").replace("6.5公里", "7.5公里")
    unread = NUMBERED.replace("区政协三届二次会议第031号提案", "灌渠").replace("6.5公里", "8公里")
    assert told(base(NUMBERED, second, unread)) == {}


def test_what_is_not_public_is_no_version_of_what_is() -> None:
    letters = base(NUMBERED, CORRECTED)
    letters["b"] = replace(letters["b"], publicity="held")
    assert told(letters) == {}


def test_the_outcome_does_not_depend_on_the_order() -> None:
    texts = [NUMBERED, CORRECTED, PAGE + NUMBERED, BARE, BARE.replace("42盏", "43盏"), BARE + "\n"]
    letters = base(*texts)
    turned = dict(reversed(letters.items()))
    assert told(letters, "abcdef") == told(turned, "abcdef")


def test_a_thousand_letters_of_one_mould_are_a_thousand() -> None:
    letters = {
        f"{n:04}": letter_of(BARE.replace("42盏", f"{n + 43}盏"), letter_id=f"{n:04}")
        for n in range(1000)
    }
    assert told(letters) == {}
