"""An update of a data folder: what was embedded once is not again, whatever happened between."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from indexer import whole
from indexer.report import as_line
from indexer.whole import Base, indexed
from kb.settings import Settings
from kb.staff.database import NAME, StaffUnusable, opened
from tests.support.asking import FakeModel, letter_text
from tests.support.stores import local

HALVES = ("全市新修道路12条，惠及3200户。", "全市新建公园6个，每个投资80万元。")


def base(folder: Path, model: FakeModel, **fingerprint: str) -> Base:
    settings = replace(Settings(), data=folder / "data")
    return Base(settings=settings, store=local(folder, **fingerprint), embedder=model)


def lines(path: Path, **texts: str) -> None:
    rows = [json.dumps({"id": i, "text": t}, ensure_ascii=False) for i, t in texts.items()]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number in (7, 8, 9):
        (folder / f"{number}.txt").write_text(letter_text(f"云民函〔2024〕{number}号"), "utf-8")
    return folder


def test_a_dropped_line_embeds_no_other_line_and_changes_none(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    texts = {f"x{n}": letter_text(f"云民函〔2024〕{n}号") for n in range(5)}
    lines(path, **texts)
    indexed([path], base(tmp_path, FakeModel()))
    del texts["x1"]
    lines(path, **texts)
    model = FakeModel()
    tally = indexed([path], base(tmp_path, model)).tally
    assert (tally.added, tally.changed, tally.removed, tally.unchanged) == (0, 0, 1, 4)
    assert model.embedded == []


@pytest.mark.parametrize("first", [0, 2, 4])
def test_a_line_put_before_others_embeds_only_itself(tmp_path: Path, first: int) -> None:
    path = tmp_path / "all.jsonl"
    texts = [(f"x{n}", letter_text(f"云民函〔2024〕{n}号")) for n in range(5)]
    lines(path, **dict(texts))
    indexed([path], base(tmp_path, FakeModel()))
    texts.insert(first, ("new", letter_text("云民函〔2024〕90号", subject="修路")))
    lines(path, **dict(texts))
    model = FakeModel()
    tally = indexed([path], base(tmp_path, model)).tally
    assert (tally.added, tally.unchanged, model.embedded) == (1, 5, ["new"])


def test_a_run_that_is_broken_off_goes_on_where_it_was(tmp_path: Path, inbox: Path) -> None:
    class Dying(FakeModel):
        def passages(self, letter, passages):  # type: ignore[no-untyped-def]
            if letter.id == "9.txt":
                raise KeyboardInterrupt
            return super().passages(letter, passages)

    for path, half in zip(sorted(inbox.iterdir()), (*HALVES, "别的。"), strict=True):
        path.write_text(letter_text(path.stem, body=half, subject=half[:8]), "utf-8")
    with pytest.raises(KeyboardInterrupt):
        indexed([inbox], base(tmp_path, Dying()))
    model = FakeModel()
    assert indexed([inbox], base(tmp_path, model)).tally.added == 3
    assert model.embedded == ["9.txt"]


def test_a_renamed_file_and_new_rules_of_reading_embed_nothing(tmp_path: Path, inbox: Path) -> None:
    indexed([inbox], base(tmp_path, FakeModel()))
    model = FakeModel()
    (inbox / "8.txt").rename(inbox / "80.txt")
    indexed([inbox], base(tmp_path, model))
    indexed([inbox], base(tmp_path, model, rules="2"), rebuild=True)
    assert model.embedded == []


def test_a_report_says_in_one_line_what_changed(tmp_path: Path, inbox: Path) -> None:
    (inbox / "1.odt").write_text("什么")
    report = indexed([inbox], base(tmp_path, FakeModel()))
    line = as_line(report)
    assert report.news
    assert "新增 3、更新 0、撤下 0、未变 0、拒收 1" in line
    assert "1.odt（unsupported_format）" in line
    assert "\n" not in line
    assert not indexed([inbox], base(tmp_path, FakeModel())).news


def test_a_ledger_without_room_says_that_the_snapshot_is_published_all_the_same(
    tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = base(tmp_path, FakeModel())
    with opened(there.settings.data / NAME):
        pass
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL

    def no_room(*_: object, **__: object) -> NoReturn:
        raise full

    monkeypatch.setattr(whole, "refresh_ledger", no_room)
    with pytest.raises(StaffUnusable, match=r"已经发布，只有台账没有更新.*腾出空间") as caught:
        indexed([inbox], there)
    assert there.store.current().snapshot.version in str(caught.value)
    assert len(there.store.current().letters()) == 3
    monkeypatch.undo()
    assert indexed([inbox], there).proposed is not None
