"""Labels and values of a table of metadata."""

from __future__ import annotations

from indexer.formats import metadata


def test_labels_with_values_of_several_colons_are_split_at_the_first() -> None:
    found = metadata.pairs(
        ["文号：云〔2024〕1号", "发布时间：2024-07-01 10:30", "标题：答复：一"],
        strays_allowed=False,
    )
    assert found[1:] == [("发布时间", "2024-07-01 10:30"), ("标题", "答复：一")]


def test_buttons_in_a_table_of_metadata_are_tolerated() -> None:
    rows = ["索引号：A", "文号：B", "发布日期：C", "标题：D", "主题分类：E", "【打印】"]
    assert len(metadata.pairs(rows, strays_allowed=True)) == 5
    assert metadata.pairs(rows, strays_allowed=False) == []
