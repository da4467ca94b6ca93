from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.gold import gold_spans
from eval.record import Place, Record, Shown, answer_line, line, parsed, read_records, write_lines
from eval.suite import BadSuite, Document, Question, Suite, merged, sampled, with_background
from kb.text.chars import searchable


def document(name: str, text: str) -> Document:
    return Document(id=name, text=text)


def suite(count: int = 10, refusable: int = 10) -> Suite:
    questions = [Question(id=f"q{n}", question="问", relevant={"a": 1}) for n in range(count)]
    questions += [Question(id=f"r{n}", question="问") for n in range(refusable)]
    return Suite(name="s", documents=(document("a", "甲"),), questions=tuple(questions))


def test_documents_of_equal_text_count_as_one_and_questions_follow() -> None:
    made = merged(
        Suite(
            name="s",
            documents=(document("a", "甲 乙"), document("b", "丙"), document("c", "甲\n乙")),
            questions=(Question(id="q", question="?", relevant={"c": 1, "b": 2}),),
        )
    )
    assert [one.id for one in made.documents] == ["a", "b"]
    assert made.equal == {"c": "a"}
    assert made.questions[0].relevant == {"a": 1, "b": 2}


def test_a_background_document_that_equals_an_own_one_is_left_out() -> None:
    own = Suite(name="s", documents=(document("a", "甲"),))
    made = merged(with_background(own, [document("x", "甲"), document("y", "乙")]))
    assert [one.id for one in made.documents] == ["a", "y"]
    assert made.background == 1


def test_a_background_document_must_bear_an_id_of_its_own() -> None:
    with pytest.raises(BadSuite, match="编号 a "):
        with_background(suite(), [document("a", "乙")])


def test_a_sample_keeps_order_proportion_and_documents_and_depends_on_its_seed() -> None:
    whole = suite()
    one, same, other = (sampled(whole, 6, seed=seed) for seed in (1, 1, 2))
    assert one == same != other
    assert sum(question.answerable for question in one.questions) == 3
    ids = [question.id for question in whole.questions]
    drawn = [question.id for question in one.questions]
    assert drawn == sorted(drawn, key=ids.index)
    assert one.documents == whole.documents
    assert sampled(whole, None, seed=1) is whole is sampled(whole, 20, seed=1)


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


@pytest.mark.parametrize(
    ("answer", "text", "spans"),
    [
        ("12.6万户", "共 12.6 万\n户。", [(2, 10)]),
        ("ABC", "ａｂｃ与abc", [(0, 3), (4, 7)]),
        ("50%", "达50％", [(1, 4)]),
        ("没有", "文中", []),
        ("", "文中", []),
        ("𠮷", "甲𠮷乙", [(1, 2)]),
        ("aa", "aaa", [(0, 2), (1, 3)]),
        ("3", "13、3.5、2.3、3,000、３１、3", [(20, 21)]),
        ("50万元", "150万元和12 50万元", [(9, 13)]),
    ],
)
def test_a_gold_answer_is_found_white_space_and_width_aside(
    answer: str, text: str, spans: list[tuple[int, int]]
) -> None:
    assert [(one.start, one.end) for one in gold_spans(answer, text)] == spans


WORDS = st.text("文字1２%％Aａ𠮷 　\n（(", max_size=12)


AROUND = st.text("文字%％Aａ𠮷 　\n（(", max_size=12)


@given(AROUND, WORDS, AROUND)
def test_every_gold_span_reads_as_the_answer(before: str, answer: str, after: str) -> None:
    text = before + answer + after
    found = gold_spans(answer, text)
    assert bool(searchable(answer)) <= bool(found)
    for span in found:
        assert searchable(answer) in searchable(span.of(text))
