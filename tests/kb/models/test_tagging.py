"""The tagging model: which windows it reads, and what it says of a letter's parts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import ModelUnusable
from kb.models.reading import load_tokenizer
from kb.models.tagging import STEP, TOKENS, OnnxTagger, tagging_model, windows
from kb.settings import BUNDLED_TAGGER, OFF
from kb.types import Span

TOKENIZER = load_tokenizer(BUNDLED_TAGGER)
REPLY = "您好，您反映的问题收悉。经查，路灯损坏属实。下一步，我局将于6月底前更换路灯，并加强巡查。"


def parts_of(text: str) -> list[Span]:
    """The places between commas and stops."""
    places, start = [], 0
    for at, mark in enumerate(text):
        if mark in "，。":
            if at > start:
                places.append(Span(start=start, end=at))
            start = at + 1
    return places


@given(st.lists(st.sampled_from(REPLY.split("，")), min_size=1, max_size=200))
def test_every_part_is_in_a_window_with_its_own_tokens(words: list[str]) -> None:
    text = "，".join(words) + "。"
    places = parts_of(text)
    seen = set()
    for window in windows(TOKENIZER, text, places):
        assert len(window.ids) <= TOKENS + 2
        assert window.inside().sum() == sum(end - first for _, first, end in window.parts)
        for number, first, end in window.parts:
            own = TOKENIZER.decode(window.ids[first:end])
            place = places[number]
            assert own[:1].strip("，。 ") in text[place.start : place.end]
            if end <= STEP:  # whole
                assert text[place.end - 1] in own
            seen.add(number)
    assert seen == set(range(len(places)))


def test_a_place_without_a_token_is_in_no_window() -> None:
    (window,) = windows(TOKENIZER, "好。   好。", [Span(start=0, end=1), Span(start=3, end=4)])
    assert [number for number, _, _ in window.parts] == [0]
    assert list(windows(TOKENIZER, "", [])) == []


def test_a_promise_is_likelier_than_what_is_told() -> None:
    places = parts_of(REPLY)
    odds = dict(
        zip(
            (place.of(REPLY) for place in places),
            OnnxTagger(str(BUNDLED_TAGGER)).odds(REPLY, places),
            strict=True,
        )
    )
    assert odds["我局将于6月底前更换路灯"][0] > 0 > odds["路灯损坏属实"][0]
    assert max(odds, key=lambda words: odds[words][0]) == "我局将于6月底前更换路灯"


def test_a_long_letter_is_told_like_a_short_one() -> None:
    tagger, before = OnnxTagger(str(BUNDLED_TAGGER)), "情况属实。" * 200
    alone, places = tagger.odds(REPLY, parts_of(REPLY)), parts_of(before + REPLY)
    late = tagger.odds(before + REPLY, places)
    assert len(late) == len(places)
    assert late[-2][0] > 0  # 我局将于6月底前更换路灯
    assert alone[-2][0] > 0


def test_off_is_no_model() -> None:
    assert tagging_model(OFF) is None


def test_a_folder_that_is_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match=str(tmp_path / "none")):
        tagging_model(str(tmp_path / "none"))
    tagger = OnnxTagger(str(tmp_path))
    with pytest.raises(ModelUnusable, match="承诺模型"):
        tagger.odds(REPLY, parts_of(REPLY))


def test_its_weights_say_how_much_it_is_trusted(tmp_path: Path) -> None:
    folder = tmp_path / "tagger"
    shutil.copytree(BUNDLED_TAGGER, folder)
    (folder / "weights.json").write_text(json.dumps({"share": 0, "eager": 2}), encoding="utf-8")
    places = parts_of(REPLY)
    assert OnnxTagger(str(folder)).odds(REPLY, places) == [(2.0, 2.0)] * len(places)
    assert OnnxTagger(str(folder)).name != OnnxTagger(str(BUNDLED_TAGGER)).name
