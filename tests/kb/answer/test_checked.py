"""Sentences of any text against the letters: verbatim, nearly, not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.answer.checked import LONGEST, MOST, Checked, check
from kb.errors import WrongUse
from kb.store.protocol import SnapshotReader
from kb.types import Scope
from tests.support.asking import ALL, base_of, letter_text

BODY = (
    "一、情况\n全市建成养老服务中心56处，惠及老人3200人，人均补助1.5万元。"
    "经研究，不同意在河堤上安装路灯，也不予补助。\n"
    "二、下一步打算\n我们将在2025年年底前新建社区食堂12家，由市民政局负责验收。"
)
CARE = "全市建成养老服务中心56处，惠及老人3200人，人均补助1.5万元。"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    other = letter_text("云民函〔2023〕9号", proposal="031", body=f"一、情况\n{CARE}")
    folder = tmp_path_factory.mktemp("data")
    return base_of(folder, letter_text(body=BODY), other, ids=["care", "twin"])


def one(text: str, reader: SnapshotReader) -> Checked:
    (found,) = check(text, reader, scope=ALL)
    return found


def told(text: str, reader: SnapshotReader) -> list[tuple[str, str, str]]:
    """Kind, the words given and the words of the letter of each difference."""
    found = one(text, reader)
    assert found.verdict == "nearly"
    assert found.quote
    stands = reader.letter(found.quote.letter_id).text
    return [(d.kind, d.given.of(text), d.stands.of(stands)) for d in found.differences]


@pytest.mark.parametrize(
    "text",
    [CARE, f"“{CARE}”", f"  {CARE}\n", CARE[:-1], CARE.replace("，", "， "), "惠及老人3200人"],
)
def test_words_that_stand_there_are_verbatim(text: str, reader: SnapshotReader) -> None:
    found = one(text, reader)
    assert (found.verdict, found.partly, found.differences) == ("verbatim", False, ())
    assert found.quote
    assert found.quote.text == CARE


def test_it_is_told_in_how_many_others_they_stand(reader: SnapshotReader) -> None:
    assert one(CARE, reader).others == 1
    assert one("由市民政局负责验收", reader).others == 0


def test_words_out_of_the_middle_of_a_clause_are_told_as_such(reader: SnapshotReader) -> None:
    found = one("同意在河堤上安装路灯", reader)
    assert (found.verdict, found.partly) == ("verbatim", True)
    assert found.quote
    assert found.quote.text == "经研究，不同意在河堤上安装路灯，也不予补助。"


@pytest.mark.parametrize(
    ("text", "differences"),
    [
        (CARE.replace("56", "65"), [("number", "65", "56")]),
        (CARE.replace("1.5万", "1.8万"), [("number", "1.8", "1.5")]),
        ("经研究，同意在河堤上安装路灯，也不予补助。", [("negation", "", "不")]),
        (CARE.replace("，", ","), [("form", ",", "，")] * 2),
        (CARE.replace("养老服务", "養老服務"), [("form", "養", "养"), ("form", "務", "务")]),
        (CARE.replace("，", "；"), [("marks", "；", "，")] * 2),
        (
            "我们将在2025年年底前新建社区食堂12家，由市财政局负责验收。",
            [("words", "财", "民")],
        ),
        ("我们将在2026年6月底前新建社区食堂12家，由市民政局负责验收。", None),
    ],
)
def test_what_differs_is_told_on_both_sides(
    text: str, differences: list[tuple[str, str, str]] | None, reader: SnapshotReader
) -> None:
    found = told(text, reader)
    if differences is None:
        assert found
        assert {kind for kind, *_ in found} == {"number"}
    else:
        assert sorted(found) == sorted(differences)


def test_what_was_put_in_place_of_the_end_is_compared_with_that_end(
    reader: SnapshotReader,
) -> None:
    text = "我们将在2025年年底前新建社区食堂12家，由你们自己出钱。"
    assert ("words", "你们自己出钱", "市民政局负责验收") in told(text, reader)


@pytest.mark.parametrize(
    "text", ["全市高速公路通车里程达到一千公里以上。", "市长决定给每位老人发放十万元。"]
)
def test_what_stands_nowhere_is_absent(text: str, reader: SnapshotReader) -> None:
    found = one(text, reader)
    assert (found.verdict, found.quote) == ("absent", None)


def test_what_is_too_short_is_not_looked_for(reader: SnapshotReader) -> None:
    assert one("谢谢。", reader).verdict == "unchecked"


def test_each_sentence_is_told_in_order_with_its_place(reader: SnapshotReader) -> None:
    text = f"转发：\n{CARE}他说：“全市高速公路通车里程达到一千公里以上。”"
    found = check(text, reader, scope=ALL)
    assert [(c.verdict, c.span.of(text)) for c in found] == [
        ("unchecked", "转发："),
        ("verbatim", CARE),
        ("absent", "他说：“全市高速公路通车里程达到一千公里以上。”"),
    ]


def test_letters_outside_the_scope_are_not_looked_at(reader: SnapshotReader) -> None:
    (found,) = check("由市民政局负责验收", reader, scope=Scope(letter_ids=("twin",)))
    assert found.verdict == "absent"


def test_only_the_first_sentences_of_many_are_looked_for(reader: SnapshotReader) -> None:
    found = check((CARE + "\n") * (MOST + 2) + "……", reader, scope=ALL)
    assert [one.verdict for one in found] == ["verbatim"] * MOST + ["unchecked"] * 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有可以核对的文字"),
        (" \n\u3000", "没有可以核对的文字"),
        ("字" * (LONGEST + 1), f"一次最多核对 {LONGEST} 个"),
        ("坏\ud800字", "不成字的编码"),
        ("坏\x00字", "不成字的编码"),
    ],
)
def test_what_cannot_be_checked_says_why(text: str, said: str, reader: SnapshotReader) -> None:
    with pytest.raises(WrongUse, match=said):
        check(text, reader, scope=ALL)


def test_what_is_hidden_is_no_difference_of_words(tmp_path: Path) -> None:
    text = letter_text(body="一、情况\n请与科长王**联系，由他安排现场踏勘和工程验收。")
    reader = base_of(tmp_path, text)
    assert told("请与科长王小明联系，由他安排现场踏勘和工程验收。", reader) == [
        ("hidden", "小明", "**")
    ]


@given(st.data())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_only_what_stands_there_is_verbatim_and_every_quote_is_a_span(
    reader: SnapshotReader, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(BODY) - 8))
    words = BODY[start : data.draw(st.integers(start + 8, len(BODY)))]
    at = data.draw(st.integers(0, len(words) - 1))
    put = data.draw(st.sampled_from(["", "不", "9", "一", "，", words[at]]))
    text = words[:at] + put + words[at + 1 :]
    if not any(map(str.isalnum, text)):
        return
    for found in check(text, reader, scope=ALL):
        if found.quote is None:
            continue
        stands = reader.letter(found.quote.letter_id).text
        assert found.quote.span.of(stands) == found.quote.text
        if found.verdict == "verbatim":
            core = found.span.of(text).strip("。，“”：、 \n")
            assert "".join(core.split()) in "".join(stands.split())
        else:
            assert found.differences
        for part in found.differences:
            assert part.given.of(text) != part.stands.of(stands)
