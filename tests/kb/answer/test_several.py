"""Several questions at once, comparisons, and questions that can be read in several ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kb.answer.ask import ask, steps
from kb.answer.several import tells_all, together
from kb.answer.steps import Located, Quoted, Step, Verdict, verdict
from kb.answer.surest import surest, within
from kb.query.directory import directory_of
from kb.query.parse import Query
from kb.query.understand import understood
from kb.replies import Answer, Notice, Refusal, Reply, Several, quotes_of
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.types import Span
from tests.support.asking import ALL, FakeModel, parsed, two_letters

SETTINGS = Settings(threshold=0.0)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return two_letters(Path(tmp_path_factory.mktemp("data")))


def meant(question: str, reader: SnapshotReader) -> Query:
    return understood(question, directory_of(reader, ALL), settings=SETTINGS).query


def asked(question: str, reader: SnapshotReader) -> Reply:
    return ask(meant(question, reader), reader, FakeModel(), settings=SETTINGS)


def test_two_questions_are_answered_each_under_its_own_words(reader: SnapshotReader) -> None:
    reply = asked("全市建成养老服务中心多少处？每部电梯补助多少万元？", reader)
    assert isinstance(reply, Several)
    assert reply.kind == "questions"
    assert [part.label for part in reply.parts] == [
        "全市建成养老服务中心多少处",
        "每部电梯补助多少万元",
    ]
    first, second = (quotes_of(part.reply)[0].letter_id for part in reply.parts)
    assert (first, second) == ("care", "lift")


def test_the_quotes_of_a_part_say_which_part_they_answer(reader: SnapshotReader) -> None:
    query = meant("全市建成养老服务中心多少处？每部电梯补助多少万元？", reader)
    found = list(steps(query, reader, FakeModel(), settings=SETTINGS))
    parts = [step.part for step in found if isinstance(step, Quoted)]
    assert sorted(set(parts)) == [0, 1]
    assert parts == sorted(parts)
    last = found[-1]
    assert isinstance(last, Verdict)
    shown = [step.quote for step in found if isinstance(step, Quoted)]
    assert shown == list(quotes_of(last.reply))


def test_what_the_same_words_answer_is_one_answer(reader: SnapshotReader) -> None:
    reply = asked("全市加装电梯多少部？每部补助多少？", reader)
    assert isinstance(reply, Answer)
    assert reply.quotes[0].letter_id == "lift"


def test_organs_are_compared_each_by_its_own_letters(reader: SnapshotReader) -> None:
    reply = asked("全市建成了多少，民政局和住房和城乡建设局说的一样吗？", reader)
    assert isinstance(reply, Several)
    assert reply.kind == "comparison"
    assert [part.label for part in reply.parts] == ["民政局", "住房和城乡建设局"]
    assert [quotes_of(part.reply)[0].letter_id for part in reply.parts] == ["care", "lift"]


def test_small_talk_gets_a_sentence_and_no_quote(reader: SnapshotReader) -> None:
    reply = asked("谢谢", reader)
    assert isinstance(reply, Notice)
    assert (reply.code, quotes_of(reply)) == ("thanks", ())


def refused_of(question: str) -> Refusal:
    return Refusal(
        question=question, snapshot="", code="not_sure", reason="", nearest=(), confidence=0
    )


def told(reader: SnapshotReader, *confidences: float) -> list[list[Step]]:
    """The steps of an answer from each letter in turn, so sure."""
    found = list[list[Step]]()
    for number, confidence in enumerate(confidences):
        words = ("养老服务中心多少处", "电梯补助多少")[number % 2]
        reply = ask(parsed(words, reader, ALL), reader, FakeModel(), settings=SETTINGS)
        assert isinstance(reply, Answer)
        reply = replace(reply, confidence=confidence, quotes=reply.quotes[:1])
        shown: list[Step] = [Located(letters=(), hits=()), Quoted(quote=reply.quotes[0])]
        found.append([*shown, Verdict(reply=reply)])
    return found


def surest_of(
    readings: list[Query], replies: list[list[Step]], reader: SnapshotReader
) -> tuple[Reply, int]:
    """The reply to ``readings`` that are answered so, and how many were asked."""
    count = 0

    def once(query: Query) -> Iterator[Step]:
        nonlocal count
        taken = replies[[reading.typed for reading in readings].index(query.typed)]
        count += 1
        yield from taken

    first, *others = readings
    found = surest(replace(first, otherwise=tuple(others)), once, reader)
    return verdict(found), count


def queries(reader: SnapshotReader, *, led: bool = True) -> list[Query]:
    second = replace(parsed("二问", reader, ALL), led=led, least=0.25 if led else 0.0)
    return [parsed("一问", reader, ALL), second]


def test_of_two_readings_the_surer_counts(reader: SnapshotReader) -> None:
    reply, count = surest_of(queries(reader), told(reader, 0.3, 0.6), reader)
    assert (reply.confidence, count) == (0.6, 2)


def test_where_the_first_is_sure_no_other_is_tried(reader: SnapshotReader) -> None:
    reply, count = surest_of(queries(reader), told(reader, 0.9, 0.95), reader)
    assert (reply.confidence, count) == (0.9, 1)


def test_a_reading_with_a_subject_from_elsewhere_must_be_surer(reader: SnapshotReader) -> None:
    refused: list[Step] = [Verdict(reply=refused_of("一问"))]
    replies = [refused, told(reader, 0.24)[0]]
    assert isinstance(surest_of(queries(reader), replies, reader)[0], Refusal)
    assert isinstance(surest_of(queries(reader, led=False), replies, reader)[0], Answer)


def test_what_is_quoted_must_tell_of_what_the_question_names(reader: SnapshotReader) -> None:
    first, second = queries(reader)
    replies = told(reader, 0.3, 0.6)
    kept, _ = surest_of([first, replace(second, own=("电梯",))], replies, reader)
    assert kept.confidence == 0.6
    other, _ = surest_of([first, replace(second, own=("年利率",))], replies, reader)
    assert other.confidence == 0.3


@pytest.mark.parametrize("confidence", [0.24, 0.26])
def test_what_is_not_sure_enough_of_its_only_reading_is_taken_back(
    confidence: float, reader: SnapshotReader
) -> None:
    only = replace(parsed("一问", reader, ALL), led=True, least=0.25)
    reply, _ = surest_of([only], told(reader, confidence), reader)
    assert isinstance(reply, Answer if confidence >= 0.25 else Refusal)


def test_an_answer_of_another_place_is_taken_back_though_it_is_the_only_one(
    reader: SnapshotReader,
) -> None:
    query = replace(parsed("每部电梯补助多少", reader, ALL), own=("明溪县",))
    assert isinstance(ask(query, reader, FakeModel(), settings=SETTINGS), Refusal)
    plain = replace(query, own=("电梯",))
    assert isinstance(ask(plain, reader, FakeModel(), settings=SETTINGS), Answer)


@pytest.mark.parametrize(("words", "again"), [((0, 4), True), ((4, 8), False), (None, False)])
def test_a_follow_up_does_not_get_the_very_words_that_were_told_before(
    words: tuple[int, int] | None, again: bool, reader: SnapshotReader
) -> None:
    before = parsed("养老服务中心多少处", reader, ALL)
    led = replace(parsed("二问", reader, ALL), led=True, after=before)
    (steps_,) = told(reader, 0.9)
    reply = verdict(steps_)
    assert isinstance(reply, Answer)

    def exactly(start: int, end: int) -> Verdict:
        at = reply.quotes[0].span.start
        exact = (Span(start=at + start, end=at + end),)
        return Verdict(reply=replace(reply, quotes=(replace(reply.quotes[0], exact=exact),)))

    def once(query: Query) -> Iterator[Step]:
        if query is before:
            yield exactly(0, 4)
        else:
            yield exactly(*words) if words else Verdict(reply=reply)

    assert isinstance(verdict(surest(led, once, reader)), Refusal) is again
    assert isinstance(verdict(surest(replace(led, after=None), once, reader)), Answer)


@pytest.mark.parametrize(
    ("question", "words", "told_anew"),
    [
        ("食堂：护理型床位呢", "全市有养老床位三千张，其中护理型床位九百张", True),
        ("食堂：护理型床位呢", "全市有养老床位三千张", False),
        ("渡口：为啥不行", "恢复渡口的建议，因安全条件不够，没有采纳", True),
        ("渡口：什么时候恢复", "恢复渡口的建议，因安全条件不够，没有采纳", False),
    ],
)
def test_the_same_words_answer_again_where_they_tell_what_is_asked_anew(
    question: str, words: str, told_anew: bool, reader: SnapshotReader
) -> None:
    before = parsed("先问的", reader, ALL)
    led = replace(parsed(question, reader, ALL), led=True, after=before)
    (shown,) = told(reader, 0.9)
    reply = verdict(shown)
    assert isinstance(reply, Answer)
    quote = replace(reply.quotes[0], text=words, exact=(reply.quotes[0].span,))
    same: list[Step] = [Verdict(reply=replace(reply, quotes=(quote,)))]
    found = verdict(surest(led, lambda _: iter(same), reader))
    assert isinstance(found, Answer) is told_anew


@pytest.mark.parametrize(("confidence", "answered"), [(0.49, False), (0.51, True)])
def test_what_no_letter_answers_may_stand_in_the_one_that_answered_before(
    confidence: float, answered: bool, reader: SnapshotReader
) -> None:
    before = parsed("养老服务中心多少处", reader, ALL)
    asked_on = replace(parsed("食堂建几家", reader, ALL), led=True, after=before)
    care = verdict(told(reader, 0.9)[0])
    assert isinstance(care, Answer)
    scopes = list[tuple[str, ...]]()

    def once(query: Query) -> Iterator[Step]:
        if query is before:
            yield Verdict(reply=care)
            return
        scopes.append(query.scope.letter_ids)
        if not query.scope.letter_ids:
            yield Verdict(reply=refused_of("食堂建几家"))
            return
        text = reader.letter("care").text
        start = text.index("我们将新建食堂12家")
        quote = replace(
            care.quotes[0], span=Span(start=start, end=start + 9), text="我们将新建食堂12家"
        )
        yield Verdict(reply=replace(care, quotes=(quote,), confidence=confidence))

    found = verdict(surest(asked_on, once, reader))
    assert isinstance(found, Answer) is answered
    assert scopes == [(), ("care",)]


def test_the_letter_that_answered_before_must_tell_of_what_is_asked_itself(
    reader: SnapshotReader,
) -> None:
    query = replace(parsed("每部电梯补助多少", reader, ALL), led=True)
    lift = verdict(told(reader, 0.9, 0.9)[1])
    same: list[Step] = [Verdict(reply=lift)]
    other = verdict(told(reader, 0.9)[0])
    assert within(query, other, lambda _: iter(same), reader)
    absent = replace(parsed("年利率多少", reader, ALL), led=True)
    assert not within(absent, other, lambda _: iter(same), reader)
    assert not within(replace(query, led=False), other, lambda _: iter(same), reader)
    assert not within(query, refused_of("先问的"), lambda _: iter(same), reader)


def test_a_whole_answer_counts_only_where_it_drops_no_part_that_is_answered(
    reader: SnapshotReader,
) -> None:
    query = meant("全市建成养老服务中心多少处？每部电梯补助多少万元？", reader)
    replies = [verdict(steps_) for steps_ in told(reader, 0.9, 0.9)]
    several = together(query, [replies[0], refused_of("二问")])
    assert isinstance(several, Several)
    first, second = replies
    assert isinstance(first, Answer)
    assert isinstance(second, Answer)
    assert not tells_all(first, several)
    assert tells_all(replace(first, quotes=(*first.quotes, *second.quotes)), several)
    assert not tells_all(second, several)
    assert not tells_all(refused_of("整句"), several)
