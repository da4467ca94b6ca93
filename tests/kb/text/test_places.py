"""Places and years: what a question names, and what heads name."""

from __future__ import annotations

import pytest

from kb.text.places import elsewhere, known_places, setting
from kb.text.tokens import tokens
from kb.text.traditional import simplified

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


# --- elsewhere --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("杭州公积金怎么提取", ("杭州",)),
        ("昆山市的社保怎么办", ("昆山市",)),
        ("重庆地铁几点停", ("重庆",)),
        ("杭州和深圳哪里落户容易", ("杭州", "深圳")),
        ("內蒙古的煤", ("内蒙古",)),
        ("河南省加装电梯", ("河南",)),
        ("云岭市和杭州市比公交谁多", ()),
        ("北京的补贴", ()),
        ("上海路的路灯坏了", ()),
        ("重庆路小学在哪", ()),
        ("我从深圳回来能上学吗", ()),
        ("老家医保在杭州能报吗", ()),
        ("兰州拉面馆油烟扰民", ()),
        ("大城市病怎么治", ()),
        ("直辖市有几个", ()),
        ("超市几点关门", ()),
        ("来宾登记", ()),
        ("日照时间", ()),
        ("青河区路灯", ()),
        ("", ()),
    ],
)
def test_a_question_about_another_place_is_told(question: str, places: tuple[str, ...]) -> None:
    assert elsewhere(tokens(simplified(question)), KNOWN) == places
