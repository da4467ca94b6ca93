"""Files that change, come twice, or go: the newest is served, and the former stays to be read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from indexer.update import update
from indexer.versions import earlier
from kb.errors import LetterNotFound
from kb.query.directory import letter_named
from kb.search.versions import kin_of
from kb.store.local.store import LocalStore
from kb.store.protocol import SnapshotReader, Store
from kb.types import Scope
from tests.support.asking import FakeModel, letter_text, parsed
from tests.support.fakes import MemoryStore
from tests.support.stores import ask, local

NUMBER = "云民函〔2024〕7号"
FIRST = letter_text(NUMBER)
SECOND = FIRST.replace("56处", "58处")
OTHER = letter_text("云民函〔2024〕9号", proposal="090", subject="加装扶手")
ALL = Scope()


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
    return tmp_path / "inbox"


def run(store: Store, inbox: Path, *, rebuild: bool = False, **texts: str) -> SnapshotReader:
    """Index ``inbox`` once ``texts`` are in it, each in a file of its name."""
    for name, text in texts.items():
        (inbox / f"{name}.txt").write_text(text, "utf-8")
    update([inbox], store, FakeModel(), rebuild=rebuild)
    return store.current()


def aside(reader: SnapshotReader) -> Mapping[str, tuple[str, str]]:
    return {name: (one.served, one.reason) for name, one in reader.set_aside().items()}


def served(reader: SnapshotReader) -> list[str]:
    return [head.id for head in reader.letters()]


def test_what_came_later_is_served_whatever_it_is_called(store: Store, inbox: Path) -> None:
    run(store, inbox, z=FIRST)
    reader = run(store, inbox, a=SECOND)
    assert aside(reader) == {"z.txt": ("a.txt", "older")}
    assert served(reader) == ["a.txt"]
    assert reader.letter("z.txt").text == FIRST
    assert letter_named(NUMBER, reader).id == "a.txt"
    assert letter_named("z.txt", reader).id == "z.txt"


def test_of_files_that_came_at_once_the_one_written_later_is_served(
    store: Store, inbox: Path
) -> None:
    for name, text, at in (("z", FIRST, 1000), ("a", SECOND, 2000)):
        (inbox / f"{name}.txt").write_text(text, "utf-8")
        os.utime(inbox / f"{name}.txt", (at, at))
    assert aside(run(store, inbox)) == {"z.txt": ("a.txt", "older")}


def test_a_file_with_an_old_date_that_comes_later_is_later(store: Store, inbox: Path) -> None:
    run(store, inbox, a=FIRST)
    (inbox / "b.txt").write_text(SECOND, "utf-8")
    os.utime(inbox / "b.txt", (1000, 1000))
    assert aside(run(store, inbox)) == {"a.txt": ("b.txt", "older")}


@pytest.mark.parametrize("rebuild", [False, True])
def test_running_again_changes_nothing(store: Store, inbox: Path, rebuild: bool) -> None:
    run(store, inbox, z=FIRST, c=OTHER)
    was = run(store, inbox, a=SECOND, copy="打印 关闭\n" + SECOND)
    known, version = aside(was), was.snapshot.version
    again = run(store, inbox, rebuild=rebuild)
    assert aside(again) == known
    assert rebuild or again.snapshot.version == version


def test_neither_ranking_nor_a_scope_gives_what_is_set_aside(store: Store, inbox: Path) -> None:
    run(store, inbox, a=FIRST)
    reader = run(store, inbox, b=SECOND)
    assert set(ask(reader, "养老")) <= {"b.txt"}
    only = Scope(letter_ids=("a.txt",))
    assert [head.id for head in reader.letters(only)] == ["b.txt"]
    query = parsed(NUMBER + "建成多少处", reader)
    assert query.named.letter_ids == ("b.txt",)


def test_when_the_newer_file_goes_the_older_is_served_again(store: Store, inbox: Path) -> None:
    run(store, inbox, a=FIRST)
    run(store, inbox, b=SECOND)
    (inbox / "b.txt").unlink()
    reader = run(store, inbox)
    assert (aside(reader), served(reader)) == ({}, ["a.txt"])


@pytest.mark.parametrize("rebuild", [False, True])
def test_the_former_text_of_a_changed_file_stays(store: Store, inbox: Path, rebuild: bool) -> None:
    was = run(store, inbox, a=FIRST).letter("a.txt")
    run(store, inbox, a=SECOND)
    reader = run(store, inbox, rebuild=rebuild)
    former = f"a.txt@{was.sha256[:12]}"
    assert served(reader) == ["a.txt"]
    assert aside(reader) == {former: ("a.txt", "older")}
    assert reader.letter(former).text == FIRST
    assert reader.letter("a.txt").text == SECOND
    (found,) = kin_of("a.txt", reader, scope=ALL).earlier
    assert found.letter.id == former
    assert kin_of(former, reader, scope=ALL).newer == reader.letter("a.txt")


def test_a_changed_line_of_a_bulk_import_keeps_its_former_text(store: Store, inbox: Path) -> None:
    for text in (FIRST, SECOND):
        rows = [{"id": "a", "text": text}, {"id": "b", "text": OTHER}]
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (inbox / "all.jsonl").write_text(lines, "utf-8")
        reader = run(store, inbox)
    assert [reader.letter(name).text for name in reader.set_aside()] == [FIRST]


def test_a_text_that_is_only_set_otherwise_leaves_no_former_one(store: Store, inbox: Path) -> None:
    run(store, inbox, a=FIRST)
    assert aside(run(store, inbox, a=FIRST.replace("\n", "\n\n"))) == {}


def test_a_text_that_came_back_is_not_its_own_former_one(store: Store, inbox: Path) -> None:
    for text in (FIRST, SECOND, FIRST):
        reader = run(store, inbox, a=text)
    assert [reader.letter(name).text for name in reader.set_aside()] == [SECOND]


def test_former_texts_go_with_their_file(store: Store, inbox: Path) -> None:
    run(store, inbox, a=FIRST, b=OTHER)
    (former,) = run(store, inbox, a=SECOND).set_aside()
    (inbox / "a.txt").unlink()
    reader = run(store, inbox)
    assert served(reader) == ["b.txt"]
    with pytest.raises(LetterNotFound):
        reader.letter(former)


def test_a_letter_that_is_public_no_more_leaves_no_former_text(store: Store, inbox: Path) -> None:
    run(store, inbox, a=FIRST)
    run(store, inbox, a=SECOND)
    reader = run(store, inbox, a="公开属性：不予公开\n" + SECOND.replace("58处", "59处"))
    assert reader.letter("a.txt").publicity != "public"
    assert aside(reader) == {}


def test_the_latest_former_texts_are_kept(
    store: Store, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(earlier, "MOST", 2)
    for number in range(56, 61):
        reader = run(store, inbox, a=FIRST.replace("56处", f"{number}处"))
    texts = sorted(reader.letter(name).text for name in reader.set_aside())
    assert [("58处" in text, "59处" in text) for text in texts] == [(True, False), (False, True)]


def test_new_rules_keep_the_order_in_which_versions_came(tmp_path: Path, inbox: Path) -> None:
    def with_rules(rules: str) -> LocalStore:
        return local(tmp_path, rules=rules)

    run(with_rules("1"), inbox, z=FIRST)
    run(with_rules("1"), inbox, a=SECOND)
    os.utime(inbox / "z.txt")
    assert aside(run(with_rules("2"), inbox)) == {"z.txt": ("a.txt", "older")}
