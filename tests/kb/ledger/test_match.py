"""Which commitment of before is which of now."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.ledger.match import ALIKE, Placed, _alike, matched, overlapping
from kb.text.chars import bare
from kb.types import Span
from tests.conftest import corpus_rows

TEXTS = st.text(alphabet="甲乙丙丁1 \n", min_size=1, max_size=8)


def placed(text: str, start: int = 0, *, here: bool = False, fixed: bool = False) -> Placed:
    return Placed(span=Span(start=start, end=start + len(text)), text=text, here=here, fixed=fixed)


def test_the_same_words_are_the_same_wherever_they_stand_white_space_aside() -> None:
    before = [placed("新增电梯60部"), placed("清淤九公里")]
    now = [placed("清淤九 公里", 40), placed("新增\n电梯60部", 90)]
    assert matched(before, now) == {0: 1, 1: 0}


def test_of_words_that_stand_twice_the_first_stays_the_first() -> None:
    before = [placed("加强监管", 5), placed("加强监管", 50)]
    now = [placed("加强监管", 15), placed("加强监管", 60)]
    assert matched(before, now) == {0: 0, 1: 1}


def test_an_edited_figure_is_still_the_same_commitment() -> None:
    before = [placed("将于2025年6月底前新增加装电梯60部"), placed("争取新增停车位200个")]
    now = [placed("争取新增停车位350个"), placed("将于2025年12月底前新增加装电梯80部")]
    assert matched(before, now) == {0: 1, 1: 0}


def test_what_is_unlike_is_another() -> None:
    assert matched([placed("新增加装电梯60部")], [placed("青河上段清淤九公里")]) == {}


def test_fixed_words_are_known_by_themselves_only() -> None:
    before = [placed("新增加装电梯60部", fixed=True)]
    assert matched(before, [placed("新增加装电梯80部")]) == {}
    assert matched(before, [placed("新增加装电梯60部")]) == {0: 0}


def test_in_the_same_text_the_place_alone_tells() -> None:
    before = [placed("新增电梯60部", 10, here=True)]
    assert matched(before, [placed("新增电梯60部", 90)]) == {}
    assert matched(before, [placed("将新增电梯60部，", 9)]) == {0: 0}


def test_the_place_that_fits_best_is_taken() -> None:
    before = [placed("一二三四五六七八", 10, here=True)]
    assert matched(before, [placed("一二三四五", 10), placed("一二三四五六七八九", 10)]) == {0: 1}


def test_no_two_commitments_of_a_sample_letter_count_as_one() -> None:
    letters: dict[str, list[str]] = {}
    for row in corpus_rows("commitments.jsonl"):
        letters.setdefault(row["letter"], []).append(row["text"])
    pairs = [pair for texts in letters.values() for pair in combinations(texts, 2)]
    alike = [pair for pair in pairs if _alike(placed(pair[0]), placed(pair[1]))]
    assert len(pairs) > 150
    assert not alike, f"{ALIKE} is too low"


def test_half_of_the_shorter_is_an_overlap() -> None:
    span = Span(start=10, end=20)
    assert overlapping(span, [Span(start=15, end=99)])
    assert overlapping(span, [Span(start=0, end=12), Span(start=18, end=20)])
    assert not overlapping(span, [Span(start=16, end=99), Span(start=20, end=30)])


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=6), st.lists(TEXTS, max_size=6))
def test_everybody_has_at_most_one_partner_and_the_same_words_have_one(
    before: list[str], now: list[str]
) -> None:
    pairs = matched([placed(one) for one in before], [placed(one) for one in now])
    assert len(set(pairs.values())) == len(pairs)
    left = [bare(one) for number, one in enumerate(before) if number not in pairs]
    free = [bare(one) for number, one in enumerate(now) if number not in pairs.values()]
    assert not set(left) & set(free)
