"""One word for one thing: pages, files, the import and the history of a commitment agree."""

from __future__ import annotations

import csv as csv_reader
import io
import re
from pathlib import Path
from typing import get_args

import pytest

from kb.extract.types import PRECISIONS, RELATIONS, STRENGTHS, Due, Precision, Strength
from kb.ledger import edit
from kb.ledger.columns import COLUMNS
from kb.ledger.events import entry
from kb.ledger.formats.import_csv import Imported, corrections
from kb.ledger.formats.table import FORMER, READABLE
from kb.ledger.history import history
from kb.ledger.types import MOVES, OFF, STATUSES, Entry, Status
from kb.staff.database import opened
from tests.support.promises import WANG
from tests.support.served import Page
from tests.support.signed import Desk, desk_at

HERE = "/staff/commitments/1"
DAY = "2099-06-30"  # far off, so that nothing is overdue


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_at(tmp_path)


def due(precision: Precision) -> Due:
    return Due(raw="那时候", first=None, last=DAY, precision=precision)


def corrected(desk: Desk, **fields: object) -> None:
    with opened(desk.path) as database:
        edit.correct(database, entry(database, 1).seen, fields, by=WANG, reason="看过")


def moved(desk: Desk, path: tuple[Status, ...]) -> None:
    with opened(desk.path) as database:
        for status in path:
            edit.move(database, entry(database, 1).seen, status, by=WANG, reason="看过")


def exported(desk: Desk, query: str = "") -> dict[str, str]:
    """The first commitment's row of the CSV."""
    content = desk.as_("manager").get(f"/staff/export.csv?letter_id=&{query}").content
    rows = csv_reader.DictReader(io.StringIO(content.decode("utf-8-sig")))
    return next(row for row in rows if row["编号"] == "1")


def imported(desk: Desk, **cells: str) -> Imported:
    """What an import of these cells of the first commitment does."""
    with opened(desk.path) as database:
        row = {"编号": "1", "版本": str(entry(database, 1).version), **cells}
        lines = (",".join(f'"{cell}"' for cell in line) for line in (row, row.values()))
        return corrections(database, "\r\n".join(lines).encode(), by=WANG, reason="看过", dry=False)


def one(desk: Desk) -> Entry:
    with opened(desk.path) as database:
        return entry(database, 1)


def selects(desk: Desk, name: str) -> list[dict[str, str]]:
    """What each select of this name offers: word by value, the one that holds first."""
    page = desk.as_("manager").get(HERE).text
    found = re.findall(rf'<select [^>]*name="{name}">(.*?)</select>', page)
    options = (
        re.findall(r'<option value="(.*?)"( selected)?>(.*?)</option>', one) for one in found
    )
    return [
        {value: word for value, held, word in sorted(some, key=lambda option: not option[1])}
        for some in options
    ]


def chosen(desk: Desk, name: str) -> dict[str, str]:
    (offered,) = selects(desk, name)
    return offered


@pytest.mark.parametrize("precision", get_args(Precision))
def test_a_precision_has_one_word_on_the_page_in_files_and_back(
    desk: Desk, precision: Precision
) -> None:
    word = PRECISIONS[precision]
    corrected(desk, due=due(precision))
    offered = chosen(desk, "due_precision")
    assert next(iter(offered.items())) == (precision, word)
    assert offered == dict(PRECISIONS)
    assert exported(desk)["精确到"] == word

    other: Precision = "month" if precision != "month" else "year"
    corrected(desk, due=due(other))
    (change,) = imported(desk, 精确到=word).changes
    assert change.changes == (("精确到", PRECISIONS[other], word),)
    assert one(desk).due == due(precision)


@pytest.mark.parametrize(
    ("former", "precision"),
    [
        ("季度", "quarter"),
        ("大约", "approximate"),
        ("约数（工作日）", "approximate"),
        ("说不出日子", "vague"),
    ],
)
def test_a_word_of_earlier_exports_is_still_read(
    desk: Desk, former: str, precision: Precision
) -> None:
    corrected(desk, due=due("day"))
    assert len(imported(desk, 精确到=former).changes) == 1
    assert one(desk).due == due(precision)
    assert imported(desk, 精确到=former) == imported(desk, 精确到=former)
    assert imported(desk, 精确到=former).changes == ()  # it means what is there already


def test_words_of_now_are_no_former_words() -> None:
    for words in FORMER.values():
        assert not set(words) & set(PRECISIONS.values())
        assert set(words.values()) <= set(PRECISIONS.values())


@pytest.mark.parametrize("strength", get_args(Strength))
def test_a_strength_has_one_word_on_the_page_in_files_and_back(
    desk: Desk, strength: Strength
) -> None:
    other: Strength = "plans" if strength != "plans" else "will"
    corrected(desk, strength=other)
    assert len(imported(desk, 语气=STRENGTHS[strength]).changes) == 1
    assert one(desk).strength == strength
    assert next(iter(chosen(desk, "strength").items())) == (strength, STRENGTHS[strength])
    assert chosen(desk, "strength") == dict(STRENGTHS)
    page = desk.as_("manager").get(HERE).text
    assert f'<th scope="row">语气</th><td>{STRENGTHS[strength]}</td>' in page
    assert exported(desk)["语气"] == STRENGTHS[strength]


# How each status is come to that a person gives.
WAYS: dict[Status, tuple[Status, ...]] = {
    "proposed": (),
    **{to: (to,) for was, to in MOVES if was == "proposed"},
}


@pytest.mark.parametrize("status", WAYS)
def test_a_status_has_one_word_on_the_page_in_files_and_back(desk: Desk, status: Status) -> None:
    corrected(desk, due=due("day"))
    moved(desk, WAYS[status])
    word = STATUSES[status]
    client = desk.as_("manager")
    page = Page.of(client.get(HERE).text)
    assert word in page.one("h1").text
    assert exported(desk, f"status={status}")["状态"] == word
    found = client.get("/api/staff/commitments", params={"status": status}).json()
    assert {one["label"] for one in found["commitments"] if one["id"] == 1} == {word}
    assert not imported(desk, 状态=word).problems
    (problem,) = imported(desk, 状态="别的").problems
    assert word in problem.text
    assert (status in OFF) == (status == "rejected")


def test_a_relation_has_one_word_in_every_form_of_the_page(desk: Desk) -> None:
    forms = selects(desk, "relation")
    assert forms == [dict(RELATIONS)] * 3


def test_a_column_is_called_the_same_in_a_file_and_in_the_history() -> None:
    labels = {column.label for column in COLUMNS if column.correctable}
    assert labels == {name for readable in READABLE.values() for name in readable.columns}


def test_the_target_alone_can_be_corrected_and_is_told(desk: Desk) -> None:
    (change,) = imported(desk, 目标数值="61.5").changes
    assert change.changes == (("目标数值", "60", "61.5"),)
    with opened(desk.path) as database:
        assert history(database, 1)[0].kind == "corrected"
