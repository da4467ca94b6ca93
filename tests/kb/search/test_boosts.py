"""What a passage earns for the places, years and organs that a question names."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.boosts import ORGAN_BONUS, PLACE_BONUS, YEAR_BONUS, bonus, passage_words
from kb.search.hybrid import fuse
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.text.places import Setting, known_places, setting
from kb.text.similarity import pairs
from kb.text.synonyms import coverage
from kb.text.tokens import subject_tokens, tokens
from kb.types import EVERY_LETTER, Hit
from tests.support.asking import FakeModel, base_of, found_in, letter_text, two_letters, two_towns

KNOWN = known_places(
    ["云岭市民政局", "青河区教育局", "国家税务总局甘肃省税务局"],
    ["北京市人民政府办公厅关于应对疫情影响的意见", "关于印发《上海市养老服务条例》的通知"],
)


def earned(question: str, *, about: str = "", words: str = "", day: str | None = None) -> float:
    asked = setting(question, KNOWN, words=tokens(question))
    return bonus(asked, about=about, words=words, issued_on=day)


@pytest.mark.parametrize(
    ("about", "words", "share"),
    [
        ("北京市人民政府办公厅", "", 1.0),
        ("北京出台措施", "", 1.0),
        ("关于养老的通知", "北京市已建成", 1.0),
        ("上海市民政局", "学习北京市的做法", 0.0),  # another city's letter
        ("上海市与北京市的协议", "", 1.0),
        ("甘肃省民政厅", "学习北京市的做法", 1.0),  # a province is no other city
        ("关于养老的通知", "全国已建成", 0.0),
    ],
)
def test_a_passage_of_the_place_asked_for_earns_its_bonus(
    about: str, words: str, share: float
) -> None:
    assert earned("北京市养老院", about=about, words=words) == share * PLACE_BONUS


def test_of_two_places_each_earns_half() -> None:
    half = earned("云岭市青河区的学校", about="云岭市教育局")
    assert half == PLACE_BONUS / 2
    assert earned("云岭市青河区的学校", about="云岭市教育局", words="青河区") == PLACE_BONUS


@pytest.mark.parametrize(
    ("day", "words", "share"),
    [
        ("2024-05-06", "", 1.0),
        ("2023-05-06", "计划2024年底前完成", 1.0),
        ("2023-05-06", "2024个", 0.0),
        (None, "", 0.0),
    ],
)
def test_a_passage_of_the_year_asked_for_earns_its_bonus(
    day: str | None, words: str, share: float
) -> None:
    assert earned("2024年建了多少", words=words, day=day) == share * YEAR_BONUS


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_a_bonus_lies_within_its_bounds(question: str, about: str, words: str) -> None:
    assert 0 <= earned(question, about=about, words=words) <= PLACE_BONUS + YEAR_BONUS
    assert bonus(Setting(), about=about, words=words, issued_on=None) == 0


# --- what it makes of a search ---------------------------------------------------------------


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return two_letters(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return two_towns(tmp_path_factory.mktemp("towns"))


def bonuses(reader: SnapshotReader, question: str) -> dict[str, float]:
    """Letter id → what its hits have beyond fused score and coverage, each the same."""
    settings = Settings()
    lexical = reader.lexical(subject_tokens(question), limit=settings.depth, scope=EVERY_LETTER)
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


def test_letters_of_the_named_organ_earn_a_bonus(reader: SnapshotReader) -> None:
    question = "民政局的提案答复"
    assert found_in(reader, question).hits[0].passage.letter_id == "care"
    earned = bonuses(reader, question)
    assert earned["care"] == pytest.approx(ORGAN_BONUS)
    assert {one for id_, one in earned.items() if id_ != "care"} == {0.0}


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
