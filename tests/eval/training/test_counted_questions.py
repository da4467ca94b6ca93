"""Questions for figures that a reading model learns from: the figure stands where it is said."""

from __future__ import annotations

from eval.training.counted_questions import asked

TEXT = (
    "一是推进适老化改造。累计投入1500余万元，帮助5382户老年人家庭进行适老化改造，提前完成任务。"
    "2023年，完成776户特殊困难老年人家庭适老化改造。建成公园3个。"
)


def test_the_figure_is_a_place_in_its_passage() -> None:
    found = list(asked(["没有数字的段落。", TEXT], seed=0))
    assert found
    for number, question, place in found:
        assert number == 1
        assert place.of(TEXT) in {"1500余万元", "5382户", "776户", "3个"}
        assert place.of(TEXT) not in question


def test_the_same_seed_asks_the_same_and_another_does_not() -> None:
    texts = [TEXT.replace("76", str(n)) for n in range(20, 40)]
    assert list(asked(texts, seed=1)) == list(asked(texts, seed=1))
    assert list(asked(texts, seed=1)) != list(asked(texts, seed=2))


def test_a_passage_is_asked_about_twice_at_most() -> None:
    assert len(list(asked([TEXT], seed=0))) == 2


def test_a_figure_without_a_rival_is_not_asked_for() -> None:
    assert list(asked(["全年帮助5382户老年人家庭进行适老化改造。"], seed=0)) == []
