"""Places and years: what a question names, what heads name, and what a passage earns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.boosts import PLACE_BONUS, YEAR_BONUS, bonus
from kb.text.places import Setting, known_places, setting
from kb.text.tokens import tokens

KNOWN = known_places(
    ["云岭市民政局", "青河区教育局", "澜江省教育厅", "国家税务总局甘肃省税务局"],
    [
        "北京市人民政府办公厅关于应对疫情影响的意见",
        "关于印发《上海市养老服务条例》的通知",
        "广西壮族自治区人民政府关于调整的通知",
        "保障市民饮水的若干措施",
        "房地产市场平稳的通知",
        "全市老旧小区改造的答复",
        "对市政协五届二次会议第047号提案的答复",
    ],
)


def named(question: str) -> list[str]:
    return [place.name for place in setting(question, KNOWN, words=tokens(question)).places]


def earned(question: str, *, about: str = "", words: str = "", day: str | None = None) -> float:
    asked = setting(question, KNOWN, words=tokens(question))
    return bonus(asked, about=about, words=words, issued_on=day)


# --- what heads name --------------------------------------------------------------------------


def test_issuers_and_titles_name_the_places_they_begin_with_and_nothing_else() -> None:
    assert {place.name for place in KNOWN} == {
        "云岭市",
        "青河区",
        "澜江省",
        "甘肃省",
        "北京市",
        "上海市",
        "广西壮族自治区",
    }


def test_places_inside_a_place_are_named_too() -> None:
    places = known_places(["泰州市海陵区城东街道办事处"], [])
    assert {(one.name, one.kind, one.called) for one in places} == {
        ("泰州市", 1, "泰州"),
        ("海陵区", 2, "海陵区"),
        ("城东街道", 3, "城东街道"),
    }


@pytest.mark.parametrize(
    "issuer", ["住房和城乡建设部", "高新区管委会", "示范区管委会", "", "市民政局", "中共青河"]
)
def test_what_only_looks_like_a_place_is_none(issuer: str) -> None:
    assert known_places([issuer], [issuer]) == ()


def test_a_people_is_no_part_of_what_a_place_is_called() -> None:
    places = known_places(["广西壮族自治区教育厅", "甘孜藏族自治州教育局"], [])
    assert {place.called for place in places} == {"广西", "甘孜"}


# --- what a question names --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("北京市的房租减免", ["北京市"]),
        ("北京的房租减免", ["北京市"]),  # known, so its suffix may be left out
        ("云岭市青河区的学校", ["云岭市", "青河区"]),
        ("广西有什么措施", ["广西壮族自治区"]),
        ("坐公交去龙泉镇", ["龙泉镇"]),  # known to no title
        ("龙泉的公交", []),  # and so not without its suffix
        ("老旧小区和园区", []),
        ("全市有多少辆公交", []),
        ("装电梯，街道多少天调解", []),
        ("北京东城区区委", ["北京市", "东城区"]),
        ("", []),
    ],
)
def test_a_question_names_places(question: str, places: list[str]) -> None:
    assert named(question) == places


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("2024年建了多少", ("2024",)),
        ("２０２４ 年建了多少", ("2024",)),
        ("2023年和2024年、2023年", ("2023", "2024")),
        ("去年建了多少", ()),
        ("云民函〔2024〕7号", ()),
        ("12024年", ()),
        ("投资2024万元", ()),
    ],
)
def test_a_question_names_years(question: str, years: tuple[str, ...]) -> None:
    assert setting(question, KNOWN, words=tokens(question)).years == years


def test_a_question_that_names_neither_is_without_setting() -> None:
    assert not setting("加装电梯补助多少", KNOWN, words=tokens("加装电梯补助多少"))
    assert setting("2024年", KNOWN, words=tokens("2024年"))
    assert setting("北京", KNOWN, words=tokens("北京"))


# --- what a passage earns ---------------------------------------------------------------------


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
