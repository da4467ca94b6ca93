"""Bringing a database up by Alembic, SQLite's or PostgreSQL's: a revision for each step.

The steps of ``kb.staff.schema`` are the only truth. Alembic keeps its version where this program
has always kept it, in the table ``schema``, so that a file brought up either way is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from alembic import op
from alembic.ddl.impl import DefaultImpl
from alembic.ddl.postgresql import PostgresqlImpl
from alembic.ddl.sqlite import SQLiteImpl
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import Script
from alembic.script.revision import RevisionMap
from sqlalchemy import Column, Connection, Integer, MetaData, Table, TypeDecorator

from kb.staff.postgres import schema
from kb.staff.postgres.dialect import SCHEMA
from kb.staff.schema import STEPS


class _Number(TypeDecorator[str]):
    """The name of a revision, which is the number of a step."""

    impl = Integer
    cache_ok = True

    def process_result_value(self, value: int | None, dialect: Any) -> str | None:
        return None if value is None else str(value)


class _Schema(DefaultImpl):
    """Keeps Alembic's version in the table of this program."""

    def version_table_impl(
        self, *, version_table: str, version_table_schema: str | None, **_: Any
    ) -> Table:
        number = Column("version", _Number, key="version_num", nullable=False)
        return Table(version_table, MetaData(), number, schema=version_table_schema)


class _Sqlite(_Schema, SQLiteImpl):
    __dialect__ = "sqlite"


class _Postgresql(_Schema, PostgresqlImpl):
    __dialect__ = "postgresql"


def upgrade(connection: Connection) -> None:
    """Run the steps that the database of ``connection`` lacks, in its open transaction."""
    postgres = connection.dialect.name == "postgresql"
    columns = "(version INTEGER NOT NULL)" + ("" if postgres else " STRICT")
    connection.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS schema {columns}")
    where = {"version_table": "schema", "version_table_schema": SCHEMA if postgres else None}
    context = MigrationContext.configure(connection, opts={"fn": _lacking, **where})
    with Operations.context(context):
        context.run_migrations()


def _lacking(heads: tuple[str, ...], context: MigrationContext) -> list[RevisionStep]:
    """The revisions that follow the one that the database has."""
    known = RevisionMap(_revisions)
    last = int(heads[0]) if heads else 0
    names = [str(number) for number in range(last + 1, len(STEPS) + 1)]
    return [RevisionStep(known, known.get_revision(name), is_upgrade=True) for name in names]


def _revisions() -> Iterator[Script]:
    for number in range(1, len(STEPS) + 1):
        module: Any = ModuleType(f"step{number}")
        module.revision = str(number)
        module.down_revision = str(number - 1) if number > 1 else None
        module.upgrade = _running(number)
        yield Script(module, module.revision, f"kb/staff/schema.py#{number}")


def _running(number: int) -> Callable[..., None]:
    def run(**_: Any) -> None:
        bind = op.get_bind()
        postgres = bind.dialect.name == "postgresql"
        for statement in schema.step(number) if postgres else STEPS[number - 1]:
            bind.exec_driver_sql(statement)

    return run
