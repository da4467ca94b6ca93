"""Questions that staff approve for citizens: checked, audited, withdrawn."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.errors import WrongUse
from kb.feedback.suggested import LONGEST, MOST, NotSuggested, approve, suggested, withdraw
from kb.staff import audit
from kb.staff.database import opened
from tests.support.promises import NOON, WANG

LIFT = "老旧小区加装电梯补助多少？"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        yield database


def offered(database: sqlite3.Connection) -> list[str]:
    return [each.question for each in suggested(database)]


def test_what_is_approved_is_offered_in_its_order_and_told_in_the_log(
    database: sqlite3.Connection,
) -> None:
    approve(database, f"  {LIFT} ", by=WANG)
    approve(database, "河道什么时候清淤？", by=WANG)
    assert offered(database) == [LIFT, "河道什么时候清淤？"]
    assert (suggested(database)[0].who, suggested(database)[0].at) == (WANG.who, NOON)
    withdraw(database, suggested(database)[0].id, by=WANG)
    assert offered(database) == ["河道什么时候清淤？"]
    told = [(row.action, row.subject, row.who) for row in audit.entries(database, limit=9)]
    assert told[0] == ("suggestion_withdrawn", LIFT, "王芳")
    assert told[2] == ("suggestion_approved", LIFT, "王芳")
    audit.verify(database)


@pytest.mark.parametrize(
    "question",
    [
        "", "路", "路" * (LONGEST + 1), "路灯\x00谁修？", "我的电话13812345678，路灯谁修？",
        "身份证11010519491231002X怎么办", "zhangsan@qq.com 是谁的邮箱？", "电话138****5678谁修？",
        "人民路12号3栋402的暖气",
    ],
)  # fmt: skip
def test_what_may_not_be_shown_to_everybody_is_refused(
    database: sqlite3.Connection, question: str
) -> None:
    with pytest.raises(WrongUse, match="；请"):
        approve(database, question, by=WANG)
    assert offered(database) == []
    assert audit.entries(database, limit=9) == []


def test_nothing_is_offered_twice_and_not_more_than_can_be_looked_over(
    database: sqlite3.Connection,
) -> None:
    approve(database, LIFT, by=WANG)
    with pytest.raises(WrongUse, match="已经在推荐"):
        approve(database, LIFT.replace("？", " ？"), by=WANG)
    for number in range(MOST - 1):
        approve(database, f"路灯{number}谁修？", by=WANG)
    with pytest.raises(WrongUse, match="请先撤下一个"):
        approve(database, "河道什么时候清淤？", by=WANG)


def test_what_is_not_offered_cannot_be_withdrawn(database: sqlite3.Connection) -> None:
    with pytest.raises(NotSuggested):
        withdraw(database, 1, by=WANG)
    assert audit.entries(database, limit=9) == []
