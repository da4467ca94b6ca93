"""What a later sentence is told as, beside the promise that it may speak of."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest

from eval.evidence import OWN, Pair, pairs_of, scores, tables, told, verdict
from kb.analysis.evidence.judge import CLASSES, WEIGHTS, weights
from kb.analysis.evidence.objects import objects
from kb.analysis.evidence.things import things_in
from kb.analysis.evidence.wording import ROWS, Wording, telling
from kb.models.embedding import embedding_model
from kb.settings import Settings
from kb.types import Letter, Passage, Vectors

LIBRARY = "我局将于2024年10月底前建成社区图书室12处"
LAMPS = "2023年12月底前在东河大道安装路灯80盏"
SIGNAL = "拟在安和路口增设公交站亭和座椅"
ROUTE = "9月1日起将公交8路延伸至城北新区"


EMBEDDER = embedding_model(Settings().model)


def shown(promise: str, later: str) -> str:
    """What is shown of ``later``, which a letter of a year after the promise says."""
    return told(
        verdict(
            Pair(
                promise=promise,
                promise_date="2023-03-01",
                due=None,
                later=later,
                later_date="2025-03-01",
                relation="none",
                source="test",
            ),
            EMBEDDER,
        )
    )


@pytest.mark.parametrize(
    ("promise", "later"),
    [
        (LIBRARY, "社区图书室12处已于2024年9月全部建成，对居民开放。"),
        (LAMPS, "东河大道的路灯80盏已全部安装完毕，11月20日通电。"),
        (ROUTE, "公交8路已于9月1日延伸至城北新区，末班21点。"),
    ],
)
def test_what_was_done_is_told_as_done(promise: str, later: str) -> None:
    assert shown(promise, later) == "fulfils"


@pytest.mark.parametrize(
    ("promise", "later"),
    [
        (LIBRARY, "社区图书室已建成7处，其余5处正在装修。"),
        (LIBRARY, "2024年10月底前已建成社区图书室9处。"),
        (LIBRARY, "社区图书室建成五处并投入使用。"),
        (LAMPS, "东河大道已安装路灯45盏，剩余35盏等待管线施工。"),
        (LAMPS, "东河大道路灯已安装，其中北段尚未通电。"),
    ],
)
def test_what_is_done_in_part_is_never_told_as_done(promise: str, later: str) -> None:
    assert shown(promise, later) in ("progresses", "related")


@pytest.mark.parametrize(
    ("promise", "later"),
    [
        (LAMPS, "东河大道路灯安装已于9月开工，敷设电缆2公里。"),
        (LAMPS, "东河大道80盏路灯正在安装，已接电。"),
        (SIGNAL, "安和路口的座椅已全部装好，投入使用。"),
    ],
)
def test_what_is_begun_or_one_of_two_is_not_told_as_done(promise: str, later: str) -> None:
    assert shown(promise, later) != "fulfils"


@pytest.mark.parametrize(
    ("promise", "later"),
    [
        (LIBRARY, "因经费没有落实，社区图书室不再建设。"),
        (ROUTE, "因道路没有打通，公交8路延伸至城北新区一事暂缓，取消原定安排。"),
    ],
)
def test_what_was_given_up_is_told_as_that(promise: str, later: str) -> None:
    assert shown(promise, later) == "contradicts"


@pytest.mark.parametrize(
    ("promise", "later"),
    [
        (LIBRARY, "全市学校食堂12处已全部完成明厨亮灶改造。"),
        (LAMPS, "东河大道破损的井盖已全部更换完毕。"),
        (LAMPS, "西湖路80盏路灯已全部安装完毕。"),
        (ROUTE, "公交18路已于9月1日延伸至城北新区。"),
        (ROUTE, "城北新区的污水管网已全部建成通水。"),
    ],
)
def test_the_same_of_another_thing_is_not_told_as_done(promise: str, later: str) -> None:
    assert shown(promise, later) != "fulfils"


def test_the_project_s_pairs_are_told_as_precisely_as_is_said() -> None:
    pairs = pairs_of(OWN)
    found = scores(tables(pairs, [told(verdict(pair, EMBEDDER)) for pair in pairs])["全部"])
    assert found["fulfils"].precision >= 0.88
    assert found["fulfils"].recall >= 0.6


def test_what_those_wrote_who_had_not_seen_the_rules_is_precise_enough() -> None:
    held_out = json.loads(WEIGHTS.read_text(encoding="utf-8"))["held_out"]
    assert held_out["writers"]["pairs"] >= 480
    assert held_out["writers"]["fulfils"]["precision"] >= 0.85


def test_the_weights_are_small_can_be_read_and_say_what_they_reached() -> None:
    text = WEIGHTS.read_text(encoding="utf-8")
    assert len(text.encode()) < 1_000_000
    assert max(map(len, text.splitlines()[20:])) < 200
    assert json.loads(text)["held_out"]["own"]["fulfils"]["precision"] >= 0.85
    assert weights().slopes.shape == (len(weights().names), len(CLASSES))


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        ("安和路口的公交站亭、座椅都已装好", "listed_halved", 0),
        ("安和路口的座椅已装好", "listed_halved", 1),
        ("安和路口的座椅已装好", "object", 1),
        ("安和路口的绿化带已补植", "objects_none", 1),
    ],
)
def test_what_is_done_to_what_is_told_part_by_part(words: str, name: str, value: float) -> None:
    assert dict(objects(SIGNAL, words, words, words))[name] == value


@pytest.mark.parametrize(
    ("promise", "words", "name"),
    [
        ("年底前建成市档案馆", "市展览馆已建成开放", "kin_apart"),
        ("编制《地下管线综合规划》", "《城市排水专项规划》已印发", "kin_apart"),
        ("继续免费开放自习室", "自习室已按小时收费", "opposed"),
        ("把末班车延长到22点，延伸至北站", "末班车因客流少已停运", "opposed"),
    ],
)
def test_another_of_a_kind_and_the_opposite_are_known(promise: str, words: str, name: str) -> None:
    assert dict(objects(promise, words, words, words))[name]
    assert not dict(objects(promise, promise, promise, promise))[name]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_of_wording_finds_its_example(row: Wording) -> None:
    assert row.pattern.search(row.example)
    assert not row.says or telling(row.example, row.says)


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("新建三家图书室", {"家": (3.0,)}),
        ("二十一个点位完成六成", {"点": (21.0,), "%": (60.0,)}),
        ("拨付1.5万元", {"元": (15000.0,)}),
        ("由36个增加到400个", {"个": (36.0, 400.0)}),
        ("2024年5月完成", {}),
    ],
)
def test_figures_are_read_in_words_and_digits(
    words: str, figures: dict[str, tuple[float, ...]]
) -> None:
    told_figures = things_in(words).figures
    for unit, values in figures.items():
        assert told_figures.get(unit, ()) == values
    if not figures:
        assert not told_figures


def test_the_number_and_the_side_of_things_are_read() -> None:
    things = things_in("公交15路延伸至翠屏小区北门，经东河大道")
    assert things.numbered["路"] == "15"
    assert things.sides["门"] == frozenset("北")
    assert things.names("翠屏小区的居民")
    assert not things.names("北苑小区的居民")
    assert things.other_road(things_in("西湖路的路灯"))
    assert not things.other_road(things_in("东河大道的路灯"))


class Unlike:
    """An embedder for which no two texts have anything in common."""

    name = weights().embedder

    def __init__(self) -> None:
        self.asked = 0

    def question(self, text: str) -> Vectors:
        self.asked += 1
        return np.eye(8, dtype=np.float32)[self.asked % 8]

    def passages(
        self, letter: Letter, passages: Sequence[Passage]
    ) -> tuple[Vectors, list[Vectors]]:
        raise AssertionError("only sentences are compared")


def test_a_sentence_of_another_meaning_is_not_told_as_done() -> None:
    done = Pair(
        promise=LAMPS,
        promise_date="2023-03-01",
        due=None,
        later="东河大道的路灯80盏已全部安装完毕。",
        later_date="2025-03-01",
        relation="fulfils",
        source="test",
    )
    embedder = Unlike()
    assert told(verdict(done, EMBEDDER)) == "fulfils"
    assert told(verdict(done, embedder)) != "fulfils"
    assert embedder.asked == 2
