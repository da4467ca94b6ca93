"""The bundled encoder: tokens that are places in the text, and the mean of a span."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from kb.models.encoder import MAX_TOKENS, Encoder, span_means
from kb.settings import BUNDLED_MODEL
from kb.types import Span
from tests.support import made

PROMPT = "passage: "


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(BUNDLED_MODEL)


def places(encoder: Encoder, text: str) -> list[tuple[int, int]]:
    """Where the tokens of ``text`` stand in it, in code points; the prompt's are negative."""
    tokens = encoder.tokens(PROMPT + text)
    return [(start - len(PROMPT), end - len(PROMPT)) for start, end in tokens.offsets]


@pytest.mark.parametrize(
    "text", ["老旧小区", "２０２４年ＡＢＣ", "𠮷田街", "ﬁne", "a 𡋾 b", "％：（）", "", "　全角　"]
)
def test_token_spans_lie_inside_the_text_in_code_points(encoder: Encoder, text: str) -> None:
    spans = places(encoder, text)
    inside = [(start, end) for start, end in spans if end > 0 and end > start]
    assert all(start < end <= len(text) for start, end in inside)
    covered = "".join(c for i, c in enumerate(text) if any(s <= i < e for s, e in inside))
    assert [c for c in text if c.isalnum() and c not in covered] == []


@given(made.bodies)
@settings(max_examples=25, deadline=None)
def test_tokens_of_any_letter_stand_in_order(encoder: Encoder, text: str) -> None:
    spans = places(encoder, text)
    real = [(s, e) for s, e in spans if e > s]
    assert [s for s, _ in real] == sorted(s for s, _ in real)
    assert all(e <= len(text) for _, e in real)
    assert len(spans) <= MAX_TOKENS


def test_every_sentence_of_a_short_passage_has_tokens_of_its_own(encoder: Encoder) -> None:
    text = "甲乙完成。𠮷田街２０２４年。丙。"
    spans = places(encoder, text)
    for start, end in ((0, 5), (5, 14), (14, 16)):
        assert any(s < end and e > start and e > s for s, e in spans)


def test_pooling_is_the_mean_of_a_span_and_the_whole_where_nothing_is_left() -> None:
    hidden = np.array([[9, 9], [1, 0], [0, 1], [5, 5]], np.float32)
    places = [(0, 0), (0, 2), (2, 4), (0, 0)]  # the last row is padding
    whole = np.array([0, 1], np.float32)
    spans = [Span(start=0, end=2), Span(start=0, end=4), Span(start=8, end=9)]
    half = 0.5**0.5
    assert span_means(hidden, places, spans, whole=whole) == pytest.approx(
        np.array([[1, 0], [half, half], [0, 1]]), abs=1e-6
    )
