"""A conversation as the widget has it: each question after those before, as they were resolved."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from eval.meant.asking import Program, Replied, led_to, replied
from eval.meant.questions import Expect, Meant
from kb.replies import Listing
from kb.settings import Settings
from tests.support.asking import FakeModel, two_letters

TODAY = date(2024, 11, 29)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """One letter of 2024 about care, and one of 2023 about lifts."""
    return Program(
        reader=two_letters(tmp_path_factory.mktemp("letters")),
        embedder=FakeModel(),
        model=None,
        settings=Settings(),
        today=TODAY,
    )


def ask(program: Program, question: str, *before: str, expect: Expect = "quote") -> Replied:
    given: dict[str, Any] = {"id": "q", "group": "follow_up", "expect": expect}
    return replied(Meant(question=question, before=before, **given), program)


def test_a_question_that_stands_alone_is_looked_for_as_it_was_typed(program: Program) -> None:
    assert ask(program, "全市加装电梯多少部？").resolved == ""


def test_a_follow_up_takes_over_what_the_question_before_it_was_about(program: Program) -> None:
    found = ask(program, "什么时候完成？", "加装电梯有哪些政策？")
    assert found.resolved == "加装电梯：什么时候完成？"


def test_a_second_follow_up_builds_upon_the_first_as_it_was_resolved(program: Program) -> None:
    """The one just before it says nothing of lifts by itself."""
    found = ask(program, "怎么申请？", "加装电梯有哪些政策？", "什么时候完成？")
    assert found.resolved == "加装电梯：怎么申请？"


def test_last_year_counts_from_the_day_on_which_the_suite_asks(program: Program) -> None:
    found = ask(program, "去年的答复有哪些？", expect="list").reply
    assert isinstance(found, Listing)
    assert [row.letter_id for row in found.rows] == ["lift"]


def test_a_question_that_the_program_does_not_take_keeps_the_reason(program: Program) -> None:
    found = ask(program, "长" * (program.settings.question_length + 1))
    assert (found.reply, found.untaken) == (None, "wrong_use")


def test_an_option_leads_to_the_letters_that_are_shown_for_it(program: Program) -> None:
    assert "lift" in led_to("加装电梯每部补助多少？", program)
    assert led_to("2023年的答复有哪些？", program) == {"lift"}


def test_letters_are_looked_for_only_where_a_choice_is_expected(program: Program) -> None:
    found = ask(program, "电梯", expect="choice")
    options = getattr(found.reply, "options", ())
    assert len(found.offered) == len(options)
    assert ask(program, "电梯").offered == ()
