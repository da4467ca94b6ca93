"""A number that no rule read is looked for in the letters' words before it is denied."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.query.directory import Named
from tests.support.asking import base_of, found_in

FACT = "内河已疏浚六公里，步道全线贯通。\n澄湖市水利局\n2024年9月3日"
HEADS = [
    ("邵见山委员：\n您提出的《疏浚内河》（第318号）收悉，现答复如下：", "第318号提案"),
    ("邵见山委员：\n您提出的《疏浚内河》（第３１８号）收悉，现答复如下：", "第318号提案"),
    ("案号：0318\n邵见山委员：\n您提出的内河一事收悉，现答复如下：", "第318号提案"),
    ("邵见山委员：\n您提出的第317、318号提案收悉，现答复如下：", "318号提案"),
    ("关于第317号、第318号建议的答复\n邵见山代表：\n您提出的建议收悉，现答复如下：", "第318号建议"),
    ("邵见山委员：\n您在会上提出的第318號《疏浚內河》收悉，現答復如下：", "第318号提案"),
    (
        "澄水字〔2024〕318号B类\n邵见山委员：\n您提出的内河一事收悉，现答复如下：",
        "澄水字〔2024〕318号",
    ),
    (
        "文 号：澄水字［２０２４］３１８号\n邵见山委员：\n来函收悉，现答复如下：",
        "澄水字〔2024〕318号",
    ),
]


def named(folder: Path, question: str, *texts: str) -> Named:
    return found_in(base_of(folder, *texts), question).named


@pytest.mark.parametrize(("head", "question"), HEADS)
def test_a_number_at_the_head_of_a_letter_is_its_own(
    tmp_path: Path, head: str, question: str
) -> None:
    found = named(tmp_path, question, f"{head}\n{FACT}", "关于绿化的答复\n" + FACT)
    assert (found.letter_ids, found.missing) == (("0",), None)


@pytest.mark.parametrize(
    "text",
    [
        "关于第45号提案的答复\n邵见山委员：\n您提出的提案收悉，与去年第318号提案相近，现答复如下：",
        "关于第45号提案的答复\n邵见山委员：\n您提出的提案收悉，现答复如下：\n去年第318号提案办理时已立项。",
    ],
)
def test_a_number_that_a_letter_only_mentions_is_not_its_own(tmp_path: Path, text: str) -> None:
    found = named(tmp_path, "第318号提案", f"{text}\n{FACT}")
    assert found.letter_ids == ()
    assert found.missing == "第318号"
    assert found.mentioned == ("0",)


@pytest.mark.parametrize("words", ["澄水令〔2024〕第318号", "新华路318号", "3180号", "13188号线"])
def test_a_figure_that_is_no_proposal_number_bears_and_mentions_nothing(
    tmp_path: Path, words: str
) -> None:
    text = f"邵见山委员：\n您提出的{words}一事收悉，现答复如下：\n{words}已办。\n{FACT}"
    found = named(tmp_path, "第318号提案", text)
    assert (found.letter_ids, found.mentioned, found.missing) == ((), (), "第318号")
