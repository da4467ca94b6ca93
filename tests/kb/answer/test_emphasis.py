"""A part of one sentence is emphasised, in the organ's own words, and its sentence quoted."""

from __future__ import annotations

import pytest

from indexer.letter.passages import cut
from kb.answer.emphasis import LONGEST, READABLE, answering
from kb.query.directory import directory_of
from kb.query.parse import as_written
from kb.store.protocol import SnapshotReader
from kb.types import Letter, Passage, Span
from tests.support.asking import ALL, base_of, letter_text
from tests.support.indexed import letter_of

LONG = "，".join(f"第{n}个街道新建口袋公园{n}处并配齐座椅和路灯" for n in range(11, 24)) + "。"
BODY = f"""一、情况
2023年答复时计划在冬季之前完成西干渠清淤。渠道清淤已于11月20日完工。
截至7月底，设施覆盖率为84.6%。去年新建投放亭412座。厨余垃圾厂要到12月才能投运。
您建议增设公交站，因道路宽度不足，暂不具备条件。
您建议将补助提高到20万元。
{LONG}
联系人：李敏，电话5520187"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return base_of(tmp_path_factory.mktemp("data"), letter_text(body=BODY), ids=["a"])


def shown(reader: SnapshotReader, question: str, first: str, last: str) -> tuple[str, str] | None:
    """The quote and the emphasis where a model found ``first`` to ``last``."""
    letter: Letter = letter_of(letter_text(body=BODY), letter_id="a")
    start = letter.text.index(first)
    found = Span(start=start, end=letter.text.index(last, start) + len(last))
    home: Passage = next(p for p in cut(letter) if p.span.start <= start < p.span.end)
    part = answering(as_written(question, directory_of(reader, ALL)), letter, home, found)
    return part and (part[0].of(letter.text), part[1].of(letter.text))


def test_of_several_sentences_the_one_that_is_asked_for_is_emphasised(
    reader: SnapshotReader,
) -> None:
    told = shown(reader, "厨余垃圾厂什么时候投运", "去年新建", "才能投运。")
    assert told == (
        "去年新建投放亭412座。厨余垃圾厂要到12月才能投运。",
        "厨余垃圾厂要到12月才能投运。",
    )


def test_what_came_of_a_promise_is_quoted_and_not_the_promise(reader: SnapshotReader) -> None:
    told = shown(reader, "西干渠清淤做完没有", "2023年答复时", "20日完工。")
    assert told == ("渠道清淤已于11月20日完工。", "渠道清淤已于11月20日完工。")


def test_a_figure_is_emphasised_inside_its_sentence(reader: SnapshotReader) -> None:
    told = shown(reader, "覆盖率是多少", "84.6%", "84.6%")
    assert told == ("截至7月底，设施覆盖率为84.6%。", "84.6%")


def test_the_wish_before_the_answer_is_not_emphasised(reader: SnapshotReader) -> None:
    told = shown(reader, "为什么不增设公交站", "您建议增设", "具备条件。")
    assert told is not None
    assert told[1] == "因道路宽度不足，暂不具备条件。"


def test_a_wish_alone_is_not_quoted(reader: SnapshotReader) -> None:
    assert shown(reader, "补助提高到多少", "20万元", "20万元") is None


def test_no_more_than_a_clause_or_two_of_a_long_sentence_is_emphasised(
    reader: SnapshotReader,
) -> None:
    told = shown(reader, "第17个街道新建口袋公园几处", "第11个街道", "座椅和路灯。")
    assert told is not None
    assert "17处" in told[1]
    assert len(told[1]) <= LONGEST
    assert told[1] in told[0]
    assert told[0] in LONG
    assert len(told[0]) <= READABLE < len(LONG)
    assert told[0].startswith("第")
    assert told[0].endswith(("，", "。"))


def test_whom_to_call_answers_that_question_only(reader: SnapshotReader) -> None:
    assert shown(reader, "联系电话是多少", "5520187", "5520187") is not None
    assert shown(reader, "补助是多少", "5520187", "5520187") is None
