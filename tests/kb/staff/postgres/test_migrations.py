"""A revision of Alembic's for each step: the same as the program makes by itself."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kb.staff import database as staff
from kb.staff import schema
from kb.staff.copying import DERIVED, TABLES
from kb.staff.database import opened
from kb.staff.places import Server
from kb.staff.schema import STEPS
from tests.support.postgres import lacking, unguard

needed = pytest.mark.skipif(bool(lacking()), reason=lacking())


def by_alembic(path: Path) -> None:
    from sqlalchemy import create_engine

    from kb.staff.postgres import migrations

    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrations.upgrade(connection)
    engine.dispose()


def made(path: Path) -> list[tuple[object, ...]]:
    """All that a file has, as SQL, and its version."""
    database = sqlite3.connect(path)
    found = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    version = database.execute("SELECT version FROM schema").fetchall()
    database.close()
    return sorted((*found, *version), key=str)


@needed
@pytest.mark.sqlite
@pytest.mark.parametrize("before", [0, 1, 9, len(STEPS) - 1, len(STEPS)])
def test_a_file_brought_up_either_way_is_the_same(
    tmp_path: Path, before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path / "own.db"):
        pass
    if before:
        with monkeypatch.context() as patch:
            patch.setattr(staff, "STEPS", STEPS[:before])
            with opened(tmp_path / "staff.db"):
                pass
    by_alembic(tmp_path / "staff.db")
    assert made(tmp_path / "staff.db") == made(tmp_path / "own.db")
    with opened(tmp_path / "staff.db") as database:  # and goes on without Alembic
        assert database.execute("SELECT count(*) FROM audit").fetchone() == (0,)


@pytest.mark.parametrize("before", [1, 7, len(STEPS) - 1])
def test_an_older_database_is_brought_up_and_keeps_its_rows(
    empty: Server, before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kb.staff.postgres import migrations, server

    adding = "INSERT INTO kin (question, figures, weight) VALUES ('问', '', 1)"
    with monkeypatch.context() as patch:
        for module in (migrations, server):
            patch.setattr(module, "STEPS", STEPS[:before])
        with opened(empty) as database:
            database.execute(adding)
            assert database.execute("SELECT version FROM schema").fetchone() == (before,)
    with opened(empty) as database:
        assert database.execute("SELECT version FROM schema").fetchall() == [(len(STEPS),)]
        database.execute(adding)
        assert database.execute("SELECT id FROM kin ORDER BY id").fetchall() == [(1,), (2,)]


def test_a_step_that_fails_leaves_the_database_as_it_was(
    empty: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kb.staff.postgres import migrations, server
    from kb.staff.postgres import schema as turned

    wrong = (*STEPS, ("CREATE TABLE later (id INTEGER) STRICT", "SELECT * FROM nowhere"))
    for module in (migrations, server, turned):
        monkeypatch.setattr(module, "STEPS", wrong)
    with pytest.raises(staff.StaffUnusable, match="nowhere"), opened(empty):
        pass
    monkeypatch.undo()
    with opened(empty) as database:
        assert database.execute("SELECT to_regclass('later')").fetchone() == (None,)


def test_every_column_is_the_same_in_both(place: Server, tmp_path: Path) -> None:
    own = sqlite3.connect(tmp_path / "own.db", isolation_level=None)
    staff.bring_up(own, tmp_path / "own.db")
    with opened(place) as database:
        for table in TABLES:
            names, others = (
                [name for name, *_ in of.execute(f"SELECT * FROM {table}").description]
                for of in (own, database)
            )
            assert names == others
        unguard(database)
    own.close()


def test_every_table_is_copied_or_follows_from_others() -> None:
    made_by = [statement for step in STEPS for statement in step]
    named = {words.split()[2] for words in made_by if words.startswith("CREATE TABLE")}
    assert named - set(DERIVED) == set(TABLES)
    assert schema.STEPS is STEPS
