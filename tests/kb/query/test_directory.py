"""Letters and organs that a question names outright, found by what their heads say."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kb.errors import LetterNotFound
from kb.query.directory import Named, letter_named, names, organs
from kb.query.given import directory
from kb.store.protocol import SnapshotReader
from kb.text.tokens import tokens
from kb.types import EVERY_LETTER, LetterHead, Scope
from tests.support.asking import base_of, found_in, letter_text, two_letters, two_towns
from tests.support.heads import head

HEADS = [
    head(
        "a",
        number="焦建办〔2024〕32号",
        proposal_no="1520135",
        kind="提案",
        issuer="焦作市住房和城乡建设局",
    ),
    head("b", number="云民函〔2024〕7号", proposal_no="086", kind="提案", issuer="云岭市民政局"),
    head("c", number="云教复[2023]11号", proposal_no="86", kind="建议", issuer="云岭市教育局"),
    head("d", issuer="云岭市发展和改革委员会"),
]


def named_in(question: str, heads: Sequence[LetterHead]) -> Named:
    return names(question, directory(heads), words=tokens(question))


@pytest.mark.parametrize(
    "question",
    [
        "焦建办〔2024〕32号讲了什么",
        "焦建办[2024]32号是谁签发的",
        "请问焦建办（2024）32号办理结果",
        "焦建办 (2024) 第32号",
        "文号为焦建办【2024】32号的答复",
    ],
)
def test_a_document_number_names_its_letter_whatever_the_brackets(question: str) -> None:
    named = named_in(question, HEADS)
    assert (named.letter_ids, named.by, named.missing) == (("a",), "文号", None)


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("第1520135号提案怎么答复的", ("a",)),
        ("1520135号提案", ("a",)),
        ("提案1520135号", ("a",)),
        ("第 086 号提案是谁提的", ("b",)),
        ("第86号提案", ("b",)),
        ("86号建议的答复", ("c",)),
        ("第86号议案", ("b", "c")),
        ("“086号”重点提案", ("b",)),
    ],
)
def test_a_proposal_number_names_its_letters_by_kind(question: str, ids: tuple[str, ...]) -> None:
    named = named_in(question, HEADS)
    assert (named.letter_ids, named.by, named.missing) == (ids, "提案号", None)


@pytest.mark.parametrize(
    ("question", "missing"),
    [("第9999号提案是谁提的", "第9999号"), ("云民函〔2024〕99号讲了什么", "云民函〔2024〕99号")],
)
def test_a_number_that_no_letter_bears_is_missing(question: str, missing: str) -> None:
    named = named_in(question, HEADS)
    assert named.letter_ids == ()
    assert named.missing is not None
    assert missing in named.missing


@pytest.mark.parametrize(
    "question",
    [
        "提案2023年提出的加装电梯办了吗",
        "这个建议2024年办得怎么样",
        "一共收到多少件提案",
        "老旧小区改造了1481个吗",
        "建议500户以上的小区怎么办",
        "2024年第一次会议",
        "第1个建议是什么",
        "12345热线的建议怎么提",
    ],
)
def test_a_year_or_a_figure_is_no_proposal_number(question: str) -> None:
    named = named_in(question, HEADS)
    assert (named.letter_ids, named.missing) == ((), None)


def test_letters_that_share_a_number_are_all_named() -> None:
    twins = [head("x", number="云民函〔2024〕7号"), head("y", number="云民函[2024]7号")]
    assert names(
        "云民函(2024)7号", directory(twins), words=tokens("云民函(2024)7号")
    ).letter_ids == ("x", "y")


def test_a_number_inside_a_longer_one_is_not_named() -> None:
    heads = [head("long", number="焦建办〔2024〕32号"), head("short", number="建办〔2024〕32号")]
    assert names(
        "焦建办〔2024〕32号", directory(heads), words=tokens("焦建办〔2024〕32号")
    ).letter_ids == ("long",)
    assert names(
        "请问建办〔2024〕32号", directory(heads), words=tokens("请问建办〔2024〕32号")
    ).letter_ids == ("short",)


@pytest.mark.parametrize(
    ("question", "issuer"),
    [
        ("云岭市民政局做了什么", "云岭市民政局"),
        ("民政局做了什么", "云岭市民政局"),
        ("住建局的答复", "焦作市住房和城乡建设局"),
        ("市发改委怎么说", "云岭市发展和改革委员会"),
        ("焦作市住建局", "焦作市住房和城乡建设局"),
    ],
)
def test_an_organ_is_named_in_full_without_its_place_or_in_short(
    question: str, issuer: str
) -> None:
    assert issuer in organs(question, directory(HEADS))


def test_an_organ_that_is_not_named_is_not_found() -> None:
    assert organs("小区电梯怎么办", directory(HEADS)) == frozenset()


def test_an_organ_named_with_its_place_is_no_other_places() -> None:
    heads = [head("a", issuer="焦作市住房和城乡建设局"), head("b", issuer="云岭市住房和城乡建设局")]
    known = directory(heads)
    assert organs("焦作市住建局怎么说", known) == {"焦作市住房和城乡建设局"}
    assert organs("住建局怎么说", known) == {head.issuer for head in heads}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return two_letters(tmp_path_factory.mktemp("data"))


def test_a_letter_is_found_by_id_or_number(reader: SnapshotReader) -> None:
    assert letter_named("lift", reader).id == letter_named("云住函(2023)9号", reader).id == "lift"
    with pytest.raises(LetterNotFound, match="请核对"):
        letter_named("云住函〔2023〕10号", reader)
    with pytest.raises(LetterNotFound, match="请核对"):
        letter_named("lift", reader, scope=Scope(letter_ids=("care",)))


def test_a_question_may_cite_a_document_that_a_letter_quotes(tmp_path: Path) -> None:
    text = letter_text().replace("现答复如下", "依据国办发〔2014〕46号公开，现答复如下")
    reader = base_of(tmp_path, text)
    assert found_in(reader, "请问国办发[2014]46号要求什么").named.missing is None
    assert found_in(reader, "请问国办发[2014]47号要求什么").named.missing == "国办发〔2014〕47号"


class Watched:
    """A reader that counts how often its heads are asked for."""

    def __init__(self, reader: SnapshotReader) -> None:
        self._reader = reader
        self.asked = 0

    def letters(self, scope: Scope = EVERY_LETTER) -> Sequence[LetterHead]:
        self.asked += 1
        return self._reader.letters(scope)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return two_towns(tmp_path_factory.mktemp("towns"))


def test_heads_are_read_once_for_the_directory_of_a_reader(towns: SnapshotReader) -> None:
    watched = Watched(towns)
    counts = []
    for _ in range(3):
        found_in(watched, "临江的养老服务中心")  # type: ignore[arg-type]
        counts.append(watched.asked)
    assert [after - before for before, after in pairwise(counts)] == [0, 0]


def test_each_scope_has_its_own_directory(towns: SnapshotReader) -> None:
    inside = found_in(towns, "临江市民政局的养老服务中心", scope=Scope(year=2023))
    assert inside.named.organs == {"临江市民政局"}
    assert (
        found_in(towns, "临江市民政局", scope=Scope(year=2024)).named.organs != inside.named.organs
    )


def test_a_reader_that_was_asked_is_let_go_of(towns: SnapshotReader) -> None:
    watched = Watched(towns)
    found_in(watched, "临江的养老服务中心")  # type: ignore[arg-type]
    alive = weakref.ref(watched)
    del watched
    gc.collect()
    assert alive() is None
