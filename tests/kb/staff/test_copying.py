"""``staff.db`` moved to PostgreSQL, and backups of what stands there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kb.backup.backup import backup, checked
from kb.backup.restore import restore
from kb.cli import fuwen
from kb.errors import WrongUse
from kb.ledger import edit
from kb.ledger.events import entry
from kb.ledger.finding import matching
from kb.ledger.rebuild import verify
from kb.staff import audit, copying, keys
from kb.staff.database import bring_up, opened
from kb.staff.places import Server
from kb.staff.sessions import sign_in
from tests.support.noted import LIFT, refused
from tests.support.noted import put as asked
from tests.support.postgres import Cluster
from tests.support.promises import NOON, PROMISES, WANG, letter_of, put
from tests.support.staffed import PASSWORD, join


@pytest.fixture
def place(cluster: Cluster, tmp_path: Path) -> Server:
    """An empty database on a server."""
    return Server(parent=tmp_path / "data", url=cluster.url(cluster.empty()))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with a ledger, an account and questions."""
    path = tmp_path / "data" / "staff.db"
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as book:
        bring_up(book, path)
        fill(book)
    return path


def fill(book: sqlite3.Connection) -> None:
    put(book, letter_of(*PROMISES))
    edit.move(book, entry(book, 1).seen, "not_started", by=WANG)
    join(book)
    keys.add(book, "前端", rate=600, by=WANG)
    asked(book, *map(refused, LIFT))


def copied(place: Server, path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("KB_STAFF_DB", place.url)
    return fuwen.main(["staff", "copy", "--data", str(path.parent)])


@pytest.mark.sqlite
def test_all_rows_are_moved_and_everything_goes_on(
    place: Server, path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(path) as book:
        head, was = audit.head(book), book.execute("SELECT * FROM commitment").fetchall()
    assert copied(place, path, monkeypatch) == 0
    told = capsys.readouterr().out
    assert "逐行核对无误" in told
    assert place.url not in told
    with opened(place) as book:
        assert audit.verify(book) == head
        assert verify(book) == len(PROMISES)
        assert book.execute("SELECT * FROM commitment ORDER BY id").fetchall() == was
        assert len(matching(book, ["电梯"], limit=9, shown=lambda entry: entry)) == 1
        assert sign_in(book, "王芳", PASSWORD, at=NOON)
        put(book, letter_of(*PROMISES, letter_id="乙"))  # numbers go on after those that came
        assert verify(book) == 2 * len(PROMISES)
        audit.verify(book)


@pytest.mark.sqlite
def test_into_what_is_not_empty_nothing_is_moved(
    place: Server, path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert copied(place, path, monkeypatch) == 0
    assert copied(place, path, monkeypatch) == 2
    assert "里已有数据" in capsys.readouterr().err
    with opened(place) as book:
        assert verify(book) == len(PROMISES)


@pytest.mark.sqlite
def test_a_row_that_came_otherwise_leaves_nothing_behind(
    place: Server, path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as book:
        book.execute("UPDATE kin SET question = 'a' || char(0) || 'b'")
    assert copied(place, path, monkeypatch) == 3
    assert "kin 表搬过去以后不一样了" in capsys.readouterr().err
    with opened(place) as book:
        assert copying.occupied(book) is None


def test_a_backup_of_it_is_a_file_that_restores_into_either(
    place: Server, tmp_path: Path, cluster: Cluster
) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with opened(place) as book:
        fill(book)
        sign_in(book, "王芳", PASSWORD, at=NOON)
    made = backup(place.parent, tmp_path / "saved", by=WANG, staff=place)
    assert checked(tmp_path / "saved").head == made.head
    with closing(sqlite3.connect(tmp_path / "saved" / "staff.db")) as copy:
        assert verify(copy) == len(PROMISES)
        assert copy.execute("SELECT count(*) FROM session").fetchone() == (0,)
    other = Server(parent=tmp_path / "other", url=cluster.url(cluster.empty()))
    other.parent.mkdir()
    assert restore(other.parent, tmp_path / "saved", by=WANG, staff=other) is None
    with opened(other) as book:
        assert verify(book) == len(PROMISES)
        assert audit.verify(book).row == made.head.row + 1


def test_what_a_restore_replaces_is_kept_under_another_name(place: Server, tmp_path: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with opened(place) as book:
        fill(book)
    backup(place.parent, tmp_path / "saved", by=WANG, staff=place)
    with opened(place) as book:
        edit.move(book, entry(book, 2).seen, "rejected", by=WANG)
    with pytest.raises(WrongUse, match="--replace"):
        restore(place.parent, tmp_path / "saved", by=WANG, staff=place)
    aside = restore(place.parent, tmp_path / "saved", by=WANG, replace=True, staff=place)
    assert isinstance(aside, str)
    with opened(place) as book:
        assert entry(book, 2).status == "proposed"
        kept = book.execute(f"SELECT status FROM {aside}.commitment WHERE id = 2").fetchone()
        assert kept == ("rejected",)
        edit.move(book, entry(book, 2).seen, "not_started", by=WANG)
        audit.verify(book)
