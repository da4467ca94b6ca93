"""What was read is put in order, and spans become whole clauses with the exact words marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings

from kb.answer import compose, refusal, rerank, sentences
from kb.answer.ask import ask
from kb.answer.quotes import verify
from kb.models.reading import Reading, Weights
from kb.replies import Answer, Refusal
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.types import Hit, Letter, Passage, Span
from tests.support import made
from tests.support.asking import FakeModel, base_of, found_in, letter_text, parsed

BODY = """一、情况
全市建成养老服务中心56处，惠及老人3200人。盲道铺设率达到97.7%。
二、措施
一是新建社区食堂12家，按每家补助20万元；二是为老人办理意外险；三是开展上门服务。"""
WEIGHTS: Weights = {
    "passage": {"intercept": 0.0, "passage": 1.0, "relevance": 1.0, "span": 0.0},
    "span": {
        "intercept": 0.0, "span": 1.0, "relevance": 1.0, "passage": 1.0, "unit": 1.0, "sum": 1.0,
        "fits": 0.0,
    },
    "decision": {
        "intercept": 0.0, "first_coverage": 0.0, "relevance": 1.0, "span": 0.0, "ahead": 0.0,
        "fits": 0.0, "passage": 0.0, "letter_ahead": 0.0,
    },
}  # fmt: skip


class Finds:
    """A reading model to which every mark is a token; it likes passages with ``words``."""

    name = "finds:1"
    weights = WEIGHTS

    def __init__(self, *words: str) -> None:
        self.words = words

    def read(self, question: str, letter: Letter, passage: Passage) -> Reading:
        text = passage.span.of(letter.text)
        starts, ends = (np.full(len(text), -9, np.float32) for _ in range(2))
        for rank, words in enumerate(self.words):
            at = text.find(words)
            if at >= 0:
                starts[at], ends[at + len(words) - 1] = 9 - rank / 8, 9 - rank / 8
        return Reading(
            relevance=6.0 if any(words in text for words in self.words) else -6.0,
            starts=starts,
            ends=ends,
            lines=np.cumsum([0, *(mark == "\n" for mark in text[:-1])]),
            places=tuple(
                Span(start=n, end=n + 1) for n in range(passage.span.start, passage.span.end)
            ),
        )


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    texts = [letter_text(f"云民函〔2024〕{n}号", subject=f"第{n}件事") for n in range(6)]
    texts.append(letter_text("云民函〔2024〕66号", subject="养老", body=BODY))
    return base_of(tmp_path_factory.mktemp("data"), *texts)


def replied(
    question: str, reader: SnapshotReader, *words: str, **changes: object
) -> Answer | Refusal:
    chosen = replace(Settings(), **{"threshold": 0.5, **changes})  # type: ignore[arg-type]
    query = parsed(question, reader)
    return ask(query, reader, FakeModel(), model=Finds(*words), settings=chosen)


def test_the_passage_that_answers_comes_first_and_the_rest_stay_in_order(
    reader: SnapshotReader,
) -> None:
    found = found_in(reader, "推进养老服务的事项")
    last = found.hits[3]
    words = last.passage.span.of(reader.letter(last.passage.letter_id).text)
    model = Finds(words)
    read = rerank.reread(parsed("问", reader), found, reader, model, read=4)
    assert read.hits[0] == last
    assert read.hits[1:4] == found.hits[:3]
    assert read.hits[4:] == found.hits[4:]
    assert set(read.readings) == {hit.ordinal for hit in found.hits[:4]}


def test_as_many_as_are_asked_for_are_read_and_the_best_span_helps_to_order_them(
    reader: SnapshotReader,
) -> None:
    found = found_in(reader, "推进养老服务的事项")
    second = found.hits[1]
    model = Finds(second.passage.span.of(reader.letter(second.passage.letter_id).text))
    read = rerank.reread(parsed("问", reader), found, reader, model, read=3)
    assert set(read.readings) == {hit.ordinal for hit in found.hits[:3]}
    assert read.hits[0] == second
    made = rerank.passage_features(found.hits[:3], read.readings)
    assert made[second.ordinal]["span"] > made[found.hits[0].ordinal]["span"]


def test_none_but_the_first_is_read_where_that_is_hopeless(reader: SnapshotReader) -> None:
    found = found_in(reader, "推进养老服务的事项")
    read = rerank.reread(parsed("问", reader), found, reader, Finds(), read=4, hopeless=0.0)
    assert set(read.readings) == {found.hits[0].ordinal}
    assert read.hits == found.hits
    first = found.hits[0].passage
    model = Finds(first.span.of(reader.letter(first.letter_id).text))
    asked = parsed("问", reader)
    read = rerank.reread(asked, found, reader, model, read=4, hopeless=0.0)
    assert len(read.readings) == 4


def test_a_quote_is_whole_clauses_with_the_exact_words_marked(reader: SnapshotReader) -> None:
    reply = replied("养老服务中心有多少处", reader, "56处")
    assert isinstance(reply, Answer)
    quote = reply.quotes[0]
    assert quote.text == "全市建成养老服务中心56处，惠及老人3200人。"
    text = reader.letter(quote.letter_id).text
    assert [text[one.start : one.end] for one in quote.exact] == ["56处"]


def test_two_answers_in_one_clause_are_marked_in_one_quote(reader: SnapshotReader) -> None:
    reply = replied("养老服务中心的情况", reader, "惠及老人3200人", "56处")
    assert isinstance(reply, Answer)
    text = reader.letter(reply.quotes[0].letter_id).text
    assert [one.of(text) for one in reply.quotes[0].exact] == ["56处", "惠及老人3200人"]
    assert len(reply.quotes) == 1


def test_what_is_much_less_sure_than_the_best_is_not_marked_beside_it(
    reader: SnapshotReader,
) -> None:
    reply = replied("养老服务中心的情况", reader, "惠及老人3200人", "甲", "乙", "丙", "56处")
    assert isinstance(reply, Answer)
    text = reader.letter(reply.quotes[0].letter_id).text
    assert [one.of(text) for one in reply.quotes[0].exact] == ["惠及老人3200人"]
    assert "56处" in reply.quotes[0].text


def test_answers_apart_are_quotes_of_their_own(reader: SnapshotReader) -> None:
    reply = replied("有哪些措施", reader, "意外险", "97.7%")
    assert isinstance(reply, Answer)
    assert {quote.text for quote in reply.quotes} == {
        "一是新建社区食堂12家，按每家补助20万元；二是为老人办理意外险；三是开展上门服务。",
        "盲道铺设率达到97.7%。",
    }


def test_what_the_model_does_not_believe_is_refused(reader: SnapshotReader) -> None:
    reply = replied("火星移民需要什么条件", reader, "火星")
    assert isinstance(reply, Refusal)
    assert (reply.code, reply.confidence < 0.01) == ("nothing_found", True)


def test_a_question_for_a_whole_section_is_answered_by_its_sentences(
    reader: SnapshotReader,
) -> None:
    found = found_in(reader, "下一步打算怎么做")
    read = rerank.reread(parsed("下一步打算怎么做", reader), found, reader, Finds("56处"), read=3)
    ranked = compose.candidates(parsed("下一步打算怎么做", reader), read, reader, read=3)
    assert all(one.exact is None for one in ranked)


def test_a_question_for_a_whole_section_is_decided_as_it_is_quoted_by_sentences(
    reader: SnapshotReader,
) -> None:
    question = "养老服务下一步打算怎么做"
    found = found_in(reader, question)
    query, told = parsed(question, reader), []
    for model in (Finds(), Finds("养老")):  # relevance -6 and 6
        read = rerank.reread(query, found, reader, model, read=3, hopeless=-99.0)
        ranked = compose.candidates(query, read, reader, read=3)
        features = refusal.decision_features(query, read, ranked, reader)
        assert set(features) == set(sentences.weights()["decision"]) - {"intercept"}
        told.append(features | {"first_coverage": 0.0})
    assert told[0] == told[1]


def test_how_far_the_letter_leads_the_others_is_told_up_to_a_bound(reader: SnapshotReader) -> None:
    query = parsed("养老", reader)
    read = rerank.reread(query, found_in(reader, "养老"), reader, Finds("56处"), read=8)
    ranked = rerank.span_candidates(query, read, reader)
    own = ranked[0].letter.id

    def lead(by: float, hits: Sequence[Hit]) -> float:
        moved = [replace(h, score=0.0 if h.passage.letter_id == own else -by) for h in hits]
        best = replace(ranked[0], hit=replace(ranked[0].hit, score=0.0))
        found = replace(read, hits=tuple(moved))
        return refusal.decision_features(query, found, [best], reader)["letter_ahead"]

    assert [lead(by, read.hits) for by in (0.2, 3, -0.2, -3)] == [0.2, 0.5, -0.2, -0.5]
    assert lead(0, [h for h in read.hits if h.passage.letter_id == own]) == 0.5  # no other letter


class Guesses(Finds):
    """A reading model that answers at random."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self._drawing = np.random.default_rng(random.randrange(2**32))

    def read(self, question: str, letter: Letter, passage: Passage) -> Reading:
        length = passage.span.end - passage.span.start
        draw = self._drawing.normal(size=(2, length)).astype(np.float32)
        return replace(super().read(question, letter, passage), starts=draw[0], ends=draw[1])


@given(made.seeds)
@settings(max_examples=25, deadline=None)
def test_whatever_a_model_says_a_quote_is_the_text_at_its_span(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    texts = [letter_text(f"云民函〔2024〕{n}号", body=made.body(seed + n)) for n in range(2)]
    base = base_of(tmp_path_factory.mktemp("base"), *texts)
    model = Guesses(Random(seed))
    chosen = replace(Settings(), threshold=0.0)
    question = "".join(Random(seed).choices(made.WORDS, k=3)) + "有多少"
    reply = ask(parsed(question, base), base, FakeModel(), model=model, settings=chosen)
    assert isinstance(reply, Answer | Refusal)  # where all that was guessed may not be quoted
    for quote in reply.quotes if isinstance(reply, Answer) else ():
        verify(quote, base)
        text = base.letter(quote.letter_id).text
        assert text[quote.span.start : quote.span.end] == quote.text
        assert quote.exact
        assert all(one.of(text) == one.of(text).strip() != "" for one in quote.exact)
