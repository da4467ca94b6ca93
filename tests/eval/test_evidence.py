"""Pairs of a promise and a later sentence: read, judged, counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.__main__ import main
from eval.evidence import Pair, as_text, pairs_of, scores, tables
from kb.errors import WrongUse

ROW = {
    "promise": "2024年6月底前建成停车场3处",
    "promise_date": "2023-05-04",
    "due": "2024-06-30",
    "later": "停车场3处已于2024年5月全部建成。",
    "later_date": "2024-12-01",
    "relation": "fulfils",
}


def written(folder: Path, *rows: object) -> Path:
    path = folder / "pairs.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def pair(relation: str, source: str = "a") -> Pair:
    return Pair(
        promise="", promise_date=None, due=None, later="", later_date=None, relation=relation,
        source=source,
    )  # fmt: skip


def test_a_line_that_is_no_pair_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="第 2 行"):
        pairs_of(written(tmp_path, ROW, ROW | {"relation": "maybe"}))


def test_precision_counts_what_is_shown_and_recall_what_is_so() -> None:
    pairs = [pair("fulfils"), pair("fulfils"), pair("progresses"), pair("none")]
    found = scores(tables(pairs, ["fulfils", "related", "fulfils", "none"])["全部"])
    assert (found["fulfils"].precision, found["fulfils"].recall) == (0.5, 0.5)
    assert (found["none"].precision, found["none"].recall) == (1.0, 1.0)
    assert found["repeats"].precision == 0.0


def test_each_source_has_its_table_where_there_are_several() -> None:
    pairs = [pair("fulfils"), pair("none", "b")]
    found = tables(pairs, ["fulfils", "fulfils"])
    assert set(found) == {"全部", "a", "b"}
    assert "精确率 0.500（1/2）" in as_text(found)


def test_the_command_prints_figures_and_faults(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = ROW | {"relation": "none"}
    assert main(["evidence", str(written(tmp_path, ROW, wrong)), "--faults"]) == 0
    said = capsys.readouterr().out
    assert "fulfils\t精确率 0.500（1/2）\t召回率 1.000（1/1）" in said
    assert f"none→fulfils\t{ROW['promise']}" in said
