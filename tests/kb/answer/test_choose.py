"""A bare word gives a choice of questions that letters answer."""

from __future__ import annotations

import pytest

from kb.answer import ask
from kb.answer.choose import FEWEST, MOST, TEMPLATES, Template, choice
from kb.models.embedding import Embedder
from kb.query.directory import directory_of
from kb.query.parse import parse
from kb.replies import Answer, Notice, Refusal, Reply
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from tests.support.asking import ALL, base_of, letter_text, parsed

BODY = """一、情况
全市新增电梯60部，每部电梯补助8万元，电梯由市住建局负责监管。由于住户意见不一，电梯仍有20部没有开工。
二、下一步打算
电梯改造2025年底前完成，电梯改造投入资金300万元，电梯维修基金另行筹集。"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return base_of(tmp_path_factory.mktemp("base"), letter_text(body=BODY))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_each_template_is_shown_by_its_example(template: Template) -> None:
    match = template.shows.search(template.example)
    assert match
    assert template.question.format("电梯", **match.groupdict()).startswith("电梯")


def test_a_bare_word_gives_questions_about_what_letters_say(reader: SnapshotReader) -> None:
    reply = choice(parsed("电梯", reader), reader, answered=lambda _: True)
    assert isinstance(reply, Notice)
    assert reply.code == "choose"
    assert FEWEST <= len(reply.options) <= MOST
    assert "电梯补助多少钱？" in reply.options
    assert "电梯有多少部？" in reply.options


def test_only_what_letters_answer_is_offered(reader: SnapshotReader) -> None:
    again = base_reader(reader)
    reply = choice(parsed("电梯", again), again, answered=lambda question: "补助" not in question)
    assert isinstance(reply, Notice)
    assert not any("补助" in question for question in reply.options)


def base_reader(reader: SnapshotReader) -> SnapshotReader:
    """Another reader of the same letters, of which nothing is remembered."""

    class Same:
        def __getattr__(self, name: str) -> object:
            return getattr(reader, name)

    return Same()  # type: ignore[return-value]


def test_where_letters_answer_too_few_there_is_no_choice(reader: SnapshotReader) -> None:
    again = base_reader(reader)
    assert choice(parsed("电梯", again), again, answered=lambda _: False) is None
    assert choice(parsed("火星", again), again, answered=lambda _: True) is None


def test_what_was_offered_once_is_remembered(reader: SnapshotReader) -> None:
    again, put = base_reader(reader), list[str]()

    def answered(question: str) -> bool:
        put.append(question)
        return True

    first = choice(parsed("电梯", again), again, answered=answered)
    asked = len(put)
    assert choice(parsed("电梯", again), again, answered=answered) == first
    assert len(put) == asked > 0


def _reply(question: str, base: SnapshotReader, model: Embedder) -> Reply:
    query = parse(question, directory_of(base, ALL), settings=Settings())
    return ask.ask(query, base, model, settings=Settings())


def test_every_option_of_the_sample_letters_is_answered(
    base: SnapshotReader, model: Embedder
) -> None:
    offered = list[str]()
    for word in ("停车", "食堂", "公交"):
        reply = _reply(word, base, model)
        if isinstance(reply, Notice):
            offered += reply.options
    assert offered
    assert all(isinstance(_reply(question, base, model), Answer) for question in offered)


def test_a_word_that_no_letter_has_is_refused(base: SnapshotReader, model: Embedder) -> None:
    assert isinstance(_reply("火星车", base, model), Refusal)
