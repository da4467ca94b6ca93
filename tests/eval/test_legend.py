"""What each figure is called, and what a missing one is called."""

from __future__ import annotations

import pytest

from eval.legend import MEANINGS, UNMEASURED, Kind, label, milliseconds, written


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (0.81249, "score", "0.812"),
        (0.6051, "rate", "60.5%"),
        (None, "rate", "未测"),
        (float("nan"), "score", "未测"),
        (1234.4, "count", "1,234"),
    ],
)
def test_a_figure_that_is_missing_is_said_to_be(value: float | None, kind: Kind, text: str) -> None:
    assert written(value, kind) == text
    assert milliseconds(None) == milliseconds(float("nan")) == UNMEASURED


def test_every_figure_has_a_sentence_and_a_name() -> None:
    for part in MEANINGS.values():
        for name, meaning in part.items():
            assert meaning.label, name
            assert meaning.says.endswith("。"), name
    assert label("nDCG@10") == "排序质量 nDCG@10"
