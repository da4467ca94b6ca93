"""Words shown against words known, on cases worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.measures.reading import exact_match, f1, reading, rouge_l, segments
from eval.record import Record, Status
from tests.support.measured import answered, asked, quote


@pytest.mark.parametrize(
    ("text", "kept", "dropped"),
    [
        (
            "惠及12.6万户。",
            ["惠", "及", "12.6", "万", "户", "。"],
            ["惠", "及", "12.6", "万", "户"],
        ),
        ("达50%", ["达", "50", "%"], ["达", "50", "%"]),
        ("COVID-19疫情", ["covid", "-", "19", "疫", "情"], ["covid19", "疫", "情"]),
        ("《办法》", ["《", "办", "法", "》"], ["办", "法"]),
        ("電梯", ["電", "梯"], ["電", "梯"]),
        ("New York, 甲", ["new", "york", ",", "甲"], ["new", "york", ",", "甲"]),
        ("~`", ["~", "`"], []),
        ("  \n", [], []),
    ],
)
def test_segments_are_characters_marks_and_english_words(
    text: str, kept: list[str], dropped: list[str]
) -> None:
    assert segments(text, punctuation=True) == kept
    assert segments(text, punctuation=False) == dropped


@pytest.mark.parametrize(
    ("prediction", "answers", "value"),
    [
        ("12.6万户", ["12.6万户"], 1),
        ("12.6万户。", ["12.6万户"], 1),  # 。 is a mark
        (" 12.6万户\n", ["12.6万户"], 1),  # white space at the ends
        ("12.6 万户", ["12.6万户"], 0),  # white space inside counts
        ("12万户", ["12.6万户"], 0),
        ("50%", ["50％"], 0),  # full width isn't folded, nor a mark
        ("COVID-19", ["covid19"], 1),  # lower case, - is a mark
        ("《办法》", ["办法"], 1),
        ("（A类）", ["a类"], 1),
        ("(A类)", ["A类"], 0),  # half-width brackets are no marks
        ("…完成", ["完成"], 0),  # nor is one …, as the script reads its list
        ("電梯", ["电梯"], 0),  # traditional isn't simplified
        ("三年", ["两年", "三年"], 1),
        ("", ["三年"], 0),
        ("", [""], 0),
        ("。", ["，"], 0),  # nothing is left
    ],
)
def test_exact_match(prediction: str, answers: list[str], value: float) -> None:
    assert exact_match(prediction, answers) == value


# 2 × run / (segments of the prediction + segments of the answer)
@pytest.mark.parametrize(
    ("prediction", "answers", "value"),
    [
        ("加装电梯", ["加装电梯"], 1),
        ("新增加装电梯60部", ["加装电梯60部"], 12 / 14),  # run 加装电梯60部 = 6, of 8 and 6
        ("12.6万户", ["惠及12.6万户"], 6 / 8),  # 12.6 is one segment: run 3, of 3 and 5
        ("达到50%", ["50%"], 4 / 6),  # 50 and %: run 2, of 4 and 2
        ("Covid-19疫情", ["疫情"], 4 / 5),  # covid19 is one segment: run 2, of 3 and 2
        ("COVID-19", ["covid 19"], 0),  # covid19 against covid, 19
        ("2020-01", ["202001"], 1),  # - is dropped before words are cut
        ("市财政补助", ["市补助"], 4 / 8),  # the longest run is 补助; 市…补助 isn't one
        ("完成。", ["完成"], 1),
        ("一、二", ["一二"], 1),
        ("電梯", ["电梯"], 2 / 4),  # 梯
        ("两年内", ["两年", "三年内"], 4 / 5),  # 4/5 against 两年, 4/6 against 三年内
        ("New York City", ["york city"], 4 / 5),
        ("3,000元", ["3000元"], 2 / 4),  # 3,000 is one segment, and another one
        ("GDP增长5.2%", ["gdp增长5.2%"], 1),
        ("甲乙", ["丙丁"], 0),
        ("甲甲乙", ["甲乙甲"], 4 / 6),  # 甲乙
        ("", ["甲"], 0),
        ("！！", ["甲"], 0),
        ("甲", ["！"], 0),
    ],
)
def test_f1_is_of_the_longest_run(prediction: str, answers: list[str], value: float) -> None:
    assert f1(prediction, answers) == pytest.approx(value)


# 2 × subsequence / (characters of the prediction + characters of the answer)
@pytest.mark.parametrize(
    ("prediction", "answers", "value"),
    [
        ("市补助", ["市补助"], 1),
        ("市财政补助", ["市补助"], 6 / 8),  # 市…补助 is a subsequence of 3, of 5 and 3
        ("补 助\n8万", ["补助8万"], 1),  # white space aside
        ("５０％", ["50%"], 1),  # folded
        ("乙甲", ["甲乙"], 2 / 4),
        ("完成。", ["完成"], 4 / 5),  # marks count
        ("两年内", ["两年", "三年内内内"], 4 / 5),  # 4/5 against 两年, 4/8 against the other
        ("甲", ["乙"], 0),
        ("", ["甲"], 0),
    ],
)
def test_rouge_l_is_of_the_longest_subsequence(
    prediction: str, answers: list[str], value: float
) -> None:
    assert rouge_l(prediction, answers) == pytest.approx(value)


def values(record: Record) -> dict[str, float]:
    """Measure → value of the one question."""
    return {name: row["q1"] for name, row in reading([record]).items()}


def test_the_first_quote_is_read_and_all_of_them_in_order() -> None:
    question = asked(answers=["补助8万元，区县"])  # 8 characters
    first, second = quote("d1", "补助8万元"), quote("d1", "，区县")
    found = values(answered(question, first, second))
    assert found["exact_match"] == found["exact_match_forced"] == 0
    assert found["f1"] == found["f1_forced"] == pytest.approx(10 / 12)  # ， is dropped: 5 of 7
    assert found["rouge_l"] == found["rouge_l_forced"] == pytest.approx(10 / 13)  # 5 of 8
    assert found["rouge_l_all"] == 1


def test_what_is_emphasised_is_read_and_the_whole_quote_beside_it() -> None:
    shown = replace(quote("d1", "每部电梯补助8万元"), exact=((8, 12),))  # 补助8万 of 9 characters
    found = values(answered(asked(answers=["补助8万"]), shown))
    assert found["exact_match"] == found["f1"] == found["rouge_l"] == 1
    assert found["rouge_l_whole"] == found["rouge_l_all"] == pytest.approx(8 / 13)


@pytest.mark.parametrize("status", ["refusal", "error"])
def test_a_refusal_has_nothing_but_what_was_forced(status: Status) -> None:
    question = asked(answers=["补助8万元"])
    found = values(answered(question, quote("d1", "补助8万元"), status=status))
    shown = ("exact_match", "f1", "rouge_l", "rouge_l_whole", "rouge_l_all")
    assert {name: found.pop(name) for name in shown} == dict.fromkeys(shown, 0)
    assert set(found.values()) == {1}


def test_only_answerable_questions_with_known_words_count() -> None:
    assert reading([answered(asked()), answered(asked("q2", relevant=(), answers=["甲"]))]) == {}
