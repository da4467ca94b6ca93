"""The staff's database: made, brought up to date, refused when it is not one."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kb.staff import database as staff_database
from kb.staff.database import StaffUnusable, check, opened, reading, writing
from tests.conftest import ROOT


def insert(path: Path, *, fail: bool = False) -> None:
    with opened(path) as database, writing(database):
        database.execute("INSERT INTO kin (question, figures, weight) VALUES ('问', '', 1)")
        if fail:
            raise ZeroDivisionError


def kins(path: Path) -> int:
    with opened(path) as database:
        return int(database.execute("SELECT count(*) FROM kin").fetchone()[0])


def test_it_is_made_with_its_folder_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "data" / "staff.db"
    insert(path)
    assert kins(path) == 1
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.sqlite
def test_it_is_in_wal_mode_with_full_sync(tmp_path: Path) -> None:
    with opened(tmp_path / "staff.db") as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert database.execute("PRAGMA synchronous").fetchone() == (2,)


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        insert(tmp_path / "staff.db", fail=True)
    assert kins(tmp_path / "staff.db") == 0


@pytest.mark.sqlite
def test_an_older_file_is_brought_up_to_date_and_keeps_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert(tmp_path / "staff.db")
    monkeypatch.setattr(
        staff_database, "STEPS", (*staff_database.STEPS, ("CREATE TABLE later (id INTEGER)",))
    )
    with opened(tmp_path / "staff.db") as database:
        assert database.execute("SELECT version FROM schema").fetchall() == [
            (len(staff_database.STEPS),)
        ]
        assert database.execute("SELECT count(*) FROM later").fetchone() == (0,)
    assert kins(tmp_path / "staff.db") == 1


@pytest.mark.sqlite
def test_a_file_of_a_newer_program_is_refused_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "staff.db"
    with monkeypatch.context() as patch:
        patch.setattr(staff_database, "STEPS", (*staff_database.STEPS, ()))
        insert(path)
    with pytest.raises(StaffUnusable, match=r"更新的程序.*请升级"), opened(path):
        pass
    with sqlite3.connect(path) as database:
        newer = [(len(staff_database.STEPS) + 1,)]
        assert database.execute("SELECT version FROM schema").fetchall() == newer
    database.close()


@pytest.mark.sqlite
def test_damage_of_which_not_even_the_error_can_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "staff.db"
    with opened(path):
        pass
    whole = path.read_bytes()
    broken = whole.replace(b"tableaccountaccount", b"table\xf2ccount\xf2ccount", 1)
    broken = broken.replace(b"CREATE TABLE account", b"CREATE TABL! account", 1)
    path.write_bytes(broken)
    for use in (opened, reading):
        with pytest.raises(StaffUnusable, match="从备份恢复"), use(path):
            pass
    with pytest.raises(StaffUnusable, match="从备份恢复"):
        check(path)


def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "staff.db"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(StaffUnusable, match=r"staff\.db 不能使用"), opened(path):
        pass
    assert path.read_bytes() == b"not a database" * 100


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "staff.db").mkdir()
    with pytest.raises(StaffUnusable, match="请检查"), opened(tmp_path / "staff.db"):
        pass


def test_an_event_can_be_neither_changed_nor_deleted(tmp_path: Path) -> None:
    path = tmp_path / "staff.db"
    insert(path)
    with opened(path) as database:
        database.execute(
            "INSERT INTO event (at, who, kin, upto, was, became, reason)"
            " VALUES ('', '王', 1, 0, 'open', 'done', '')"
        )
    for statement in ("UPDATE event SET who = '李'", "DELETE FROM event"):
        with pytest.raises(StaffUnusable, match="an event is never"), opened(path) as database:
            database.execute(statement)


def test_what_is_usable_passes_the_check_and_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "data" / "staff.db"
    path.parent.mkdir()
    check(path)  # it will be made
    assert not path.exists()
    insert(path)
    before = path.stat().st_mtime_ns
    check(path)
    assert path.stat().st_mtime_ns == before
    with opened(path) as database, writing(database):
        check(path)  # somebody is writing, which shows that it can be done


@pytest.mark.sqlite
def test_whoever_takes_the_journal_away_or_recovers_it_is_no_trouble(tmp_path: Path) -> None:
    """Then not even a reader is let in, as when the last connection is closed."""
    path = tmp_path / "staff.db"
    insert(path)
    with opened(path) as database:
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        with writing(database):
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                glance(path)
            check(path)
    check(path)


def glance(path: Path) -> None:
    with closing(sqlite3.connect(path, timeout=0)) as database:
        database.execute("SELECT count(*) FROM kin").fetchone()


@pytest.mark.parametrize(
    ("content", "why"), [(b"no database" * 99, "file is not a database"), (None, "unable to open")]
)
def test_what_is_no_database_fails_the_check(
    tmp_path: Path, content: bytes | None, why: str
) -> None:
    path = tmp_path / "staff.db"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(StaffUnusable, match=why):
        check(path)


def test_one_of_a_newer_program_fails_the_check(tmp_path: Path) -> None:
    path = tmp_path / "staff.db"
    insert(path)
    with opened(path) as database:
        database.execute("UPDATE schema SET version = version + 1")
    with pytest.raises(StaffUnusable, match="升级程序"):
        check(path)


@pytest.mark.sqlite
def test_a_folder_that_cannot_be_written_to_fails_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "staff.db"
    insert(path)
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(StaffUnusable, match="不可写"):
        check(path)


@pytest.mark.sqlite
def test_opening_it_again_lets_no_other_process_take_the_journal_away(tmp_path: Path) -> None:
    """A process loses its locks on a file where it closes any descriptor of that file."""
    path = tmp_path / "staff.db"
    script = "import sys; from pathlib import Path; from kb.staff.database import opened\n"
    script += "with opened(Path(sys.argv[1])) as database: database.execute('SELECT 1').fetchone()"
    with opened(path) as long:
        long.execute("SELECT count(*) FROM audit").fetchone()
        with opened(path):
            pass
        subprocess.run([sys.executable, "-c", script, str(path)], cwd=ROOT, check=True)
        assert path.with_name("staff.db-wal").exists()
        long.execute("PRAGMA integrity_check")
