"""However many groups there are, a question costs little, and others may write meanwhile."""

from __future__ import annotations

import sqlite3
import string
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from kb.feedback import questions
from kb.feedback.grouping import COMPARED, like, likeness, made
from kb.feedback.questions import groups, note
from kb.feedback.retention import forget
from kb.staff.database import opened, writing
from tests.support.noted import LIFT, NOON, put, refused

LONG = "老旧小区加装电梯补贴污水管网改造养老服务设施" * 4
LETTERS = "甲乙丙丁戊己庚辛壬癸子丑寅卯"
MANY = 400


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as found:
        yield found


def filled(database: sqlite3.Connection, asked: list[str]) -> None:
    with writing(database):
        for question in asked:
            made(database, likeness(question))


def steps(database: sqlite3.Connection, question: str) -> int:
    """How many thousand steps the database takes to find the group of ``question``."""
    taken = 0

    def step() -> None:
        nonlocal taken
        taken += 1

    one = likeness(question)
    database.set_progress_handler(step, 1000)
    like(database, one)
    database.set_progress_handler(None, 0)
    return taken


def numbered(how_many: int) -> list[str]:
    return [f"{LONG}{number}" for number in range(how_many)]


def shuffled(how_many: int) -> list[str]:
    random = Random(7)
    return ["".join(random.choices(LETTERS, k=120)) for _ in range(how_many)]


@pytest.mark.parametrize("asked", [numbered, shuffled])
@pytest.mark.sqlite
def test_a_question_costs_no_more_with_many_groups_than_with_some(
    tmp_path: Path, asked: object
) -> None:
    assert callable(asked)
    *some, last = asked(MANY + 1)
    with opened(tmp_path / "few.db") as few, opened(tmp_path / "many.db") as many:
        filled(few, some[: MANY // 8])
        filled(many, some)
        assert steps(many, last) <= 2 * steps(few, last) + 1


def test_the_like_one_is_found_among_many_of_the_same_subject(database: sqlite3.Connection) -> None:
    filled(database, [f"加装电梯{letter}" * 3 for letter in string.ascii_letters])
    put(database, *map(refused, LIFT))
    assert [group.refused for group in groups(database, state="open", limit=9)] == [3]


@pytest.mark.parametrize("before", [0, COMPARED, COMPARED * 3])
def test_few_or_many_groups_of_the_same_figures_the_older_like_one_is_found(
    database: sqlite3.Connection, before: int
) -> None:
    filled(database, [f"第{letter}{letter}号桥2024" for letter in LETTERS * 2][:before])
    filled(database, ["2024年路灯什么时候修好", "2023年路灯什么时候修好"])
    assert like(database, likeness("路灯什么时候修好，2024年")) == before + 1


def test_others_write_between_the_pieces_of_a_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "staff.db"
    seen: list[int] = []

    def another(_: float) -> None:
        with opened(path) as other, writing(other):
            seen.append(other.execute("SELECT count(*) FROM asked").fetchone()[0])

    monkeypatch.setattr(questions, "PIECE", 0)
    monkeypatch.setattr(questions.time, "sleep", another)
    with opened(path) as database:
        put(database, *map(refused, LIFT))
    assert seen == [1, 2]


def test_beyond_the_cap_what_is_like_no_group_is_noted_without_one(
    database: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "FULL", 2)
    asked = (LIFT[0], "河道什么时候清淤？", "路灯谁维护？", LIFT[1])
    assert note(database, map(refused, asked), log="masked") == 1
    assert [group.refused for group in groups(database, state="open", limit=9)] == [2, 1]
    assert database.execute("SELECT question FROM asked WHERE kin IS NULL").fetchall() == [
        ("路灯谁维护？",)
    ]


def test_of_what_is_forgotten_no_gram_stays(database: sqlite3.Connection) -> None:
    put(database, *map(refused, LIFT))
    assert database.execute("SELECT count(*) FROM common").fetchone()[0]
    forget(database, before=NOON + timedelta(days=1))
    assert database.execute("SELECT count(*) FROM common").fetchone()[0] == 0
