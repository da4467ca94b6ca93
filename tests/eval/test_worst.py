"""Which questions went worst, and what is shown of them."""

from __future__ import annotations

from random import Random

from eval.worst import cases, fault, tally, worst
from tests.support.finished import GOLD, letter, per_question, record, records


def test_the_worst_are_in_the_order_that_is_stated() -> None:
    given = [*records(), record(24, status="error", confidence=0.99, quotes=())]
    shuffled = Random(3).sample(given, len(given))
    found = worst([one for one in shuffled if one.id != "q24"], per_question())
    assert [one.id for one in found] == [
        "q10",
        "q20",
        "q19",  # wrong; answered what nothing answers; refused
        "q11",
        "q21",
        "q18",
        "q12",
        "q22",
        "q17",
        "q13",
        "q23",
        "q16",
        "q14",
        "q15",
    ]
    assert found == worst(records(), per_question())
    assert worst(given[30:], per_question()) == given[30:]


def test_a_confident_wrong_answer_is_worse_than_a_hesitant_one() -> None:
    sure, unsure = record(20, confidence=0.9), record(21, confidence=0.5)
    assert worst([unsure, sure], per_question()) == [sure, unsure]
    assert worst([unsure, sure], per_question(), n=1) == [sure]


def test_equally_confident_ones_go_by_id() -> None:
    given = [record(n, confidence=0.5) for n in (12, 10, 11)]
    assert [one.id for one in worst(given, per_question())] == ["q10", "q11", "q12"]


def test_where_no_answer_is_known_the_first_document_decides() -> None:
    values = {"R@1": {"q01": 1.0, "q02": 0.0}}
    assert fault(record(1), values) is None
    assert fault(record(2), values) == "答错"
    assert fault(record(2), {}) is None
    assert fault(record(2), values | {"outcome": {"q02": 0.5}}) is None
    assert fault(record(25), values) is None


def test_the_faults_are_counted() -> None:
    given = [*records(), record(24, status="error")]
    counts = tally(given, per_question())
    assert counts == {"出错": 1, "答错": 5, "答不了却答了": 4, "能答却拒答": 5}


def test_a_case_shows_the_known_answer_in_its_context() -> None:
    docid, text = letter(10)
    (case,) = cases([record(10)], per_question(), texts={docid: text})
    (context,) = case.contexts
    assert context.words == GOLD.format(n=10) == text[context.start : context.end]
    assert context.before + context.words + context.after in text
    assert len(context.before) <= 60 >= len(context.after)
    assert context.docid == docid


def test_a_context_is_sixty_characters_on_either_side() -> None:
    docid, _ = letter(10)
    text = "前" * 100 + GOLD.format(n=10) + "后" * 100
    (case,) = cases([record(10)], per_question(), texts={docid: text})
    assert (case.contexts[0].before, case.contexts[0].after) == ("前" * 60, "后" * 60)


def test_an_answer_that_cannot_be_placed_says_why() -> None:
    docid, _ = letter(10)
    (absent,) = cases([record(10)], per_question(), texts={})
    (other,) = cases([record(10)], per_question(), texts={docid: "别的话。"})
    assert absent.contexts == other.contexts == ()
    assert absent.unplaced == "这里没有附它的原文"
    assert other.unplaced == "原文里没有同样的字样"
