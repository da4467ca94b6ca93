"""Two rankings fused, what a question names outright, and the scope."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import LetterNotFound
from kb.query.directory import Named, directory, letter_named, names, organs
from kb.search.boosts import ORGAN_BONUS, PLACE_BONUS, YEAR_BONUS, passage_words
from kb.search.hybrid import SYNONYM_WEIGHT, fuse, scaled
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.text.similarity import pairs
from kb.text.synonyms import coverage
from kb.text.tokens import subject_tokens, tokens
from kb.types import EVERY_LETTER, Hit, LetterHead, Scope
from tests.support.asking import FakeModel, base_of, found_in, letter_text

rankings = st.dictionaries(st.integers(0, 30), st.floats(-5, 50, allow_nan=False), max_size=12).map(
    lambda scores: list(scores.items())
)


def head(letter_id: str, **facts: str) -> LetterHead:
    known: dict[str, str | None] = dict.fromkeys(
        ("title", "number", "issuer", "issued_on", "result_class", "proposal_no", "kind")
    )
    return LetterHead(id=letter_id, publicity="public", sha256="", **{**known, **facts})  # type: ignore[arg-type]


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


# --- fusing -----------------------------------------------------------------------------------


def test_fusing_gives_the_hand_computed_table() -> None:
    lexical = [(1, 10.0), (2, 6.0), (3, 2.0)]  # scaled: 1, 0.5, 0
    dense = [(2, 0.9), (4, 0.8), (1, 0.7)]  # scaled: 1, 0.5, 0
    fused = fuse(lexical, dense, weight=0.4)
    assert [ordinal for ordinal, _ in fused] == [2, 1, 4, 3]
    assert [score for _, score in fused] == pytest.approx([0.8, 0.4, 0.3, 0.0])


def test_equal_scores_stand_in_the_order_of_ordinals() -> None:
    assert [o for o, _ in fuse([(5, 1.0), (3, 1.0), (4, 1.0)], [], weight=0.4)] == [3, 4, 5]


def test_scaling_of_nothing_of_one_and_of_equals() -> None:
    assert scaled([]) == {}
    assert scaled([(7, 0.2)]) == {7: 1.0}
    assert scaled([(1, 3.0), (2, 3.0)]) == {1: 1.0, 2: 1.0}
    assert fuse([], [], weight=0.4) == []


@given(rankings, rankings, st.floats(0, 1))
def test_fusing_names_every_passage_once_with_a_score_from_0_to_1(
    lexical: list[tuple[int, float]], dense: list[tuple[int, float]], weight: float
) -> None:
    fused = fuse(lexical, dense, weight=weight)
    assert {o for o, _ in fused} == {o for o, _ in lexical} | {o for o, _ in dense}
    assert len({o for o, _ in fused}) == len(fused)
    assert all(-1e-9 <= score <= 1 + 1e-9 for _, score in fused)
    assert [s for _, s in fused] == sorted((s for _, s in fused), reverse=True)


@given(rankings, rankings)
def test_a_weight_of_one_is_the_lexical_ranking(
    lexical: list[tuple[int, float]], dense: list[tuple[int, float]]
) -> None:
    scores = dict(fuse(lexical, dense, weight=1.0))
    assert {o: s for o, s in scores.items() if o in dict(lexical)} == pytest.approx(scaled(lexical))


# --- names ------------------------------------------------------------------------------------


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


# --- the base ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return base_of(
        tmp_path_factory.mktemp("data"),
        letter_text(),
        letter_text(
            "云住函〔2023〕9号",
            organ="云岭市住房和城乡建设局",
            proposal="047",
            subject="加装电梯",
            day="2023年6月1日",
            body="一、情况\n全市加装电梯60部，每部补助8万元。",
        ),
        ids=["care", "lift"],
    )


def test_a_named_number_keeps_the_search_inside_its_letter(reader: SnapshotReader) -> None:
    found = found_in(reader, "云民函（2024）7号加装电梯补助多少")
    assert found.named.letter_ids == ("care",)
    assert {hit.passage.letter_id for hit in found.hits} == {"care"}


def test_a_scope_keeps_the_search_and_the_names_inside_it(reader: SnapshotReader) -> None:
    scope = Scope(year=2023)
    found = found_in(reader, "养老服务中心有多少处", scope=scope)
    assert {hit.passage.letter_id for hit in found.hits} == {"lift"}
    assert found_in(reader, "云民函〔2024〕7号", scope=scope).named.missing


def test_hits_bear_the_ranks_and_scores_they_came_from(reader: SnapshotReader) -> None:
    best = found_in(reader, "加装电梯每部补助多少").hits[0]
    assert best.passage.letter_id == "lift"
    assert best.lexical_rank == 1
    assert best.lexical > 0
    assert best.passage == reader.passage(best.ordinal)


def test_letters_of_the_named_organ_earn_a_bonus(reader: SnapshotReader) -> None:
    question = "民政局的提案答复"
    assert found_in(reader, question).hits[0].passage.letter_id == "care"
    earned = bonuses(reader, question)
    assert earned["care"] == pytest.approx(ORGAN_BONUS)
    assert {one for id_, one in earned.items() if id_ != "care"} == {0.0}


def test_a_question_without_a_known_word_still_finds_neighbours(reader: SnapshotReader) -> None:
    assert found_in(reader, "？？").hits


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


# --- words of the domain, places and years ----------------------------------------------------


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
    """The same words from two cities in two years, and a letter about estates."""
    return base_of(
        tmp_path_factory.mktemp("towns"),
        letter_text(),
        letter_text("临民函〔2023〕9号", organ="临江市民政局", day="2023年6月1日"),
        letter_text(
            "云建函〔2022〕5号",
            organ="云岭市住房和城乡建设局",
            subject="改造",
            day="2022年6月1日",
            body="一、情况\n全市改造老旧小区60个，惠及3200户。",
        ),
        ids=["care", "far", "estate"],
    )


def bonuses(reader: SnapshotReader, question: str) -> dict[str, float]:
    """Letter id → what its hits have beyond fused score and coverage, each the same."""
    settings = Settings()
    lexical = reader.lexical(tokens(question), limit=settings.depth, scope=EVERY_LETTER)
    vector = FakeModel().question(question)
    dense = reader.nearest(vector, limit=settings.depth, scope=EVERY_LETTER)
    plain = dict(fuse(lexical, dense, weight=settings.lexical_weight))
    hits = found_in(reader, question).hits
    more = {(h.passage.letter_id, _beyond(h, plain, question, reader)) for h in hits}
    assert len(more) == len(dict(more))
    return dict(more)


def _beyond(hit: Hit, plain: dict[int, float], question: str, reader: SnapshotReader) -> float:
    words, two = passage_words(hit, reader), pairs(question)
    held = Settings().coverage_weight * coverage(subject_tokens(question), words)
    held += Settings().pair_weight * sum(pair in words for pair in two) / len(two)
    return round(hit.score - plain[hit.ordinal] - held, 9)


def test_what_holds_more_of_the_question_comes_first(tmp_path: Path) -> None:
    often = letter_text(body="一、情况\n" + "养老服务中心养老服务中心，养老服务中心。" * 9)
    whole = letter_text(
        "云民函〔2024〕8号", body="一、情况\n养老服务中心的食堂补助8万元。" + "其他事项。" * 90
    )
    reader = base_of(tmp_path, often, whole)
    assert found_in(reader, "养老服务中心的食堂补助").hits[0].passage.letter_id == "1"


def test_an_everyday_word_finds_the_official_one_for_half(towns: SnapshotReader) -> None:
    assert towns.lexical(tokens("老房子"), limit=9, scope=EVERY_LETTER) == []
    official = dict(towns.lexical(["老旧小区"], limit=9, scope=EVERY_LETTER))
    hits = [hit for hit in found_in(towns, "老房子").hits if hit.lexical_rank]
    assert {hit.ordinal: hit.lexical for hit in hits} == {
        ordinal: SYNONYM_WEIGHT * score for ordinal, score in official.items()
    }
    assert {hit.passage.letter_id for hit in hits} == {"estate"}


def test_the_asked_word_counts_more_than_the_one_it_brings(towns: SnapshotReader) -> None:
    question = "全市的老房子"
    scored = dict(towns.lexical(tokens(question), limit=9, scope=EVERY_LETTER))
    added = dict(towns.lexical(["老旧小区"], limit=9, scope=EVERY_LETTER))
    for hit in found_in(towns, question).hits:
        expected = scored.get(hit.ordinal, 0.0) + SYNONYM_WEIGHT * added.get(hit.ordinal, 0.0)
        assert hit.lexical == pytest.approx(expected)


def test_added_words_leave_the_ranking_within_its_depth(towns: SnapshotReader) -> None:
    found = found_in(towns, "老房子和养老服务中心")
    ranks = sorted(hit.lexical_rank for hit in found.hits if hit.lexical_rank)
    assert ranks == list(range(1, len(ranks) + 1))


def test_letters_of_the_place_asked_for_gain_and_the_rest_stay(towns: SnapshotReader) -> None:
    assert bonuses(towns, "临江的养老服务中心") == {"care": 0, "far": PLACE_BONUS, "estate": 0}
    hits = found_in(towns, "临江的养老服务中心").hits
    assert hits[0].passage.letter_id == "far"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_letters_of_the_year_asked_for_gain_and_the_rest_stay(towns: SnapshotReader) -> None:
    assert bonuses(towns, "2024年的养老服务中心") == {"care": YEAR_BONUS, "far": 0, "estate": 0}


def test_every_passage_of_a_letter_gains_by_the_one_that_names_the_year(tmp_path: Path) -> None:
    filler = "全市改造老旧小区60个，惠及居民3200户，群众十分满意。\n" * 40
    body = f"一、情况\n{filler}二、下一步打算\n我们将在2027年完成扫尾。"
    reader = base_of(tmp_path, letter_text(body=body), letter_text("云民函〔2024〕8号"))
    assert len(reader.passages_of("0")) > 1
    assert bonuses(reader, "2027年改造老旧小区多少个") == {"0": YEAR_BONUS, "1": 0}


def test_place_and_year_add_up(towns: SnapshotReader) -> None:
    found = bonuses(towns, "云岭市2024年的养老服务中心")
    both = PLACE_BONUS + YEAR_BONUS
    assert found == pytest.approx({"care": both, "far": 0, "estate": PLACE_BONUS})


def test_a_question_of_no_place_or_year_keeps_its_scores(towns: SnapshotReader) -> None:
    assert bonuses(towns, "养老服务中心有多少") == {"care": 0, "far": 0, "estate": 0}


def test_a_named_letter_keeps_the_search_inside_whatever_place_is_named(
    towns: SnapshotReader,
) -> None:
    found = found_in(towns, "云民函〔2024〕7号里临江市2023年的养老服务中心")
    assert {hit.passage.letter_id for hit in found.hits} == {"care"}


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
