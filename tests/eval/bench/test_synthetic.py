"""Made-up letters in a real store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval.bench.load import distinct
from eval.bench.synthetic import made
from kb.query.directory import directory_of
from kb.query.understand import understood
from kb.settings import Settings
from kb.store.open import open_store
from kb.store.protocol import SnapshotReader
from kb.types import EVERY_LETTER


def test_as_many_passages_as_asked_and_the_same_again(
    base: SnapshotReader, settings: Settings, tmp_path: Path
) -> None:
    data = made(base, tmp_path, passages=12, settings=settings, seed=3)
    reader = open_store(replace(settings, data=data)).current()
    assert reader.snapshot.passages == 12
    assert reader.snapshot.letters == 3
    rows = reader.vectors(range(12))
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(12), abs=1e-3)
    words = reader.passage(7).sentences[0].of(reader.letter(reader.passage(7).letter_id).text)
    assert any(words.strip() in base.letter(head.id).text for head in base.letters())
    assert made(base, tmp_path, passages=12, settings=settings, seed=3) == data


def test_no_two_questions_that_are_asked_are_parsed_alike(
    base: SnapshotReader, settings: Settings
) -> None:
    asked = list(distinct(["电梯补多少？", "谁来管？"], ["道路", "学校", "预算"]))
    known = directory_of(base, EVERY_LETTER)
    parsed = {understood(one, known, settings=settings, reader=base).query for one in asked}
    assert len(parsed) == len(asked) == 8
