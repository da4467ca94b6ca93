"""Sentences become quotes, word for word, or the question is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.answer import compose
from kb.answer.compose import runs
from kb.answer.sentences import Candidate
from kb.query.directory import directory_of
from kb.query.parse import as_written
from kb.replies import Answer, Refusal
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.text.sentences import sentences as sentence_spans
from kb.types import Hit, Letter, Passage, Span
from tests.support import made
from tests.support.asking import ALL, LONG_BODY, base_of, found_in, letter_text
from tests.support.indexed import letter_of


@pytest.fixture(scope="module")
def letter() -> Letter:
    return letter_of(letter_text(body=LONG_BODY), letter_id="care")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return base_of(tmp_path_factory.mktemp("data"), letter_text(body=LONG_BODY), ids=["care"])


def span_of(letter: Letter, words: str) -> Span:
    at = letter.text.index(words)
    return Span(start=at, end=at + len(words))


def candidate(letter: Letter, words: str, score: float) -> Candidate:
    passage = Passage(letter_id=letter.id, span=letter.body, headings=(), sentences=(letter.body,))
    hit = Hit(ordinal=0, passage=passage, score=1.0)
    return Candidate(letter=letter, hit=hit, span=span_of(letter, words), features={}, score=score)


# --- runs -------------------------------------------------------------------------------------


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
    reply = ask("养老服务中心的盲道多长", reader, threshold=1.0)
    assert isinstance(reply, Refusal)
    assert reply.code == "not_sure"
    assert [near.citation.letter_id for near in reply.nearest] == ["care"]
    assert reply.confidence < 1.0


def test_nothing_to_quote_is_refused(tmp_path: Path) -> None:
    empty = base_of(tmp_path, "徐秀叶委员：")
    reply = ask("有多少处", empty, threshold=0.0)
    assert isinstance(reply, Refusal)
    assert (reply.code, reply.nearest, reply.confidence) == ("nothing_found", (), 0.0)


@pytest.mark.parametrize("question", ["火星移民需要什么条件", "习近平是谁", "明天天气怎么样"])
def test_what_no_letter_has_to_do_with_is_offered_none(
    reader: SnapshotReader, question: str
) -> None:
    reply = ask(question, reader, threshold=1.0)
    assert isinstance(reply, Refusal)
    assert (reply.code, reply.nearest) == ("nothing_found", ())


@pytest.mark.parametrize("most", [1, 2, 3])
def test_an_answer_has_no_more_quotes_than_are_set(reader: SnapshotReader, most: int) -> None:
    reply = ask("养老服务改造食堂", reader, threshold=0.0, quotes=most)
    assert isinstance(reply, Answer)
    assert 1 <= len(reply.quotes) <= most


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


# --- years ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "body", "refused"),
    [
        ("2023年建成养老中心多少处", "全市2021年建成养老中心56处。", True),
        ("2023年建成养老中心多少处", "今年全市建成养老中心56处。", True),
        ("2023年建成养老中心多少处", "去年全市建成养老中心56处。", False),
        ("2023年建成养老中心多少处", "2021—2025年全市建成养老中心56处。", False),
        ("2023年建成养老中心多少处", "全市建成养老中心56处。", False),
        ("2024年建成养老中心多少处", "全市2021年建成养老中心56处。", False),  # the letter's year
        ("建成养老中心多少处", "全市2021年建成养老中心56处。", False),
    ],
)
def test_what_tells_of_other_years_only_is_no_answer(
    question: str, body: str, refused: bool, tmp_path: Path
) -> None:
    reader = base_of(tmp_path, letter_text(body=body), ids=["care"])
    query, found = as_written(question, directory_of(reader, ALL)), found_in(reader, question)
    reply = compose.answer(query, found, reader, settings=Settings(threshold=0.0))
    assert isinstance(reply, Refusal) is refused
