"""Answers cut out of their documents: whole sentences, everywhere, and nothing else."""

from __future__ import annotations

from eval.cut import as_texts, cut
from eval.suite import CUT, Document, Question, Stale, Suite

LINES = [f"第{n}项由{n}号单位办理，期限{n}0天。" for n in range(1, 9)]
TEXT = "市民政局\n" + "".join(line + "以上为说明。\n" for line in LINES)


def question(n: int, *, docid: str = "a", answer: str = "", **more: object) -> Question:
    return Question(
        id=f"{docid}{n}",
        question="问",
        relevant={docid: 1},
        answers=(answer or f"{n}号单位办理",),
        **more,  # type: ignore[arg-type]
    )


def suite(*questions: Question) -> Suite:
    documents = (Document(id="a", text=TEXT), Document(id="b", text=TEXT + "另一份。\n"))
    return Suite(name="s", documents=documents, questions=questions)


EIGHT = suite(*(question(n) for n in range(1, 9)))


def texts(made: Suite) -> dict[str, str]:
    return {document.id: document.text for document in made.documents}


def test_half_of_the_questions_lose_their_sentences_and_the_rest_keep_theirs() -> None:
    made = cut(EIGHT, seed=1)
    gone = [n for n, each in enumerate(made.questions, 1) if not each.answerable]
    assert len(gone) == 4
    assert made.cut is not None
    assert (made.cut.questions, made.cut.dropped, made.cut.sentences) == (4, 0, 4)
    for n, line in enumerate(LINES, 1):
        assert (line in texts(made)["a"]) == (n not in gone)
    assert texts(made)["a"].count("以上为说明。") == 8  # the next sentence stays
    assert texts(made)["b"] == TEXT + "另一份。\n"  # no question is about it
    assert {each.kind for each in made.questions if not each.answerable} == {CUT}
    assert {each.near for each in made.questions if not each.answerable} == {"a"}
    assert [each.id for each in made.questions] == [each.id for each in EIGHT.questions]


def test_the_seed_decides_which() -> None:
    assert cut(EIGHT, seed=1) == cut(EIGHT, seed=1)
    assert len({texts(cut(EIGHT, seed=seed))["a"] for seed in range(5)}) > 1


def test_every_place_of_the_answer_goes_and_its_lines_still_end() -> None:
    text = "甲项由乙处办。\n丙项不同。\n另见：由乙处办。完。"
    made = cut(
        Suite(
            name="s",
            documents=(Document(id="a", text=text), Document(id="b", text="丁为戊。己。")),
            questions=(
                question(1, answer="由乙处办"),
                question(2, docid="b", answer="丁为戊"),
            ),
        ),
        seed=0,
    )
    cut_a = texts(made)["a"] != text
    assert texts(made) == (
        {"a": "\n丙项不同。\n完。", "b": "丁为戊。己。"} if cut_a else {"a": text, "b": "己。"}
    )
    other = cut(Suite(name="s", documents=made.documents, questions=made.questions), seed=0)
    assert other.cut is not None
    assert other.cut.questions == 0  # one answerable question has no half


def test_a_question_whose_answer_goes_with_anothers_is_dropped_and_counted() -> None:
    made = cut(suite(question(1), question(2, answer="第1项")), seed=3)
    assert made.cut is not None
    assert (made.cut.questions, made.cut.dropped) == (1, 1)
    assert [each.answerable for each in made.questions] == [False]


def test_a_question_with_another_place_left_is_kept() -> None:
    both = Question(
        id="both", question="问", relevant={"a": 1, "b": 1}, answers=("1号单位办理",),
        stale=(Stale(docid="b", answer="2号单位办理"),),
    )  # fmt: skip
    made = cut(suite(question(1), question(2), both), seed=1)
    assert next(each for each in made.questions if each.id == "both").answerable


def test_answers_that_stand_nowhere_or_in_an_earlier_year_too_are_never_cut() -> None:
    nowhere = question(1, answer="没有的话")
    stale = question(2, stale=(Stale(docid="b", answer="3号单位办理"),))
    for seed in range(5):
        made = cut(suite(nowhere, stale, question(4), question(5)), seed=seed)
        assert [each.answerable for each in made.questions[:2]] == [True, True]


def test_what_has_no_answer_stays_as_it_is() -> None:
    far = Question(id="far", question="问", kind="far")
    assert far in cut(suite(question(1), question(2), far), seed=1).questions


def test_a_document_that_was_all_answer_has_no_text_left() -> None:
    whole = Suite(
        name="s",
        documents=(Document(id="a", text="甲是乙。\n"), Document(id="b", text="丙是丁。\n")),
        questions=(question(1, answer="甲是乙"), question(1, docid="b", answer="丙是丁")),
    )
    assert sorted(texts(cut(whole, seed=1)).values(), key=len)[0] == ""


def test_letters_become_documents_without_what_is_read_of_their_files() -> None:
    documents = (Document(id="a", text="甲"),)
    made = as_texts(Suite(name="s", fields=({"letter": "a"},)), documents)
    assert (made.letters, made.documents, made.fields) == (None, documents, ())
