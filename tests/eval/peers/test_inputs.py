"""What all peers are given survives its files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from eval.peers import inputs
from eval.suite import Suite
from kb.settings import Settings
from tests.support.peering import Held


def test_inputs_come_back_as_they_were_written(
    held: Held, suite: Suite, settings: Settings, tmp_path: Path
) -> None:
    inputs.write(tmp_path, held, suite.questions, settings)
    given = inputs.read(tmp_path)
    assert list(given.passages) == list(inputs.passages(held.reader))
    assert given.settings == replace(settings, data=settings.data.resolve())
    assert [id for id, _ in given.questions] == [question.id for question in suite.questions]
    assert np.array_equal(given.vectors, held.reader.vectors(range(held.reader.snapshot.passages)))
