"""One box for everything: what it finds, and for whom."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest

from kb.store.register import Outcome, Registered, RegisterRow
from tests.support.fakes import MemoryStore
from tests.support.promises import LIFTS
from tests.support.served import Page
from tests.support.town import MOBILE, SECRET, came, founded, stored

ROW = RegisterRow(
    file="交办表.xlsx", place="第5行", numbers=("047",), title="关于加快农村公路建设的提案",
    proposers=("何春生",), host=("云岭市交通运输局",), assembly="市政协五届四次会议",
)  # fmt: skip


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


class Registering(MemoryStore):
    """A store whose snapshot has one row of a register."""

    def current(self):  # type: ignore[no-untyped-def]
        reader = super().current()
        joined = Outcome(standing="joined", letters=("甲",))
        reader.registered = lambda: [Registered(source="1", row=ROW, outcome=joined)]
        return reader


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return founded(tmp_path / "staff.db")


def page(path: Path, who: str, words: str, store: MemoryStore | None = None) -> Page:
    client = came(path, who, store or stored())
    response = client.get("/staff/search", params={"q": words})
    assert response.status_code == 200
    return Page.of(response.text)


def hrefs(found: Page) -> list[str]:
    return [a.attributes["href"] for a in found.all("a") if "href" in a.attributes]


@pytest.mark.parametrize(
    "words", ["云交函〔2024〕3号", "云交函(2024)3号", "047", "张三", "交通运输局"]
)
def test_a_letter_is_found_by_its_fields(path: Path, words: str) -> None:
    found = page(path, "manager", words)
    assert any("/staff/letters/路/〔2024〕3号" in unquote(href) for href in hrefs(found))


def test_a_letter_is_found_by_its_words_with_where_they_stand(path: Path) -> None:
    found = page(path, "manager", "公路硬化率")
    assert found.one("mark").text == "公路硬化率"
    assert any("start=" in href for href in hrefs(found))


def test_a_commitment_is_found_by_words_and_by_its_number(path: Path) -> None:
    assert LIFTS in page(path, "manager", "加装电梯").one("table").text
    assert LIFTS in page(path, "manager", "第1号").one("table").text
    assert "/staff/commitments/1" in hrefs(page(path, "manager", "1"))


def test_every_page_has_the_box_and_the_page_keeps_what_was_looked_for(path: Path) -> None:
    client = came(path, "reader", stored())
    for address in ("/staff", "/staff/commitments", "/staff/letters", "/staff/before"):
        box = Page.of(client.get(address).text).one("input", name="q", id="find")
        assert box.attributes["type"] == "search"
    again = page(path, "reader", '电"<b>').one("input", id="find")
    assert again.attributes["value"] == '电"<b>'


def test_without_words_and_without_findings_it_says_what_to_do(path: Path) -> None:
    assert "空一格" in page(path, "reader", " ").one("main").text
    assert "没有找到" in page(path, "reader", "飞船发射场").one("main").text


@pytest.mark.parametrize("words", [SECRET[:6], "大院"])
def test_who_may_not_see_all_finds_nothing_of_it(path: Path, words: str) -> None:
    assert "没有找到" in page(path, "reader", words).one("main").text
    assert "没有找到" not in page(path, "manager", words).one("main").text


@pytest.mark.parametrize("words", ["[2024]", "（2024）", "〔２０２４〕"])
def test_any_brackets_and_width_find_a_number(path: Path, words: str) -> None:
    found = page(path, "manager", words)
    assert any("〔2024〕3号" in unquote(href) for href in hrefs(found))


def test_what_is_masked_for_others_is_found_by_who_sees_it(path: Path) -> None:
    found = page(path, "admin", MOBILE)
    assert found.one("mark").text == MOBILE
    assert any(href.startswith("/staff/letters/%E7%94%B2") for href in hrefs(found))
    assert found.one("mark").text == page(path, "admin", MOBILE.translate(WIDE)).one("mark").text


def test_a_letter_that_is_found_by_its_number_offers_its_promises(path: Path) -> None:
    found = page(path, "manager", "密")
    assert SECRET in found.one("table").text
    assert "没有找到" in page(path, "reader", "密").one("main").text


def test_what_is_masked_is_not_found_by_who_sees_it_masked(path: Path) -> None:
    assert "没有找到" in page(path, "reader", MOBILE).one("main").text


def test_rows_of_registers_are_for_those_who_see_all(path: Path) -> None:
    store = Registering()
    with store.draft() as draft:
        draft.publish()
    found = page(path, "manager", "何春生", store)
    assert "关于加快农村公路建设的提案" in found.one("table").text
    assert "/staff/letters/%E7%94%B2" in hrefs(found)
    assert "关于加快农村公路建设的提案" in page(path, "manager", "47", store).one("main").text
    assert "没有找到" in page(path, "reader", "何春生", store).one("main").text
