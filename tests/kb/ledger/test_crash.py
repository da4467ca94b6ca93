"""``kill -9`` in the middle of many changes: what was acknowledged is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.ledger.rebuild import rebuild
from kb.staff import audit
from kb.staff.database import NAME, opened
from tests.support.ledger_crash import killed_after, lost, prepare
from tests.support.promises import WANG, events, projection


@pytest.mark.parametrize("acknowledged", [1, 37, 300])
def test_no_change_that_was_acknowledged_is_lost(tmp_path: Path, acknowledged: int) -> None:
    prepare(tmp_path)
    with opened(tmp_path / NAME) as book:
        since = events(book)
    told = killed_after(tmp_path, changes=100_000, acknowledged=acknowledged)
    assert len(told) >= acknowledged
    assert lost(tmp_path, told, since=since) == []
    with opened(tmp_path / NAME) as book:
        assert events(book) - since - len(told) in (0, 1)  # written, and killed before it said so
        audit.verify(book)
        was = projection(book)
        assert rebuild(book, by=WANG).differed == 0
        assert projection(book) == was
