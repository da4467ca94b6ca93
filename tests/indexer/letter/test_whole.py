"""Whether a letter's text still holds every word that was read from its file."""

from __future__ import annotations

import pytest

from indexer.formats.raw import Raw
from indexer.letter.fields import read
from indexer.letter.whole import is_whole
from kb.privacy.originals import SEARCHED
from tests.support.asking import letter_text


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["一、情况", "路灯已修好。"], "一、情况\n路灯已修好。"),
        (["路灯已", "修 好。"], "路灯已修好。"),
        (["路灯已修好。", "— 1 —", "桥也修好。"], "路灯已修好。\n桥也修好。"),
        (["路灯", "2", "2025年修好"], "路灯\n2025年修好"),
        (["路灯", "第 1 页 共 2 页", "修好"], "路灯修好"),
        (["云岭市文件", "甲。", "云岭市文件", "乙。"], "云岭市文件\n甲。\n乙。"),
        (["\ufeff路\u200b灯"], "路灯"),
        ([], ""),
    ],
)
def test_only_page_numbers_and_repeated_lines_may_be_gone(lines: list[str], text: str) -> None:
    assert is_whole(lines, text)


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["路灯已修好。", "内部意见"], "路灯已修好。"),
        (["内部意见", "路灯已修好。"], "路灯已修好。"),
        (["路灯已修好。"], "路灯已修好。又及"),
        (["乙。", "甲。"], "甲。\n乙。"),
        (["路灯", "13812345678"], "路灯"),
        (["路灯", "5547703"], "路灯"),
        (["路灯", "路灯意见"], "路灯"),
        (["1"] * 200, "1" * 100),  # too many ways to follow
    ],
)
def test_whatever_else_is_gone_is_missed(lines: list[str], text: str) -> None:
    assert not is_whole(lines, text)


def test_a_letter_is_searched_where_its_file_was_and_no_word_was_lost() -> None:
    def flags(text: str, **given: object) -> tuple[str, ...]:
        raw = Raw(id=None, text=text, **given)  # type: ignore[arg-type]
        return read(raw, letter_id="a", source="a").flags

    text = letter_text()
    assert flags(text, searched=True) == (SEARCHED,)
    assert flags(text, searched=True, flags=("macros",)) == ("macros", SEARCHED)
    assert flags(text) == ()
    paged = text.replace("\n一、", "\n— 1 —\f云岭市民政局文件\n一、").replace("二、", "— 2 —\f二、")
    assert flags(paged, searched=True) == (SEARCHED,)
