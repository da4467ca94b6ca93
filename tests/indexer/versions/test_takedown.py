"""Letters that were ordered to be taken down: no file brings them back, until that is undone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

import indexer.__main__ as indexing
from kb.backup.backup import backup
from kb.backup.restore import restore
from kb.errors import BadSnapshot
from kb.staff.database import By
from kb.store.orders import orders
from tests.support.asking import FakeModel, letter_text

FIRST = letter_text("云民函〔2024〕7号")
OTHER = letter_text("云民函〔2024〕9号", proposal="090", subject="加装扶手")
ME = By(who="王", at=datetime(2026, 6, 1, tzinfo=UTC))


class Base:
    """A data folder and an inbox that are indexed from the command line."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.data, self.inbox = folder / "data", folder / "inbox"
        self.inbox.mkdir()
        self._capsys = capsys

    def write(self, **texts: str) -> None:
        for name, text in texts.items():
            (self.inbox / f"{name}.txt").write_text(text, "utf-8")

    def run(self, *words: str) -> dict[str, object]:
        self._capsys.readouterr()
        indexing.main([*words, "--json"])
        told: dict[str, object] = json.loads(self._capsys.readouterr().out or "{}")
        return told

    def update(self, *words: str) -> list[str]:
        """Index; the codes of what was refused."""
        refused = self.run("update", str(self.inbox), *words)["refused"]
        assert isinstance(refused, list)
        return [one["code"] for one in refused]

    def letters(self) -> list[str]:
        told = self.run("list")
        every = [told["letters"], told["set_aside"]]
        return sorted(one["id"] for some in every if isinstance(some, list) for one in some)


@pytest.fixture
def base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Base:
    monkeypatch.setenv("KB_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(indexing, "embedder_of", lambda _: FakeModel())
    made = Base(tmp_path, capsys)
    made.write(a=FIRST, b=OTHER)
    made.update()
    return made


def test_it_is_gone_at_once_and_stays_so_whenever_it_is_indexed(base: Base) -> None:
    base.run("takedown", "a.txt", "--reason", "当事人要求")
    assert base.letters() == ["b.txt"]
    assert base.update() == ["taken_down"]
    assert base.update("--rebuild") == ["taken_down"]
    assert base.letters() == ["b.txt"]
    (base.inbox / "a.txt").unlink()
    assert base.update() == []
    base.write(a=FIRST)
    assert base.update() == ["taken_down"]


def test_copies_and_former_texts_go_with_it(base: Base) -> None:
    base.write(copy="打印 关闭\n" + FIRST)
    base.write(a=FIRST.replace("56处", "58处"))
    base.update()
    assert len(base.letters()) == 4
    served = next(one for one in base.letters() if one in ("a.txt", "copy.txt"))
    base.run("takedown", served)
    assert base.letters() == ["b.txt"]


@pytest.mark.parametrize("text", [FIRST, FIRST.replace("\n", "\n　　"), "首页 > 公开\n" + FIRST])
def test_the_same_words_under_another_name_are_refused(base: Base, text: str) -> None:
    base.run("takedown", "a.txt")
    (base.inbox / "a.txt").unlink()
    base.write(again=text)
    assert base.update() == ["taken_down"]
    assert base.letters() == ["b.txt"]


def test_another_letter_is_not_refused(base: Base) -> None:
    base.run("takedown", "a.txt")
    (base.inbox / "a.txt").unlink()
    base.write(new=FIRST.replace("56处", "65处"))
    assert base.update() == []
    assert base.letters() == ["b.txt", "new.txt"]


def test_once_undone_the_next_update_brings_it_back(base: Base) -> None:
    base.run("takedown", "a.txt")
    assert base.run("takedown", "a.txt", "--undo") == {"taken_down": {}}
    assert base.update() == []
    assert base.letters() == ["a.txt", "b.txt"]


def test_what_was_not_ordered_cannot_be_undone(base: Base) -> None:
    assert indexing.main(["takedown", "b.txt", "--undo"]) == 2


def test_a_letter_that_has_not_come_yet_is_barred_too(base: Base) -> None:
    base.run("takedown", "later.txt")
    base.write(later=letter_text("云民函〔2024〕11号", proposal="091", subject="修路"))
    assert base.update() == ["taken_down"]


def test_the_list_says_when_and_why(base: Base) -> None:
    base.run("takedown", "a.txt", "--reason", "当事人要求")
    told = base.run("takedown")["taken_down"]
    assert isinstance(told, dict)
    assert told["a.txt"]["reason"] == "当事人要求"
    assert FIRST[-20:] not in json.dumps(told, ensure_ascii=False)


def test_nothing_is_left_of_it_but_what_mending_takes(base: Base) -> None:
    base.run("takedown", "a.txt")
    base.run("verify", "--gone", "a.txt", "--mend")
    assert base.run("verify", "--gone", "a.txt")["gone"] is True


def test_no_older_version_brings_it_back_even_if_asked(base: Base) -> None:
    base.run("takedown", "a.txt")
    assert indexing.main(["rollback", "--republish"]) != 0
    assert base.letters() == ["b.txt"]


def test_a_backup_has_the_list_and_a_new_machine_keeps_it(base: Base, tmp_path: Path) -> None:
    base.run("takedown", "a.txt")
    backup(base.data, tmp_path / "backup", by=ME)
    restore(tmp_path / "other", tmp_path / "backup", by=ME)
    assert list(orders(tmp_path / "other").by_id) == ["a.txt"]


def test_a_backup_from_before_is_not_put_back_over_the_order(base: Base, tmp_path: Path) -> None:
    backup(base.data, tmp_path / "backup", by=ME)
    base.run("takedown", "a.txt")
    with pytest.raises(BadSnapshot, match="下令撤下"):
        restore(base.data, tmp_path / "backup", by=ME, replace=True)
    assert base.letters() == ["b.txt"]
