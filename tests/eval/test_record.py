"""A record of one question survives its line, and is published with the promised keys."""

from __future__ import annotations

from pathlib import Path

from eval.record import Place, Record, Shown, answer_line, line, parsed, read_records, write_lines
from eval.suite import Question


def a_record() -> Record:
    shown = Shown(docid="文", start=1, end=3, text="𠮷乙")
    return Record(
        question=Question(id="q", question="问\u2028题？", relevant={"文": 2}, answers=("𠮷",)),
        status="answer",
        confidence=0.5,
        seconds=0.1,
        stages={"search": 0.05},
        quotes=(shown,),
        forced=(shown,),
        passages=(Place(docid="文", start=0, end=9),),
        ranking=("文", "b"),
        code="",
    )


def test_a_record_survives_its_line() -> None:
    assert parsed(line(a_record())) == a_record()
    assert "\n" not in line(a_record())


def test_a_line_that_was_cut_off_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    write_lines(path, [line(a_record())])
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole + whole[:40], encoding="utf-8")
    assert read_records(path) == [a_record()]


def test_a_published_answer_has_the_promised_keys() -> None:
    written = answer_line(a_record())
    assert written.startswith('{"id": "q", "question": ')
    assert (
        '"quotes": [{"docid": "文", "start": 1, "end": 3, "text": "𠮷乙", "exact": []}]' in written
    )
