"""The states of signing in elsewhere: they serve for a while, and only so many are kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kb.staff import oidc_states
from kb.staff.database import opened
from kb.staff.oidc_states import NotPending
from tests.support.postgres import dumped
from tests.support.promises import NOON


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "staff.db"


def test_a_state_serves_for_ten_minutes_and_is_stored_as_a_digest(path: Path) -> None:
    with opened(path) as database:
        late, told = oidc_states.begin(database, wanted="/staff", at=NOON)
        assert late not in dumped(database)
        assert oidc_states.take(database, late, at=NOON + timedelta(minutes=9)) == told
        late, _ = oidc_states.begin(database, wanted="/staff", at=NOON)
        with pytest.raises(NotPending):
            oidc_states.take(database, late, at=NOON + timedelta(minutes=10))


def test_only_so_many_are_remembered(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oidc_states, "MOST", 3)
    with opened(path) as database:
        states = [
            oidc_states.begin(database, wanted="", at=NOON + timedelta(seconds=n))[0]
            for n in range(5)
        ]
        for state in states[2:]:
            assert oidc_states.take(database, state, at=NOON)
        with pytest.raises(NotPending):
            oidc_states.take(database, states[1], at=NOON)
