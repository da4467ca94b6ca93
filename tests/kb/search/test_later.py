"""Later letters on the same subject: of the same place, of a later day, few and sure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kb.search.later import alike, later
from kb.store.protocol import SnapshotReader
from kb.types import Scope
from tests.support.asking import ALL, base_of, letter_text
from tests.support.letters import make_letter

LIFT = "云岭市住房和城乡建设局"


def text_of(subject: str, day: str, *, organ: str = LIFT, number: str = "1") -> str:
    return letter_text(
        f"云函〔{day[:4]}〕{number}号",
        organ=organ,
        subject=subject,
        day=day,
        body=f"一、情况\n{subject}已经办好。",
    )


TEXTS = {
    "first": text_of("破解老旧小区加装电梯难题", "2023年6月1日"),
    "second": text_of("加强加装电梯后续管理、提高财政补助标准", "2024年6月1日"),
    "third": text_of("老旧小区加装电梯", "2025年6月1日"),
    "other organ": text_of("老旧小区加装电梯", "2025年5月1日", organ="云岭市市场监督管理局"),
    "other city": text_of("老旧小区加装电梯", "2025年6月2日", organ="青河市住房和城乡建设局"),
    "other subject": text_of("老旧小区停车难", "2025年6月3日"),
    "consulted": text_of("老旧小区加装电梯", "2025年6月4日").replace(
        "号提案的答复", "号提案的会办意见"
    ),
    "undated": text_of("老旧小区加装电梯", "2025年6月5日").replace("2025年6月5日", ""),
}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return base_of(tmp_path_factory.mktemp("data"), *TEXTS.values(), ids=list(TEXTS))


def after(letter_id: str, reader: SnapshotReader, scope: Scope = ALL) -> Sequence[str]:
    return [one.id for one in later(reader.letter(letter_id), reader, scope=scope)]


def test_later_letters_of_the_same_place_and_subject_are_told_newest_first(
    reader: SnapshotReader,
) -> None:
    assert after("first", reader) == ["third", "other organ", "second"]


def test_the_newest_letter_has_nothing_after_it(reader: SnapshotReader) -> None:
    assert after("third", reader) == []
    assert after("other subject", reader) == []


def test_a_letter_without_a_day_or_a_subject_has_nothing_after_it(
    reader: SnapshotReader, tmp_path: Path
) -> None:
    assert after("undated", reader) == []
    assert later(make_letter("x", issued_on="2020-01-01"), reader, scope=ALL) == ()


def test_a_scope_keeps_later_letters_out(reader: SnapshotReader) -> None:
    assert after("first", reader, Scope(letter_ids=("first", "second"))) == ["second"]


def test_no_more_than_asked_for_are_told(reader: SnapshotReader) -> None:
    found = later(reader.letter("first"), reader, scope=ALL, most=1)
    assert [one.id for one in found] == ["third"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("推进我市老旧小区适老化改造", "加快老旧小区适老化改造", True),
        ("加装电梯补助", "提高加装电梯财政补助", True),
        ("优化公交线网", "延长夜间公交运营时间", False),  # a short word alone tells little
        ("综合治理校园周边交通", "加快青河综合治理", False),
        ("提高灵活就业社保补贴", "提高财政补贴标准", False),
        ("缓解中心城区停车难", "加快青河城区段治理", False),
    ],
)
def test_titles_are_alike_if_each_holds_much_of_the_other(
    one: str, other: str, *, same: bool
) -> None:
    left = make_letter("a", proposal_title=f"关于{one}的提案")
    right = make_letter("b", proposal_title=f"关于{other}的建议")
    assert alike(left, right) is alike(right, left) is same


# Read by hand: what the titles and texts of the sample letters are about.
FOLLOWED = {
    "fgw-2024-041": ["充电设施.docx"],
    "云交函〔2022〕19号.txt": ["云交函〔2026〕4号.txt", "云交函〔2025〕8号.txt", "公交出行.pdf"],
    "云交函〔2023〕26号.pdf": ["云交函〔2026〕4号.txt", "云交函〔2025〕8号.txt", "公交出行.pdf"],
    "云交函〔2025〕8号.txt": ["云交函〔2026〕4号.txt"],
    "云卫函〔2024〕15号.docx": ["云卫函〔2025〕11号.txt"],
    "云发改函〔2022〕36号.txt": ["充电设施.docx", "fgw-2024-041", "云发改函〔2023〕28号.txt"],
    "云发改函〔2023〕28号.txt": ["充电设施.docx", "fgw-2024-041"],
    "云城管〔2022〕17号.txt": ["云城管函〔2025〕31号.txt", "垃圾分类.html", "分类投放.docx"],
    "云市监函〔2025〕12号.txt": ["云建函〔2026〕3号.txt"],
    "云建函〔2025〕9号.txt": ["云建函〔2026〕3号.txt"],
    "云建办〔2022〕12号.txt": [
        "云建函〔2026〕3号.txt",
        "云建函〔2025〕9号.txt",
        "云建办〔2023〕18号.txt",
    ],
    "云建办〔2023〕18号.txt": ["云建函〔2026〕3号.txt", "云建函〔2025〕9号.txt"],
    "云建办〔2024〕27号.docx": ["养老服务.pdf"],
    "云文旅函〔2022〕9号.txt": [
        "图书馆新馆.html",
        "云文旅函〔2024〕8号.txt",
        "云文旅函〔2023〕11号.txt",
    ],
    "云文旅函〔2023〕11号.txt": ["图书馆新馆.html", "云文旅函〔2024〕8号.txt"],
    "云文旅函〔2024〕8号.txt": ["图书馆新馆.html"],
    "云民函〔2022〕14号.txt": ["养老服务.pdf"],
    "云财会办〔2024〕5号.txt": ["养老服务.pdf", "云建办〔2024〕27号.docx"],
    "公交出行.pdf": ["云交函〔2026〕4号.txt", "云交函〔2025〕8号.txt"],
    "分类投放.docx": ["云城管函〔2025〕31号.txt", "垃圾分类.html"],
    "垃圾分类.html": ["云城管函〔2025〕31号.txt"],
    "课后服务与学位.docx": ["云教复〔2024〕17号.txt"],
    "青河治理.html": ["云水函〔2024〕25号.txt"],
}


def test_among_the_sample_letters_those_of_one_subject_are_followed_up(
    base: SnapshotReader,
) -> None:
    told = {head.id: after(head.id, base) for head in base.letters()}
    assert {one: many for one, many in told.items() if many} == FOLLOWED
