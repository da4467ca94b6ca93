"""Where sentences and clauses end, what stands over them, and which may be quoted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.sentences import (
    LONGEST,
    clauses,
    headings_over,
    quotable,
    sentences,
    trimmed,
    without_lead,
)
from kb.types import Letter, Span
from tests.support import made
from tests.support.asking import LONG_BODY, letter_text
from tests.support.indexed import letter_of


@pytest.fixture(scope="module")
def letter() -> Letter:
    return letter_of(letter_text(body=LONG_BODY), letter_id="care")


def span_of(letter: Letter, words: str) -> Span:
    at = letter.text.index(words)
    return Span(start=at, end=at + len(words))


@pytest.mark.parametrize(
    "words",
    [
        "全市建成养老服务中心56处，惠及老人3200人。",
        "盲道铺设率达到97.7%。",
        "我们将新建食堂12家。",
    ],
)
def test_statements_may_be_quoted(letter: Letter, words: str) -> None:
    assert quotable(letter, span_of(letter, words))


@pytest.mark.parametrize(
    "words",
    [
        "一、情况",
        "二、下一步打算",
        "（一）新建社区食堂。",
        "对市政协五届三次会议第086号提案的答复",
        "徐秀叶委员：",
        "徐秀叶委员",
        "您提出的“关于推进养老服务的提案”收悉。",
        "经与市财政局共同研究，现答复如下：",
        "2024年5月6日",
        "抄送：市政协提案委",
        "56处，",
    ],
)
def test_headings_names_and_formal_parts_are_never_quoted(letter: Letter, words: str) -> None:
    assert not quotable(letter, span_of(letter, words))


OPENED = "您的来信收悉，现答复如下：居民医保个人缴费为每年400元。"


def test_facts_on_the_line_that_opens_the_reply_are_quoted_without_it() -> None:
    letter = letter_of(letter_text(body=f"一、情况\n{OPENED}"), letter_id="x")
    whole = span_of(letter, OPENED)
    assert without_lead(letter.text, whole).of(letter.text) == "居民医保个人缴费为每年400元。"
    assert quotable(letter, without_lead(letter.text, whole))
    kept = span_of(letter, "来信收悉")
    assert without_lead(letter.text, whole, keep=kept) == whole


def test_contact_lines_are_quoted_only_for_questions_of_contact(letter: Letter) -> None:
    line = span_of(letter, "联系单位：云岭市民政局办公室")
    assert quotable(letter, line)
    assert not quotable(letter, line, contact=False)


@pytest.mark.parametrize(
    "words",
    [
        "您建议将补助由12万元提高到20万元。",
        "感谢您的关心。",
        "网友反映路破了。",
        "来源：市民政局",
    ],
)
def test_wishes_claims_and_thanks_are_never_quoted(words: str) -> None:
    letter = letter_of(letter_text(body=f"一、情况\n{words}\n全市低保标准780元。"), letter_id="x")
    assert not quotable(letter, span_of(letter, words))


def test_headings_over_agrees_with_the_passages(letter: Letter) -> None:
    for heading in letter.headings:
        assert headings_over(letter, heading.span.start)[-1] == heading.text


texts = st.one_of(made.bodies, made.noisy, st.text(max_size=80))


def whole(text: str) -> Span:
    return Span(start=0, end=len(text))


def parts(text: str) -> list[str]:
    return [s.of(text) for s in sentences(text, whole(text))]


@given(texts)
def test_sentences_partition_any_text(text: str) -> None:
    assert "".join(parts(text)) == text
    assert all(parts(text))


@given(texts)
def test_clauses_partition_any_text(text: str) -> None:
    found = [s.of(text) for s in clauses(text, whole(text))]
    assert "".join(found) == text
    assert all(found)


@given(made.bodies, st.integers(0, 400), st.integers(0, 400))
def test_sentences_partition_a_part_of_a_text(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    span = Span(start=start, end=end)
    assert "".join(s.of(text) for s in sentences(text, span)) == span.of(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("甲。乙！丙？", ["甲。", "乙！", "丙？"]),
        ("他说“好。”然后走了。", ["他说“好。”", "然后走了。"]),
        ("坚持“先民生后提升。”的原则。", ["坚持“先民生后提升。”的原则。"]),
        ("甲。\n乙", ["甲。\n", "乙"]),
        ("甲\n\n乙", ["甲\n", "\n", "乙"]),
        ("真的？！好。", ["真的？！", "好。"]),
        ("增长3.5%。完", ["增长3.5%。", "完"]),
        ("（完。）乙", ["（完。）", "乙"]),
        ("一；二。", ["一；二。"]),
        ("", []),
    ],
)
def test_a_sentence_ends_with_its_mark_and_closing_quotes(text: str, found: list[str]) -> None:
    assert parts(text) == found


def test_clauses_end_with_their_semicolon() -> None:
    text = "一；“二；”三。"
    assert [s.of(text) for s in clauses(text, whole(text))] == ["一；", "“二；”", "三。"]


@given(texts)
def test_trimmed_leaves_no_white_space_at_the_ends(text: str) -> None:
    span = trimmed(text, whole(text))
    assert span.of(text) == text.strip()
    assert 0 <= span.start <= span.end <= len(text)


@pytest.mark.parametrize("unit", ["没有句号，", "没有句号 ", "没有句号也没有停顿", "，", "甲；乙"])
@pytest.mark.parametrize("end", ["", "。\n", "。”"])
def test_what_never_ends_is_cut_and_still_partitions(unit: str, end: str) -> None:
    text = "前一句。" + unit * LONGEST + end
    spans = list(sentences(text, Span(start=2, end=len(text))))
    assert all(0 < span.end - span.start <= LONGEST for span in spans)
    assert [2, *(span.end for span in spans)] == [*(span.start for span in spans), len(text)]
    if unit[-1] in "， ":
        assert all(span.of(text)[-1] == unit[-1] for span in spans[1:-1])


def test_a_sentence_of_the_longest_length_is_one() -> None:
    text = "甲，" * (LONGEST // 2 - 1) + "乙。"
    assert list(sentences(text, Span(start=0, end=LONGEST))) == [Span(start=0, end=LONGEST)]
