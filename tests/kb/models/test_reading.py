"""The reading model's way in and out: tokens, and spans that are places in the letter's text."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import ModelUnusable
from kb.models.reading import ANSWER_TOKENS, TOKENS, OnnxReader, Reading, load_tokenizer, pair
from kb.settings import BUNDLED_MODEL, BUNDLED_READER
from kb.types import Span

TOKENIZER = load_tokenizer(BUNDLED_MODEL)
# Full-width letters and digits, Ext-B characters, a combining mark, emoji, Latin and Chinese.
ODD = st.text(
    st.sampled_from("２０２４年ＡＢ𠮷𬌗𪚥é́😀abc 12.5%，。；（）\n\t\u3000老旧小区改造补助万元"),
    max_size=120,
)


@given(ODD, ODD, ODD)
@settings(max_examples=200)
def test_tokens_of_a_passage_are_places_in_it(question: str, above: str, passage: str) -> None:
    made = pair(TOKENIZER, question, above, passage)
    assert len(made.ids) <= TOKENS
    assert made.ids[made.first - 1] == made.ids[-1] == TOKENIZER.token_to_id("</s>")
    assert len(made.offsets) == len(made.ids) - made.first - 1
    assert all(0 <= start <= end <= len(passage) for start, end in made.offsets)
    starts = [start for start, _ in made.offsets]
    assert starts == sorted(starts)


@given(ODD)
@settings(max_examples=200)
def test_together_the_tokens_hold_every_mark_of_a_passage(passage: str) -> None:
    made = pair(TOKENIZER, "问", "", passage)
    held = {n for start, end in made.offsets for n in range(start, end)}
    lost = {n for n, mark in enumerate(passage) if not mark.isspace()} - held
    assert not {passage[n] for n in lost} - set("\u0301"), passage


def test_a_long_passage_is_cut_at_its_end_and_a_long_question_leaves_room_for_it() -> None:
    made = pair(TOKENIZER, "补助" * 500, "标题" * 500, "每部电梯补助二十万元。" * 200)
    assert len(made.ids) == TOKENS
    assert made.offsets[0][0] == 0
    assert len(made.offsets) > TOKENS / 2


def reading(starts: list[float], ends: list[float], lines: Sequence[int] = ()) -> Reading:
    return Reading(
        relevance=0.0,
        starts=np.array(starts, np.float32),
        ends=np.array(ends, np.float32),
        places=tuple(Span(start=10 + n, end=11 + n) for n in range(len(starts))),
        lines=np.array(lines or [0] * len(starts)),
    )


def test_the_best_span_has_the_best_start_and_end_after_it() -> None:
    (span, score), *_ = reading([0, 3, 0, 0, 9], [8, 0, 0, 5, 0]).spans(1)
    assert span == Span(start=14, end=15)
    assert score == 9
    (span, score), *_ = reading([0, 3, 0, 0, 1], [7, 0, 0, 5, 0]).spans(2)
    assert (span, score) == (Span(start=11, end=14), 8)


def test_a_span_stays_in_its_line() -> None:
    (span, score), *_ = reading([9, 0, 0, 2], [0, 1, 9, 3], lines=[0, 0, 1, 1]).spans(1)
    assert (span, score) == (Span(start=10, end=12), 10)


scores = st.lists(st.floats(-20, 20, width=32), min_size=1, max_size=40)


@given(st.data(), scores, st.integers(1, 6))
def test_spans_fall_in_score_and_never_overlap(
    data: st.DataObject, starts: list[float], most: int
) -> None:
    ends = data.draw(
        st.lists(st.floats(-20, 20, width=32), min_size=len(starts), max_size=len(starts))
    )
    found = reading(starts, ends).spans(most)
    assert 1 <= len(found) <= most
    values = [score for _, score in found]
    assert values == sorted(values, reverse=True)
    spans = sorted((span for span, _ in found), key=lambda one: one.start)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(10 <= span.start < span.end <= 10 + len(starts) for span in spans)
    best = max(s + e for n, s in enumerate(starts) for e in ends[n : n + ANSWER_TOKENS])
    assert values[0] == pytest.approx(best, abs=1e-4)


def test_a_passage_without_tokens_has_no_span() -> None:
    assert reading([], []).spans(3) == []


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match=str(tmp_path / "none")):
        OnnxReader(str(tmp_path / "none"))
    (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelUnusable, match="阅读模型"):
        OnnxReader(str(tmp_path))


def test_a_model_of_another_kind_is_refused_when_it_is_opened() -> None:
    with pytest.raises(ModelUnusable, match="token_embeddings，不是 input_ids、relevance"):
        OnnxReader(str(BUNDLED_MODEL))


def test_weights_that_an_earlier_program_fitted_are_refused_when_opened(tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(BUNDLED_READER, folder)
    weights = json.loads((folder / "weights.json").read_bytes())
    del weights["span"]["fits"]
    (folder / "weights.json").write_text(json.dumps(weights), encoding="utf-8")
    with pytest.raises(ModelUnusable, match="make reader"):
        OnnxReader(str(folder))
