"""A promise that a person points at, read by the rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import WrongUse
from kb.extract.clauses import clauses_of
from kb.extract.commitments import commitment_at, commitments
from kb.profile import profile
from kb.types import Span
from tests.support.promises import ORGAN, letter_of

SAID = (
    "将于2025年6月底前，会同云岭市财政局新增加装电梯60部；力争年内 新增停车位２００个",
    "研究将青河上段纳入清淤范围的可行性",
    "建成后每年惠及老人3200人。感谢您的关心",
    "𠮷田路的路灯由云岭市城管局负责，明年3月底前点亮",
)
LETTER = letter_of(*SAID)


def test_what_the_program_finds_is_read_alike_where_a_person_points_at_it() -> None:
    found = commitments(LETTER, profile())
    assert len(found) >= 3
    for one in found:
        again = commitment_at(LETTER, one.span, profile())
        assert (again.span, again.organ, again.due) == (one.span, one.organ, one.due)
        assert (again.target, again.strength) == (one.target, one.strength)
        assert again.action == one.action


@given(st.data())
def test_any_words_of_a_clause_can_be_pointed_at(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([one.span for one in clauses_of(LETTER)]))
    start = data.draw(st.integers(whole.start, whole.end - 1))
    end = data.draw(st.integers(start + 1, whole.end))
    one = commitment_at(LETTER, Span(start=start, end=end), profile())
    assert one.span == Span(start=start, end=end)
    assert one.due is None or one.due.raw in LETTER.text
    assert one.organ


def test_several_clauses_are_several_promises() -> None:
    first, second, *_ = [one.span for one in clauses_of(LETTER)]
    with pytest.raises(WrongUse, match="一句一句"):
        commitment_at(LETTER, Span(start=first.end - 1, end=second.start + 1), profile())


def test_words_between_clauses_are_the_issuers() -> None:
    start = LETTER.text.index("。\n")
    one = commitment_at(LETTER, Span(start=start, end=start + 2), profile())
    assert (one.organ, one.due, one.target, one.strength) == (ORGAN, None, None, "will")
