"""Pages over the whole ledger say nothing of letters that somebody may not see."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.ledger import edit
from kb.staff.database import opened
from tests.support.promises import WANG, all_entries
from tests.support.town import SECRET, came, founded, stored


@pytest.mark.parametrize(
    "address",
    [
        "/staff/due",
        "/staff/statistics",
        "/staff/compare",
        "/staff/compare?tab=figures&words=名单",
        "/staff/compare?tab=classes",
    ],
)
def test_who_may_not_see_a_letter_sees_and_counts_nothing_of_it(path: Path, address: str) -> None:
    store, town = stored(), founded(path)
    with opened(path) as database:
        seen = next(one.seen for one in all_entries(database) if one.text == SECRET)
        edit.move(database, seen, "under_way", by=WANG)
        database.execute("UPDATE commitment SET due_key = '2026-07-01', due_month = '2026-07'")
    page = came(town, "reader", store).get(address).text
    assert SECRET[:6] not in page
    assert "大院" not in page
    if "statistics" in address:
        assert "stage=open" not in page
    if "due" in address:
        assert SECRET in came(town, "manager", store).get(address).text
