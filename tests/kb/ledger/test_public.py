"""What citizens may see of the ledger: what staff confirmed in public letters, and no more."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kb.extract.types import Due
from kb.ledger import edit
from kb.ledger.events import entry
from kb.ledger.public import PublicLedger
from kb.ledger.types import Status
from kb.promises import ConfirmedPromise
from kb.staff.database import opened
from kb.store.protocol import SnapshotReader
from kb.types import Letter
from tests.support.fakes import MemoryStore
from tests.support.ledgers import TODAY, decided, ledger_at, proposed
from tests.support.promises import WANG, letter_of
from tests.support.stores import publish

PARK = "我局将于2025年6月底前建成滨河公园"
BUS = "计划2027年3月底前开通夜班公交"
FLOOD = "2026年两会前完成水渠清淤"
PROOF = "滨河公园完成九成"
SECRET = "滨河公园资金链断裂"


def base(*letters: Letter) -> SnapshotReader:
    store = MemoryStore()
    return publish(store, *letters)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "staff.db"


def seen(path: Path, reader: SnapshotReader, *, day: date = TODAY) -> dict[str, ConfirmedPromise]:
    return {one.text: one for one in ledger_at(path, day=day).confirmed(reader).promises}


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("not_started", "还没有启动"),
        ("under_way", "正在办理"),
        ("done", "已完成"),
        ("dropped", "不再实施"),
    ],
)
def test_what_a_person_said_is_told_in_plain_words(path: Path, status: Status, told: str) -> None:
    letter = letter_of(PARK, BUS)
    proposed(path, letter)
    decided(path, "滨河公园", status)
    found = seen(path, base(letter))
    assert {text: one.told for text, one in found.items()} == {PARK: told}


@pytest.mark.parametrize("status", [None, "rejected", "unverifiable"])
def test_what_nobody_confirmed_is_not_there(path: Path, status: Status | None) -> None:
    letter = letter_of(PARK, BUS)
    proposed(path, letter)
    if status:
        decided(path, "滨河公园", status)
    assert seen(path, base(letter)) == {}


@pytest.mark.parametrize("publicity", ["held", "closed", "on_request"])
def test_a_letter_that_is_not_public_promises_nothing_to_citizens(
    path: Path, publicity: str
) -> None:
    letter = letter_of(PARK)
    proposed(path, letter)
    decided(path, "滨河公园", "under_way")
    now = replace(letter, publicity=publicity)
    assert seen(path, base(now)) == {}
    assert ledger_at(path).of_letter(now, base(now)) == ()


def test_a_letter_that_was_not_public_when_it_was_proposed_waits_for_the_ledger(path: Path) -> None:
    letter = letter_of(PARK)
    proposed(path, replace(letter, publicity="held"))
    decided(path, "滨河公园", "under_way")
    assert seen(path, base(letter)) == {}


def test_a_letter_that_is_gone_or_reworded_promises_nothing(path: Path) -> None:
    letter = letter_of(PARK)
    proposed(path, letter)
    decided(path, "滨河公园", "under_way")
    assert seen(path, base(letter_of(BUS, letter_id="乙"))) == {}
    assert seen(path, base(letter_of(PARK.replace("2025", "2035")))) == {}


def test_evidence_is_words_of_public_letters_only(path: Path) -> None:
    letter = letter_of(PARK)
    later = letter_of(PROOF, letter_id="后来", issued_on="2025-09-01")
    closed = letter_of(SECRET, letter_id="内部", issued_on="2025-09-02", publicity="closed")
    proposed(path, letter)
    decided(path, "滨河公园", "under_way", proof=(later, PROOF))
    decided(path, "滨河公园", "not_started", proof=(closed, SECRET))
    (found,) = seen(path, base(letter, later, closed)).values()
    assert [(proof.letter_id, proof.text, proof.says) for proof in found.evidence] == [
        ("后来", PROOF, "有进展")
    ]
    (found,) = seen(path, base(letter, letter_of("别的话", letter_id="后来"), closed)).values()
    assert found.evidence == ()


def test_the_last_day_is_told_and_when_it_is_over(path: Path) -> None:
    letter = letter_of(PARK, BUS, FLOOD)
    proposed(path, letter)
    for words in ("滨河公园", "夜班公交", "清淤"):
        decided(path, words, "under_way")
    found = seen(path, base(letter))
    dues = {text: (one.due, one.overdue) for text, one in found.items()}
    assert dues[PARK] == ("2025年6月30日前", True)
    assert dues[BUS] == ("2027年3月31日前", False)
    assert [due for text, due in dues.items() if "清淤" in text] == [("2026年两会前", False)]
    early = seen(path, base(letter), day=date(2025, 6, 30))
    assert not early[PARK].overdue


def test_a_day_that_was_put_off_says_so(path: Path) -> None:
    letter = letter_of(PARK)
    proposed(path, letter)
    number = decided(path, "滨河公园", "under_way")
    due = Due(raw="推迟到年底", first="2024-05-06", last="2026-12-31", precision="year")
    with opened(path) as database:
        edit.correct(database, entry(database, number).seen, {"due": due}, by=WANG, reason="等电")
    (found,) = seen(path, base(letter)).values()
    assert (found.due, found.overdue) == ("2026年12月31日前（延期后，原定2025年6月30日前）", False)


def test_the_page_of_a_letter_and_the_answers_tell_the_same(path: Path) -> None:
    letter, other = letter_of(PARK, BUS), letter_of(FLOOD, letter_id="乙")
    proposed(path, letter, other)
    for words in ("滨河公园", "夜班公交", "清淤"):
        decided(path, words, "under_way")
    reader, ledger = base(letter, other), ledger_at(path)
    every = ledger.confirmed(reader).promises
    assert len(every) == 3
    assert ledger.of_letter(letter, reader) == tuple(p for p in every if p.letter_id == "甲")


def test_what_was_read_is_kept_a_minute_and_read_anew_for_a_new_snapshot(path: Path) -> None:
    letter, now = letter_of(PARK, BUS), [0.0]
    proposed(path, letter)
    decided(path, "滨河公园", "under_way")
    reader = base(letter)
    ledger = PublicLedger(path, today=lambda: TODAY, clock=lambda: now[0])
    assert len(ledger.confirmed(reader).promises) == 1
    decided(path, "夜班公交", "under_way")
    assert len(ledger.confirmed(reader).promises) == 1
    now[0] = 61.0
    assert len(ledger.confirmed(reader).promises) == 2
    store = MemoryStore()
    publish(store, letter)
    with store.draft() as draft:
        draft.drop(letter.id)
        draft.publish()
    assert ledger.confirmed(store.current()).promises == ()


@pytest.mark.parametrize(
    "content",
    [None, pytest.param(b"", marks=pytest.mark.sqlite), b"this is no database" * 99],
)
def test_a_database_that_cannot_be_read_confirms_nothing_and_says_so_once(
    path: Path, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    if content is not None:
        path.write_bytes(content)
    ledger, reader = ledger_at(path), base(letter_of(PARK))
    with caplog.at_level(logging.INFO, logger="fuwen.ledger"):
        assert ledger.confirmed(reader).promises == ()
        assert ledger.confirmed(reader).promises == ()
        assert ledger.of_letter(letter_of(PARK), reader) == ()
    level = "INFO" if content is None else "WARNING"
    assert [record.levelname for record in caplog.records] == [level]
    assert path.exists() == (content is not None)
    path.unlink(missing_ok=True)
    proposed(path, letter_of(PARK))
    decided(path, "滨河公园", "done")
    with caplog.at_level(logging.INFO, logger="fuwen.ledger"):
        assert len(ledger.confirmed(reader).promises) == 1
    assert "known again" in caplog.text


def test_reading_changes_nothing(path: Path) -> None:
    letter = letter_of(PARK)
    proposed(path, letter)
    decided(path, "滨河公园", "done")
    before = path.read_bytes()
    assert len(seen(path, base(letter))) == 1
    assert path.read_bytes() == before
