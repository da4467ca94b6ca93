"""Sentences become quotes, word for word, or the question is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.formats.raw import Raw
from indexer.letter.fields import read
from kb.answer import compose, refusal, sentences
from kb.answer.compose import runs
from kb.answer.sentences import Candidate, logit
from kb.query.directory import directory_of
from kb.query.expect import (
    EXPECTATIONS,
    SECTIONS,
    Expectation,
    expected,
    in_unit,
    shown,
    totalled,
)
from kb.query.parse import as_written
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.text.sentences import headings_over, quotable
from kb.text.sentences import sentences as sentence_spans
from kb.types import Answer, Hit, Letter, Passage, Refusal, Span
from tests.support import made
from tests.support.asking import ALL, base_of, found_in, letter_text, parsed

BODY = """一、情况
全市建成养老服务中心56处，惠及老人3200人。盲道铺设率达到97.7%。
经费情况如下：
二、下一步打算
（一）新建社区食堂。我们将新建食堂12家。我们将在2025年年底前完成改造。"""


@pytest.fixture(scope="module")
def letter() -> Letter:
    return read(Raw(id=None, text=letter_text(body=BODY)), letter_id="care", source="care")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return base_of(tmp_path_factory.mktemp("data"), letter_text(body=BODY), ids=["care"])


def span_of(letter: Letter, words: str) -> Span:
    at = letter.text.index(words)
    return Span(start=at, end=at + len(words))


def candidate(letter: Letter, words: str, score: float) -> Candidate:
    passage = Passage(letter_id=letter.id, span=letter.body, headings=(), sentences=(letter.body,))
    hit = Hit(ordinal=0, passage=passage, score=1.0)
    return Candidate(letter=letter, hit=hit, span=span_of(letter, words), features={}, score=score)


# --- what may be quoted -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "全市建成养老服务中心56处，惠及老人3200人。",
        "盲道铺设率达到97.7%。",
        "我们将新建食堂12家。",
        "抄送：市政协提案委",
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
        "56处，",
    ],
)
def test_headings_names_and_formal_parts_are_never_quoted(letter: Letter, words: str) -> None:
    assert not quotable(letter, span_of(letter, words))


# --- what is expected -------------------------------------------------------------------------


@pytest.mark.parametrize("row", [*EXPECTATIONS, *SECTIONS], ids=lambda row: row.name)
def test_every_expectation_applies_to_its_example(row: Expectation) -> None:
    assert row.asks.search(row.example)


@pytest.mark.parametrize(
    ("question", "words", "sign"),
    [
        ("地铁什么时候开通", "2025年6月开通", 1.0),
        ("地铁什么时候开通", "正在推进建设", -1.0),
        ("几点开门", "上午9:00开门", 1.0),
        ("联系电话是多少", "联系电话：03913557209", 1.0),
        ("联系电话是多少", "请联系我们3次", -1.0),
        ("有多少栋楼", "共有居民楼51栋", 1.0),
        ("盲道铺设率是多少", "铺设率达到97.7%", 1.0),
        ("有几条线路", "开通五条线路", 1.0),
        ("补贴多少钱", "给予适当补贴", -1.0),
        ("怎么办理", "到窗口办理", 0.0),
    ],
)
def test_a_sentence_shows_or_lacks_what_is_asked_for(
    question: str, words: str, sign: float
) -> None:
    assert shown(expected(question), words) == sign


def test_a_question_about_efficiency_expects_no_figure() -> None:
    assert shown(expected("怎样提高办事效率"), "优化流程") == 0.0


def test_the_plans_are_a_section_of_their_own(letter: Letter) -> None:
    assert [row.name for row in expected("下一步打算怎么做").sections] == ["plans"]
    assert expected("有多少处").sections == ()
    at = letter.text.index("我们将新建")
    assert headings_over(letter, at) == ("二、下一步打算", "（一）新建社区食堂")
    assert headings_over(letter, 0) == ()


# --- runs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "words", "sign"),
    [
        ("改造了多少户", "5382 户", 1.0),
        ("改造了多少户", "12.6万余户", 1.0),
        ("来了几个人", "三十多名", 0.0),
        ("来了几名专家", "三十多名", 1.0),
        ("有多少家企业", "30万只口罩", -1.0),
        ("有多少家企业", "各家企业", -1.0),
        ("什么时候完工", "5382户", 0.0),
        ("铺设率是多少", "97.7%", 0.0),
    ],
)
def test_a_figure_should_be_in_the_unit_that_is_asked_for(
    question: str, words: str, sign: float
) -> None:
    assert in_unit(expected(question), words) == sign


@pytest.mark.parametrize(
    ("question", "words", "told"),
    [
        ("一共改造了多少户", "累计改造5382户", 1.0),
        ("总共几个项目", "项目共1481个", 1.0),
        ("停车位总共差多少", "总缺口7.7万个", 1.0),
        ("停车位总共差多少", "总量不足，空置车位有2.4万个", 0.0),
        ("一共改造了多少户", "2023年改造776户", 0.0),
        ("改造了多少户", "累计改造5382户", 0.0),
        ("一共花了多少钱", "公共服务投入3亿元", 0.0),
        ("一共花了多少钱", "与民政局共同投入3亿元", 0.0),
        ("累计补贴怎么申请", "累计补贴", 0.0),
    ],
)
def test_a_sum_is_asked_for_and_told(question: str, words: str, told: float) -> None:
    assert totalled(expected(question), words) == told


def test_neighbouring_sentences_of_like_score_are_one_quote(letter: Letter) -> None:
    one = candidate(letter, "全市建成养老服务中心56处，惠及老人3200人。", 2.0)
    two = candidate(letter, "盲道铺设率达到97.7%。", 1.5)
    far = candidate(letter, "我们将新建食堂12家。", 1.2)
    low = candidate(letter, "经费情况如下：", 0.5)
    groups = runs([one, two, far, low], margin=1.0)
    assert groups == [[one, two], [far]]
    joined = compose.quoted(groups[0], score=2.0)
    assert joined.text == "全市建成养老服务中心56处，惠及老人3200人。盲道铺设率达到97.7%。"
    assert (joined.citation.number, joined.citation.issuer) == ("云民函〔2024〕7号", "云岭市民政局")


def test_the_same_words_are_shown_once(letter: Letter) -> None:
    one = candidate(letter, "我们将新建食堂12家。", 2.0)
    again = replace(one, letter=replace(letter, id="copy"), score=1.9)
    assert runs([one, again], margin=1.0) == [[one]]


def test_sentences_of_two_letters_are_never_joined(letter: Letter) -> None:
    one = candidate(letter, "我们将新建食堂12家。", 2.0)
    other = candidate(letter, "我们将在2025年年底前完成改造。", 1.9)
    other = replace(other, letter=replace(letter, id="other"))
    assert runs([one, other], margin=1.0) == [[one], [other]]


def test_a_run_has_at_most_its_longest(letter: Letter) -> None:
    words = [s.of(letter.text) for s in sentence_spans(letter.text, letter.body)]
    close = [candidate(letter, w, 2.0 - i / 100) for i, w in enumerate(dict.fromkeys(words))]
    assert max(map(len, runs(close, margin=9.0))) <= compose.RUN_LONGEST


# --- answers and refusals ---------------------------------------------------------------------


def ask(question: str, reader: SnapshotReader, **changes: object) -> Answer | Refusal:
    chosen = replace(Settings(), **changes)  # type: ignore[arg-type]
    return compose.answer(
        as_written(question, directory_of(reader, ALL)),
        found_in(reader, question),
        reader,
        settings=chosen,
    )


def test_an_answer_quotes_the_sentence_that_holds_the_figure(reader: SnapshotReader) -> None:
    reply = ask("养老服务中心建成了多少处", reader, threshold=0.0)
    assert isinstance(reply, Answer)
    assert "56处" in reply.quotes[0].text
    assert reply.quotes[0].headings == ("一、情况",)
    assert 0 <= reply.confidence <= 1


def test_below_the_threshold_a_question_is_refused_with_the_nearest_letters(
    reader: SnapshotReader,
) -> None:
    reply = ask("火星移民需要什么条件", reader, threshold=1.0)
    assert isinstance(reply, Refusal)
    assert reply.code == "not_sure"
    assert [near.citation.letter_id for near in reply.nearest] == ["care"]
    assert reply.confidence < 1.0


def test_nothing_to_quote_is_refused(tmp_path: Path) -> None:
    empty = base_of(tmp_path, "徐秀叶委员：")
    reply = ask("有多少处", empty, threshold=0.0)
    assert isinstance(reply, Refusal)
    assert (reply.code, reply.confidence) == ("not_sure", 0.0)  # there is a letter, though


@pytest.mark.parametrize("most", [1, 2, 3])
def test_an_answer_has_no_more_quotes_than_are_set(reader: SnapshotReader, most: int) -> None:
    reply = ask("养老服务改造食堂", reader, threshold=0.0, quotes=most)
    assert isinstance(reply, Answer)
    assert 1 <= len(reply.quotes) <= most


def test_the_weights_name_every_feature_and_no_other(reader: SnapshotReader) -> None:
    found = found_in(reader, "养老服务中心建成了多少处")
    ranked = sentences.sentence_candidates(
        parsed("养老服务中心建成了多少处", reader), found, reader, read=8
    )
    stored = json.loads(sentences.WEIGHTS.read_text(encoding="utf-8"))
    assert set(ranked[0].features) == set(stored["sentence"]) - {"intercept"}
    decided = refusal.decision_features(parsed("养老", reader), found, ranked, reader)
    assert set(decided) == set(stored["decision"]) - {"intercept"}
    assert [c.score for c in ranked] == sorted((c.score for c in ranked), reverse=True)


def test_the_log_odds_are_the_weighted_sum() -> None:
    assert logit({"a": 2.0, "b": -1.0}, {"intercept": 0.5, "a": 3.0, "b": 4.0}) == 2.5


def test_headings_over_agrees_with_the_passages(letter: Letter) -> None:
    for heading in letter.headings:
        assert headings_over(letter, heading.span.start)[-1] == heading.text


@given(made.seeds)
@settings(max_examples=25, deadline=None)
def test_every_quote_of_any_answer_is_the_text_at_its_span(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    texts = [letter_text(f"云民函〔2024〕{n}号", body=made.body(seed + n)) for n in range(2)]
    base = base_of(tmp_path_factory.mktemp("base"), *texts)
    question = "".join(Random(seed).choices(made.WORDS, k=3)) + "有多少"
    reply = ask(question, base, threshold=0.0)
    assert isinstance(reply, Answer)
    for quote in reply.quotes:
        text = base.letter(quote.letter_id).text
        assert text[quote.span.start : quote.span.end] == quote.text != ""
        assert quote.text == quote.text.strip()


@given(st.text(min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_question_gets_an_answer_or_a_refusal(reader: SnapshotReader, question: str) -> None:
    assert isinstance(ask(question, reader), Answer | Refusal)
