"""PostgreSQL in the place of ``staff.db``: made, kept, refused; alone who writes, unreachable."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import pytest

from kb.ledger import edit
from kb.ledger.events import entry
from kb.ledger.public import PublicLedger
from kb.ledger.rebuild import verify
from kb.settings import Settings
from kb.staff import audit
from kb.staff.database import StaffUnusable, check, opened, reading, staff_of, writing
from kb.staff.places import Server
from kb.staff.schema import STEPS
from tests.support.fakes import MemoryStore
from tests.support.postgres import PASSWORD, Cluster, free_port, lacking
from tests.support.promises import NOON, PROMISES, WANG, letter_of, put, seen

APPEND_ONLY = ("event", "commitment_event", "audit", "field_event")


def test_an_empty_database_is_brought_up_once_however_many_begin(empty: Server) -> None:
    troubles: list[Exception] = []

    def begin() -> None:
        try:
            with opened(empty) as database:
                database.execute("SELECT count(*) FROM audit").fetchone()
        except Exception as error:
            troubles.append(error)

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    with opened(empty) as database:
        assert database.execute("SELECT version FROM schema").fetchall() == [(len(STEPS),)]


def test_one_of_a_newer_program_is_refused_and_left_alone(place: Server) -> None:
    with opened(place) as database:
        database.execute("UPDATE schema SET version = version + 1")
    for use in (opened, reading):
        with pytest.raises(StaffUnusable, match=r"更新的程序.*请升级"), use(place):
            pass
    with pytest.raises(StaffUnusable, match="升级程序"):
        check(place)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_only_grows_is_kept_so_by_the_database_itself(
    place: Server, cluster: Cluster, table: str
) -> None:
    with opened(place) as database:
        put(database, letter_of(*PROMISES))
        database.execute("INSERT INTO kin (question, figures, weight) VALUES ('问', '', 1)")
        database.execute(
            "INSERT INTO event (at, who, kin, upto, was, became, reason)"
            " VALUES ('', '王', 1, 0, 'open', 'done', '')"
        )
        database.execute(
            "INSERT INTO field_event (at, who, letter, field, was, became, reason)"
            " VALUES ('', '王', '甲', 'title', '', '', '')"
        )
    name = place.url.rpartition("/")[2]
    for statement in ("UPDATE {} SET who = '李'", "DELETE FROM {}", "TRUNCATE {} CASCADE"):
        with pytest.raises(StaffUnusable, match="is never"), opened(place) as database:
            database.execute(statement.format(table))
        with pytest.raises(Exception, match="is never"):  # nor by who owns the server
            cluster.sql(statement.format(f"fuwen.{table}"), name=name)
    with opened(place) as database:
        assert database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0


def test_a_reader_sees_one_moment_and_writes_nothing(place: Server) -> None:
    with reading(place) as database:
        assert database.execute("SELECT count(*) FROM kin").fetchone() == (0,)
        with opened(place) as other:
            other.execute("INSERT INTO kin (question, figures, weight) VALUES ('问', '', 1)")
        assert database.execute("SELECT count(*) FROM kin").fetchone() == (0,)
    with pytest.raises(StaffUnusable, match="read-only"), reading(place) as database:
        database.execute("DELETE FROM kin")


def test_writers_of_several_hosts_lose_nothing_and_fork_no_chain(place: Server) -> None:
    """As each host has connections of its own, so has each thread here."""
    with opened(place) as database:
        put(database, letter_of(*PROMISES))
        edit.move(database, entry(database, 1).seen, "not_started", by=WANG)
    refused: list[int] = []

    def work(number: int) -> None:
        for _ in range(10):
            with opened(place) as database:
                with writing(database):
                    audit.append(database, "tried", who=f"host{number}", at=NOON)
                one = entry(database, 1)
                status = "under_way" if one.status == "not_started" else "not_started"
                try:
                    edit.move(database, one.seen, status, by=WANG)
                except edit.KbError:  # another was first: told, not overwritten
                    refused.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with opened(place) as database:
        head = audit.verify(database)
        tried = database.execute("SELECT count(*) FROM audit WHERE action = 'tried'").fetchone()
        assert tried == (40,)
        assert entry(database, 1).version == 2 + 40 - len(refused)
        assert head.row == 2 + 40 + 40 - len(refused)
        verify(database)


def test_a_change_of_what_was_changed_meanwhile_is_refused(place: Server) -> None:
    with opened(place) as one, opened(place) as other:
        put(one, letter_of(*PROMISES))
        was = seen(other)
        edit.move(one, was, "not_started", by=WANG)
        with pytest.raises(edit.KbError, match=r"改过|最新"):
            edit.move(other, was, "rejected", by=WANG)


def test_bad_configuration_says_what_to_do_and_never_the_password(
    place: Server, cluster: Cluster, tmp_path: Path
) -> None:
    name = place.url.rpartition("/")[2]
    bad = {
        "账号或密码不对": cluster.url(name, password="secret-7"),
        "没有这个数据库": cluster.url("nowhere"),
        "连不上服务器": f"postgresql://fuwen:secret-7@127.0.0.1:{free_port()}/fuwen",
    }
    for told, url in bad.items():
        where = staff_of(Settings(data=tmp_path, staff_db=url))
        for use in (opened, reading):
            with pytest.raises(StaffUnusable, match=told) as raised, use(where):
                pass
            assert "secret" not in str(raised.value)
            assert PASSWORD not in str(raised.value)
        with pytest.raises(StaffUnusable, match=told):
            check(where)
        assert "secret" not in repr(where)


@pytest.mark.skipif(bool(lacking()), reason=lacking())
@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("sslmod=secret", "sslmod 不是 PostgreSQL 的连接参数；请核对它的拼写"),
        ("sslmode=secret", "sslmode 不能是这个值；请"),
        ("target_session_attrs=secret", "target_session_attrs 不能是这个值；请"),
        ("keepalives=secret", "keepalives 不能是这个值；请"),
        ("port=secret", "port 不能是这个值；请"),
    ],
)
def test_an_option_that_the_server_does_not_know_is_named_and_its_value_not(
    tmp_path: Path, option: str, told: str
) -> None:
    where = Server(parent=tmp_path, url=f"postgresql://u@127.0.0.1:{free_port()}/x?{option}")
    for use in (opened, reading):
        with pytest.raises(StaffUnusable, match=told) as raised, use(where):
            pass
        assert "secret" not in str(raised.value)


@pytest.mark.skipif(bool(lacking()), reason=lacking())
def test_a_server_that_is_down_confirms_nothing_and_keeps_nobody_waiting(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"postgresql://fuwen:secret-7@127.0.0.1:{free_port()}/fuwen"
    ledger = PublicLedger(Server(parent=tmp_path, url=url))
    with caplog.at_level(logging.INFO, logger="fuwen.ledger"):
        store = MemoryStore()
        with store.draft() as draft:
            draft.publish()
        assert ledger.confirmed(store.current()).promises == ()
    assert "连不上服务器" in caplog.text
    assert "secret" not in caplog.text


def test_connections_that_broke_are_replaced(place: Server, cluster: Cluster) -> None:
    with opened(place) as database:
        database.execute("SELECT 1").fetchone()
    cluster.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'fuwen'"
        f" AND datname = '{place.url.rpartition('/')[2]}'"
    )
    with opened(place) as database:
        assert database.execute("SELECT count(*) FROM kin").fetchone() == (0,)


def test_a_connection_lost_in_a_transaction_is_told_and_leaves_nothing(
    place: Server, cluster: Cluster
) -> None:
    def interrupted() -> None:
        with opened(place) as database, writing(database):
            database.execute("INSERT INTO kin (question, figures, weight) VALUES ('问', '', 1)")
            cluster.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'fuwen'"
                f" AND datname = '{place.url.rpartition('/')[2]}'"
            )

    with pytest.raises(StaffUnusable, match=r"terminating|closed|停机"):
        interrupted()
    with opened(place) as database:
        assert database.execute("SELECT count(*) FROM kin").fetchone() == (0,)


def test_lists_come_in_the_order_of_sqlite(place: Server) -> None:
    with opened(place) as database:
        for letter in ("b", "B", "a", "中", "é", "_"):
            database.execute("INSERT INTO letter_read VALUES (?, '')", (letter,))
        found = database.execute("SELECT letter FROM letter_read ORDER BY letter").fetchall()
    assert [letter for (letter,) in found] == ["B", "_", "a", "b", "é", "中"]
