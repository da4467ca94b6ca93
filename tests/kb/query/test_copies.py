"""A number names one letter if the letters that bear it are copies, however they were saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import LetterNotFound
from kb.query.directory import letter_named
from tests.support.asking import BODY, base_of, letter_text

NUMBER = "云民函〔2024〕7号"
LONG = (
    BODY
    + "\n"
    + "我们还将请各区把养老服务站点的开放时间、收费标准贴在社区门口，方便老人和家属了解。"
)


@pytest.mark.parametrize(
    "around",
    [
        "首页 > 政务公开 > 提案办理\n",
        "来源：云岭市民政局 浏览次数：31\n",
        "字体：大 中 小\n打印 关闭\n",
        "\n\n",
        "　　",
    ],
)
def test_a_page_around_a_letter_makes_it_no_other_letter(tmp_path: Path, around: str) -> None:
    text = letter_text(body=LONG)
    reader = base_of(tmp_path, text, around + text, ids=["a", "b"])
    assert letter_named(NUMBER, reader).text in {reader.letter(name).text for name in "ab"}


@pytest.mark.parametrize(
    ("words", "other"),
    [
        ("56处", "65处"),
        ("3200人", "3300人"),
        ("12家", "21家"),
        ("我们将新建", "我们不新建"),
        ("2024年5月6日", "2024年5月9日"),
        ("办理结果：A", "办理结果：B"),
        ("云岭市民政局", "云岭市财政局"),
    ],
)
def test_a_corrected_letter_is_another(tmp_path: Path, words: str, other: str) -> None:
    text = letter_text(body=LONG)
    assert words in text
    reader = base_of(tmp_path, text, text.replace(words, other), ids=["a", "b"])
    with pytest.raises(LetterNotFound, match="有多份复文：a、b"):
        letter_named(NUMBER, reader)


def test_another_letter_of_the_same_number_is_another(tmp_path: Path) -> None:
    texts = letter_text(body=LONG), letter_text(subject="修路", body="一、情况\n全市修路很多。")
    reader = base_of(tmp_path, *texts, ids=["a", "b"])
    with pytest.raises(LetterNotFound):
        letter_named(NUMBER, reader)


def test_three_copies_are_one_and_with_a_fourth_that_differs_are_not(tmp_path: Path) -> None:
    text = letter_text(body=LONG)
    copies = (text, "打印 关闭\n" + text, text.replace("。\n", "。\n\n"))
    reader = base_of(tmp_path / "one", *copies, ids=["a", "b", "c"])
    assert letter_named(NUMBER, reader)
    reader = base_of(tmp_path / "two", *copies, text.replace("56", "65"), ids=list("abcd"))
    with pytest.raises(LetterNotFound):
        letter_named(NUMBER, reader)
