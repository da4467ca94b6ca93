"""How much of the annotated personal data is hidden: what counts, and what is reached."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.__main__ import main
from eval.masking import (
    ANNOTATIONS,
    Annotated,
    Datum,
    Kind,
    annotated_texts,
    as_text,
    is_hidden,
    precision,
    recall,
    scored,
)
from eval.suite import BadSuite
from kb.types import Span

FLOORS = {"number": 0.98, "person": 0.97, "address": 0.98}  # measured: 0.998, 0.981, 0.996
REPLIES = ANNOTATIONS.with_name("masking_replies.jsonl")
REPLY_FLOORS: dict[str, dict[Kind, float]] = {
    "dev": {"number": 0.98, "person": 0.88, "address": 0.98},
    "test": {"number": 0.96, "person": 0.71, "address": 0.98},
}
PRECISION = 0.98  # measured: 0.997


def test_the_annotated_texts_are_masked_as_well_as_was_measured() -> None:
    found = [scored(text) for text in annotated_texts()]
    assert len(found) > 800
    for kind, floor in FLOORS.items():
        gold, told = recall(found, kind)
        assert (gold - told) / gold >= floor, as_text(found, faults=True)
    runs, false = precision(found)
    assert (runs - false) / runs >= PRECISION, as_text(found, faults=True)


@pytest.mark.parametrize("half", ["dev", "test"])
def test_replies_are_masked_as_well_as_was_measured(half: str) -> None:
    found = [scored(text) for text in annotated_texts(REPLIES, half=half)]
    assert len(found) > 140
    for kind, floor in REPLY_FLOORS[half].items():
        gold, told = recall(found, kind)
        assert (gold - told) / gold >= floor, as_text(found)
    runs, false = precision(found)
    assert (runs - false) / runs >= 0.95, as_text(found)


def test_a_datum_with_offsets_is_looked_for_there_only() -> None:
    person = Datum(kind="person", text="王石", span=Span(start=2, end=4))
    text = Annotated(id="a", where="letter", text="业主王石反映；王石路已修。", data=(person,))
    assert scored(text).missed == ()


def test_offsets_that_do_not_hold_the_words_are_refused(tmp_path: Path) -> None:
    rows = tmp_path / "a.jsonl"
    datum = {"kind": "person", "text": "张三", "start": 1, "end": 3}
    rows.write_text(json.dumps({"id": "a", "where": "letter", "text": "张三来", "hide": [datum]}))
    with pytest.raises(BadSuite, match="位置"):
        annotated_texts(rows)


def test_a_half_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadSuite, match="dev、test"):
        annotated_texts(REPLIES, half="train")


@pytest.mark.parametrize(
    ("kind", "text", "shown", "hidden"),
    [
        ("number", "13812345678", "138****5678", True),
        ("number", "(+86)138 1234 5678", "(+86)138 **** 5678", True),
        ("number", "13812345678", "138123*5678", False),
        ("number", "一三八一二三四五六七八", "一三八****五六七八", True),
        ("number", "zhangsan@qq.com", "z*******@qq.com", True),
        ("number", "zhangsan@qq.com", "zhang***@qq.com", False),
        ("number", "豫H12345", "豫H*****", True),
        ("number", "6222021234567890123", "6222***********0123", True),
        ("person", "欧阳晓", "***", True),
        ("person", "欧阳晓", "欧**", False),
        ("address", "3号楼2单元501", "*号楼*单元***", True),
        ("address", "三号楼二单元501", "三号楼*单元***", False),
    ],
)
def test_what_counts_as_hidden(kind: Kind, text: str, shown: str, hidden: bool) -> None:
    assert is_hidden(kind, text, shown) is hidden


def test_what_is_hidden_for_nothing_is_counted_once_however_many_pieces() -> None:
    nothing = Annotated(id="a", where="question", text="住阳光小区3号楼2单元501", data=())
    assert precision([scored(nothing)]) == (1, 1)
    home = Datum(kind="address", text="3号楼2单元501")
    found = scored(Annotated(id="a", where="question", text=nothing.text, data=(home,)))
    assert (found.missed, found.false) == ((), ())


def test_the_command_prints_the_figures_and_each_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "a.jsonl"
    datum = {"kind": "person", "text": "某人"}
    rows.write_text(
        json.dumps({"id": "a", "where": "letter", "text": "某人来过", "hide": [datum]}), "utf-8"
    )
    assert main(["masking", str(rows), "--faults"]) == 0
    out = capsys.readouterr().out
    assert "人名" in out
    assert "漏\ta\tperson\t某人" in out


def test_a_datum_that_does_not_stand_in_its_text_is_refused(tmp_path: Path) -> None:
    rows = tmp_path / "a.jsonl"
    datum = {"kind": "person", "text": "张三"}
    rows.write_text(json.dumps({"id": "a", "where": "letter", "text": "无", "hide": [datum]}))
    with pytest.raises(BadSuite, match="照抄原文"):
        annotated_texts(rows)
