"""Corrected fields: they hold, and a place in the text only where it says the same."""

from __future__ import annotations

import pytest

from indexer.letter.corrected import corrected
from kb.intake.corrections import CORRECTED
from kb.types import Letter
from tests.support.indexed import has_true_spans, letter, values


@pytest.fixture
def read() -> Letter:
    return letter()


def test_without_corrections_a_letter_is_as_it_was_read(read: Letter) -> None:
    assert corrected(read, {}) is read


def test_a_value_that_the_text_says_is_shown_where_it_says_it(read: Letter) -> None:
    found = corrected(read, {"contact_unit": "云岭市民政局养老科"})
    field = found.fields["contact_unit"]
    assert field.span is not None
    assert field.span.of(found.text) == "云岭市民政局养老科"
    assert CORRECTED in found.flags
    assert has_true_spans(found)


def test_a_value_that_the_text_does_not_say_has_no_place(read: Letter) -> None:
    given = {"title": "另一个题目", "issuer": "青山县水利局", "proposal_title": "关于修渠的提案"}
    found = corrected(read, given)
    assert found.title is not None
    assert found.title.span is None
    assert [found.fields[name].span for name in ("issuer", "proposal_title")] == [None, None]
    assert found.text == read.text


@pytest.mark.parametrize(
    ("field", "value"), [("result_class", "A"), ("proposal_no", "7"), ("kind", "提案")]
)
def test_a_short_value_is_not_looked_for_since_it_stands_anywhere(
    read: Letter, field: str, value: str
) -> None:
    assert corrected(read, {field: value}).fields[field].span is None


def test_a_day_is_shown_where_the_text_means_that_day(read: Letter) -> None:
    found = corrected(read, {"issued_on": "2024-05-06"}).fields["issued_on"]
    assert found.span is not None
    assert found.span.of(read.text) == "2024年5月6日"
    assert corrected(read, {"issued_on": "2024-05-07"}).fields["issued_on"].span is None


def test_lists_are_given_anew_and_fields_can_be_taken_away(read: Letter) -> None:
    found = corrected(read, {"addressees": ["徐秀叶委员", "赵某委员"], "cc": [], "signer": ""})
    assert values(found, "addressees") == ["徐秀叶委员", "赵某委员"]
    spans = [member.span for member in found.lists["addressees"]]
    assert spans[0] is not None
    assert spans[1] is None
    assert "cc" not in found.lists
    assert "signer" not in found.fields
