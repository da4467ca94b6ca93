"""What is compared is asked of each side alone."""

from __future__ import annotations

import pytest

from kb.query.comparison import compared
from kb.query.directory import Directory
from kb.query.given import directory
from kb.query.parse import parse
from kb.settings import Settings
from tests.support.heads import head

SETTINGS = Settings()


@pytest.fixture(scope="module")
def known() -> Directory:
    return directory(
        [
            head("a", issuer="云岭市水利局", issued_on="2023-05-01"),
            head("b", issuer="云岭市生态环境局", issued_on="2025-05-01"),
        ]
    )


def sides(question: str, known: Directory) -> list[tuple[str, str]]:
    found = compared(parse(question, known, settings=SETTINGS), known)
    return [(side.label, side.question) for side in found]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "充电桩2022年和2024年分别有多少个？",
            [("2022年", "2022年充电桩有多少个？"), ("2024年", "2024年充电桩有多少个？")],
        ),
        (
            "电子站牌24年几块，25年几块",
            [("2024年", "电子站牌2024年几块？"), ("2025年", "电子站牌2025年几块？")],
        ),
        (
            "2023年到2025年城市书房各有多少座",
            [
                ("2023年", "2023年城市书房有多少座？"),
                ("2024年", "2024年城市书房有多少座？"),
                ("2025年", "2025年城市书房有多少座？"),
            ],
        ),
    ],
)
def test_years_are_asked_about_one_by_one(
    question: str, expected: list[tuple[str, str]], known: Directory
) -> None:
    assert sides(question, known) == expected


def test_organs_are_asked_each_in_its_own_letters(known: Directory) -> None:
    query = parse("排污口还剩几个，水利局和环境局说的一样吗？", known, settings=SETTINGS)
    found = compared(query, known)
    assert [(side.label, side.issuer) for side in found] == [
        ("水利局", "云岭市水利局"),
        ("环境局", "云岭市生态环境局"),
    ]
    assert {side.question for side in found} == {"排污口还剩几个？"}


@pytest.mark.parametrize(
    "question",
    [
        "2024年充电桩有多少个？",
        "每年补贴多少钱？",
        "水利局和环境局一起办的是什么？",
        "工作了24年，退休金多少？",
        "你们年年统计吗，房价涨了几成？",
    ],
)
def test_other_questions_compare_nothing(question: str, known: Directory) -> None:
    assert sides(question, known) == []
