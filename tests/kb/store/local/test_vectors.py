"""The files that hold vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from kb.store.local import vectors


def test_a_vector_file_is_an_ordinary_npy_file(tmp_path: Path) -> None:
    rows = np.arange(12, dtype=np.float16).reshape(4, 3)
    vectors.write(tmp_path / "v.npy", [rows[:1], rows[1:1], rows[1:]], rows=4, dim=3)
    np.testing.assert_array_equal(np.load(tmp_path / "v.npy"), rows)
    np.testing.assert_array_equal(vectors.read(tmp_path / "v.npy"), rows)


def test_a_vector_file_without_rows_can_be_read(tmp_path: Path) -> None:
    vectors.write(tmp_path / "v.npy", [], rows=0, dim=3)
    assert vectors.read(tmp_path / "v.npy").shape == (0, 3)
