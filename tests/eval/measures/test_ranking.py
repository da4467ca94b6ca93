"""Document measures are those of the files that were written, as anybody can compute them."""

from __future__ import annotations

import math
import random
import subprocess
import sys
from pathlib import Path

import pytest

from eval.measures.per_question import PerQuestion, means
from eval.measures.ranking import MEASURES, judged, trec_id, write_qrels, write_run
from eval.record import Record
from eval.suite import Question
from tests.support.measured import answered, asked

NAMES = ["nDCG@10", "R@1", "R@5", "R@10", "R@20", "R@100", "RR@10"]


def figures(folder: Path, records: list[Record], questions: list[Question]) -> PerQuestion:
    """The measures of ``records`` by way of the files in ``folder``."""
    write_qrels(folder / "qrels.txt", questions)
    write_run(folder / "run.txt", records, tag="fuwen")
    return judged(folder / "qrels.txt", folder / "run.txt")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("云建办〔2023〕18号.txt", "云建办〔2023〕18号.txt"),
        ("a b", "a%20b"),
        ("50%", "50%25"),
        ("a%20b", "a%2520b"),
        ("a\tb\nc", "a%09b%0Ac"),
        ("甲\u3000乙\x85", "甲%E3%80%80乙%C2%85"),
    ],
)
def test_an_id_is_encoded_only_where_it_would_break_a_line(name: str, written: str) -> None:
    assert trec_id(name) == written
    assert len(written.split()) == 1


def test_a_run_has_six_columns_and_strictly_falling_scores(tmp_path: Path) -> None:
    write_run(tmp_path / "run", [answered(asked("q 1"), ranking=["d3", "d1"])], tag="a b")
    assert (tmp_path / "run").read_text(encoding="utf-8") == (
        "q%201 Q0 d3 1 2 a%20b\nq%201 Q0 d1 2 1 a%20b\n"
    )


def test_qrels_hold_answerable_questions_only(tmp_path: Path) -> None:
    graded = Question(id="q1", question="问", relevant={"d1": 2, "d2": 1})
    write_qrels(tmp_path / "qrels", [graded, asked("q2", relevant=())])
    assert (tmp_path / "qrels").read_text(encoding="utf-8") == "q1 0 d1 2\nq1 0 d2 1\n"


def test_values_are_those_worked_out_by_hand(tmp_path: Path) -> None:
    question = asked("q1", relevant=["d1", "d2"])
    found = figures(tmp_path, [answered(question, ranking=["x", "d1", "y", "d2"])], [question])
    # Gains 1 at ranks 2 and 4 against the best, ranks 1 and 2; discount log2(rank + 1).
    dcg = 1 / math.log2(3) + 1 / math.log2(5)
    assert found["nDCG@10"]["q1"] == pytest.approx(dcg / (1 + 1 / math.log2(3)))
    assert found["R@1"]["q1"] == 0
    assert found["R@5"]["q1"] == 1
    assert found["RR@10"]["q1"] == 0.5  # the first relevant document has rank 2
    assert list(found) == NAMES


def test_a_grade_is_a_gain(tmp_path: Path) -> None:
    question = Question(id="q1", question="问", relevant={"d1": 1, "d2": 3})
    found = figures(tmp_path, [answered(question, ranking=["d1", "d2"])], [question])
    best, given = 3 + 1 / math.log2(3), 1 + 3 / math.log2(3)
    assert found["nDCG@10"]["q1"] == pytest.approx(given / best)


def test_reciprocal_rank_ends_at_ten(tmp_path: Path) -> None:
    question = asked("q1")
    ranking = [*"abcdefghij", "d1"]  # rank 11
    found = figures(tmp_path, [answered(question, ranking=ranking)], [question])
    assert found["RR@10"]["q1"] == found["R@10"]["q1"] == 0
    assert found["R@20"]["q1"] == 1


def test_a_question_without_a_ranking_counts_zero_and_an_unanswerable_does_not(
    tmp_path: Path,
) -> None:
    first, second, none = asked("q1"), asked("q2"), asked("q3", relevant=())
    records = [answered(first, ranking=["d1"]), answered(none, ranking=["d1"])]
    found = figures(tmp_path, records, [first, second, none])
    assert all(row == {"q1": 1, "q2": 0} for row in found.values())


def test_nothing_was_found_at_all(tmp_path: Path) -> None:
    found = figures(tmp_path, [answered(asked("q1"))], [asked("q1")])
    assert found == {name: {"q1": 0} for name in NAMES}


def test_values_come_back_under_the_questions_own_ids(tmp_path: Path) -> None:
    question = asked("第 1 问%20", relevant=["文 件%"])
    found = figures(tmp_path, [answered(question, ranking=["文 件%"])], [question])
    assert found["R@1"] == {"第 1 问%20": 1}


def made_run() -> list[Record]:
    """Forty questions with one relevant document each, mostly found near the top."""
    drawing = random.Random(11)
    records = []
    for n in range(40):
        ranking = [f"d{m}" for m in drawing.sample(range(200), 100)]
        ranking.insert(min(int(drawing.expovariate(0.3)), 99), f"gold {n}")
        question = asked(f"q {n}", relevant=[f"gold {n}"])
        records.append(answered(question, ranking=ranking[:100]))
    return records


def test_the_librarys_command_line_gives_the_same_figures(tmp_path: Path) -> None:
    records = made_run()
    found = means(figures(tmp_path, records, [one.question for one in records]))
    command = [sys.executable, "-m", "ir_measures", "-p", "9"]
    files = [str(tmp_path / "qrels.txt"), str(tmp_path / "run.txt")]
    printed = subprocess.run(
        [*command, *files, *NAMES], capture_output=True, text=True, check=True
    ).stdout
    told = dict(line.split("\t") for line in printed.splitlines())
    assert {name: f"{value:.9f}" for name, value in found.items()} == told


def test_a_shuffled_ranking_falls(tmp_path: Path) -> None:
    records, drawing = made_run(), random.Random(12)
    shuffled = [
        answered(one.question, ranking=drawing.sample(one.ranking, len(one.ranking)))
        for one in records
    ]
    questions = [one.question for one in records]
    before = means(figures(tmp_path, records, questions))
    after = means(figures(tmp_path, shuffled, questions))
    assert all(after[str(measure)] < before[str(measure)] for measure in MEASURES[:5])
    assert after["R@100"] == before["R@100"]
    assert after["nDCG@10"] < before["nDCG@10"] / 3
