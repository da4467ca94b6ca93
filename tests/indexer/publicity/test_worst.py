"""The worst strings of the rules are read in time that grows with their length, not its square."""

from __future__ import annotations

import time

import pytest

from indexer.publicity.marks import MANY, marks
from indexer.publicity.reading import verdict

WORST = (
    "(", "(\n", "(公开x", "是公开\n", "公开属性：", "公开属性x", "公开属性\n", "□公开",
    "不", "内部", "★", "是否", "答复意见", "文件信息公开", "此件不", "，请勿", "公开\t",
    "公开属性\t不\n", "公 ", "公开(因)公开属性：", "公开属性：a\t", "1.公开", "仅内部",
    "公开？公", "公开范围：网站网站", "限限内部", "依依申请", "公开属性：主动公开（不",
    "((((公开", "是否公开\t",
)  # fmt: skip
LENGTH = 60_000  # code points
SECONDS = 20.0  # a square would take minutes


@pytest.mark.parametrize("piece", WORST)
def test_the_worst_strings_take_linear_time(piece: str) -> None:
    started = time.perf_counter()
    marks(piece * (LENGTH // len(piece)))
    assert time.perf_counter() - started < SECONDS


def test_a_letter_of_nothing_but_marks_is_held() -> None:
    found = verdict("公开属性：主动公开\n" * (MANY + 5) + "不予公开")
    assert found.publicity != "public"
    assert found.flags == ("publicity_unknown",)
