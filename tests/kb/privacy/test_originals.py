"""Whether citizens may have the file of a letter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.privacy.originals import SEARCHED, may_be_given
from kb.privacy.redact import MASKED, redacted
from kb.profile import Masking
from tests.support.fakes import make_letter


@pytest.mark.parametrize(
    ("flags", "given"),
    [
        ((), False),
        ((SEARCHED,), True),
        ((SEARCHED, "macros"), True),
        ((MASKED,), False),
        ((SEARCHED, MASKED), False),
        (("scanned_pages",), False),
    ],
)
def test_a_file_is_given_if_all_of_it_was_searched_and_nothing_hidden(
    flags: tuple[str, ...], given: bool
) -> None:
    assert may_be_given(replace(make_letter("a"), flags=flags)) is given


def test_a_letter_with_a_contact_keeps_its_file_back() -> None:
    letter = replace(make_letter("a", "联系人：付小军　5547703"), flags=(SEARCHED,))
    assert may_be_given(letter)
    assert not may_be_given(redacted(letter, Masking()).letter)
    assert may_be_given(redacted(letter, Masking(contacts=True)).letter)
