"""Notes are written beside the answering: late, broken or full, the answer goes out."""

from __future__ import annotations

import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kb.feedback.questions import groups
from kb.feedback.suggested import approve
from kb.staff.database import opened
from server import question_log
from server.question_log import Notes
from server.shared import Turn
from tests.support.noted import NOON, answered, refused
from tests.support.promises import WANG
from tests.support.served import REFUSES, ask, served

LOCKED = 1.0  # seconds that a writer waits for a locked file
DROWNED = 20  # times that a full queue is offered one note more


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "staff.db"


@pytest.fixture
def notes(path: Path) -> Iterator[Notes]:
    made = Notes(path)
    yield made
    made.close()


def written(path: Path) -> list[str]:
    with opened(path) as database:
        return [one for (one,) in database.execute("SELECT question FROM asked ORDER BY id")]


@pytest.fixture
def openers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The threads, by their names, that open the database."""
    names: list[str] = []

    def seen(path: Path) -> AbstractContextManager[sqlite3.Connection]:
        names.append(threading.current_thread().name)
        return opened(path)

    monkeypatch.setattr(question_log, "opened", seen)
    return names


def test_what_was_noted_is_there_after_closing(path: Path, notes: Notes) -> None:
    for number in range(500):
        notes.add(refused(f"问{number}"))
    notes.close()
    assert written(path) == [f"问{number}" for number in range(500)]


def test_notes_go_on_after_closing(path: Path, notes: Notes) -> None:
    for question in ("甲", "乙"):
        notes.add(refused(question))
        notes.close()
    assert written(path) == ["甲", "乙"]


def test_closing_what_never_wrote_makes_no_file(path: Path, notes: Notes) -> None:
    notes.close()
    assert not path.exists()


def test_without_a_path_nothing_is_written_and_nothing_is_approved() -> None:
    before = set(threading.enumerate())
    notes = Notes(None)
    notes.add(refused("甲"))
    assert not [one for one in set(threading.enumerate()) - before if one.name == "notes"]
    notes.close()
    assert notes.approved() == ()


@pytest.mark.parametrize(
    "kind", ["broken", "folder", "readonly", pytest.param("locked", marks=pytest.mark.sqlite)]
)
def test_a_file_that_cannot_be_written_is_logged_once_and_stops_nobody(
    path: Path,
    kind: str,
    openers: list[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kb.staff.database.BUSY", LOCKED)
    path.parent.mkdir()
    keep = None
    if kind == "broken":
        path.write_bytes(b"no database" * 99)
    elif kind == "folder":
        path.mkdir()
    elif kind == "readonly":
        path = Path("/proc/version/staff.db")
    else:
        with opened(path):
            pass
        keep = sqlite3.connect(path, isolation_level=None)
        keep.execute("BEGIN IMMEDIATE")
    notes = Notes(path)
    with caplog.at_level(logging.INFO, logger="fuwen.server"):
        for _ in range(3):
            notes.add(refused("甲"))
            notes.close()
        assert openers == ["notes"] * 3
        if kind != "locked":  # who only reads waits for no writer
            assert notes.approved() == ()
    told = [one.message for one in caplog.records]
    assert len(told) == 1, told
    assert "questions are not noted" in told[0]
    assert "staff.db" in told[0]
    assert "甲" not in told[0]
    if keep:
        keep.execute("ROLLBACK")
        keep.close()
        with caplog.at_level(logging.INFO, logger="fuwen.server"):
            notes.add(refused("乙"))
            notes.close()
        assert caplog.records[-1].message == "questions are noted again"
        assert written(path) == ["乙"]


def test_when_too_many_wait_the_rest_are_dropped_at_once(
    path: Path,
    openers: list[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    held = threading.Event()
    monkeypatch.setattr(question_log, "ROOM", 5)
    monkeypatch.setattr(question_log, "note", lambda *_, **__: held.wait(60))
    notes = Notes(path)
    for _ in range(DROWNED):
        notes.add(refused("甲"))
    held.set()
    notes.close()
    assert set(openers) == {"notes"}
    assert [one.message for one in caplog.records].count(
        "questions are not noted: too many notes wait to be written"
    ) == 1


KILLED = """
import sys
from pathlib import Path
from server.question_log import Notes
from tests.support.noted import refused
notes = Notes(Path(sys.argv[1]))
for turn in range(10_000):
    notes.add(refused(f"问{turn}"))
    notes.close()
    print(turn, flush=True)
"""


def test_what_was_written_before_a_kill_is_there_and_the_file_is_whole(path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    told = -1
    with child.stdout as said:
        while told < 25:
            told = int(said.readline())
        os.kill(child.pid, signal.SIGKILL)
        told = max([told, *map(int, said.read().split())])
    child.wait()
    assert written(path)[: told + 1] == [f"问{turn}" for turn in range(told + 1)]
    with opened(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert sum(one.refused for one in groups(database, state="open", limit=9999)) > told


def test_approved_questions_are_read_once_a_minute_or_when_they_change(path: Path) -> None:
    now = [0.0]
    notes = Notes(path, clock=lambda: now[0])
    assert notes.approved() == ()
    with opened(path) as database:
        approve(database, "路灯谁维护？", by=WANG)
    assert notes.approved() == ()
    now[0] = 60.0
    assert notes.approved() == ("路灯谁维护？",)
    with opened(path) as database:
        approve(database, "河道什么时候清淤？", by=WANG)
    notes.renew()
    assert notes.approved() == ("路灯谁维护？", "河道什么时候清淤？")


def test_what_visitors_ask_is_approved_by_nobody(path: Path) -> None:
    notes = Notes(path)
    for _ in range(9):
        notes.add(answered("路灯谁维护？"))
    notes.close()
    assert notes.approved() == ()


def test_every_reply_of_the_server_is_noted(path: Path) -> None:
    notes = Notes(path)
    client = served(settings=REFUSES, notes=notes)
    assert ask(client, "村里的网速怎么样")["status"] == "refusal"
    notes.close()
    assert written(path) == ["村里的网速怎么样"]


def test_a_server_without_notes_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ask(served(settings=REFUSES), "村里的网速怎么样")
    assert list(tmp_path.iterdir()) == []


def test_questions_that_are_too_old_are_deleted_at_start_and_once_a_day(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question_log, "DAY", 0.05)
    later = [NOON]
    notes = Notes(path, now=lambda: later[0])
    notes.add(refused("路灯谁维护？"))
    notes.close()
    tending = Notes(path, now=lambda: later[0])
    tending.tend(180)
    try:
        time.sleep(0.2)
        assert written(path) == ["路灯谁维护？"]
        later[0] = NOON + timedelta(days=181)
        deadline = time.monotonic() + 60
        while written(path) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert written(path) == []
    finally:
        tending.close()


def test_of_several_that_tend_one_does_it_until_it_is_closed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(Notes, "forget", lambda notes, days: looked.append(names[notes]))
    monkeypatch.setattr(question_log, "DAY", 0.01)
    turn = Turn()
    names = {Notes(path, tending=turn): name for name in ("first", "second")}
    for notes in names:
        notes.tend(180)
        _until(lambda: len(looked) >= 3)
    assert len(set(looked)) == 1
    tending = {name: notes for notes, name in names.items()}
    tending.pop(looked[0]).close()
    (other,) = tending
    try:
        _until(lambda: other in looked)
    finally:
        tending[other].close()


def _until(come: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not come():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("kind", ["broken", "absent"])
def test_a_file_that_cannot_be_tended_stops_nobody(
    path: Path, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    if kind == "broken":
        path.parent.mkdir()
        path.write_bytes(b"no database" * 99)
    with caplog.at_level(logging.INFO, logger="fuwen.server"):
        Notes(path).forget(180)
        Notes(None).forget(180)
    told = [one.message for one in caplog.records]
    assert len(told) == (kind == "broken")
    assert path.exists() == (kind == "broken")


def test_a_server_tends_what_it_noted(path: Path) -> None:
    notes = Notes(path)
    notes.add(replace(refused("路灯谁维护？"), at=NOON - timedelta(days=4000)))
    notes.close()
    with served(settings=REFUSES, notes=Notes(path)) as client:
        deadline = time.monotonic() + 60
        while written(path) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert written(path) == []
        assert client.get("/livez").status_code == 200
