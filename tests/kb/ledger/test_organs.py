"""Names that are probably one organ's are told to a person; only the profile makes them one."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.extract.types import Due
from kb.ledger import edit
from kb.ledger.events import entry
from kb.ledger.formats.icalendar import calendar
from kb.ledger.organs import likely_same
from kb.ledger.queries import Wanted, counts, each, names_of_organs, organs
from kb.ledger.rebuild import verify
from kb.profile import Organs, choose, chosen, profile
from kb.staff.accounts import Account
from kb.staff.database import opened
from kb.staff.permissions import may, same_organ
from tests.support.promises import TODAY, WANG, found_in, letter_of

FULL = "云岭市城市管理局"
DUE = Due(raw="年底前", first=None, last="2026-12-31", precision="year")
NAMES = (FULL, "市城管局", "云岭市城管局", "云岭市水利局")


def merged(*names: str) -> dict[str, tuple[str, ...]]:
    return {likely.full: likely.others for likely in likely_same(names, profile())}


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("云岭市城市管理局", "市城管局"),
        ("云岭市城市管理局", "云岭市城管局"),
        ("云岭市城市管理局", "城管局"),
        ("云岭市城市管理局", "市城市管理局"),
        ("云岭市人力资源和社会保障局", "市人社局"),
        ("云岭市住房和城乡建设局", "市住建局"),
        ("云岭市发展和改革委员会", "市发改委"),
        ("云岭市卫生健康委员会", "市卫健委"),
        ("云岭市市场监督管理局", "市市场监管局"),
        ("云岭市农业农村局", "市农业农村局"),
        ("澜江省教育厅", "省教育厅"),
        ("云岭市青河区城市管理局", "区城管局"),
        ("云岭市青河区城市管理局", "青河区城管局"),
        ("云岭市人民政府办公室", "市政府办"),
    ],
)
def test_a_short_name_of_the_same_place_is_probably_the_organs(full: str, short: str) -> None:
    assert merged(full, short) == {full: (short,)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("云岭市城市管理局", "区城管局"),
        ("云岭市城市管理局", "石桥区城管局"),
        ("云岭市城市管理局", "市财政局"),
        ("云岭市教育局", "云岭市交通运输局"),
        ("云岭市公安局交通警察支队", "市公安局"),
        ("云岭供电公司", "市水务公司"),
        ("市城管局", "城管局"),
    ],
)
def test_other_organs_are_left_alone(one: str, other: str) -> None:
    assert merged(one, other) == {}


def test_what_could_be_short_for_two_is_nobodys() -> None:
    assert merged("石桥区教育局", "青河区教育局", "区教育局") == {}
    assert merged("云岭市城市管理局", "青河区城市管理局", "城管局", "市城管局") == {
        "云岭市城市管理局": ("市城管局",)
    }


def test_the_line_to_add_is_toml_and_keeps_what_was_told_before() -> None:
    own = profile()
    told = Organs(names={"云岭市城市管理局": ("市城管局",)}, full={"市城管局": "云岭市城市管理局"})
    before = type(own)(classes=own.classes, short=own.short, topics=own.topics, organs=told)
    (likely,) = likely_same(["市城管局", "云岭市城管局", "云岭市城市管理局"], before)
    assert likely.others == ("云岭市城管局",)
    assert tomllib.loads(likely.line) == {"云岭市城市管理局": ["市城管局", "云岭市城管局"]}


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A commitment of each name, under a profile by which three are one organ's."""
    before = chosen()
    own = tmp_path / "own.toml"
    own.write_text(f'[organs]\n"{FULL}" = ["市城管局", "云岭市城管局"]\n', encoding="utf-8")
    with opened(tmp_path / "staff.db") as database:
        sentences = [f"第{n}项工程将完成" for n in range(len(NAMES))]
        letter = letter_of(*sentences)
        for sentence, organ in zip(sentences, NAMES, strict=True):
            found = found_in(letter, sentence, organ=organ, due=DUE)[0]
            edit.add(database, letter, found, by=WANG)
        choose(str(own))
        same_organ.cache_clear()
        yield database
    choose(before)
    same_organ.cache_clear()


def test_names_of_one_organ_are_one_in_lists_filters_and_counts(book: sqlite3.Connection) -> None:
    assert organs(book) == [FULL, "云岭市水利局"]
    assert names_of_organs(book) == sorted(NAMES)
    for name in NAMES[:3]:
        assert [one.id for one in each(book, Wanted(organ=name))] == [1, 2, 3]
        assert [one.id for one in each(book, Wanted(organs=(name, NAMES[3])))] == [1, 2, 3, 4]
    assert {one.organ for one in each(book, Wanted(organ=FULL))} == {FULL}
    found = {count.key: count.total for count in counts(book, ["organ", "year"], today=TODAY)}
    assert found == {(FULL, "2024"): 3, ("云岭市水利局", "2024"): 1}


def test_what_was_recorded_stays_as_it_was(book: sqlite3.Connection) -> None:
    assert entry(book, 2).organ == FULL
    (recorded,) = book.execute("SELECT organ FROM commitment WHERE id = 2").fetchone()
    assert recorded == "市城管局"
    assert verify(book) == len(NAMES)


def test_its_people_and_its_calendar_have_all_its_names(book: sqlite3.Connection) -> None:
    liu = Account(id=7, name="刘洋", role="reviewer", organs=("云岭市城管局",), disabled=False)
    assert all(may(liu, "review", organ=name) for name in NAMES[:3])
    assert not may(liu, "review", organ=NAMES[3])
    for name in NAMES[:3]:
        told = calendar(book, name, address_of=lambda number: f"/staff/commitments/{number}")
        assert told.count(b"BEGIN:VEVENT") == 3


def test_nothing_is_left_to_merge_once_the_profile_says_so(book: sqlite3.Connection) -> None:
    assert likely_same(names_of_organs(book), profile()) == ()
