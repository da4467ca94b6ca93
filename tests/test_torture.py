"""The short form of ``make torture``: a few trials of each, with the real model and programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.torture import damaging, filling, flipping, killing
from tests.torture.ground import Found

SHORT: dict[str, Callable[[Path], Found]] = {
    "killed": lambda folder: killing.killed(folder, 6),
    "full": lambda folder: filling.filled(folder, 4, mounting=False),
    "damaged": lambda folder: damaging.damaged(folder, 40),
    "cached": lambda folder: flipping.cached(folder, 40),
}


@pytest.mark.parametrize("torture", SHORT)
def test_snapshots_never_lie(tmp_path: Path, torture: str) -> None:
    found = SHORT[torture](tmp_path)
    assert found.troubles == []
    assert found.counts
