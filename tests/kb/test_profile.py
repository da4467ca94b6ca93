"""What differs from place to place."""

from __future__ import annotations

import pytest

from kb.profile import profile


@pytest.mark.parametrize("letter", ["A", "B", "C", "D", "甲", "乙", "丙"])
def test_every_result_class_has_a_meaning(letter: str) -> None:
    assert profile().meaning(letter)


def test_an_unknown_class_or_none_has_no_meaning() -> None:
    assert profile().meaning("Z") is None
    assert profile().meaning(None) is None
    assert profile().meaning("") is None


@pytest.mark.parametrize(
    ("issuer", "aliases"),
    [
        (
            "焦作市住房和城乡建设局",
            {"焦作市住房和城乡建设局", "住房和城乡建设局", "焦作市住建局", "住建局"},
        ),
        (
            "云岭市发展和改革委员会",
            {"云岭市发展和改革委员会", "发展和改革委员会", "云岭市发改委", "发改委"},
        ),
        ("澜江省教育厅", {"澜江省教育厅", "教育厅"}),
        ("云岭市城管局", {"云岭市城管局", "城管局"}),
        ("九三学社", {"九三学社"}),
        ("九三学社云岭市委员会", {"九三学社云岭市委员会"}),
        ("云岭市水务", {"云岭市水务"}),
        ("云岭经济开发区管理委员会", {"云岭经济开发区管理委员会"}),
        (
            "澜江省市场监督管理局",
            {"澜江省市场监督管理局", "市场监督管理局", "澜江省市场监管局", "市场监管局"}
            | {"澜江省市监局", "市监局"},
        ),
        (
            "云岭市青河区住房和城乡建设局",
            {"云岭市青河区住房和城乡建设局", "住房和城乡建设局", "云岭市青河区住建局", "住建局"},
        ),
    ],
)
def test_an_organ_is_known_in_full_without_its_place_and_in_short(
    issuer: str, aliases: set[str]
) -> None:
    assert set(profile().aliases(issuer)) == aliases


@pytest.mark.parametrize(
    ("issuer", "said"),
    [
        ("云岭市住房和城乡建设局", "住建局"),
        ("云岭市住房和城乡建设委员会", "住建委"),
        ("云岭市发展和改革委员会", "发改委"),
        ("青河区发展和改革局", "发改局"),
        ("云岭市卫生健康委员会", "卫健委"),
        ("云岭市人力资源和社会保障局", "人社局"),
        ("澜江省人力资源和社会保障厅", "人社厅"),
        ("云岭市民政局", "民政局"),
        ("青河区教育体育局", "教体局"),
        ("云岭市教育局", "教育局"),
        ("云岭市交通运输局", "交通局"),
        ("云岭市市场监督管理局", "市场监管局"),
        ("云岭市工业和信息化局", "工信局"),
        ("云岭市文化广电和旅游局", "文旅局"),
        ("云岭市文化和旅游局", "文旅局"),
        ("云岭市农业农村局", "农业局"),
        ("云岭市自然资源和规划局", "自然资源局"),
        ("云岭市城市管理局", "城管局"),
        ("云岭市医疗保障局", "医保局"),
        ("云岭市应急管理局", "应急局"),
        ("云岭市退役军人事务局", "退役军人局"),
        ("云岭市公安局交通警察支队", "交警支队"),
    ],
)
def test_an_organ_answers_to_what_people_call_it(issuer: str, said: str) -> None:
    assert said in profile().aliases(issuer)


def test_no_alias_is_shorter_than_three_characters() -> None:
    for issuer in ("云岭市府", "市局", "市委办", "云岭市城市管理局", ""):
        assert all(len(name) >= 3 for name in profile().aliases(issuer))


def test_a_profile_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        profile("nowhere")
