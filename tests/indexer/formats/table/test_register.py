"""Rows of registers: numbers, organs and their parts, classes, sessions, sums, broken rows."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from indexer.formats.table import register
from indexer.formats.table.columns import heading
from indexer.formats.table.organs import organs_in
from indexer.formats.table.rows import items
from indexer.formats.table.sheet import Line, Sheet
from kb.errors import UnreadableFile
from kb.store.register import RegisterRow

HEAD = "提案号|案由|提案人|承办单位|办理结果|办理期限"


def sheet(*rows: str, ragged: bool = False, name: str = "") -> Sheet:
    lines = [Line(number=n, cells=tuple(row.split("|"))) for n, row in enumerate(rows, start=1)]
    return Sheet(name=name, lines=tuple(lines), ragged=ragged)


def rows(*lines: str, ragged: bool = False, name: str = "") -> list[RegisterRow | UnreadableFile]:
    table = sheet(*lines, ragged=ragged, name=name)
    found = heading(table)
    assert found
    return list(register.rows(table, found))


def row(line: str, head: str = HEAD) -> RegisterRow:
    (found,) = rows(head, line)
    assert isinstance(found, RegisterRow), found
    return found


def test_every_column_is_read() -> None:
    head = "届次|提案号|案由|提案人|界别|主办单位|会办单位|类别|交办日期|办理期限|答复文号|答复日期"
    found = row(
        "市政协八届一次会议|0045|关于改造老旧管网的提案|孙丽、周强|经济界|市住建局|市水务局；市财政局|B类"
        "|2024/3/10|2024年9月10日|建函〔2024〕12号|2024-08-30",
        head,
    )
    assert found == RegisterRow(
        file="",
        place="第2行",
        numbers=("0045",),
        kind="提案",
        assembly="市政协八届一次会议",
        title="关于改造老旧管网的提案",
        proposers=("孙丽", "周强"),
        sector="经济界",
        host=("市住建局",),
        co_organs=("市水务局", "市财政局"),
        result_class="B",
        handed_on="2024-03-10",
        due="2024-09-10",
        reply_number="建函〔2024〕12号",
        replied_on="2024-08-30",
    )


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("0012", ["0012"]), ("第12号", ["12"]), ("12号、15号", ["12", "15"]), ("１２", ["12"]),
        ("12.0", ["12"]), ("2024年第12号", ["12"]), ("十四届三次第45号", ["45"]), ("A012", ["A012"]),
        ("2024-012", ["2024-012"]), ("第 12 号提案", ["12"]), ("1520135", ["1520135"]),
    ],
)  # fmt: skip
def test_numbers_are_read_as_they_are_written(cell: str, numbers: Sequence[str]) -> None:
    assert list(row(f"{cell}|路|孙丽|甲局||").numbers) == numbers


@pytest.mark.parametrize("cell", ["", "无", "/", "暂无", "未编号", "待定"])
def test_a_row_may_have_no_number_yet(cell: str) -> None:
    assert row(f"{cell}|关于修路的提案|孙丽|甲局||").numbers == ()


@pytest.mark.parametrize(
    ("cell", "graded"),
    [
        ("A", "A"), ("B类", "B"), ("Ａ", "A"), ("A（已解决）", "A"), ("C：留作参考", "C"), ("B1", "B"),
        ("已解决（A类）", "A"), ("乙类", "乙"), ("（B）", "B"), ("经济建设类", ""), ("已办结", ""),
        ("Apple", ""), ("", ""),
    ],
)  # fmt: skip
def test_result_classes_are_letters_and_nothing_else(cell: str, graded: str) -> None:
    assert row(f"1|路|孙丽|甲局|{cell}|").result_class == graded


def test_of_two_columns_called_class_the_one_that_is_one_counts() -> None:
    assert row("1|路|甲局|城建类|B", "提案号|案由|承办单位|类别|办理结果").result_class == "B"


@pytest.mark.parametrize(
    ("cell", "host", "others", "untold"),
    [
        ("市教育局", "", "", "市教育局"),
        ("市教育局、市财政局", "", "", "市教育局 市财政局"),
        ("主办：市教育局；会办：市财政局、市公安局", "市教育局", "市财政局 市公安局", ""),
        ("市教育局（主办），市财政局（会办）", "市教育局", "市财政局", ""),
        ("市教育局(主) 市财政局(会)", "市教育局", "市财政局", ""),
        ("市教育局主办，市发改委、市妇联会办", "市教育局", "市妇联", "市发改委"),
        ("牵头单位：市发展改革委员会\n配合单位：市民政局", "市发展改革委员会", "市民政局", ""),
        ("市国资委", "", "", "市国资委"),
        ("县委宣传部/县文旅局", "", "", "县委宣传部 县文旅局"),
        ("市水务局等单位", "", "", "市水务局"),
        ("市水务局（联系人王建国13800001111）、市民政局(会办)", "", "市民政局", "市水务局"),
    ],
)
def test_organs_have_the_part_that_stands_beside_them(
    cell: str, host: str, others: str, untold: str
) -> None:
    found = organs_in(cell, "organs")
    assert (found.host, found.co_organs, found.untold) == (
        tuple(host.split()),
        tuple(others.split()),
        tuple(untold.split()),
    )


def test_the_column_tells_the_part_where_nothing_else_does() -> None:
    assert organs_in("市教育局", "host").host == ("市教育局",)
    assert organs_in("市教育局", "co_organs").co_organs == ("市教育局",)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("孙丽", ["孙丽"]), ("孙丽、周强等5人", ["孙丽", "周强"]), ("孙　丽", ["孙　丽"]),
        ("王 芳", ["王芳"]), ("孙丽委员", ["孙丽"]), ("孙丽（民建）", ["孙丽"]), ("民盟某市委", ["民盟某市委"]),
        ("孙丽 周强 吴敏", ["孙丽", "周强", "吴敏"]),
    ],
)  # fmt: skip
def test_proposers_are_named_one_by_one(cell: str, names: Sequence[str]) -> None:
    assert list(row(f"1|路|{cell}|甲局||").proposers) == [name.replace("　", "") for name in names]


@pytest.mark.parametrize(
    ("before", "name", "kind", "assembly"),
    [
        ("云海市政协十四届三次会议提案交办表", "", "提案", "云海市政协十四届三次会议"),
        (
            "云海市第十六届人民代表大会第二次会议代表建议一览表",
            "",
            "建议",
            "云海市第十六届人民代表大会第二次会议",
        ),
        ("政协云海市第九届委员会第4次会议提案", "", "提案", "政协云海市第九届委员会第4次会议"),
        ("一览表", "九届五次提案", "提案", "九届五次"),
        ("2024年承办件一览表", "Sheet1", "", ""),
    ],
)
def test_title_and_sheet_tell_kind_and_session(
    before: str, name: str, kind: str, assembly: str
) -> None:
    (found,) = rows(before, "编号|案由|代表或委员|承办单位", "3|路||甲局", name=name)
    assert isinstance(found, RegisterRow)
    assert (found.kind, found.assembly) == (kind, assembly)


def test_a_line_between_rows_tells_of_those_under_it() -> None:
    found = rows(
        "编号|案由|承办单位",
        "一、市政协八届二次会议提案||",
        "3|路|甲局",
        "二、市人大九届二次会议建议||",
        "3|桥|乙局",
    )
    assert [(one.kind, one.assembly) for one in found if isinstance(one, RegisterRow)] == [
        ("提案", "市政协八届二次会议"),
        ("建议", "市人大九届二次会议"),
    ]


def test_sums_remarks_blanks_and_repeated_headings_are_no_rows() -> None:
    found = rows(
        HEAD,
        "1|路|孙丽|甲局|A|",
        "|||||",
        HEAD,
        "2|桥|周强|乙局|B|",
        "合计|||2件||",
        "备注：|||请按时答复||",
        "填表人：吴敏|||日期|3月|",
    )
    assert [one.numbers for one in found if isinstance(one, RegisterRow)] == [("1",), ("2",)]
    assert len(found) == 2


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("路灯|路|孙丽|甲局||", "“提案号”一列是“路灯”"),
        ("1.52E+06|路|孙丽|甲局||", "科学计数法"),
        ("||孙丽|甲局|A|", "没有编号、案由"),
        ("3|路，坑|孙丽|甲局|A|2024-01-01|多", "表头只有 6 列"),
    ],
)
def test_a_broken_row_says_which_and_why(line: str, says: str) -> None:
    first, found = rows(HEAD, "1|路|孙丽|甲局|A|", line, ragged=True)
    assert isinstance(first, RegisterRow)
    assert isinstance(found, UnreadableFile)
    assert found.code == "bad_line"
    assert str(found).startswith("第3行：")
    assert says in str(found)


def test_what_stands_in_two_sheets_is_one_row() -> None:
    tables = [
        sheet(HEAD, "1|路|孙丽|甲局|A|", name="总表"),
        sheet(HEAD, "1|路|孙丽|甲局|A|", name="甲局"),
    ]
    assert len(list(items(tables))) == 1
