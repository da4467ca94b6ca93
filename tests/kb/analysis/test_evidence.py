"""Which later sentences speak of a promise: proposed with their reasons, each verbatim."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest

from kb.analysis.evidence.candidates import MOST, evidence_candidates
from kb.analysis.refresh import refresh_ledger
from kb.ledger.queries import Wanted, each
from kb.ledger.types import Entry
from kb.staff.database import opened
from kb.store.protocol import SnapshotReader
from kb.text.chars import bare
from kb.types import Scope
from tests.conftest import corpus_rows
from tests.support.linked import LINKED
from tests.support.promises import PROGRAMS

LIFTS = ("云建办〔2023〕18号.txt", "2023年年底前，将新增建成加装电梯60部")
LATER = "云建函〔2025〕9号.txt"


@pytest.fixture(scope="module")
def book(
    tmp_path_factory: pytest.TempPathFactory, base: SnapshotReader
) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path_factory.mktemp("staff") / "staff.db") as database:
        refresh_ledger(database, base, by=PROGRAMS)
        yield database


@pytest.fixture(scope="module")
def ledger(book: sqlite3.Connection) -> list[Entry]:
    return list(each(book, Wanted()))


def entry_of(ledger: list[Entry], letter: str, words: str) -> Entry | None:
    """The commitment of ``letter`` that holds these words."""
    return next(
        (one for one in ledger if one.citation.letter_id == letter and words in bare(one.text)),
        None,
    )


def lifts(ledger: list[Entry]) -> Entry:
    found = entry_of(ledger, *LIFTS)
    assert found
    return found


def test_what_later_letters_say_of_the_sample_promises_is_among_the_first_three(
    base: SnapshotReader, ledger: list[Entry]
) -> None:
    answers = {
        (row["letter"], bare(row["text"])[:18]): row["kept_by"]
        for row in corpus_rows("commitments.jsonl")
    }
    asked = found = right = 0
    for letter, words, relations in LINKED:
        entry = entry_of(ledger, letter, words)
        if entry is None:
            continue
        first = evidence_candidates(entry, base)[:3]
        told = [one for one in first if one.citation.letter_id == answers[letter, words]]
        asked += 1
        found += bool(told)
        right += any(one.relation[0].upper() in relations for one in told)
    assert asked >= 60
    assert found / asked >= 0.85
    assert right / found >= 0.88


def test_every_candidate_is_verbatim_later_and_says_why(
    base: SnapshotReader, ledger: list[Entry]
) -> None:
    for entry in ledger:
        some = evidence_candidates(entry, base)
        assert len(some) <= MOST
        assert [one.score for one in some] == sorted((one.score for one in some), reverse=True)
        for one in some:
            letter = base.letter(one.citation.letter_id)
            assert one.span.of(letter.text) == one.text
            assert (one.citation.issued_on or "") > (entry.citation.issued_on or "")
            assert len(one.why) >= 2


def test_the_reasons_are_words_for_people(base: SnapshotReader, ledger: list[Entry]) -> None:
    told = next(
        one for one in evidence_candidates(lifts(ledger), base) if one.citation.letter_id == LATER
    )
    assert "原定2023年年底前建成60部" in told.text
    assert {"同一单位", "提到原定期限“2023年年底前”", "晚于原定的2023-12-31"} <= set(told.why)


def test_letters_out_of_scope_propose_nothing(base: SnapshotReader, ledger: list[Entry]) -> None:
    scope = Scope(letter_ids=(LIFTS[0], "停车难.pdf"))
    assert not any(
        one.citation.letter_id == LATER
        for one in evidence_candidates(lifts(ledger), base, scope=scope)
    )


def test_a_commitment_whose_letter_is_gone_is_still_looked_for(
    base: SnapshotReader, ledger: list[Entry]
) -> None:
    entry = lifts(ledger)
    gone = replace(entry, citation=replace(entry.citation, letter_id="不在快照里.txt"))
    assert LATER in {one.citation.letter_id for one in evidence_candidates(gone, base)}
