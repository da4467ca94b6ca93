"""Sessions as titles, columns and letters call them, and whether two are the same."""

from __future__ import annotations

import pytest

from indexer.register.assembly import agree, assembly_in, words_in

SAID = {
    "云海市政协十四届三次会议提案交办表": ("政协", "云海市", 14, 3),
    "政协云海市第十四届委员会第三次会议": ("政协", "云海市", 14, 3),
    "中国人民政治协商会议云海市第九届委员会第4次会议提案": ("政协", "云海市", 9, 4),
    "市政协十五届二次会议": ("政协", "市", 15, 2),
    "关于对市十届人大一次会议第12号建议的答复": ("人大", "市", 10, 1),
    "云海县第十六届人民代表大会第一次会议": ("人大", "云海县", 16, 1),
    "全国政协十四届一次会议": ("政协", "全国", 14, 1),
    "十四届三次": ("", "", 14, 3),
    "第14届第3次": ("", "", 14, 3),
    "区政协六届五次全会": ("政协", "区", 6, 5),
    "市政协１０届２次会议": ("政协", "市", 10, 2),
    "自治州十三届人大四次会议代表建议": ("人大", "自治州", 13, 4),
    "市政协九届提案一览表": ("政协", "市", 9, 0),
}
NOT = ["2024年提案办理情况", "应届毕业生三次招聘", "提案交办表", "首届旅游节", ""]


@pytest.mark.parametrize("text", SAID)
def test_a_session_is_read_as_it_is_called(text: str) -> None:
    found = assembly_in(text)
    assert found
    assert (found.body, found.place, found.term, found.times) == SAID[text]


@pytest.mark.parametrize("text", NOT)
def test_other_words_are_no_session(text: str) -> None:
    assert assembly_in(text) is None
    assert words_in(text) == ""


SAME = [
    ("市政协十四届三次会议", "政协云海市第十四届委员会第三次会议"),
    ("十四届三次", "市政协十四届三次会议"),
    ("市十届人大一次会议", "云海市第十届人民代表大会第一次会议"),
    ("市政协九届提案", "市政协九届四次会议"),
]
OTHER = [
    ("市政协十四届三次会议", "市政协十四届二次会议"),
    ("市政协十四届三次会议", "市人大十四届三次会议"),
    ("云海市政协十四届三次会议", "云海县政协十四届三次会议"),
    ("省政协十二届三次会议", "市政协十二届三次会议"),
    ("市政协九届三次会议", "市政协十九届三次会议"),
]


def both(pair: tuple[str, str]) -> bool:
    one, other = assembly_in(pair[0]), assembly_in(pair[1])
    assert one
    assert other
    assert agree(one, other) == agree(other, one)
    return agree(one, other)


@pytest.mark.parametrize("pair", SAME)
def test_the_same_session_by_other_words_agrees(pair: tuple[str, str]) -> None:
    assert both(pair)


@pytest.mark.parametrize("pair", OTHER)
def test_sessions_that_differ_anywhere_do_not(pair: tuple[str, str]) -> None:
    assert not both(pair)
