"""A message is understood once: what was done to it is told, and can be undone."""

from __future__ import annotations

import pytest

from kb.query.directory import Directory
from kb.query.given import directory
from kb.query.understand import Understood, understood
from kb.settings import Settings
from tests.support.heads import head

SETTINGS = Settings()


@pytest.fixture(scope="module")
def known() -> Directory:
    return directory([head("a", issuer="云岭市住房和城乡建设局", issued_on="2024-05-01")])


def read(question: str, known: Directory, *before: str, as_typed: bool = False) -> Understood:
    return understood(question, known, settings=SETTINGS, before=before, as_typed=as_typed)


STORY = "我妈住六楼，腿脚不好，三年没下过楼。邻居们都签了字。请问加装电梯政府给补多少钱？"


def test_a_story_is_asked_alone_and_led_by_what_it_is_about(known: Directory) -> None:
    found = read(STORY, known)
    assert found.query.typed == "加装电梯政府给补多少钱？"
    assert found.query.otherwise
    for other in found.query.otherwise:
        assert other.led
        assert other.typed.endswith("：加装电梯政府给补多少钱？")
    resolved = found.resolved(found.query.typed)
    assert resolved is not None
    assert [(one.kind, one.was) for one in resolved.mended] == [("story", STORY)]


def test_as_typed_nothing_is_done_to_a_question(known: Directory) -> None:
    found = read(STORY, known, "电梯归谁管", as_typed=True)
    assert (found.query.typed, found.query.otherwise, found.changed) == (STORY, (), {})


def test_small_talk_is_no_question(known: Directory) -> None:
    assert read("谢谢你啊", known).query.talk == "thanks"
    assert read("谢谢你啊，电梯归谁管", known).query.talk is None


def test_each_of_two_questions_may_lean_on_the_one_before_it(known: Directory) -> None:
    query = read("加装电梯补贴多少？什么时候发？", known).query
    assert query.parts[0].label == "加装电梯补贴多少"
    second = query.parts[1].query
    assert second.typed == "加装电梯：什么时候发？"
    assert second.led


def test_a_question_that_can_stand_alone_is_tried_alone_first(known: Directory) -> None:
    query = read("没换的变压器呢，打算怎么换", known, "重过载小区换了多少台变压器").query
    assert query.typed == "没换的变压器呢，打算怎么换"
    assert not query.led
    assert all(other.led for other in query.otherwise)
    assert query.otherwise


def test_a_year_put_for_another_is_no_subject_however_often(known: Directory) -> None:
    first = "2024年充电桩建了多少个"
    second = read("那2026年呢", known, first).query.typed
    assert second == "2026年充电桩建了多少个"
    assert read("那2027年呢", known, first, second).query.typed == "2027年充电桩建了多少个"


def test_what_is_short_of_a_subject_is_read_with_the_one_before(known: Directory) -> None:
    query = read("二楼呢", known, "加装电梯一楼怎么补偿").query
    assert query.typed == "二楼呢"
    assert all("电梯" in other.typed and "二楼呢" in other.typed for other in query.otherwise)
    assert query.otherwise


def test_what_was_asked_before_is_itself_read_after_what_was_asked_before_it(
    known: Directory,
) -> None:
    found = read("那2026年呢", known, "2023年加装电梯建成多少部", "那2024年呢")
    assert found.query.typed == "2026年加装电梯建成多少部"
