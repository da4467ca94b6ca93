"""The table of metadata that government pages show before a letter: lines → named values."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Headings of such tables: 国务院办公厅《政府信息公开目录》 practice and its local variants.
LABELS = (
    "索引号", "信息索引号", "信息索引", "发文单位", "发文机关", "发文机构", "发布机构",
    "发布机关", "发布单位", "公开机构", "公开单位", "责任部门", "所属机构", "信息来源",
    "成文日期", "生成日期", "发文日期", "签发日期", "发布日期", "发布时间", "公开日期",
    "公开时间", "生效日期", "发文字号", "发文文号", "公文文号", "文件字号", "信息所属单位",
    "文号", "文件编号", "标题", "名称", "信息名称", "文件名称", "主题分类", "信息分类",
    "组配分类", "体裁分类", "公开类别", "分类", "公开属性", "公开方式", "公开形式", "公开范围",
    "公开时限", "有效性", "时效性", "主题词", "关键词", "服务对象", "内容概述", "办理结果",
    "废止日期", "失效日期", "责任科室", "公开目录", "信息有效性", "公开责任部门", "信息类别",
    "责任单位", "内容分类", "信息所属单位", "发文时间", "成文时间", "制发机关", "文件号",
)  # fmt: skip
LEAST_LABELS = 3  # fewer known labels may stand in a letter's own table
STRAYS = 0.2  # share of cells that may be neither label nor value: captions, buttons

_SPACED = "|".join(r"[ \u3000\xa0]*".join(label) for label in sorted(LABELS, key=len)[::-1])
# Before a known label with its colon, on a line that holds several.
_GAP = r"[ \u2002\u2003\u3000\xa0|｜]"
NEXT_LABEL = re.compile(rf"(?<!{_GAP}){_GAP}++(?=[\[【]?(?:{_SPACED})[\]】]?\s*[：:])")
PAIR = re.compile(r"([^：:]{1,16})[：:](.*)", re.S)
DECORATION = re.compile(r"[\s\u3000\[\]【】：:]+")


def pairs(lines: Sequence[str], *, strays_allowed: bool) -> list[tuple[str, str]]:
    """The named values of a block's ``lines``, or [] if it is no table of metadata.

    >>> pairs(["索 引 号：\\tA1\\t文号：\\t", "发布日期：2024-07-01"], strays_allowed=False)
    [('索引号', 'A1'), ('发布日期', '2024-07-01')]
    """
    cells = [c.strip() for line in lines for c in NEXT_LABEL.sub("\t", line).split("\t")]
    found: list[tuple[str, str]] = []
    known = strays = 0
    label = ""
    for cell in filter(None, cells):
        name, value = _split(cell)
        if name:
            known += name in LABELS
            label = "" if value else name
        elif label:
            name, value, label = label, cell, ""
        else:
            strays += 1
        if value:
            found.append((name, " ".join(value.split())))
    tolerable = strays <= STRAYS * len(found) if strays_allowed else strays == 0
    return found if known >= LEAST_LABELS and tolerable else []


def known_label(name: str) -> bool:
    """True for a label of such tables."""
    return name in LABELS


def label_of(words: str) -> str:
    """``words`` as a label: without white space, brackets and colons."""
    return DECORATION.sub("", words)


def _split(cell: str) -> tuple[str, str]:
    """A cell's label and value; the label is "" if the cell has none."""
    whole = DECORATION.sub("", cell)
    if whole in LABELS:
        return whole, ""
    match = PAIR.fullmatch(cell)
    name = DECORATION.sub("", match[1]) if match else ""
    if match and (name in LABELS or not match[2].strip()):
        return name, match[2].strip()
    return "", ""
