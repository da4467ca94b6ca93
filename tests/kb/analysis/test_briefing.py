"""Before a reply is written: past letters, promises, figures and the points of a proposal."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from kb.analysis.briefing import LONGEST, Briefing, beforehand
from kb.analysis.refresh import refresh_ledger
from kb.errors import WrongUse
from kb.ledger import edit
from kb.models.embedding import Embedder
from kb.settings import Settings
from kb.staff.database import opened
from kb.store.protocol import SnapshotReader
from kb.types import Scope
from tests.support.promises import PROGRAMS, WANG

PROPOSAL = """关于进一步加快老旧小区加装电梯、规范后续管理的提案

一、问题
补助标准低，管线迁改费用高，装后无人管。
二、建议
1. 提高财政补助标准。建议将每部电梯补助提高到20万元。
2. 将管线迁改费用纳入财政资金列支，减轻业主负担。
"""
FIRST, SECOND = "云建办〔2023〕18号.txt", "云建函〔2025〕9号.txt"


@pytest.fixture(scope="module")
def book(
    tmp_path_factory: pytest.TempPathFactory, base: SnapshotReader
) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path_factory.mktemp("staff") / "staff.db") as database:
        refresh_ledger(database, base, by=PROGRAMS)
        yield database


@pytest.fixture(scope="module")
def told(
    book: sqlite3.Connection, base: SnapshotReader, model: Embedder, settings: Settings
) -> Briefing:
    return beforehand(PROPOSAL, base, model, book, settings=settings)


def test_past_letters_on_it_are_told_with_a_verbatim_quote(
    told: Briefing, base: SnapshotReader
) -> None:
    assert {FIRST, SECOND} <= {one.quote.letter_id for one in told.letters}
    assert "停车难.pdf" not in {one.quote.letter_id for one in told.letters}
    for one in told.letters:
        letter = base.letter(one.quote.letter_id)
        assert one.quote.span.of(letter.text) == one.quote.text
        assert all(one.quote.span.holds(exact) for exact in one.quote.exact)


def test_what_was_promised_in_them_is_told_open_ones_first(
    told: Briefing,
    book: sqlite3.Connection,
    base: SnapshotReader,
    model: Embedder,
    settings: Settings,
) -> None:
    assert {one.citation.letter_id for one in told.promised} <= {
        past.quote.letter_id for past in told.letters
    }
    last = told.promised[-1]
    edit.move(book, last.seen, "not_started", by=WANG)
    again = beforehand(PROPOSAL, base, model, book, settings=settings)
    assert again.promised[0].id == last.id
    assert again.promised[0] in again.open


def test_the_figures_of_these_letters_are_told(told: Briefing, base: SnapshotReader) -> None:
    assert told.figures
    for one in told.figures:
        assert one.span.of(base.letter(one.letter_id).text) == one.raw


def test_proposals_of_much_the_same_title_are_told(told: Briefing) -> None:
    assert {FIRST, SECOND} <= {one.letter_id for one in told.similar}


def test_each_point_has_the_passage_that_comes_nearest(
    told: Briefing, base: SnapshotReader
) -> None:
    assert [one.point.text[:6] for one in told.points] == ["提高财政补助", "将管线迁改费"]
    for one in told.points:
        assert one.quote
        text = base.letter(one.quote.letter_id).text
        assert one.quote.span.of(text) == one.quote.text
    assert told.points[1].quote
    assert "管线迁改" in told.points[1].quote.text


def test_the_same_paste_gives_the_same_briefing(
    told: Briefing,
    book: sqlite3.Connection,
    base: SnapshotReader,
    model: Embedder,
    settings: Settings,
) -> None:
    again = beforehand(PROPOSAL, base, model, book, settings=settings)
    assert (again.letters, again.points, again.figures) == (
        told.letters,
        told.points,
        told.figures,
    )


def test_letters_out_of_scope_are_in_no_part_of_it(
    book: sqlite3.Connection, base: SnapshotReader, model: Embedder, settings: Settings
) -> None:
    scope = Scope(letter_ids=(FIRST,))
    told = beforehand(PROPOSAL, base, model, book, settings=settings, scope=scope)
    ids = {
        *(one.letter_id for one in (*told.similar, *told.figures)),
        *(past.quote.letter_id for past in told.letters),
        *(one.citation.letter_id for one in told.promised),
        *(one.quote.letter_id for one in told.points if one.quote),
    }
    assert ids == {FIRST}


def test_a_proposal_on_something_new_finds_nothing(
    book: sqlite3.Connection, base: SnapshotReader, model: Embedder, settings: Settings
) -> None:
    text = "关于在火星轨道建设天文望远镜的提案\n建议发射三颗卫星。"
    told = beforehand(text, base, model, book, settings=settings)
    assert (told.letters, told.promised, told.figures, told.similar) == ((), (), (), ())


@pytest.mark.parametrize("text", ["  \n", "长" * (LONGEST + 1), "有\x00字"])
def test_what_cannot_be_read_is_refused_with_what_to_do(
    text: str,
    book: sqlite3.Connection,
    base: SnapshotReader,
    model: Embedder,
    settings: Settings,
) -> None:
    with pytest.raises(WrongUse, match="请"):
        beforehand(text, base, model, book, settings=settings)
