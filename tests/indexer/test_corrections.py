"""Corrections of staff over updates: in force at once, after a rebuild, until they are undone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.report import Report
from indexer.whole import Base, indexed
from kb.intake.corrections import Changes, correct
from kb.intake.files import public
from kb.settings import Settings
from kb.staff.database import NAME, opened
from kb.types import Letter
from tests.support.asking import FakeModel, letter_text
from tests.support.promises import WANG
from tests.support.stores import local

RIGHT, TRUE = "青山县水利局", "云民函〔2024〕7号"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox" / "2024"
    folder.mkdir(parents=True)
    for number in (7, 8):
        (folder / f"{number}.txt").write_text(letter_text(f"云民函〔2024〕{number}号"), "utf-8")
    return folder.parent


@pytest.fixture
def base(tmp_path: Path) -> Base:
    settings = replace(Settings(), data=tmp_path / "data")
    return Base(settings=settings, store=local(tmp_path), embedder=FakeModel())


def said(base: Base, changes: Changes, letter: str = "2024/7.txt") -> None:
    with opened(base.settings.data / NAME) as database:
        correct(database, letter, changes, by=WANG)


def seventh(base: Base) -> Letter:
    return base.store.current().letter("2024/7.txt")


def changed(report: Report) -> tuple[int, int, int]:
    return report.tally.added, report.tally.changed, report.tally.removed


def test_a_correction_is_shown_after_the_next_update_and_touches_no_other_letter(
    inbox: Path, base: Base
) -> None:
    indexed([inbox], base)
    said(base, {"issuer": ("", RIGHT)})
    report = indexed([inbox], base)
    assert changed(report) == (0, 1, 0)
    assert seventh(base).value("issuer") == RIGHT
    assert base.store.current().letters()[0].issuer == RIGHT
    assert seventh(base).value("number") == TRUE
    assert not indexed([inbox], base).news


def test_an_update_of_nothing_else_reads_the_corrected_letter_where_it_lies(
    inbox: Path, base: Base
) -> None:
    indexed([inbox], base)
    said(base, {"issuer": ("", RIGHT)})
    assert changed(indexed([], base)) == (0, 1, 0)
    assert (seventh(base).id, seventh(base).value("issuer")) == ("2024/7.txt", RIGHT)
    assert changed(indexed([inbox], base)) == (0, 0, 0)


def test_where_the_file_is_gone_the_original_is_read(inbox: Path, base: Base) -> None:
    indexed([inbox], base)
    said(base, {"issuer": ("", RIGHT)})
    inbox.rename(inbox.with_name("elsewhere"))
    assert changed(indexed([], base)) == (0, 1, 0)
    assert (seventh(base).id, seventh(base).value("issuer")) == ("2024/7.txt", RIGHT)
    assert base.store.current().original("2024/7.txt") is not None


def test_a_rebuild_and_a_changed_file_keep_the_correction(inbox: Path, base: Base) -> None:
    indexed([inbox], base)
    said(base, {"issuer": ("", RIGHT), "cc": ((), ("县政协",))})
    indexed([inbox], base, rebuild=True)
    assert seventh(base).value("issuer") == RIGHT
    (inbox / "2024" / "7.txt").write_text(letter_text(TRUE, body="又修了一条渠。"), "utf-8")
    indexed([inbox], base)
    assert seventh(base).value("issuer") == RIGHT
    assert [member.value for member in seventh(base).lists["cc"]] == ["县政协"]


def test_what_is_undone_is_as_it_was_read(inbox: Path, base: Base) -> None:
    indexed([inbox], base)
    before = seventh(base)
    said(base, {"issuer": ("", RIGHT)})
    indexed([], base)
    said(base, {"issuer": (RIGHT, None)})
    indexed([], base)
    assert seventh(base) == before


def test_a_line_of_a_bulk_import_is_corrected_too(tmp_path: Path, base: Base) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text('{"id": "x1", "text": "县水利局关于修渠的答复。\\n明年修。"}\n', "utf-8")
    indexed([path], base)
    said(base, {"number": ("", TRUE)}, "x1")
    indexed([], base)
    assert base.store.current().letter("x1").value("number") == TRUE


def test_published_uploads_are_part_of_every_update_even_of_a_rebuild(
    inbox: Path, base: Base
) -> None:
    folder = public(base.settings.data)
    folder.mkdir(parents=True)
    (folder / "9.txt").write_text(letter_text("云民函〔2024〕9号"), "utf-8")
    for rebuild in (False, True):
        indexed([inbox], base, rebuild=rebuild)
        ids = [head.id for head in base.store.current().letters()]
        assert ids == ["2024/7.txt", "2024/8.txt", "9.txt"]
    assert not indexed([folder], base).news
    (folder / "9.txt").unlink()
    assert indexed([inbox], base).tally.removed == 1


def test_what_is_taken_away_does_not_come_back_with_a_correction(inbox: Path, base: Base) -> None:
    indexed([inbox], base)
    said(base, {"issuer": ("", RIGHT)})
    (inbox / "2024" / "7.txt").unlink()
    assert changed(indexed([inbox], base)) == (0, 0, 1)
    assert [head.id for head in base.store.current().letters()] == ["2024/8.txt"]


def test_a_correction_can_show_that_two_letters_are_one(inbox: Path, base: Base) -> None:
    indexed([inbox], base)
    assert not base.store.current().set_aside()
    said(base, {"number": ("云民函〔2024〕8号", TRUE)}, "2024/8.txt")
    indexed([], base)
    assert [head.number for head in base.store.current().letters()] == [TRUE]
    assert len(base.store.current().set_aside()) == 1


def test_a_former_text_keeps_no_file_from_being_as_last_indexed(inbox: Path, base: Base) -> None:
    indexed([inbox], base)
    (inbox / "2024" / "7.txt").write_text(letter_text(TRUE, body="又修了一条渠。"), "utf-8")
    said(base, {"issuer": ("", RIGHT)})
    indexed([inbox], base)
    assert len(base.store.current().set_aside()) == 1
    assert not indexed([inbox], base).news
    assert not indexed([], base).news
