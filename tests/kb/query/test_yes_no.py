"""Which questions ask for a yes or a no, and in which form."""

from __future__ import annotations

import pytest

from kb.query.yes_no import FORMS, Wording, whether


@pytest.mark.parametrize("row", FORMS, ids=lambda row: row.example)
def test_every_row_finds_its_example(row: Wording) -> None:
    asked = whether(row.example)
    assert asked is not None
    assert asked.form == row.form


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("网上说街道收了钱，这事属实吗？", "true"),
        ("听说要拆，有没有这回事", "true"),
        ("外地户口能不能在这里上学？", "may"),
        ("租的房子可以装充电桩吗", "may"),
        ("老人卡还能用不", "may"),
        ("自己砍门口的树行不行？", "may"),
        ("楼顶让不让装太阳能", "may"),
        ("人行道修好了没有？", "done"),
        ("幼儿园建成了吗", "done"),
        ("补偿款给没给村里", "done"),
        ("新馆是否已经开工", "done"),
        ("消防来检查过没有？", "ever"),
        ("有没有答应过给编制", "ever"),
        ("加装电梯有没有补助？", "have"),
        ("小区有食堂吗", "have"),
        ("有无残疾人通道", "have"),
        ("物业这么收合不合法？", "lawful"),
        ("开夜市是否合规", "lawful"),
        ("这条巷子是不是市政道路？", "is"),
        ("加装电梯算不算改造", "is"),
        ("這條巷子是不是市政道路", "is"),
    ],
)
def test_yes_no_questions_are_known_by_their_form(question: str, form: str) -> None:
    asked = whether(question)
    assert asked is not None
    assert asked.form == form


@pytest.mark.parametrize(
    "question",
    [
        "补助多少钱？",
        "什么时候能修好？",
        "路修好了没有，花了多少钱？",
        "能不能办，要不要押金，可以退吗？",
        "不是说今年要修吗？",
        "没有身份证能不能办？",
        "能不能不交物业费？",
        "难道这也算合法吗？",
        "是归城管管还是归交警管？",
        "谁能管管这事吗？",
        "怎么办理？",
        "加装电梯",
        "",
    ],
)
def test_what_asks_otherwise_twice_or_with_a_no_is_none(question: str) -> None:
    assert whether(question) is None
