"""Whom a refusal sends citizens to, and whom it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.answer.quotes import near
from kb.answer.way_out import dialled, way_out
from kb.contacts import Contacts
from kb.profile import Profile, profile
from kb.replies import Contact
from kb.store.protocol import SnapshotReader
from tests.support.asking import parsed, two_towns

HOUSING, CIVIL = "云岭市住房和城乡建设局", "云岭市民政局"
HOTLINE = Contact(label="政务服务便民热线", value="12345", href="tel:12345")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    """Letters of two 民政局 of two cities and of one 住建局."""
    return two_towns(tmp_path_factory.mktemp("data"))


def place(**contacts: object) -> Profile:
    return replace(profile(), contacts=Contacts(**contacts))  # type: ignore[arg-type]


def offered(question: str, reader: SnapshotReader, *near_ids: str, **contacts: object) -> list[str]:
    nearest = [near(reader.letter(name), score=1.0) for name in near_ids]
    found = way_out(parsed(question, reader), nearest, reader, place=place(**contacts))
    return [f"{one.label} {one.value}" for one in found]


def test_everywhere_the_hotline_is_offered_and_can_be_dialled(reader: SnapshotReader) -> None:
    assert way_out(parsed("习近平是谁", reader), (), reader) == (HOTLINE,)


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("楼下着火了怎么办", ["119"]),
        ("有人落水了", ["119", "120"]),
        ("家里煤氣泄漏", ["119"]),
        ("有人晕倒了快来人", ["120"]),
        ("家里进贼了", ["110"]),
        ("救命", ["110", "120"]),
        ("路灯坏了归谁管", []),
    ],
)
def test_in_danger_it_is_said_first_whom_to_call(
    reader: SnapshotReader, question: str, numbers: list[str]
) -> None:
    found = way_out(parsed(question, reader), (), reader)
    assert [one.value for one in found] == [*numbers, "12345"]
    assert [one.href for one in found] == [f"tel:{number}" for number in (*numbers, "12345")]


def test_a_mailbox_is_offered_where_the_place_has_one(reader: SnapshotReader) -> None:
    web = place(mailbox="https://x.gov.cn/mayor")
    found = way_out(parsed("路灯", reader), (), reader, place=web)
    assert found[1] == Contact(
        label="市长信箱", value="https://x.gov.cn/mayor", href="https://x.gov.cn/mayor"
    )
    mail = place(mailbox="mayor@x.gov.cn", mailbox_name="县长信箱", hotline="")
    (found_mail,) = way_out(parsed("路灯", reader), (), reader, place=mail)
    assert (found_mail.label, found_mail.href) == ("县长信箱", "mailto:mayor@x.gov.cn")


@pytest.mark.parametrize("named", ["住建局", "云岭市住房和城乡建设局", "住房和城乡建设局"])
@pytest.mark.parametrize(
    "asked", ["住建局几点下班", "住房和城乡建设局在哪里", "云岭市住建局的电话"]
)
def test_the_organ_that_is_asked_for_is_offered_by_any_of_its_names(
    reader: SnapshotReader, named: str, asked: str
) -> None:
    assert offered(asked, reader, telephones={named: "0898-5501234"})[0] in (
        f"{HOUSING} 0898-5501234",
        f"{named} 0898-5501234",
    )


def test_an_organ_that_issued_no_letter_is_offered_where_it_is_asked_for(
    reader: SnapshotReader,
) -> None:
    numbers = {"公积金中心": "0898-5505678转2"}
    assert offered("公积金中心怎么走", reader, telephones=numbers)[0].startswith("公积金中心")
    assert offered("路灯不亮", reader, telephones=numbers) == ["政务服务便民热线 12345"]


def test_the_organ_of_a_near_letter_is_offered_and_no_other(reader: SnapshotReader) -> None:
    numbers = {HOUSING: "0898-5501234", CIVIL: "0898-5502345"}
    found = offered("老旧小区改造花了多少钱", reader, "estate", telephones=numbers)
    assert found == [f"{HOUSING} 0898-5501234", "政务服务便民热线 12345"]
    assert offered("怎么做红烧肉", reader, telephones=numbers) == ["政务服务便民热线 12345"]


def test_a_name_that_two_organs_bear_is_nobodys(reader: SnapshotReader) -> None:
    numbers = {"民政局": "0898-5502345"}
    assert offered("食堂几点开门", reader, "care", telephones=numbers) == ["政务服务便民热线 12345"]


@pytest.mark.parametrize(
    "question", ["杭州住建局电话多少", "北京市民政局在哪", "上海的住建局几点下班"]
)
def test_for_another_place_no_office_of_ours_is_offered(
    reader: SnapshotReader, question: str
) -> None:
    numbers = {HOUSING: "0898-5501234", CIVIL: "0898-5502345"}
    assert offered(question, reader, "estate", telephones=numbers) == ["政务服务便民热线 12345"]


def test_not_more_than_two_organs_are_offered_each_once(reader: SnapshotReader) -> None:
    numbers = {HOUSING: "0898-1111111", CIVIL: "0898-2222222", "临江市民政局": "0898-3333333"}
    found = offered("住建局和临江市民政局", reader, "care", "estate", telephones=numbers)
    assert len(found) == 3
    assert len(set(found)) == 3


@pytest.mark.parametrize(
    ("number", "href"),
    [
        ("12345", "tel:12345"), ("0898-5501234", "tel:08985501234"),
        ("（0898）550 1234", "tel:08985501234"), ("+86 898 5501234", "tel:+868985501234"),
        ("0898-5505678转2", "tel:08985505678,2"),
    ],
)  # fmt: skip
def test_a_number_is_dialled_without_its_marks(number: str, href: str) -> None:
    assert dialled(number) == href
