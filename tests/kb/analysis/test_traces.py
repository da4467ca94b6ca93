"""A letter that was taken down is gone, or it is said where it is not, and who can mend it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexer.whole import Base, indexed
from kb.analysis.traces import mend, traces
from kb.errors import BadSnapshot, WrongUse
from kb.feedback.questions import Location, Noted, note
from kb.intake import uploads
from kb.intake.corrections import correct
from kb.ledger.edit import move
from kb.ledger.types import Seen
from kb.settings import Settings
from kb.staff.database import NAME, opened
from kb.store.local.store import LocalStore
from kb.store.traces import Trace
from kb.store.vector_cache import VectorCache
from kb.types import Span
from tests.support.asking import FakeModel, letter_text
from tests.support.fakes import cut, make_letter, tokenize
from tests.support.promises import PROGRAMS, WANG

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
ID = "8.txt"


class Town:
    """A data folder with two letters from an inbox, a ledger, and questions that were noted."""

    def __init__(self, folder: Path) -> None:
        self.data, self.inbox = folder / "data", folder / "inbox"
        self.inbox.mkdir()
        with opened(self.data / NAME):
            pass
        for number in (7, 8):
            self.write(number)
        self.store = LocalStore(self.data, fingerprint={}, tokenize=tokenize)
        self.update()

    def write(self, number: int) -> None:
        text = letter_text(f"云民函〔2024〕{number}号", subject=f"第{number}件事")
        (self.inbox / f"{number}.txt").write_text(text, "utf-8")

    def update(self) -> None:
        settings = Settings(data=self.data)
        indexed([self.inbox], Base(settings=settings, store=self.store, embedder=FakeModel()))

    def take_down(self) -> None:
        (self.inbox / ID).unlink()
        self.update()

    def left(self, remedy: str | None = None) -> set[str]:
        return {t.where for t in traces(self.data, ID) if remedy in (None, t.remedy)}

    def mend(self) -> list[Trace]:
        present = {head.id for head in self.store.current().letters()}
        return mend(self.data, ID, present=present, by=PROGRAMS)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def test_of_a_letter_that_is_still_served_it_says_so_and_takes_nothing_away(town: Town) -> None:
    assert {"letters", "lexical", "original", "vector_cache"} <= town.left()
    versions = town.store.versions()
    with pytest.raises(WrongUse, match="还在当前快照里"):
        town.mend()
    assert town.store.versions() == versions


def test_after_the_update_older_snapshots_and_the_original_are_left_and_mended(town: Town) -> None:
    town.take_down()
    assert town.left("mend") == {"older_snapshot", "original"}
    town.mend()
    assert town.left() == {"ledger"}
    assert len(town.store.versions()) == 1
    assert all(ID.encode() not in file.read_bytes() for file in town.data.rglob("letters.db"))
    words = "第8件事".encode()
    left = [
        file
        for file in (town.data / "snapshots").rglob("*")
        if file.is_file() and words in file.read_bytes()
    ]
    assert left == []


def test_a_letter_that_never_was_is_gone(town: Town) -> None:
    assert traces(town.data, "nothing.txt") == []


def test_the_same_text_under_another_name_is_named(town: Town) -> None:
    (town.inbox / "copy.txt").write_bytes((town.inbox / ID).read_bytes())
    town.update()
    town.take_down()
    found = {t.where: t for t in town.mend()}
    assert found["original"].remedy == "yours"
    assert found["copy"].remedy == "yours"
    assert "copy.txt" in found["copy"].told


def test_questions_that_name_it_forget_it(town: Town) -> None:
    quote = Location(letter_id=ID, span=Span(start=0, end=3))
    asked = [
        Noted(at=NOW, question="几处？", snapshot="v", verdict="answer", nearest=(ID, "7.txt")),
        Noted(at=NOW, question="几处？", snapshot="v", verdict="answer", useful=False, quote=quote),
    ]
    with opened(town.data / NAME) as database:
        note(database, asked, log="on")
    town.take_down()
    assert "questions" in town.left("mend")
    town.mend()
    assert "questions" not in town.left()
    with opened(town.data / NAME) as database:
        rows = database.execute("SELECT nearest, letter FROM asked ORDER BY id").fetchall()
    assert [(json.loads(nearest), letter) for nearest, letter in rows] == [
        (["7.txt"], None),
        ([], None),
    ]


def test_proposals_nobody_looked_at_are_withdrawn_and_decided_ones_stay_for_staff(
    town: Town,
) -> None:
    with opened(town.data / NAME) as database:
        proposed = [
            (number, version)
            for number, version in database.execute(
                "SELECT id, version FROM commitment WHERE letter = ?", (ID,)
            )
        ]
        assert proposed
        assert "proposals" in town.left("mend")
        first = Seen(id=proposed[0][0], version=proposed[0][1])
        move(database, first, "not_started", by=WANG)
    town.take_down()
    town.mend()
    assert town.left() == {"ledger"}
    assert {t.remedy for t in traces(town.data, ID)} == {"kept"}
    with opened(town.data / NAME) as database:
        rows = database.execute("SELECT publicity, place FROM commitment WHERE letter = ?", (ID,))
        assert set(rows) == {("held", "gone")}


def test_its_upload_is_for_staff_to_delete_and_its_corrections_stay(town: Town) -> None:
    with opened(town.data / NAME) as database:
        number = uploads.add(database, name=ID, size=1, sha256="1", folder="0" * 32, by=WANG)
        uploads.add(database, name="别的.txt", size=1, sha256="2", folder="1" * 32, by=WANG)
        correct(database, ID, {"number": ("", "云民函〔2024〕80号")}, by=WANG)
    town.take_down()
    town.mend()
    assert town.left("yours") == {"uploads"}
    assert "corrections" in town.left("kept")
    with opened(town.data / NAME) as database:
        uploads.settle(database, number, "read", by=WANG)
        uploads.act(database, number, "discard", by=WANG)
    assert town.left("yours") == set()


def test_an_upload_that_is_an_archive_of_it_is_named(town: Town) -> None:
    with opened(town.data / NAME) as database:
        uploads.add(database, name="批.zip", size=1, sha256="1", folder="0" * 32, by=WANG)
    found = [trace.where for trace in traces(town.data, "批.zip/甲.txt")]
    assert "uploads" in found


def test_vectors_and_drafts_of_a_run_that_was_killed_are_found_and_mended(town: Town) -> None:
    town.take_down()
    town.mend()
    letter = make_letter(ID)
    with VectorCache(town.data / "vectors.db", FakeModel()) as cache:
        cache.passages(letter, cut(letter))
    (town.data / "drafts" / "x").mkdir(parents=True)
    (town.data / "shards").mkdir()
    (town.data / "shards" / "x.parquet").write_bytes(b"?")
    assert town.left("mend") == {"vector_cache", "draft", "shards"}
    town.mend()
    assert town.left("mend") == set()


def test_a_stray_original_is_found_and_mended(town: Town) -> None:
    town.take_down()
    town.mend()
    (town.data / "originals" / ("0" * 64)).write_text("？")
    assert town.left("mend") == {"original"}
    town.mend()
    assert town.left("mend") == set()


def test_an_old_snapshot_that_cannot_be_read_is_not_called_clean(town: Town) -> None:
    town.take_down()
    oldest = town.store.versions()[-1].version
    file = town.data / "snapshots" / oldest / "letters.db"
    file.chmod(0o600)
    file.write_bytes(b"broken" * 1000)
    with pytest.raises(BadSnapshot, match="说不清"):
        traces(town.data, ID)
