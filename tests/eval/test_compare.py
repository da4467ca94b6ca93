"""Comparing two runs: what is read, what is warned of, what is called a gain or a loss."""

from __future__ import annotations

import csv
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from eval.compare import (
    DIAGNOSTICS,
    HEAD,
    BadResults,
    as_text,
    changes,
    comparable,
    compared,
    losses,
    read_results,
    verdict,
    write_deltas,
)
from eval.gate import GATE
from eval.significance import Comparison
from kb.errors import KbError
from tests.support.finished import finish, per_question, results


def comparison(**changed: Any) -> Comparison:
    known: dict[str, Any] = {
        "measure": "R@1",
        "questions": 20,
        "mean_a": 0.5,
        "mean_b": 0.4,
        "delta": -0.1,
        "low": -0.2,
        "high": -0.05,
        "p": 0.001,
        "p_holm": 0.01,
    }
    return Comparison(**known | changed)


def columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def test_a_folder_and_its_results_file_read_the_same(tmp_path: Path) -> None:
    out = finish(tmp_path / "out")
    assert read_results(out) == read_results(out / "results.json") == results()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "打不开"),
        (b"{", "不是 UTF-8 的 JSON"),
        (b"\xff\xfe", "不是 UTF-8 的 JSON"),
        (b"[1]", "没有 suite"),
        (b'{"suite": {}}', "没有 per_question"),
        (b'{"suite": {}, "per_question": 3}', "没有 per_question"),
    ],
)
def test_results_that_cannot_be_read_say_which_why_and_what_to_do(
    tmp_path: Path, content: bytes | None, why: str
) -> None:
    path = tmp_path / "某次.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(KbError) as raised:
        read_results(path)
    message = str(raised.value)
    assert "某次.json" in message
    assert why in message
    assert "请指向" in message
    assert raised.value.code == "bad_results"


def test_a_folder_without_results_is_named_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(BadResults, match=r"results\.json 打不开"):
        read_results(tmp_path)


def test_the_same_questions_of_the_same_suite_need_no_warning() -> None:
    assert comparable(results(), results(per_question=per_question(luck=2))) == ""


def test_another_suite_is_warned_of_and_the_shared_questions_counted() -> None:
    other = results()
    warning = comparable(results(), other | {"suite": other["suite"] | {"digest": "ffff"}})
    assert "题集不同" in warning
    assert "ncp 0123abcd" in warning
    assert "ncp ffff" in warning
    assert "30 题" in warning


def test_a_sample_of_the_questions_is_warned_of() -> None:
    few = results(per_question={"R@1": {"q01": 1.0, "q02": 0.0}})
    assert "只比较两次都问了的 2 题" in comparable(results(), few)


def test_runs_without_a_common_question_cannot_be_compared() -> None:
    with pytest.raises(BadResults, match="没有相同的题"):
        comparable(results(), results(per_question={"R@1": {"别的": 1.0}}))


def test_measures_that_both_have_are_compared_in_the_order_of_the_family() -> None:
    before = results(per_question=per_question(luck=2))
    found = compared(before, results(), seed=13)
    names = [one.measure for one in found]
    assert names == [*GATE, *(name for name in DIAGNOSTICS if name in per_question())]
    ndcg = found[len(GATE)]
    assert ndcg.delta == pytest.approx(ndcg.mean_b - ndcg.mean_a)
    assert found == compared(before, results(), seed=13)


def test_a_run_lost_nothing_to_itself() -> None:
    found = compared(results(), results(), seed=13)
    assert {one.delta for one in found} == {0.0}
    assert losses(found) == []


def test_a_fall_everywhere_is_a_loss() -> None:
    fallen = results(per_question={"R@1": {f"q{n:02}": 0.0 for n in range(20)}})
    before = results(per_question={"R@1": {f"q{n:02}": 1.0 for n in range(20)}})
    assert [one.measure for one in losses(compared(before, fallen, seed=13))] == ["R@1"]
    assert losses(compared(fallen, before, seed=13)) == []


@pytest.mark.parametrize(
    ("delta", "p_holm", "said"),
    [
        (-0.1, 0.01, "显著下降"),
        (0.1, 0.01, "显著提高"),
        (-0.1, 0.05, "无显著差异"),
        (0.1, 0.9, "无显著差异"),
        (0.0, 0.01, "无显著差异"),
    ],
)
def test_only_a_corrected_p_below_a_twentieth_is_significant(
    delta: float, p_holm: float, said: str
) -> None:
    one = comparison(delta=delta, p_holm=p_holm)
    assert verdict(one) == said
    assert bool(losses([one])) == (said == "显著下降")


def test_a_fall_of_the_score_beyond_the_margin_is_a_loss_whatever_its_p() -> None:
    assert verdict(comparison(measure="score", delta=-0.021, p_holm=1)) == "下降过多"
    assert verdict(comparison(measure="score", delta=-0.02, p_holm=1)) == "无显著差异"
    assert verdict(comparison(measure="not_wrong", delta=-0.3, p_holm=1)) == "无显著差异"


def test_a_diagnostic_fails_nothing_beside_the_gate() -> None:
    gate = [comparison(measure=name, delta=0.0, p_holm=1) for name in GATE]
    assert losses([*gate, comparison(measure="answered")]) == []


def test_the_table_of_the_terminal_lines_up() -> None:
    lines = as_text([comparison(), comparison(measure="support_precision", p_holm=1)]).split("\n")
    assert lines.pop() == ""
    for name in HEAD:
        assert name in lines[0]
    assert "-0.100" in lines[1]
    assert "-0.200 ～ -0.050" in lines[1]
    places = [
        line.rindex(said) for line, said in zip(lines, ("判断", "显著下降", "无显著"), strict=True)
    ]
    ends = {columns(line[:at]) for line, at in zip(lines, places, strict=True)}
    assert len(ends) == 1


def test_deltas_hold_every_shared_question_the_unchanged_too(tmp_path: Path) -> None:
    a = results(per_question={"R@1": {"甲\t一": 0.5, "乙": 1.0, "丙": 0.0}, "f1": {"乙": 0.25}})
    b = results(per_question={"R@1": {"甲\t一": 0.75, "乙": 1.0, "丁": 0.0}, "f1": {"乙": 0.0}})
    write_deltas(tmp_path / "deltas.tsv", a, b)
    with (tmp_path / "deltas.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))
    assert rows == [
        ["id", "measure", "a", "b", "delta"],
        ["甲\t一", "R@1", "0.5", "0.75", "0.25"],
        ["乙", "R@1", "1.0", "1.0", "0.0"],
        ["乙", "f1", "0.25", "0.0", "-0.25"],
    ]


def test_the_largest_gains_and_losses_come_first() -> None:
    a = results(per_question={"outcome": {"甲": 0.5, "乙": 0.5, "丙": 0.5, "丁": 0.5, "戊": 0.5}})
    b = results(per_question={"outcome": {"甲": 0.6, "乙": 0.9, "丙": 0.4, "丁": 0.0, "戊": 0.5}})
    found = changes(a, b)
    assert found.measure == "outcome"
    assert [row.question for row in found.gains] == ["乙", "甲"]
    assert [row.question for row in found.losses] == ["丁", "丙"]
    assert [row.question for row in changes(a, b, most=1).gains] == ["乙"]


def test_a_suite_without_answers_shows_gains_by_reciprocal_rank() -> None:
    a = results(per_question={"RR@10": {"甲": 0.5}, "outcome": {}})
    b = results(per_question={"RR@10": {"甲": 1.0}})
    found = changes(a, b)
    assert found.measure == "RR@10"
    assert [row.delta for row in found.gains] == [0.5]


def test_results_survive_a_round_of_json(tmp_path: Path) -> None:
    path = tmp_path / "基线.json"
    path.write_text(json.dumps(results()), encoding="utf-8")
    assert comparable(read_results(path), results()) == ""
