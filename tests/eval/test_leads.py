"""The measure of leads: what counts as right, and how many questions have one."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest

from eval import leads
from eval.leads import FILES, LABELS, Measured, measures

TEXT = "您好。每部电梯补助8万元。外地户口不能报名。"
ROWS = [
    ("q1", "amount", "每部电梯补助多少钱", "8万元"),
    ("q2", "amount", "为什么补助", "8万元"),
    ("q3", "yesno", "外地户口能不能报名", "外地户口不能报名"),
]


def made(folder: Path) -> Path:
    for name, field in FILES:
        (folder / name).parent.mkdir(exist_ok=True)
        with gzip.open(folder / name, "wt", encoding="utf-8") as file:
            if field == "reply":
                file.write(json.dumps({"id": "d", "reply": TEXT}))
    (folder / "asked").mkdir()
    rows = [
        {"id": id_, "docid": "d", "question": asked, "answer": answer, "type": kind}
        | {"start": TEXT.index(answer), "end": TEXT.index(answer) + len(answer)}
        for id_, kind, asked, answer in ROWS
    ]
    lines = "\n".join(json.dumps(row) for row in rows)
    (folder / "asked/qa.jsonl").write_text(lines, encoding="utf-8")
    return folder


def test_leads_are_counted_by_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    labels = tmp_path / "labels.tsv"
    labels.write_text("id\tlabel\thalf\nq3\tno\ttuning\nq3\tyes\theld_out\n", encoding="utf-8")
    monkeypatch.setattr(leads, "LABELS", labels)
    found = dict(measures(made(tmp_path)))
    assert found["是不是（tuning）"] == Measured(asked=1, led=1, right=1)
    assert found["是不是（held_out）"] == Measured(asked=1, led=1, right=0)
    assert found["amount"] == Measured(asked=2, led=1, right=1)


def test_every_label_is_of_one_half_and_no_text_is_among_them() -> None:
    rows = list(csv.DictReader(LABELS.read_text(encoding="utf-8").splitlines(), delimiter="\t"))
    assert len({row["id"] for row in rows}) == len(rows) >= 150
    assert {row["label"] for row in rows} == {"yes", "no", "open"}
    assert {row["half"] for row in rows} == {"tuning", "held_out"}
