"""The list of letters: found by what people know of a letter, narrowed by flags, paged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.privacy.publicity import UNKNOWN
from kb.privacy.redact import redacted
from kb.profile import profile
from kb.staff.permissions import Role
from kb.types import Field, Letter
from tests.support.fakes import MemoryStore, make_letter
from tests.support.served import Page
from tests.support.staffing import shown, staffed
from tests.support.stores import put


def letter(
    number: int, *members: str, flags: tuple[str, ...] = (), text: str = "明年修渠。", **given: str
) -> Letter:
    facts = {
        "issuer": "青山县水利局",
        "number": f"青水函〔2025〕{number}号",
        "issued_on": f"2025-03-{number:02}",
        "proposal_no": f"{number:03}",
        "proposal_title": f"关于修第{number}条渠的建议",
        **given,
    }
    made = make_letter(f"{number}.txt", text, title="答复", **facts)  # type: ignore[arg-type]
    named = tuple(Field(value=member, span=None, rule="test") for member in members)
    return replace(made, lists={"addressees": named} if named else {}, flags=flags)


LETTERS = (
    letter(1, "李春花委员", flags=("ocr", "ocr_low_confidence")),
    letter(2, "王小明代表", "赵六代表", issuer="青山县教育局", proposal_title="关于建校的提案"),
    letter(3, flags=("corrected",), result_class="B"),
    letter(4, publicity="held", flags=(UNKNOWN,)),
    letter(5, text="联系人：王小明，13812345678。", issued_on=""),
)


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    with store.draft() as draft:
        for one in LETTERS:
            prepared = redacted(one, profile().masking)
            put(draft, prepared.letter, hidden=prepared.hidden)
        draft.publish()
    return store


def browser(tmp_path: Path, store: MemoryStore, role: Role = "manager") -> TestClient:
    return staffed(tmp_path / "staff.db", role=role, store=store)


def found(client: TestClient, asked: str = "") -> list[str]:
    page = shown(client, f"/staff/letters{asked}")
    links = page.all("a", class_="words")
    return [link.attributes["href"].rpartition("/")[2].removesuffix(".txt") for link in links]


def test_all_are_listed_the_newest_first_and_each_leads_to_its_letter(
    tmp_path: Path, store: MemoryStore
) -> None:
    client = browser(tmp_path, store)
    assert found(client) == ["4", "3", "2", "1", "5"]
    assert client.get("/staff/letters/3.txt").status_code == 200


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("?q=青水函〔2025〕3号", "3"),
        ("?q=青水函[2025]3号", "3"),
        ("?q=２０２５ 3号&where=number", "3"),
        ("?q=李春花", "1"),
        ("?q=王小明&where=member", "2"),
        ("?q=教育局&where=organ", "2"),
        ("?q=教育局&where=member", ""),
        ("?q=第003号&where=proposal", "3"),
        ("?q=第3号&where=proposal", "3"),
        ("?q=3号", "3"),
        ("?q=号 第001号", "1"),
        ("?q=建校", "2"),
        ("?q=建校 水利局", ""),
        ("?q=修第1条渠", "1"),
        ("?q=修第1條渠", "1"),
        ("?q=5.txt", "5"),
        ("?q=没有的词", ""),
        ("?q=%25", ""),
        ("?where=nowhere&q=李春花", "1"),
    ],
)
def test_letters_are_found_by_what_people_know(
    tmp_path: Path, store: MemoryStore, asked: str, expected: str
) -> None:
    assert found(browser(tmp_path, store), asked) == expected.split()


@pytest.mark.parametrize(
    ("flag", "expected"),
    [
        ("doubt", "1"),
        ("ocr_low_confidence", "1"),
        ("corrected", "3"),
        ("held", "4"),
        ("not_public", "4"),
        ("masked", "5"),
        ("missing", "5"),
        ("nothing", "4 3 2 1 5"),
        ("tracked_changes", "4 3 2 1 5"),  # no letter has it, so that it is not offered
    ],
)
def test_flags_narrow_the_list(
    tmp_path: Path, store: MemoryStore, flag: str, expected: str
) -> None:
    assert found(browser(tmp_path, store), f"?flag={flag}") == expected.split()


def test_a_reader_finds_only_what_citizens_may_see(tmp_path: Path, store: MemoryStore) -> None:
    client = browser(tmp_path, store, role="reader")
    assert found(client) == ["3", "2", "1", "5"]
    assert found(client, "?flag=held") == ["3", "2", "1", "5"]
    assert "暂不公开" not in client.get("/staff/letters").text


def test_what_is_looked_for_is_shown_as_words(tmp_path: Path, store: MemoryStore) -> None:
    client = browser(tmp_path, store)
    page = Page.of(client.get("/staff/letters", params={"q": '"><script>x</script>'}).text)
    values = [one.attributes.get("value") for one in page.all("input")]
    assert '"><script>x</script>' in values


def test_a_long_list_has_pages(tmp_path: Path) -> None:
    store = MemoryStore()
    with store.draft() as draft:
        for number in range(1, 121):
            put(draft, replace(letter(1), id=f"{number}.txt"))
        draft.publish()
    client = browser(tmp_path, store)
    assert [len(found(client, f"?page={page}")) for page in (1, 2, 3)] == [50, 50, 20]
    assert len(found(client, "?page=99&q=水利局")) == 20
    assert "第 2 页，共 3 页" in client.get("/staff/letters?page=2").text


def test_where_nothing_is_published_the_list_says_so(tmp_path: Path) -> None:
    text = browser(tmp_path, MemoryStore()).get("/staff/letters").text
    assert "共 0 份" in text


def test_what_another_letter_stands_for_is_listed_where_that_is_asked_for(
    tmp_path: Path, store: MemoryStore
) -> None:
    with store.draft() as draft:
        draft.set_aside({"2.txt": ("1.txt", "older")})
        draft.publish()
    client = browser(tmp_path, store)
    assert "关于建校" not in shown(client, "/staff/letters").one("main").text
    page = shown(client, "/staff/letters?flag=aside").one("main").text
    assert "共 1 份" in page
    assert "这一份是较早的版本" in page
