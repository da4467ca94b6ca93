"""Before a reply is written: past letters, promises, figures and the points of a proposal."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from kb.analysis.briefing import LONGEST, POINTS, Briefing, beforehand
from kb.analysis.refresh import refresh_ledger
from kb.errors import WrongUse
from kb.ledger import edit
from kb.models.embedding import Embedder
from kb.settings import Settings
from kb.staff.database import opened
from kb.store.protocol import SnapshotReader
from kb.text.sentences import quotable
from kb.text.voices import formal
from kb.types import Scope
from tests.support.promises import PROGRAMS, WANG

PROPOSAL = """关于进一步加快老旧小区加装电梯、规范后续管理的提案

一、问题
补助标准低，管线迁改费用高，装后无人管。
二、建议
1. 提高财政补助标准。建议将每部电梯补助提高到20万元。
2. 将管线迁改费用纳入财政资金列支，减轻业主负担。
"""
GUARDS = """关于在学校周边增设护学岗和人行信号灯的建议
建议：
1、在全市小学门口设置护学岗，由公安交警、家长志愿者共同值守。
2、在没有信号灯的校门口增设人行横道信号灯。
"""
# On subjects that some sample letter is on, and that none is on, in the forms that people write.
ON_SUBJECT = (
    GUARDS,
    "抄送：市政府督查室\n垃圾分类\n部分小区没有分类投放点，建议完善分类收运体系，加强执法检查。",
    "停车难怎么办？\n能不能把机关单位的停车场晚上开放给居民？充电桩也太少了，应当多建一些。",
    "关于河道治理的几点思考\n首先，要尽快开展河道清淤，恢复行洪能力。其次，要落实河长制。",
)
OTHERS = (
    "关于在火星轨道建设天文望远镜的提案\n建议发射三颗卫星。",
    "关于设立城市宠物公墓的提案\n建议：一、规划建设宠物公墓；二、出台宠物遗体无害化处理办法；三、加强宣传引导。",
    "案    由：关于景区无障碍设施的提案\n建    议：\n第一，在主要景区修建坡道。第二，租借轮椅。",
)
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
    assert {one.entry.citation.letter_id for one in told.promised} <= {
        past.quote.letter_id for past in told.letters
    }
    last = told.promised[-1].entry
    edit.move(book, last.seen, "not_started", by=WANG)
    again = beforehand(PROPOSAL, base, model, book, settings=settings)
    assert again.promised[0].entry.id == last.id
    assert again.promised[0].open


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
        *(one.entry.citation.letter_id for one in told.promised),
        *(one.quote.letter_id for one in told.points if one.quote),
    }
    assert ids == {FIRST}


@pytest.mark.parametrize("text", OTHERS)
def test_a_proposal_on_something_new_finds_nothing(
    text: str, book: sqlite3.Connection, base: SnapshotReader, model: Embedder, settings: Settings
) -> None:
    told = beforehand(text, base, model, book, settings=settings)
    assert told.nothing
    assert (told.letters, told.promised, told.figures, told.similar) == ((), (), (), ())
    assert told.points
    assert not any(one.quote for one in told.points)


@pytest.mark.parametrize("text", ON_SUBJECT)
def test_no_formal_line_is_shown_as_what_was_answered(
    text: str, book: sqlite3.Connection, base: SnapshotReader, model: Embedder, settings: Settings
) -> None:
    told = beforehand(text, base, model, book, settings=settings)
    shown = [past.quote for past in told.letters] + [one.quote for one in told.points if one.quote]
    assert shown
    for one in shown:
        letter = base.letter(one.letter_id)
        words = one.exact[0].of(letter.text)
        # An item that is one whole sentence counts as a heading, yet it answers.
        stated = words.endswith("。") and not formal(words)
        assert stated or quotable(letter, one.exact[0], contact=False), words


def test_promises_of_the_same_letters_on_another_matter_are_left_out(
    book: sqlite3.Connection, base: SnapshotReader, model: Embedder, settings: Settings
) -> None:
    told = beforehand(GUARDS, base, model, book, settings=settings)
    words = "\n".join(one.entry.text for one in told.promised)
    assert "护学岗" in words
    assert "学位" not in words
    assert "午休" not in words
    guards = [one.points for one in told.promised if "护学岗" in one.entry.text]
    assert not any(2 in points for points in guards)  # which is on traffic lights


def test_points_beyond_those_that_are_looked_up_are_kept(
    book: sqlite3.Connection, base: SnapshotReader, model: Embedder, settings: Settings
) -> None:
    items = "\n".join(f"{number}、增设第{number}处人行过街信号灯" for number in range(1, 34))
    told = beforehand(
        f"关于增设信号灯的提案\n建议：\n{items}", base, model, book, settings=settings
    )
    assert len(told.points) == 33
    assert [one.searched for one in told.points] == [True] * POINTS + [False] * 3


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


LIFT_POINTS = """关于加强老旧小区加装电梯后续管理的提案
建议：
一、提高加装电梯财政补助标准。
二、推行电梯保险全覆盖。
三、建立电梯维修资金。
"""


def test_a_point_is_answered_under_the_heading_that_says_its_words_and_has_its_own_promises(
    book: sqlite3.Connection, base: SnapshotReader, model: Embedder, settings: Settings
) -> None:
    told = beforehand(LIFT_POINTS, base, model, book, settings=settings)
    first = told.points[0].quote
    assert first is not None
    assert (first.letter_id, first.headings[-1]) == (SECOND, "三、关于提高补助")
    letter = base.letter(SECOND)
    assert "现行标准维持不变" in first.exact[0].of(letter.text)
    insured = [one.entry.text for one in told.promised if 2 in one.points]
    assert len(insured) >= 2
    assert all("保险" in words for words in insured)


@pytest.mark.parametrize(
    "point",
    [
        "能否把长期护理保险尽快落地？",
        "可否将长期护理保险落到实处？",
        "希望市政府能否把长期护理保险尽快落地？",
        "能不能尽快把长期护理保险落地呢？",
    ],
)
def test_a_question_around_a_point_hides_nothing_that_was_said_on_it(
    point: str,
    book: sqlite3.Connection,
    base: SnapshotReader,
    model: Embedder,
    settings: Settings,
) -> None:
    text = f"关于治理老城区内涝的提案\n建议：\n一、整治积水点。\n二、{point}\n"
    asked = beforehand(text, base, model, book, settings=settings).points[1]
    assert asked.point.text == point.rstrip("？")
    assert asked.quote is not None
    assert "长期护理保险" in asked.quote.text
