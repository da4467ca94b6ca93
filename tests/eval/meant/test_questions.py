"""Suites of what citizens mean are read, and bad ones refused by file and line."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from eval.meant.mailbox import IDS
from eval.meant.questions import GROUPS, Alternative, Meant, read_meant, with_kept
from eval.rows import lines
from eval.suite import BadSuite
from tests.conftest import ROOT

SUITES = ROOT / "eval" / "meant"
QUOTE = {
    "id": "q1",
    "group": "plain",
    "before": ["装了多少部？"],
    "question": "补贴多少？",
    "expect": "quote",
    "parts": [[{"letter": "a", "answer": "补贴8万元"}]],
}


def written(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "dev.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_question_is_read_with_what_came_before_it_and_what_is_right(tmp_path: Path) -> None:
    (read,) = read_meant(written(tmp_path, QUOTE))
    assert read == Meant(
        id="q1",
        group="plain",
        question="补贴多少？",
        expect="quote",
        before=("装了多少部？",),
        parts=((Alternative(letter="a", answer="补贴8万元"),),),
    )


def test_words_that_may_not_be_copied_are_taken_from_the_reply(tmp_path: Path) -> None:
    path = written(tmp_path, QUOTE | {"parts": [[{"letter": "a", "start": 3, "end": 8}]]})
    (read,) = read_meant(path, replies={"a": "全市的补贴8万元。"})
    assert read.parts == ((Alternative(letter="a", answer="补贴8万元"),),)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"group": "long"}, "group 是 long"),
        ({"expect": "answer"}, "expect 是 answer"),
        ({"parts": []}, "却没有 parts"),
        ({"expect": "list"}, "却没有 letters"),
        ({"expect": "choice"}, "却没有 letters"),
        ({"expect": "said"}, "却没有 kind"),
        ({"kind": "greeting"}, "kind 是 greeting"),
        ({"lead": "也许"}, "lead 是 也许"),
        ({"answer": "8万元"}, "不认识的键 'answer'"),
        ({"parts": [[{"letter": "a", "start": 3, "end": 99}]]}, "a 的 3～99 处没有文字"),
        ({"parts": [[{"letter": "a", "answer": "8万元", "start": 3}]]}, "不认识的键 'start'"),
    ],
)
def test_a_bad_row_is_refused_with_its_place(
    tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    with pytest.raises(BadSuite, match=r"dev\.jsonl 第 2 行") as refused:
        read_meant(written(tmp_path, QUOTE | {"id": "q0"}, QUOTE | change))
    assert told in str(refused.value)


def test_an_id_twice_and_no_question_at_all_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSuite, match="q1 已经用过"):
        read_meant(written(tmp_path, QUOTE, QUOTE))
    with pytest.raises(BadSuite, match="一个问题也没有"):
        read_meant(written(tmp_path))


def test_letters_of_equal_text_go_by_the_one_that_was_kept(tmp_path: Path) -> None:
    rows = (QUOTE, QUOTE | {"id": "q2", "expect": "list", "letters": ["a", "b"]})
    quoted, listed = with_kept(read_meant(written(tmp_path, *rows)), {"a": "z"})
    assert quoted.parts[0][0].letter == "z"
    assert listed.letters == {"z", "b"}


@pytest.mark.parametrize("name", ["letters", "mailbox"])
def test_the_halves_that_are_committed_are_apart_and_alike(name: str) -> None:
    """Nothing of the kept half is shown, also where this fails."""
    rows = {half: [*lines(SUITES / name / f"{half}.jsonl")] for half in ("dev", "kept")}
    ids = {half: {row.identity("id") for row in found} for half, found in rows.items()}
    groups = {half: Counter(row.text("group") for row in found) for half, found in rows.items()}
    assert len(ids["dev"] & ids["kept"]) == 0
    assert len(rows["dev"]) == len(rows["kept"])
    assert set(groups["dev"]) | set(groups["kept"]) <= set(GROUPS)
    assert all(abs(groups["dev"][group] - groups["kept"][group]) <= 1 for group in GROUPS)


def test_no_words_of_the_mailbox_are_committed_but_places_in_known_replies() -> None:
    ids = (SUITES / "mailbox" / IDS).read_text(encoding="utf-8").split()
    assert len(ids) == len(set(ids)) == 300
    keys: set[str] = set()
    letters: set[str] = set()
    for half in ("dev", "kept"):
        for row in lines(SUITES / "mailbox" / f"{half}.jsonl"):
            keys |= {key for part in row.values.get("parts", ()) for a in part for key in a}
            letters |= {a["letter"] for part in row.values.get("parts", ()) for a in part}
    assert keys == {"letter", "start", "end"}
    assert len(letters - set(ids)) == 0
