"""Sentences, tokens, numbers and the weight of words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.chars import bare, fold, made_of
from kb.text.sentences import clauses, sentences, trimmed
from kb.text.synonyms import MOST_ADDED, SYNONYMS, coverage, expanded, meanings
from kb.text.tokens import document_numbers, number_key, rarity, stopwords, subject_tokens, tokens
from kb.types import Span
from tests.support import made

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


# --- numbers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("请问焦建办〔2024〕32号是谁签发的", ["焦建办〔2024〕32号"]),
        ("见焦建办(2024)第32号、云教复[2023]11号", ["焦建办(2024)第32号", "云教复[2023]11号"]),
        ("〔2024〕32号", ["〔2024〕32号"]),
        ("第047号提案，12号，2024年", []),
    ],
)
def test_document_numbers_are_found_in_running_text(text: str, numbers: list[str]) -> None:
    assert [span.of(text) for span in document_numbers(text)] == numbers


@pytest.mark.parametrize(
    ("text", "whole"),
    [("哪些答复", True), ("哪些", True), ("", True), ("哪些的答", False), ("一哪些", False)],
)
def test_a_text_is_made_of_words_if_they_join_to_it(text: str, *, whole: bool) -> None:
    assert made_of(text, frozenset({"哪些", "哪", "答复", "些答"})) is whole


def test_a_long_text_is_taken_apart_in_linear_time() -> None:
    words = frozenset("啊" * n for n in range(1, 9))
    assert made_of("啊" * 5000, words)
    assert not made_of("啊" * 5000 + "。", words)


@pytest.mark.parametrize(
    "number",
    [
        "焦建办〔2024〕32号",
        "焦建办[2024]32号",
        "焦建办(2024)32号",
        "焦建办（2024）32号",
        "焦建办【2024】32号",
        "焦建办〔2024〕第32号",
        " 焦建办 〔２０２４〕 ３２ 号 ",
        "焦建办［2024］32号",
    ],
)
def test_brackets_of_every_make_give_one_key(number: str) -> None:
    assert number_key(number) == "焦建办〔2024〕32号"
    assert "焦建办〔2024〕32号" in tokens(number)


def test_a_document_number_is_one_token_whatever_stands_before_it() -> None:
    for before in ("请问", "根据", "文号是", "关于", ""):
        assert "焦建办〔2024〕32号" in tokens(f"{before}焦建办(2024)32号讲了什么")


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("第1520135号提案", "1520135号"),
        ("第 0123 号建议", "0123号"),
        ("“123号”建议", "123号"),
        ("铺设率达到97.7%", "97.7%"),
        ("共 1,481 个", "1481"),
        ("12.6万户", "12.6"),
        ("２０２４年", "2024"),
        ("千分之5‰", "5‰"),
    ],
)
def test_figures_are_single_tokens(text: str, token: str) -> None:
    assert token in tokens(text)


def test_words_of_the_domain_are_not_cut_apart() -> None:
    assert {"适老化", "老旧小区", "加装电梯", "无障碍"} <= set(
        tokens("老旧小区适老化、加装电梯和无障碍")
    )


def test_tokens_are_folded_and_hold_no_punctuation() -> None:
    assert tokens("ＷＩＦＩ，（）《》……") == ["wifi"]
    assert tokens("") == tokens(" \n") == []


@given(texts)
def test_any_text_gives_tokens_with_a_letter_or_digit_each(text: str) -> None:
    assert all(any(c.isalnum() for c in token) for token in tokens(text))


def test_words_that_only_ask_are_no_subject() -> None:
    assert subject_tokens("请问盲道铺设率是多少") == [
        t for t in subject_tokens("盲道铺设率") if t not in stopwords()
    ]
    assert subject_tokens("盲道盲道") == ["盲道"]


def test_folding_unifies_width_and_case() -> None:
    assert fold("ＡbＣ１２％（") == "abc12%("
    assert bare(" 甲\u3000乙\n丙 ") == "甲乙丙"


# --- weights ----------------------------------------------------------------------------------


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    assert rarity("盲道") > rarity("工作") > 0
    assert rarity("𠮷𡋾") == rarity("第三千号")  # what no table knows counts as seen once


def test_coverage_is_the_share_of_the_asked_words() -> None:
    assert coverage(["盲道"], "建设盲道1039千米") == 1.0
    assert coverage([], "甲") == 0.0
    assert coverage(["地铁"], "建设盲道") == 0.0
    both = coverage(["盲道", "地铁"], "建设盲道")
    assert both == pytest.approx(rarity("盲道") / (rarity("盲道") + rarity("地铁")))


def test_single_characters_earn_partial_credit() -> None:
    assert 0 < coverage(["厚度"], "厚20厘米") < 1
    assert coverage(["厚"], "高20厘米") == 0.0


def test_a_word_of_the_same_meaning_counts_whole() -> None:
    assert "老年人" in meanings("老人")
    assert meanings("盲道") == {"盲道"}
    assert coverage(["老人"], "帮助老年人家庭") == 1.0


# --- official words for everyday ones ---------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "official"),
    [
        ("老房子怎么改造", ["老旧小区"]),
        ("老小区怎么改造", ["老旧小区"]),  # two tokens, looked up as one word
        ("装电梯补助", ["加装电梯"]),
        ("哪里有养老院", ["养老", "机构", "服务"]),  # an official word of several tokens
        ("放学后托管收费", ["课后服务"]),
        ("还差多少上学名额", ["学位"]),  # and not 入学, which 上学 alone would give
        ("补多少钱", ["补贴", "补助"]),
    ],
)
def test_everyday_words_bring_official_ones(question: str, official: list[str]) -> None:
    assert expanded(tokens(question)) == official


@pytest.mark.parametrize(
    "question",
    [
        "老旧小区怎么改造",  # official already: the way is one
        "养老服务机构有哪些",
        "老旧小区和老房子怎么改造",  # asked besides
        "多少钱一张",  # 钱 alone would bring 资金 and 投资
        "公路养护",  # 路 is only a part of it
        "幼儿园收费",
        "",
    ],
)
def test_nothing_is_added_where_nothing_official_is_lacking(question: str) -> None:
    assert expanded(tokens(question)) == []


def test_a_question_of_everyday_words_is_added_to_within_bounds() -> None:
    asked = tokens("老人看病坐公交车去养老院，孩子上学，低保户领失业金和退休金，装电梯修路")
    added = expanded(asked)
    assert len(added) == MOST_ADDED
    assert not set(added) & set(asked)
    assert added[:2] == ["老年人", "老年"]


def test_words_that_carry_no_subject_are_not_added() -> None:
    assert expanded(tokens("票价降价了吗")) == ["下调", "降"]  # of 降为, 为 only binds


def test_the_list_of_synonyms_is_in_order() -> None:
    lines = SYNONYMS.read_text(encoding="utf-8").splitlines()
    groups = [group for line in lines if (group := line.split("#")[0].split())]
    leads = [group[0] for group in groups]
    assert len(leads) == len(set(leads))
    assert all(len(group) == len(set(group)) for group in groups)
    institutions = [{"幼儿园", "托育机构", "托育"} & set(group) for group in groups]
    assert all(len(found) < 2 for found in institutions)


@given(st.lists(st.sampled_from(made.WORDS), max_size=8), made.bodies)
def test_coverage_lies_between_0_and_1(asked: list[str], text: str) -> None:
    assert 0.0 <= coverage(asked, text) <= 1.0 + 1e-9
