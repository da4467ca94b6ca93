"""What differs from place to place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kb.contacts import Contacts
from kb.errors import WrongUse
from kb.profile import Held, choose, chosen, profile


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


def test_an_organ_has_the_other_names_that_a_place_tells(tmp_path: Path) -> None:
    own = profile(written(tmp_path / "own.toml", '[organs]\n"云岭市城市管理局" = ["市容局"]\n'))
    assert own.organs.one_name("市容局") == "云岭市城市管理局"
    assert own.organs.one_name("市水利局") == "市水利局"
    assert own.organs.spellings("市容局") == ("云岭市城市管理局", "市容局")
    assert "市容局" in own.aliases("云岭市城市管理局")
    assert profile().organs.spellings("市容局") == ("市容局",)


def test_no_alias_is_shorter_than_three_characters() -> None:
    for issuer in ("云岭市府", "市局", "市委办", "云岭市城市管理局", ""):
        assert all(len(name) >= 3 for name in profile().aliases(issuer))


@pytest.fixture
def restored() -> Iterator[None]:
    before = chosen()
    yield
    choose(before)


def written(path: Path, content: str) -> str:
    path.write_text(content, encoding="utf-8")
    return str(path)


def test_a_profile_that_is_not_there_says_which_there_are() -> None:
    with pytest.raises(WrongUse, match="common"):
        profile("nowhere")
    with pytest.raises(WrongUse, match="nowhere"):
        profile("/nowhere/x.toml")


def test_a_place_lays_its_own_tables_over_the_common_ones(tmp_path: Path) -> None:
    own = profile(
        written(
            tmp_path / "own.toml",
            '[classes]\nD = "转作参考"\n[held]\ncontributions = "as_marked"\n'
            '[contacts]\nmailbox = "https://x.gov.cn/mayor"\n'
            '[contacts.telephones]\n"住建局" = "0898-5501234"\n'
            '[mailboxes]\n"水利局" = "shuili@example.gov.cn"\n',
        )
    )
    assert (own.meaning("D"), own.meaning("A")) == ("转作参考", profile().meaning("A"))
    assert own.held == Held(contributions=False)
    assert own.contacts.hotline == "12345"
    assert own.mailboxes == {"水利局": "shuili@example.gov.cn"}
    assert own.contacts.mailbox == "https://x.gov.cn/mayor"
    assert own.contacts.telephones == {"住建局": "0898-5501234"}
    assert own.topics == profile().topics


def test_everywhere_there_is_a_hotline_and_nothing_else_is_made_up() -> None:
    assert replace(profile().contacts, urgent={}) == Contacts()
    assert list(profile().contacts.urgent) == ["119", "110", "120"]
    assert profile().held == Held()


@pytest.mark.usefixtures("restored")
def test_the_profile_that_a_program_chose_is_the_one_in_force(tmp_path: Path) -> None:
    own = written(tmp_path / "own.toml", '[classes]\nA = "已办"\n')
    choose(own)
    assert profile().meaning("A") == "已办"
    with pytest.raises(WrongUse):
        choose("nowhere")
    assert chosen() == own


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('[organs]\n"甲局" = "乙局"\n', "甲局"),
        ('[organs]\n"甲局" = ["乙局"]\n"乙局" = []\n', "乙局"),
        ('[organs]\n"甲局" = ["乙局"]\n"丙局" = ["乙局"]\n', "丙局"),
        ("[contact]\n", "contact"), ("hotline = 1\n", "hotline"),
        ('[mailboxes]\n"水利局" = "https://x@y.cn"\n', "水利局"),
        ('[mailboxes]\n"水利局" = 1\n', "水利局"),
        ("[contacts]\nhotline = 12345\n", "hotline"), ("[contacts]\nphone = \"1\"\n", "phone"),
        ('[contacts]\nhotline = "找我"\n', "不是电话号码"),
        ('[contacts]\nmailbox = "javascript:alert(1)"\n', "mailbox"),
        ('[contacts]\ntelephones = "0898-1"\n', "telephones"),
        ('[contacts.urgent.119]\nname = "火警"\n', "urgent.119"),
        ('[contacts.urgent.119]\nname = "火警"\nwords = [1]\n', "urgent.119"),
        ('[contacts.urgent."找我"]\nname = "火警"\nwords = ["火"]\n', "不是电话号码"),
        ('[contacts.telephones]\n"住建局" = "<b>1</b>"\n', "不是电话号码"),
        ('[contacts.telephones]\n"住建局" = 12345\n', "不是电话号码"),
        ('[held]\ncontributions = "yes"\n', "as_marked"), ('[held]\nother = "held"\n', "other"),
        ("[held\n", "TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_profile_is_told(tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(WrongUse, match=told):
        profile(written(tmp_path / "own.toml", content))
