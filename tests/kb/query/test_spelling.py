"""Words typed as others of the same sound are put right, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.query.directory import directory_of
from kb.query.follow_up import Mended
from kb.query.spelling import spelled
from kb.query.understand import understood
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from tests.support.asking import ALL, base_of, letter_text

BODY = """一、情况
全市既有住宅电梯每部补助8万元，电梯由物业公司维修。新建充电桩60个，停车位300个。
住房公积金贷款额度提高，医保、社保可以在网上办。燃气管道、自来水管道已改造，供水水压达标。
无障碍设施和盲道由住建局管护，垃圾分类由城管局负责，垃圾每天清运，收费标准公开，服务电话公布。
二、下一步打算
下一步，我们将把幼儿园的床位、学校的食堂一并改造，年底前完成。农民工工资按月发放。"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return base_of(tmp_path_factory.mktemp("base"), letter_text(body=BODY))


def _spelled(question: str, reader: SnapshotReader) -> str:
    return spelled(question, directory_of(reader, ALL), reader)[0]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("店梯坏了谁修", "电梯坏了谁修"),
        ("充电庄建了多少个", "充电桩建了多少个"),
        ("公积斤贷款额度是多少", "公积金贷款额度是多少"),
        ("停车卫有多少", "停车位有多少"),
        ("医报能在网上办吗", "医保能在网上办吗"),
        ("无障爱设施归谁管", "无障碍设施归谁管"),
        ("盲到谁来管", "盲道谁来管"),
        ("下一布怎么打算", "下一步怎么打算"),
        ("店梯壞了誰修", "电梯壞了誰修"),
    ],
)
def test_a_word_of_the_same_sound_is_put_right(
    reader: SnapshotReader, typed: str, meant: str
) -> None:
    assert _spelled(typed, reader) == meant


@pytest.mark.parametrize(
    "question",
    [
        "电梯每部补助多少钱", "店梯村什么时候通水", "路等了多久还没修", "充电庄园在哪",
"王店梯委员提了什么",
        "谁管水压", "学校的食堂", "医报社在哪", "12345", "限行时间是几点", "入沪要什么证明",
"的铁三号线",        "住在电提的老人怎么办", "云岭市民政局管什么", "小去上班", "这儿的电", "", "？",
    ],
)  # fmt: skip
def test_what_may_be_meant_so_stays(reader: SnapshotReader, question: str) -> None:
    assert _spelled(question, reader) == question


def test_a_word_that_no_letter_has_is_not_put_in(reader: SnapshotReader) -> None:
    assert _spelled("地贴什么时候开通", reader) == "地贴什么时候开通"


def test_what_a_letter_says_stays(tmp_path: Path) -> None:
    own = base_of(tmp_path, letter_text(body=BODY + "\n店梯工程由市店梯办负责。"))
    assert _spelled("店梯坏了谁修", own) == "店梯坏了谁修"


def test_what_was_put_right_is_told_and_can_be_undone(reader: SnapshotReader) -> None:
    known, settings = directory_of(reader, ALL), Settings()
    found = understood("店梯坏了谁修", known, settings=settings, reader=reader)
    resolved = found.resolved(found.query.typed)
    assert resolved
    assert resolved.question == found.query.typed == "电梯坏了谁修"
    assert resolved.mended == (Mended(kind="spelling", was="店梯", now="电梯"),)
    again = understood("店梯坏了谁修", known, settings=settings, reader=reader, as_typed=True)
    assert again.resolved(again.query.typed) is None
    assert again.query.typed == "店梯坏了谁修"
