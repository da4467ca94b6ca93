"""The ratios that CI watches."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.bench import short

RECORDED = {"question": 10.0, "reading": 8.0, "indexing": 1.5}


def test_a_ratio_is_recorded_for_each_that_is_measured() -> None:
    assert short.recorded().keys() == short.LABELS.keys()
    assert all(value > 0 for value in short.recorded().values())


def test_noise_is_let_be_and_a_clear_regression_is_not() -> None:
    assert short.worse({"question": 15.0, "reading": 4.0, "indexing": 2.3}, RECORDED) == []
    worse = {"question": 16.1, "reading": 8.0, "indexing": 2.5}
    assert short.worse(worse, RECORDED) == ["question", "indexing"]
    told = short.as_text(worse, RECORDED).splitlines()
    assert [("变差" in line) for line in told] == [False, False, True, False, True]


def test_what_is_recorded_is_compared_with(tmp_path: Path) -> None:
    short.record(RECORDED | {"question": 12.3456}, tmp_path / "a.json")
    assert short.recorded(tmp_path / "a.json") == RECORDED | {"question": 12.35}


def test_an_indexer_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(short.NotMeasured, match="退出码"):
        short._processor_of("indexer", "update", str(tmp_path / "没有"), "--data", str(tmp_path))
