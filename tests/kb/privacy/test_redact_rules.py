"""Every row of the rules on its own example."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.privacy.redact import redacted
from kb.privacy.redact_rules import ROWS, RedactRule
from kb.profile import Masking
from tests.support.fakes import make_letter

SHOW_ALL = Masking(contacts=True, landlines=True, members=True)
HIDE_ONE = {
    "contacts": replace(SHOW_ALL, contacts=False),
    "landlines": replace(SHOW_ALL, landlines=False),
    "numbers": replace(SHOW_ALL, landlines=False),
    "members": replace(SHOW_ALL, members=False),
}


def shown(text: str, masking: Masking) -> str:
    letter = redacted(make_letter("x", text, title=None), masking).letter
    return letter.text[1:]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.kind}: {row.example}")
def test_every_row_hides_its_example(row: RedactRule) -> None:
    assert shown(row.example, HIDE_ONE[row.hides]) == row.hidden
    assert shown(row.example, SHOW_ALL) == row.example
