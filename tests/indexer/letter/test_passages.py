"""Cutting: passages partition the body, in whole sentences, of lawful length."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.formats.raw import Raw
from indexer.letter.fields import read
from indexer.letter.passages import CLAUSE_FROM, LONGEST, SHORTEST, cut
from kb.text.sentences import heading_path, sentences
from kb.types import Letter, Passage, Span
from tests.support import made
from tests.support.indexed import LETTER, letter_of, sample_letters


def read_text(text: str) -> Letter:
    return read(Raw(id=None, text=text), letter_id="x", source="x.txt")


def lengths(passages: tuple[Passage, ...]) -> list[int]:
    return [p.span.end - p.span.start for p in passages]


def sentence_spans(letter: Letter) -> list[Span]:
    return list(sentences(letter.text, letter.body))


any_letter = st.one_of(made.bodies, made.rough_bodies).map(read_text)


@given(any_letter)
def test_passages_joined_are_the_body(letter: Letter) -> None:
    passages = cut(letter)
    assert "".join(p.span.of(letter.text) for p in passages) == letter.body.of(letter.text)
    assert all(p.letter_id == letter.id for p in passages)


@given(any_letter)
def test_sentences_joined_are_their_passage(letter: Letter) -> None:
    for passage in cut(letter):
        edges = [(s.start, s.end) for s in passage.sentences]
        assert edges[0][0] == passage.span.start
        assert edges[-1][1] == passage.span.end
        assert all(left[1] == right[0] for left, right in pairwise(edges))
        assert all(start < end for start, end in edges)


@given(any_letter)
def test_no_passage_begins_inside_a_sentence_but_one_too_long_for_it(letter: Letter) -> None:
    starts = {passage.span.start for passage in cut(letter)}
    for sentence in sentence_spans(letter):
        inside = {at for at in starts if sentence.start < at < sentence.end}
        if inside:
            assert sentence.end - sentence.start > LONGEST
            assert all(letter.text[at - 1] in "；”）》’ " for at in inside)


@given(any_letter)
def test_sentences_are_scored_whole_or_clause_by_clause(letter: Letter) -> None:
    whole = sentence_spans(letter)
    for one in (s for p in cut(letter) for s in p.sentences):
        around = next(s for s in whole if s.holds(one))
        assert one == around or around.end - around.start >= CLAUSE_FROM


@given(any_letter)
@settings(max_examples=200)
def test_lengths_keep_their_bounds_but_for_the_documented_exceptions(letter: Letter) -> None:
    passages = cut(letter)
    for passage, length in zip(passages, lengths(passages), strict=True):
        if length > LONGEST:  # one sentence, or one of its clauses, that cannot be cut
            units = [s for s in sentence_spans(letter) if s.start < passage.span.end]
            around = next(s for s in units if s.end > passage.span.start)
            assert around.holds(passage.span)
            assert "；" not in passage.span.of(letter.text).rstrip("；”）》’\n ")
    for before, after in pairwise(passages):
        short = min(before.span.end - before.span.start, after.span.end - after.span.start)
        if short < SHORTEST:  # only beside a neighbour too long to be joined with
            assert after.span.end - before.span.start > LONGEST


def test_a_text_shorter_than_a_passage_is_one_passage() -> None:
    letter = read_text("工作完成。")
    assert lengths(cut(letter)) == [5]


def test_text_that_can_be_cut_evenly_gives_lawful_passages_only() -> None:
    sentence = "我们坚持先民生后提升的原则，持续推进老旧小区改造工作。"
    for count in range(12, 200, 7):
        found = lengths(cut(read_text(sentence * count)))
        assert all(SHORTEST <= length <= LONGEST for length in found), (count, found)


def test_a_short_section_takes_sentences_from_a_long_neighbour() -> None:
    sentence = "我们坚持先民生后提升的原则，持续推进老旧小区改造工作。"
    letter = read_text(f"一、情况\n{sentence * 14}\n二、打算\n继续努力做好工作。")
    assert all(SHORTEST <= length <= LONGEST for length in lengths(cut(letter)))


def test_a_sentence_too_long_for_a_passage_is_cut_at_semicolons() -> None:
    clause = "市图书馆设有无障碍通道、无障碍停车位、无障碍卫生间等设施"
    letter = read_text("；".join([clause] * 40) + "。")
    passages = cut(letter)
    assert len(passages) > 1
    assert all(SHORTEST <= length <= LONGEST for length in lengths(passages))
    assert all(p.span.of(letter.text).endswith(("；", "。")) for p in passages)


def test_a_sentence_that_cannot_be_cut_stays_whole() -> None:
    letter = read_text("长" * 900 + "。" + "短。")
    assert lengths(cut(letter))[0] == 901


@pytest.mark.parametrize("number", range(6, 12))
def test_each_long_section_has_passages_of_its_own_with_its_path(number: int) -> None:
    sentence = "我们坚持先民生后提升的原则，持续推进老旧小区改造工作。"
    parts = [f"{n}、第{n}部分\n（一）概况\n{sentence * number * 2}" for n in "一二三"]
    letter = read_text("\n".join(parts))
    for passage in cut(letter):
        words = passage.span.of(letter.text)
        assert sum(f"{n}、第" in words for n in "一二三") <= 1
        if len(passage.headings) == 2:
            assert passage.headings[1] == "（一）概况"
            assert (
                passage.headings[0] == heading_path(letter.headings, passage.span.end - 1)[0].text
            )


def test_the_short_sections_of_a_letter_share_passages_under_what_they_share() -> None:
    letter = letter_of(LETTER)
    passages = cut(letter)
    known = {h.text for h in letter.headings}
    assert all(set(p.headings) <= known for p in passages)
    assert len(passages) <= 2


def test_the_table_of_a_web_page_is_in_no_passage() -> None:
    front = "索引号：A1\n发文单位：云岭市教育局\n成文日期：2023-07-05"
    letter = letter_of("关于课后服务的提案的答复\n某委员：\n您的提案收悉。工作完成。", front=front)
    assert not any("索引号" in p.span.of(letter.text) for p in cut(letter))


def test_the_passages_of_the_sample_letters_are_of_lawful_length() -> None:
    for letter_id, letter in sample_letters().items():
        found = lengths(cut(letter))
        assert all(SHORTEST <= length <= LONGEST for length in found), (letter_id, found)


@pytest.mark.shared
def test_the_passages_of_the_real_letter_are_lawful_and_know_their_section(real_text: str) -> None:
    letter = letter_of(real_text)
    passages = cut(letter)
    assert all(SHORTEST <= length <= LONGEST for length in lengths(passages))
    steps = next(p for p in passages if "通过拆除违建" in p.span.of(letter.text))
    assert "五、下步工作" in steps.span.of(letter.text)  # shared with a short section
    assert steps.headings == ("五、下步工作",)
    rails = next(p for p in passages if "盲道铺设率" in p.span.of(letter.text))
    assert rails.headings[0] == "二、适老化改造实施情况（市民政局提供）"
