"""The demonstration's account and ledger."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from kb.errors import WrongUse
from kb.ledger.history import evidence_of
from kb.ledger.queries import Wanted, coming, each, overdue, page, total
from kb.settings import Settings
from kb.staff import accounts, audit, sessions
from kb.staff.database import NAME, opened
from kb.store.protocol import SnapshotReader
from server.demo import WHO, loopback, seed
from tests.conftest import CORPUS
from tests.support.promises import LIFTS, NOON, PROMISES, RIVER, letter_of, told
from tests.support.staffed import QUICK, join
from tests.support.stores import local, publish

DECISIONS = CORPUS / "decisions.jsonl"
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
LATER = "2025年6月底前的60部电梯已经建成。"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "HASHER", QUICK)


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", host="127.0.0.1", port=8000)


@pytest.fixture
def reader(tmp_path: Path) -> SnapshotReader:
    """A letter that promises, and a later one that says what became of it."""
    store = local(tmp_path)
    publish(store, letter_of(*PROMISES), letter_of(LATER, letter_id="乙"))
    return store.current()


def row(text: str, status: str | None = None, /, **more: Any) -> dict[str, Any]:
    decided = {"status": status} if status else {}
    rest = {"reason": "", "by": "王芳", "at": "2026-06-30T20:00:00+08:00"}
    return {"letter": "甲", "text": text, **decided, **rest, **more}


def written(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "decisions.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    return path


def password_in(lines: tuple[str, ...]) -> str:
    (line,) = (line for line in lines if "密码：" in line)
    return line.split("密码：")[1].split("　")[0]


@pytest.mark.parametrize(
    ("host", "only_here"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("", False),
        ("10.0.0.7", False),
        ("localhost.example", False),
    ],
)
def test_a_loopback_address_is_told_from_the_others(host: str, only_here: bool) -> None:
    assert loopback(host) == only_here


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5"])
def test_where_others_can_connect_there_is_no_account_and_the_line_says_why(
    here: Settings, reader: SnapshotReader, host: str
) -> None:
    (line,) = seed(replace(here, host=host), reader, DECISIONS, now=NOW)
    assert host in line
    assert not (here.data / NAME).exists()


def test_the_account_is_shown_once_and_lets_one_in(
    here: Settings, reader: SnapshotReader, tmp_path: Path
) -> None:
    lines = seed(here, reader, written(tmp_path), now=NOW)
    with opened(here.data / NAME) as database:
        assert [one.role for one in accounts.accounts(database)] == ["manager"]
        assert sessions.sign_in(database, WHO, password_in(lines), at=NOW)
    again = seed(here, reader, written(tmp_path), now=NOW)
    assert len(again) == 1
    assert "密码：" not in again[0]


def test_every_demonstration_has_another_password(
    here: Settings, reader: SnapshotReader, tmp_path: Path
) -> None:
    elsewhere = replace(here, data=tmp_path / "other")
    nothing = written(tmp_path)
    first, second = (seed(one, reader, nothing, now=NOW) for one in (here, elsewhere))
    assert password_in(first) != password_in(second)


def test_where_there_is_an_account_nothing_is_changed(
    here: Settings, reader: SnapshotReader
) -> None:
    with opened(here.data / NAME) as database:
        join(database)
    assert len(seed(here, reader, DECISIONS, now=NOW)) == 1
    with opened(here.data / NAME) as database:
        assert [one.name for one in accounts.accounts(database)] == ["王芳"]
        assert told(database) == []


def test_decisions_are_found_by_their_words_with_evidence_and_time(
    here: Settings, reader: SnapshotReader, tmp_path: Path
) -> None:
    proof = {"letter": "乙", "text": "60部电梯已经建成", "relation": "fulfils"}
    shorter = LIFTS.removeprefix("我局将于")
    seed(here, reader, written(tmp_path, row(shorter, "done", evidence=proof)), now=NOW)
    with opened(here.data / NAME) as database:
        (one,) = page(database, Wanted(status="done"), limit=9).rows
        assert one.text == LIFTS
        assert one.changed_at == NOON
        (evidence,) = evidence_of(database, one.id)
        assert (evidence.letter_id, evidence.text, evidence.who) == ("乙", proof["text"], "王芳")


def test_what_is_not_found_is_passed_over_and_counted(
    here: Settings, reader: SnapshotReader, tmp_path: Path
) -> None:
    bad = {"letter": "乙", "text": "没有这句话", "relation": "fulfils"}
    path = written(
        tmp_path,
        row("这里没有的承诺", "rejected"),
        row(LIFTS, "rejected", letter="没有的复文"),
        row(LIFTS, "done", evidence=bad),
        row(RIVER, "under_way"),
    )
    assert "认定 1 次，略过 3 次" in seed(here, reader, path, now=NOW)[0]


def test_an_extension_changes_the_last_day_and_keeps_the_reason(
    here: Settings, reader: SnapshotReader, tmp_path: Path
) -> None:
    due = {"raw": "推迟到年底", "first": "2024-05-06", "last": "2026-12-31", "precision": "year"}
    path = written(tmp_path, row(LIFTS, "under_way"), row(LIFTS, due=due, reason="等电力增容"))
    seed(here, reader, path, now=NOW)
    with opened(here.data / NAME) as database:
        (one,) = page(database, Wanted(status="under_way"), limit=9).rows
        assert (one.due and one.due.last, one.extensions) == ("2026-12-31", 1)


def test_what_was_interrupted_before_the_account_is_done_again_without_doubling(
    here: Settings, reader: SnapshotReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, row(RIVER, "under_way"))
    with monkeypatch.context() as patch:
        patch.setattr(accounts, "add", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            seed(here, reader, path, now=NOW)
    assert "认定 0 次，略过 1 次" in seed(here, reader, path, now=NOW)[0]
    with opened(here.data / NAME) as database:
        assert total(database, Wanted()) == len(PROMISES)


@pytest.mark.parametrize("text", [None, "{不是 JSON}\n"])
def test_decisions_that_cannot_be_read_make_no_account(
    here: Settings, reader: SnapshotReader, tmp_path: Path, text: str | None
) -> None:
    path = tmp_path / "decisions.jsonl"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(WrongUse, match=r"decisions\.jsonl"):
        seed(here, reader, path, now=NOW)
    with opened(here.data / NAME) as database:
        assert accounts.accounts(database) == []


# --- the sample letters -----------------------------------------------------------------------


def test_the_sample_ledger_is_alive(base: SnapshotReader, here: Settings) -> None:
    lines = seed(here, base, DECISIONS, now=NOW)
    assert "略过 0 次" in lines[0]
    today = date(2026, 11, 23)
    with opened(here.data / NAME) as database:
        audit.verify(database)
        statuses = Counter(one.status for one in each(database, Wanted()))
        assert statuses["done"] >= 25
        assert statuses["dropped"] >= 5
        assert statuses["proposed"] >= 50
        assert total(database, overdue(today)) >= 10
        assert total(database, coming(today, days=60)) >= 5
        assert total(database, coming(date(2027, 1, 1), days=366)) >= 3
