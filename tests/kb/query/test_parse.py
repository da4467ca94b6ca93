"""A question is parsed once, and what it says is one frozen value."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date
from typing import Any

import pytest

from kb.answer.ask import ask
from kb.errors import WrongUse
from kb.query import follow_up
from kb.query.directory import directory_of
from kb.query.given import directory
from kb.query.parse import Query, as_written, checked, parse, plainly
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.text import tokens
from kb.types import Scope
from tests.support.asking import FakeModel, base_of, letter_text
from tests.support.heads import head

KNOWN = directory(
    [
        head("lift", "云岭市住房和城乡建设局", number="云建办〔2023〕18号"),
        head("care", "青河区民政局"),
    ]
)


def query(question: str, **given: Any) -> Query:
    return parse(question, KNOWN, settings=Settings(), **given)


class Counting:
    """jieba's tokenizer, which remembers what it was given to cut."""

    def __init__(self, true: Any) -> None:
        self._true, self.given = true, list[str]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._true, name)

    def cut(self, text: str) -> Any:
        self.given.append(text)
        return self._true.cut(text)

    def tokenize(self, text: str) -> Any:
        self.given.append(text)
        return self._true.tokenize(text)


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    tokens._kept.cache_clear()  # else nothing is cut of what another test asked
    counter = Counting(tokens.segmenter())
    for module in (tokens, follow_up):
        monkeypatch.setattr(module, "segmenter", lambda: counter)
    return counter


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return base_of(tmp_path_factory.mktemp("data"), letter_text(), ids=["care"])


def test_a_content_question_says_its_words_places_years_and_organs() -> None:
    found = query("请问2024年云岭市住建局加装电梯每部补贴多少钱")
    assert found.typed == "请问2024年云岭市住建局加装电梯每部补贴多少钱"
    assert found.text == "2024年云岭市住建局加装电梯每部补贴多少钱？"
    assert {"加装电梯", "补贴"} <= set(found.words) <= set(found.tokens)
    assert found.named.organs == {"云岭市住房和城乡建设局"}
    assert [place.name for place in found.setting.places] == ["云岭市"]
    assert found.setting.years == ("2024",)
    assert found.expected.kind is not None
    assert found.expected.kind.name == "amount"
    assert (found.listing, found.field) == (None, None)


def test_a_list_and_a_field_are_told_from_content() -> None:
    listing = query("去年住建局答复了多少件", today=date(2026, 1, 1)).listing
    assert listing is not None
    assert listing.years == ("2025",)
    field = query("云建办〔2023〕18号是谁签发的").field
    assert field is not None
    assert field.asking.field == "signer"


def test_its_scope_is_that_of_the_directory() -> None:
    scope = Scope(public_only=True)
    assert parse("电梯", directory([], scope=scope), settings=Settings()).scope == scope


def test_words_as_written_ask_for_no_list_and_no_field() -> None:
    found = as_written("哪些B类", KNOWN)
    assert (found.typed, found.text) == ("哪些B类", "哪些B类")
    assert (found.listing, found.field) == (None, None)


def test_where_no_word_carries_a_subject_all_of_them_count() -> None:
    assert query("多少").words == query("多少").tokens


def test_a_query_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        query("电梯").text = "别的"  # type: ignore[misc]


def test_a_question_is_segmented_once_on_its_whole_way(
    counting: Counting, reader: SnapshotReader
) -> None:
    question = "养老服务中心建成了多少处?"
    known = directory_of(reader, Scope())
    counting.given.clear()
    ask(parse(question, known, settings=Settings()), reader, FakeModel(), settings=Settings())
    cut = [given for given in counting.given if len(given) > 4 and given in question]
    assert cut == [question]


def test_a_follow_up_and_the_question_before_it_are_segmented_once_each(
    counting: Counting,
) -> None:
    before = "青河区加装电梯补贴多少钱"
    follow_up.resolved(query("那充电桩呢?"), [before], KNOWN)
    subject = "，加装电梯补贴多少钱"  # what is left of it without its names
    assert counting.given == ["那充电桩呢?", before, subject]


def test_a_question_of_the_greatest_length_is_taken() -> None:
    assert checked("问" * 500, settings=Settings()) == "问" * 500
    assert checked("问" * 3, settings=Settings(question_length=3))
    with pytest.raises(WrongUse):
        checked("问" * 4, settings=Settings(question_length=3))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("加装电梯补贴多少钱", "加装电梯补贴多少钱？"),
        ("加装电梯补贴多少钱?  ", "加装电梯补贴多少钱？"),
        ("你好，请问加装电梯补贴多少钱？？", "加装电梯补贴多少钱？"),
        ("我想问一下路灯什么时候修。", "路灯什么时候修？"),
        ("？", "？"),
    ],
)
def test_how_a_question_is_put_makes_no_difference(typed: str, read: str) -> None:
    assert plainly(typed) == read
