"""A suite: documents of equal text are one, and a sample keeps its proportions."""

from __future__ import annotations

import pytest

from eval.suite import BadSuite, Document, Question, Suite, merged, sampled, with_background


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
