"""Headings as bureaus write them: what each column holds, and which row has them."""

from __future__ import annotations

import pytest

from indexer.formats.table.columns import heading
from indexer.formats.table.sheet import Line, Sheet
from kb.errors import UnreadableFile


def sheet(*rows: str, name: str = "") -> Sheet:
    """A sheet of rows, their cells parted by bars."""
    lines = [Line(number=n, cells=tuple(row.split("|"))) for n, row in enumerate(rows, start=1)]
    return Sheet(name=name, lines=tuple(lines))


# A row with headings → what its columns hold.
REGISTERS = {
    "案号|案由|提案人|承办单位|类别|办理期限": "number title proposers organs result_class due",
    "提案号|提案题目|第一提案人|主办单位|会办单位|交办日期|办复期限|答复文号": "number title proposers host co_organs handed_on due reply_number",
    "建议号|标题|领衔代表|代表团|承办单位|答复类别": "number title proposers sector organs result_class",
    "序号|编号|提案标题|委员姓名|界别|主办|协办": "number title proposers sector host co_organs",
    "序号|建议编号|建议标题|代表姓名|牵头单位|配合单位|办结时限": "number title proposers host co_organs due",
    "届次|提案编号|提案名称|提案者|责任单位|办理结果|办结日期": "assembly number title proposers organs result_class replied_on",
    "提 案 号|案　　由|提案人（单位）|承办单位": "number title proposers organs",
    "提案编号*|题目（必填）|提出人|承办部门|截止日期": "number title proposers organs due",
    "议案号|议案题目|领衔人|办理单位|种类": "number title proposers organs kind",
    "立案编号|事由|提案委员|承办单位（主办）|承办单位（会办）": "number title proposers host co_organs",
    "会议届次|件号|建议案由|建议人|分办单位|答复日期|复函文号": "assembly number title proposers organs replied_on reply_number",
    "案件编号|提案题名|姓名|所属界别|牵头办理单位|会同办理单位|答复期限": "number title proposers sector host co_organs due",
    "提案/建议号|题目|提案人/代表|主办单位|限办日期": "number title proposers host due",
    "编号：|案由：|提案人：|承办单位：|办理时限：": "number title proposers organs due",
    "代表建议编号|代表建议标题|领衔代表姓名|承办单位": "number title proposers organs",
    "提案序号|案由|集体提案|提案单位|主承办单位|参办单位": "number title proposers host co_organs",
    "文号|案由|承办单位": "reply_number title organs",
    "提案号|办理单位|类别": "number organs result_class",
    "委员提案编号|提案标题|承办单位|应答复日期": "number title organs due",
    "人大建议编号|建议题目|提出者|办复单位|结果分类|要求办结时间": "number title proposers organs result_class due",
}  # fmt: skip
MAILS = {
    "来信标题|来信内容|来信时间|答复单位|答复内容|答复时间": "title asked asked_on organ reply replied_on",
    "工单编号|诉求标题|诉求内容|承办单位|办理结果|办结时间|是否公开": "id title asked organ reply replied_on public",
    "信件编号|信件主题|信件内容|回复部门|回复内容|回复时间|公开状态": "id title asked organ reply replied_on public",
    "标题|问题描述|回复内容|回复单位": "title asked reply organ",
    "留言编号|留言标题|留言内容|留言时间|处理部门|处理结果": "id title asked asked_on organ reply",
    "流水号|来电时间|主要诉求|办理单位|办理情况|是否保密": "id asked_on asked organ reply secret",
    "咨询主题|咨询内容|咨询时间|答复机构|官方答复": "title asked asked_on organ reply",
    "受理编号|投诉内容|处理意见|处理时间|是否同意公开": "id asked reply replied_on public",
    "网友留言|部门回复|回复日期": "asked reply replied_on",
    "查询码|来信主题|来信正文|回信内容|回信单位|是否公开来信": "id title asked reply organ public",
    "标题|内容|回复|是否网上公开": "title asked reply public",
    "工单号|诉求描述|处置情况|责任部门|密级": "id asked reply organ secret",
}  # fmt: skip


@pytest.mark.parametrize("row", REGISTERS)
def test_the_columns_of_registers_are_told(row: str) -> None:
    found = heading(sheet(row))
    assert found
    assert found.kind == "register"
    assert set(found.columns) == set(REGISTERS[row].split())


@pytest.mark.parametrize("row", MAILS)
def test_the_columns_of_mailboxes_are_told(row: str) -> None:
    found = heading(sheet(row))
    assert found
    assert found.kind == "mail"
    assert set(found.columns) == set(MAILS[row].split())


@pytest.mark.parametrize(
    "rows",
    [
        ("姓名|电话|地址", "王小明|1|2"),
        ("序号|标题|发布日期", "1|通知|2024-01-01"),
        ("编号|责任单位|完成时限", "1|市教育局|2024-06-30"),
        ("项目名称|建设单位|投资额|进度",),
        ("日期|气温|降水",),
        ("关于做好答复工作的通知，各单位：承办单位要及时答复。",),
        ("公开事项|公开内容|责任部门|公开时限",),
        ("商品|单价|数量",),
    ],
)
def test_other_tables_have_no_heading_of_ours(rows: tuple[str, ...]) -> None:
    assert heading(sheet(*rows)) is None


def test_the_heading_need_not_be_the_first_row() -> None:
    found = heading(
        sheet("||", "某市十五届人大二次会议代表建议交办表||", "制表单位：办公室|日期：3月|", "建议号|标题|承办单位")
    )  # fmt: skip
    assert found
    assert found.after == 4
    assert "十五届人大二次" in found.before


def test_a_heading_of_two_rows_is_one() -> None:
    found = heading(sheet("案号|案由|承办单位|||期限", "|||主办|会办|"))
    assert found
    assert found.after == 2
    assert (found.columns["host"], found.columns["co_organs"]) == ([3], [4])


def test_headings_that_are_merged_downwards_are_one_with_what_is_under_them() -> None:
    found = heading(
        sheet("案号|案由|承办单位||期限", "案号|案由|主办|会办|期限", "1|路|甲局||2024-01-01")
    )
    assert found
    assert found.after == 2
    assert {"host", "co_organs", "due"} <= set(found.columns)


def test_the_first_row_of_data_is_no_second_heading() -> None:
    found = heading(sheet("提案号|案由|承办单位", "12|建公园|市园林局"))
    assert found
    assert found.after == 1


def test_a_number_of_rows_stands_back_behind_that_of_the_proposal() -> None:
    found = heading(sheet("编号|提案号|案由|承办单位"))
    assert found
    assert found.columns["number"][0] == 1


def test_the_reply_itself_goes_before_how_it_ended() -> None:
    found = heading(sheet("诉求内容|办理结果|答复内容|承办单位"))
    assert found
    assert found.names[found.columns["reply"][0]] == "答复内容"


@pytest.mark.parametrize(
    ("row", "says"),
    [("编号|版本|状态|承诺原文|会办单位", "工作台"), ("id|text|title", "jsonl")],
)
def test_tables_that_belong_elsewhere_say_where(row: str, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says) as caught:
        heading(sheet(row))
    assert caught.value.code == "unknown_table"
