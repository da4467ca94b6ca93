"""Replies that may be read but not copied: taken from their file, their words as places."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.meant import offsets
from eval.meant.mailbox import mailbox
from eval.suite import BadSuite
from kb.cli import program

REPLIES = {"7": "全市的补贴 8万元。", "8": "今年 6 月完工。", "9": "今年6月完工。"}


@pytest.fixture
def replies(tmp_path: Path) -> Path:
    """Three replies, the last two of equal text but for white space."""
    path = tmp_path / "mail.jsonl"
    rows = (
        {"id": id_, "title": "求助", "message": "问", "reply": text}
        | {"user": "A1", "replied_at": "2019/5/10 14:56:53"}
        for id_, text in REPLIES.items()
    )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_only_the_replies_that_are_asked_about_are_indexed_with_title_and_day(
    replies: Path,
) -> None:
    found = mailbox(["7"], replies)
    (document,) = found.suite.documents
    assert (document.id, document.title, document.date) == ("7", "求助", "2019-05-10")
    assert document.text == REPLIES["7"] == found.replies["7"]


def test_replies_of_equal_text_count_as_one_and_keep_their_own_words(replies: Path) -> None:
    found = mailbox(["8", "9"], replies)
    assert [document.id for document in found.suite.documents] == ["8"]
    assert found.suite.equal == {"9": "8"}
    assert found.replies["9"] == REPLIES["9"]


def test_a_reply_that_is_missing_is_told(replies: Path) -> None:
    with pytest.raises(BadSuite, match="缺 1 份答复（12…）"):
        mailbox(["7", "12"], replies)


def write(folder: Path, answer: str) -> Path:
    (folder / "suite").mkdir()
    (folder / "suite" / "replies.txt").write_text("7\n8\n", encoding="utf-8")
    parts = [[{"letter": "7", "answer": answer}]]
    row = {"id": "q1", "question": "多少", "parts": parts, "note": "补贴"}
    rows = (row, {"id": "q2", "question": "你好"})
    path = folder / "dev.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def run(folder: Path, replies: Path, path: Path) -> int:
    given = [str(path), "--out", str(folder / "suite"), "--replies", str(replies)]
    return program.main(offsets.parser(), given)


def test_answers_become_places_and_only_counts_are_printed(
    tmp_path: Path, replies: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, replies, write(tmp_path, "补贴 8万元")) == 0
    assert capsys.readouterr().out == "dev.jsonl：2 题\n"
    lines = (tmp_path / "suite" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"id": "q1", "question": "多少", "parts": [[{"letter": "7", "start": 3, "end": 9}]]},
        {"id": "q2", "question": "你好"},
    ]


def test_an_answer_that_stands_nowhere_is_told_by_its_question(
    tmp_path: Path, replies: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, replies, write(tmp_path, "补贴9万元")) == program.WRONG_USE
    assert "q1 的答案不在答复 7 里" in capsys.readouterr().err
