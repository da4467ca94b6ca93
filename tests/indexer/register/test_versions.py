"""Registers beside versions, orders and corrections: a row means and fills the letter served."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexer.update import NO_CORRECTIONS, Corrections, update
from indexer.versions import takedown
from kb.intake.corrections import CORRECTED
from kb.store.protocol import SnapshotReader, Store
from kb.store.register import CONFLICT, RULE
from kb.types import Letter
from tests.support.asking import FakeModel
from tests.support.fakes import MemoryStore
from tests.support.stores import local
from tests.support.tables import as_csv

TABLE = as_csv(
    [
        ["湖州市政协九届四次会议提案交办表"],
        ["提案号", "案由", "提案人", "主办单位", "会办单位", "办理结果"],
        ["31", "关于加密夜间公交班次的提案", "沈向阳", "市交通运输局", "市财政局", "B"],
    ]
)
REPLY = (
    "湖州市交通运输局\n湖交函〔2025〕5号\n关于市政协九届四次会议第31号提案的答复\n沈向阳委员：\n"
    "您提出的“关于加密夜间公交班次的提案”收悉，现答复如下：\n"
    "夜间公交由四条线路增加到九条线路，末班车延长一小时，沿线站台都装上了照明。\n"
    "湖州市交通运输局\n2025年5月20日\n"
)
LATER = REPLY.replace("九条", "十条").replace("5月20日", "6月3日")


@pytest.fixture(params=["memory", "local"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    makers: dict[str, Callable[[], Store]] = {
        "memory": lambda: MemoryStore(fingerprint={}),
        "local": lambda: local(tmp_path),
    }
    return makers[request.param]()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "t.csv").write_bytes(TABLE)
    return tmp_path / "inbox"


def run(
    store: Store, inbox: Path, corrections: Corrections = NO_CORRECTIONS, **texts: str
) -> SnapshotReader:
    """Index ``inbox`` once ``texts`` are in it, each in a file of its name."""
    for name, text in texts.items():
        (inbox / f"{name}.txt").write_text(text, "utf-8")
    update([inbox], store, FakeModel(), corrections=corrections)
    return store.current()


def joined(reader: SnapshotReader) -> tuple[str, ...]:
    (found,) = reader.registered()
    return found.outcome.letters if found.outcome.standing == "joined" else ()


def given(letter: Letter) -> set[str]:
    """The names of what a register gave the letter."""
    lists = {name for name, many in letter.lists.items() if any(f.rule == RULE for f in many)}
    return lists | {name for name, field in letter.fields.items() if field.rule == RULE}


def test_of_copies_a_row_means_and_fills_the_one_that_is_served(store: Store, inbox: Path) -> None:
    reader = run(store, inbox, a=REPLY, b=REPLY.replace("\n", "\n\n"))
    assert {name: one.served for name, one in reader.set_aside().items()} == {"b.txt": "a.txt"}
    assert joined(reader) == ("a.txt",)
    assert reader.letter("a.txt").value("result_class") == "B"
    assert not given(reader.letter("b.txt"))


def test_a_letter_that_is_set_aside_gives_up_what_its_row_gave_it(
    store: Store, inbox: Path
) -> None:
    assert "result_class" in given(run(store, inbox, a=REPLY).letter("a.txt"))
    reader = run(store, inbox, b=LATER)
    assert joined(reader) == ("b.txt",)
    assert "result_class" in given(reader.letter("b.txt"))
    assert not given(reader.letter("a.txt"))


def test_a_former_text_has_nothing_of_a_register(store: Store, inbox: Path) -> None:
    run(store, inbox, a=REPLY)
    reader = run(store, inbox, a=LATER)
    (former,) = reader.set_aside()
    assert joined(reader) == ("a.txt",)
    assert "result_class" in given(reader.letter("a.txt"))
    assert not given(reader.letter(former))


def test_what_a_register_gives_decides_no_family(store: Store, inbox: Path) -> None:
    (inbox / "t.csv").unlink()
    without = run(store, inbox, a=REPLY, b=LATER).set_aside()
    (inbox / "t.csv").write_bytes(TABLE)
    beside = run(store, inbox).set_aside()
    assert {(name, one.served, one.reason) for name, one in beside.items()} == {
        (name, one.served, one.reason) for name, one in without.items()
    }


def test_the_row_of_a_letter_that_was_taken_down_has_no_reply(
    store: Store, inbox: Path, tmp_path: Path
) -> None:
    run(store, inbox, a=REPLY)
    now = datetime(2026, 6, 1, tzinfo=UTC)
    takedown.take_down(["a.txt"], store=store, data=tmp_path, reason="", now=now)
    (found,) = store.current().registered()
    assert (found.outcome.standing, found.outcome.letters) == ("unanswered", ())


def test_a_field_that_staff_emptied_stays_empty_until_that_is_undone(
    store: Store, inbox: Path
) -> None:
    run(store, inbox, a=REPLY)
    emptied = run(store, inbox, {"a.txt": {"result_class": ""}})
    assert given(emptied.letter("a.txt")) == {"co_organs"}
    assert "result_class" not in emptied.letter("a.txt").fields
    assert "result_class" in given(run(store, inbox, {"a.txt": {}}).letter("a.txt"))


def test_what_staff_corrected_is_believed_over_a_register(store: Store, inbox: Path) -> None:
    letter = run(store, inbox, {"a.txt": {"result_class": "A"}}, a=REPLY).letter("a.txt")
    assert letter.value("result_class") == "A"
    assert {CONFLICT, CORRECTED} <= set(letter.flags)
