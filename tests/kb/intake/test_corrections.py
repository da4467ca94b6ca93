"""Corrections of fields: kept, told, undone; nothing that cannot be is taken."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.errors import WrongUse
from kb.intake import corrections
from kb.intake.corrections import correct, history, holding, in_force, typed, value_of
from kb.staff import audit
from kb.staff.database import opened
from tests.support.letters import make_letter
from tests.support.promises import WANG


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        yield database


def test_a_correction_holds_with_who_when_and_what_had_been_read(
    database: sqlite3.Connection,
) -> None:
    correct(database, "甲", {"issuer": ("县水局", "青山县水利局")}, by=WANG, reason="落款残缺")
    assert in_force(database) == {"甲": {"issuer": "青山县水利局"}}
    (event,) = history(database, "甲")
    assert (event.who, event.at, event.was, event.reason) == (
        WANG.who,
        WANG.at,
        "县水局",
        "落款残缺",
    )
    assert audit.entries(database, limit=1)[0].action == "field_corrected"
    audit.verify(database)


def test_a_second_correction_still_tells_what_the_program_had_read(
    database: sqlite3.Connection,
) -> None:
    correct(database, "甲", {"number": ("水函1号", "水函〔2025〕1号")}, by=WANG)
    correct(database, "甲", {"number": ("水函〔2025〕1号", "水函〔2025〕11号")}, by=WANG)
    held = holding(history(database, "甲"))["number"]
    assert (held.was, held.became) == ("水函1号", "水函〔2025〕11号")


def test_what_is_undone_holds_no_more_and_its_letter_is_still_told_of(
    database: sqlite3.Connection,
) -> None:
    correct(database, "甲", {"addressees": (("王某",), ("王某", "李某"))}, by=WANG)
    correct(database, "甲", {"addressees": (("王某", "李某"), None)}, by=WANG)
    assert in_force(database) == {"甲": {}}
    assert holding(history(database, "甲")) == {}
    correct(database, "甲", {"addressees": (("赵某",), ())}, by=WANG)
    assert in_force(database) == {"甲": {"addressees": ()}}
    assert holding(history(database, "甲"))["addressees"].was == ("赵某",)


def test_events_are_never_changed_nor_deleted(database: sqlite3.Connection) -> None:
    correct(database, "甲", {"kind": ("", "提案")}, by=WANG)
    for change in ("UPDATE field_event SET who = '他'", "DELETE FROM field_event"):
        with pytest.raises(sqlite3.IntegrityError):
            database.execute(change)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("publicity", "public"),
        ("text", "改正文"),
        ("issued_on", "2025年6月30日"),
        ("issued_on", "2025-02-30"),
        ("issued_on", "20250630"),
        ("result_class", "Z"),
        ("issuer", "甲局\n乙局"),
        ("issuer", "局" * 301),
        ("number", "函\u202e1号"),
        ("signer", "王\x00某"),
        ("cc", "\n".join(f"第{n}局" for n in range(51))),
    ],
)
def test_what_cannot_be_is_refused(field: str, text: str) -> None:
    with pytest.raises(WrongUse):
        typed(field, text)


def test_what_is_typed_is_tidied() -> None:
    assert typed("issuer", "  青山县  水利局 \n") == "青山县 水利局"
    assert typed("addressees", "王某\n\n 李某 ") == ("王某", "李某")
    assert typed("issued_on", "2025-06-30") == "2025-06-30"
    assert (typed("number", " "), typed("cc", "")) == ("", ())


def test_an_unknown_field_or_an_endless_reason_changes_nothing(
    database: sqlite3.Connection,
) -> None:
    with pytest.raises(WrongUse):
        correct(database, "甲", {"sha256": ("", "0")}, by=WANG)
    with pytest.raises(WrongUse):
        correct(database, "甲", {"kind": ("", "提案")}, by=WANG, reason="长" * 501)
    assert corrections.last(database) == 0


def test_the_value_of_every_field_can_be_told() -> None:
    letter = make_letter("甲", "青山县水利局", title="答复", issuer="青山县水利局")
    assert value_of(letter, "title") == "答复"
    assert value_of(letter, "issuer") == "青山县水利局"
    assert (value_of(letter, "number"), value_of(letter, "cc")) == ("", ())
