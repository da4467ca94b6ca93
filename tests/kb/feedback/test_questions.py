"""What is noted of replies, how misses are grouped, what is offered as often asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kb.feedback.questions import (
    GroupNotFound,
    Location,
    complaints,
    group,
    groups,
    noted,
    states,
    wordings,
    wordless,
)
from kb.feedback.suggested import often
from kb.replies import Refusal
from kb.staff.database import opened
from kb.types import Nearest, Span
from tests.support.heads import citation
from tests.support.noted import LIFT, MOBILE, NOON, answered, judged, put, refused
from tests.support.postgres import dumped


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as found:
        yield found


def everything(database: sqlite3.Connection) -> str:
    """All that the file holds, as text."""
    return dumped(database)


def test_like_refusals_are_one_group_and_others_another(database: sqlite3.Connection) -> None:
    put(database, *map(refused, LIFT), refused("河道什么时候清淤？", "乙", minute=1))
    first, second = groups(database, state="open", limit=9)
    assert (first.question, first.refused, first.useless) == (LIFT[0], 3, 0)
    assert (second.question, second.refused, second.nearest) == ("河道什么时候清淤？", 1, ("乙",))
    assert second.latest == NOON + timedelta(minutes=1)
    put(database, judged("河道什么时候清淤？", useful=False))
    assert group(database, second.id).nearest == ("乙",)
    assert wordings(database, first.id) == [(one, 1) for one in LIFT]


def test_groups_are_the_same_however_the_questions_are_batched(tmp_path: Path) -> None:
    asked = [*LIFT, "河道什么时候清淤？", "河道清淤什么时候开始", "路灯谁维护？"]
    with opened(tmp_path / "a.db") as one, opened(tmp_path / "b.db") as other:
        put(one, *map(refused, asked))
        for question in asked:
            put(other, refused(question))
        assert groups(one, state="open", limit=9) == groups(other, state="open", limit=9)


def test_the_most_missed_stand_first_and_a_page_holds_as_many_as_asked(
    database: sqlite3.Connection,
) -> None:
    put(database, refused("路灯谁维护？"), refused("河道什么时候清淤？"), *map(refused, LIFT))
    found = [one.question for one in groups(database, state="open", limit=9)]
    assert found == [LIFT[0], "河道什么时候清淤？", "路灯谁维护？"]
    page = groups(database, state="open", limit=1, offset=1)
    assert [one.question for one in page] == found[1:2]
    assert states(database) == {"open": 3}


def test_what_was_called_useless_is_missed_and_what_was_useful_is_not(
    database: sqlite3.Connection,
) -> None:
    put(database, answered(LIFT[0]), judged(LIFT[1], useful=False, reason="答非所问"))
    put(database, judged("路灯谁维护？", useful=True))
    (found,) = groups(database, state="open", limit=9)
    assert (found.refused, found.useless) == (0, 1)
    (complaint,) = complaints(database, found.id)
    assert complaint.reason == "答非所问"
    assert complaint.quote == Location(letter_id="甲", span=Span(start=3, end=9))


def test_an_answered_question_is_in_no_queue(database: sqlite3.Connection) -> None:
    put(database, answered("路灯谁维护？"))
    assert groups(database, state="open", limit=9) == []
    with pytest.raises(GroupNotFound, match="没有第 1 组"):
        group(database, 1)


def test_personal_data_is_masked_before_it_is_written(database: sqlite3.Connection) -> None:
    put(database, refused(f"我的电话{MOBILE}，路灯谁修？"))
    put(database, judged(LIFT[0], useful=False, reason=f"打{MOBILE}找我"))
    assert MOBILE not in everything(database)
    assert "138****5678" in everything(database)
    assert "打138****5678找我" in everything(database)


def test_with_the_log_off_no_words_are_written_only_that_it_was(
    database: sqlite3.Connection,
) -> None:
    put(database, refused("路灯谁维护？", "甲乙丙"), log="off")
    put(database, judged("河道什么时候清淤？", useful=False, reason="答非所问"), log="off")
    written = everything(database)
    assert not any(word in written for word in ("路灯", "河道", "甲", "答非所问"))
    assert wordless(database) == [(None, 1, 1), ("not_sure", 0, 1)]
    assert groups(database, state="open", limit=9) == []


def test_with_the_log_on_the_words_are_written_as_they_were(database: sqlite3.Connection) -> None:
    put(database, refused(f"我的电话{MOBILE}，路灯谁修？"), log="on")
    assert MOBILE in everything(database)


def test_questions_answered_three_times_are_asked_often(database: sqlite3.Connection) -> None:
    put(database, *map(answered, (LIFT[0], LIFT[1], LIFT[1])))
    put(database, *[answered("河道什么时候清淤？")] * 4, *[answered("路灯谁维护？")] * 2)
    assert often(database, limit=6) == ("河道什么时候清淤？", LIFT[1])
    assert often(database, limit=1) == ("河道什么时候清淤？",)


def test_what_is_as_often_missed_as_answered_is_offered_to_nobody(
    database: sqlite3.Connection,
) -> None:
    put(database, *[answered(LIFT[0])] * 3, *[refused(LIFT[0])] * 2)
    put(database, judged(LIFT[0], useful=False))
    assert often(database, limit=6) == ()
    put(database, answered(LIFT[0]))
    assert often(database, limit=6) == (LIFT[0],)


def test_praise_is_no_asking(database: sqlite3.Connection) -> None:
    put(database, *[judged(LIFT[0], useful=True)] * 3)
    assert often(database, limit=6) == ()


@pytest.mark.parametrize("log", ["off", "masked", "on"])
def test_what_holds_personal_data_is_offered_to_nobody(
    database: sqlite3.Connection, log: str
) -> None:
    put(database, *[answered(f"我的电话{MOBILE}，路灯谁修？")] * 3, log=log)
    assert often(database, limit=6) == ()


def test_a_refusal_is_noted_with_its_code_and_its_nearest_letters() -> None:
    near = (Nearest(citation=citation("甲"), title=None, score=0.1),)
    reply = Refusal(
        question="问", snapshot="s", code="not_sure", reason="因", nearest=near, confidence=0.1
    )
    assert noted(reply, at=NOON) == refused("问", "甲")
