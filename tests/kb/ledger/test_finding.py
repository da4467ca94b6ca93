"""Commitments looked up by words, through an index that follows every change."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from kb.ledger import edit
from kb.ledger.finding import matching
from kb.ledger.policy import as_seen
from kb.ledger.rebuild import rebuild
from kb.staff.database import opened
from tests.support.promises import CARS, LIFTS, ORGAN, WANG, all_entries, letter_of, put

ALL = partial(as_seen, unmasked=True)
PUBLIC = partial(as_seen, unmasked=False)
MOBILE = "13812345678"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as book:
        _fill(book)
        yield book


def _fill(book: sqlite3.Connection) -> None:
    put(book, letter_of(LIFTS, CARS, letter_id="甲", number="云建函〔2024〕7号"), (LIFTS, CARS))
    called = f"将于年底前由联系电话{MOBILE}的同志建成食堂"
    put(book, letter_of(called, letter_id="乙"), (called,))
    closed = "将于年底前修好大院的围墙"
    put(book, letter_of(closed, letter_id="密", publicity="closed"), (closed,))


def told(book: sqlite3.Connection, *words: str, limit: int = 10) -> list[str]:
    return [one.citation.letter_id for one in matching(book, words, limit=limit, shown=ALL)]


@pytest.mark.parametrize(
    ("words", "letters"),
    [
        (("加装电梯",), ["甲"]),
        (("电梯",), ["甲"]),  # two characters
        (("梯",), ["甲"]),  # one
        (("停车位", "云建函〔2024〕7号"), ["甲"]),
        (("[2024]",), ["甲", "甲"]),
        (("云建函（２０２４）7号", "电梯"), ["甲"]),
        (("围墙",), ["密"]),  # the last two characters of a text
        (("电梯", "围墙"), []),
        (("飞船",), []),
        (('"电梯" OR *',), []),
        ((ORGAN,), ["密", "乙", "甲", "甲"]),
        ((" ",), []),
    ],
)
def test_what_has_all_the_words_is_found_the_latest_first(
    ledger: sqlite3.Connection, words: tuple[str, ...], letters: list[str]
) -> None:
    assert told(ledger, *words) == letters


def test_no_more_are_given_than_asked_for(ledger: sqlite3.Connection) -> None:
    assert len(told(ledger, ORGAN, limit=2)) == 2


def test_what_somebody_may_not_see_they_cannot_look_for(ledger: sqlite3.Connection) -> None:
    assert told(ledger, MOBILE[:7]) == ["乙"]
    for secret in (MOBILE[:7], MOBILE[3:6], "围墙"):
        assert matching(ledger, [secret], limit=10, shown=PUBLIC) == []
    assert len(matching(ledger, ["食堂"], limit=10, shown=PUBLIC)) == 1


def test_the_index_follows_every_change(ledger: sqlite3.Connection) -> None:
    lifts = next(one for one in all_entries(ledger) if "电梯" in one.text)
    edit.correct(ledger, lifts.seen, {"organ": "云岭市水利局"}, by=WANG, reason="改派")
    assert told(ledger, "水利局") == ["甲"]
    ledger.execute("DELETE FROM commitment_text WHERE rowid = ?", (lifts.id,))
    assert told(ledger, "水利局") == []
    rebuild(ledger, by=WANG)
    assert told(ledger, "水利局") == ["甲"]
