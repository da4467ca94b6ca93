"""Annotated sentences are read, matched to what is found in them, and hold no text."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from eval import annotated
from eval.__main__ import main
from eval.annotated import ANNOTATIONS, Sentence, as_text, replies, scored
from kb.types import Span
from tests.conftest import ROOT

REPLY = "您好。我局将于2019年6月底前完成路灯安装。感谢您的关心。"
SHARED = ROOT.parent / "shared" / "data" / "replies" / "teddy.jsonl.gz"


def sentence(text: str, *commitments: dict[str, Any], half: str = "held_out") -> Sentence:
    start = REPLY.index(text)
    return Sentence(
        letter="7",
        date="2019-03-01",
        span=Span(start=start, end=start + len(text)),
        drawn="random",
        half=half,
        commitments=commitments,
    )


def promise(text: str, **changes: Any) -> dict[str, Any]:
    start, due = REPLY.index(text), REPLY.index("2019年6月底前")
    days = {"first": "2019-03-01", "last": "2019-06-30"}
    row = {"start": start, "end": start + len(text), "strength": "will", "organ": None}
    return {**row, "due": {"start": due, "end": due + 9, **days}, **changes}


LAMPS = sentence(
    "我局将于2019年6月底前完成路灯安装。", promise("我局将于2019年6月底前完成路灯安装")
)
THANKS = sentence("感谢您的关心。", half="tuning")


def test_what_is_found_is_counted_by_half_and_by_how_drawn() -> None:
    figures = scored([LAMPS, THANKS], {"7": REPLY}, {})
    assert list(figures) == ["all", "held_out", "tuning", "held_out random", "tuning random"]
    row = figures["held_out"]
    assert (row["precision"], row["recall"], row["due_exact"], row["sentences"]) == (1, 1, 1, 1)
    assert (figures["tuning"]["found"], figures["tuning"]["precision"]) == (0, None)
    assert "held_out" in as_text(figures)


def test_a_sentence_whose_letter_is_not_at_hand_is_left_out() -> None:
    assert scored([LAMPS], {}, {}) == {"all": pytest.approx(empty(), nan_ok=True)}


def empty() -> dict[str, Any]:
    names = ("precision", "recall", "f1", "due_exact", "organ_exact", "strength_exact")
    return {**dict.fromkeys(names), "gold": 0, "found": 0, "sentences": 0}


def test_the_annotations_are_many_and_hold_no_text() -> None:
    sentences = annotated.annotated()
    assert len(sentences) >= 150
    with_promises = sum(bool(one.commitments) for one in sentences)
    assert with_promises >= 75
    text = ANNOTATIONS.read_text(encoding="utf-8")
    chinese = set(re.findall(r"[\u4e00-\u9fff]+", re.sub(r'"letter": "[^"]*"', "", text)))
    assert chinese == set()


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared")
def test_every_annotation_lies_in_its_sentence() -> None:
    texts = replies(SHARED)
    for one in annotated.annotated():
        text = texts.get(one.letter)
        if text is None:
            continue
        assert 0 <= one.span.start < one.span.end <= len(text)
        for row in one.commitments:
            assert one.span.start <= row["start"] < row["end"] <= one.span.end
            due = row["due"]
            assert due is None or text[due["start"] : due["end"]].strip()


def test_the_command_prints_the_table_and_writes_the_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(annotated, "annotated", lambda: (LAMPS,))
    bulk, out = tmp_path / "replies.jsonl.gz", tmp_path / "out" / "figures.json"
    with gzip.open(bulk, "wt", encoding="utf-8") as file:
        file.write(json.dumps({"id": 7, "reply": REPLY}) + "\n")
    assert main(["commitments", "--replies", str(bulk), "--out", str(out)]) == 0
    assert "精确率" in capsys.readouterr().out
    assert json.loads(out.read_text(encoding="utf-8"))["all"]["recall"] == 1


def test_other_replies_are_refused_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bulk = tmp_path / "other.jsonl"
    bulk.write_text('{"id": "x", "reply": "无关"}\n', encoding="utf-8")
    assert main(["commitments", "--replies", str(bulk)]) == 2
    assert "标注过的答复" in capsys.readouterr().err
