"""Letters from citizens on a page with the reply: 来信内容, 答复内容, 答复部门, 答复时间.

The citizen's words are never part of the reply. Labels may be cells of a table, words of their
own or words before a colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Literal

from lxml.html import HtmlElement as Element

from indexer.formats.markup import block_lines
from kb.text.chars import bare

Kind = Literal["asked", "reply", "section", "organ", "day", "title", "given", "beside"]

LABELS: Mapping[Kind, Sequence[str]] = {
    "asked": (
        "来信内容", "信件内容", "留言内容", "问题内容", "咨询内容", "诉求内容", "问题描述",
        "内容描述", "来信正文", "提问内容", "投诉内容", "建议内容", "反映内容", "信访内容",
        "求助内容", "举报内容", "来电内容", "工单内容", "诉求描述", "诉求详情", "留言详情",
        "来信详情", "信件正文", "网民留言", "网友留言", "网友提问", "网民提问", "群众留言",
        "群众来信", "提案内容", "议案内容", "建议正文", "提案正文", "议案正文", "建议全文",
        "提案全文",
        "案由内容", "提案原文", "建议原文", "来信原文", "主要诉求", "咨询问题", "留言问题",
        "追问内容",
        "追问", "评价内容", "诉求人描述", "来信人描述", "问题反映", "市民反映", "群众诉求",
        "市民诉求", "来电诉求", "楼主", "问",
    ),
    "reply": (
        "答复内容", "回复内容", "答复意见", "回复意见", "办理回复", "官方回复", "部门回复",
        "单位回复", "官方答复", "部门答复", "答复正文", "回复正文", "处理意见", "反馈内容",
        "反馈意见", "解答内容", "办理复文", "复文", "复文内容", "复文正文", "答复全文", "答复函",
        "承办单位回复", "办理答复", "办复意见", "正文", "答复详情", "回复详情", "回信内容",
        "办复内容", "办理意见",
        "答复情况", "回复情况", "办理结果", "处理结果", "办理情况", "处理情况", "网站回复",
        "答复", "回复", "答",
    ),
    "section": (
        "受理回复", "回复信息", "答复信息", "办理信息", "信件回复", "留言回复", "问题答复",
        "问题回复", "回复详细", "最终答复", "受理情况", "处理信息", "反馈信息",
    ),
    "organ": (
        "答复部门", "答复单位", "回复部门", "回复单位", "答复机构", "回复机构", "办理单位",
        "办理部门", "处理单位", "处理部门", "承办单位", "承办部门", "回信单位", "回信部门",
        "解答单位", "解答部门", "办复单位", "受理单位", "受理部门", "回应单位", "回应部门",
        "主办单位", "填报单位",
    ),
    "day": (
        "答复时间", "回复时间", "答复日期", "回复日期", "办结时间", "办结日期", "反馈时间",
        "回信时间", "办复时间", "处理时间", "办理时间", "解答时间", "填报时间",
    ),
    "title": (
        "标题", "信件标题", "来信标题", "信件主题", "来信主题", "留言标题", "留言主题",
        "问题标题", "诉求标题", "咨询标题", "咨询主题", "提问标题", "主题", "信件名称",
        "提案标题", "建议标题", "议案标题", "案由", "来信题目",
    ),
    "given": (
        "提案编号", "建议编号", "议案编号", "提案号", "建议号", "会议届次", "会议名称", "会议",
        "届次", "会办单位",
        "协办单位", "分办单位",
        "文号", "发文字号", "答复文号", "结果类别",
    ),
    "beside": (
        "领衔代表", "提案人", "建议人", "附议人数", "附议人", "提案性质", "提案类别", "审查意见",
        "代表评价", "委员评价", "市民评价", "回访评价", "网民评价", "点击量", "查看次数",
        "办理类型",
        "来信人", "写信人", "留言人", "姓名", "咨询人", "提问人", "网友", "网民", "提交人",
        "发信人", "诉求人", "来信时间", "来信日期", "写信时间", "写信日期", "留言时间",
        "留言日期", "提交时间", "咨询时间", "提问时间", "受理时间", "受理日期", "信件编号",
        "来信编号", "编号", "查询码", "受理编号", "信件类型", "信件类别", "来信类型", "来信类别",
        "留言类型", "留言类别", "问题类型", "诉求类型", "类型", "类别", "信件状态", "办理状态",
        "处理状态", "状态", "收信单位", "收信人", "来信对象", "留言对象",
        "写信对象", "转办单位", "是否公开", "公开状态", "浏览次数", "阅读次数", "点击次数",
        "满意度", "满意度评价", "评价", "办理评价", "群众评价", "来信信息", "信件信息",
        "留言信息", "诉求信息", "联系电话", "电话", "手机", "邮箱", "电子邮箱", "所属区域",
        "所属地区", "来信来源", "来源", "关键词", "答复人", "回复人", "信件详情", "处理方式",
        "办理方式",
    ),
}  # fmt: skip
_KIND: Mapping[str, Kind] = {label: kind for kind, labels in LABELS.items() for label in labels}
_ANY = "|".join(r"[ \u3000\xa0]{0,4}".join(label) for label in sorted(_KIND, key=len, reverse=True))
_START = re.compile(rf"[\s【\[■●◆▶|]{{0,8}}(?P<label>{_ANY})[\s】\]]{{0,4}}(?:[：:]|\Z|(?=发表于))")
_NEXT = re.compile(rf"(?<=[\s|｜，,；;])(?=(?:{_ANY})[ \u3000\xa0】\]]{{0,4}}[：:])")
RATED = "评价内容"  # the label under which nothing is asked or replied
# Names of tabs that are no labels elsewhere, and the label that each stands for.
TABS = {"原文": "建议正文", "基本信息": "信件信息", "反馈": RATED, "评价": RATED}
_CELLS = frozenset(("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"))
_INLINE = frozenset(("span", "b", "strong", "em", "i", "label", "font", "a"))
_ONLY_ASIDE = frozenset(
    ("问", "答", "答复", "回复", "标题", "追问")
)  # too usual to tell a mailbox by
_AFTER = frozenset(
    (
        "满意度",
        "满意度评价",
        "评价",
        "办理评价",
        "群众评价",
        "市民评价",
        "代表评价",
        "委员评价",
        "回访评价",
        "网民评价",
        "浏览次数",
        "阅读次数",
        "点击次数",
        "点击量",
        "查看次数",
    )
)
# Labels that tell a mailbox: of whom a letter to it is, when, and what it says.
_TELLING = frozenset(
    (
        *LABELS["asked"], "来信人", "写信人", "留言人", "咨询人", "提问人", "发信人", "诉求人",
        "来信时间", "来信日期", "写信时间", "写信日期", "留言时间", "留言日期", "咨询时间",
        "提问时间", "信件编号", "来信编号", "信件标题", "来信标题", "留言标题", "提案编号",
        "建议编号",
        "议案编号",
    )
) - _ONLY_ASIDE  # fmt: skip
# Lines that begin so hold no label: what a citizen writes; and one that ends a reply's cell.
_CLOSED, _END = "\ue000", "\ue001"
_CLASS = re.compile(r"[A-DＡ-Ｄ甲乙丙丁][1-9]?类?")
LEAST_REPLY = 60  # code points of a reply that tells a mailbox without anybody's letter
LONGEST_WORDS = 4000  # code points of a citizen's words that are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The ``reply`` on a page, line by line, and the named values beside it, with 来信内容."""

    reply: list[str]
    rows: dict[str, str]


def mail(root: Element) -> Mail | None:
    """The mail on the page ``root``, or None where it is no page of a mailbox.

    ``reply`` has no lines where somebody's words stand on it and no reply.
    """
    words = bare(root.text_content())
    if not any(label in words for label in _TELLING):
        return None
    rows = [_classed(row) for row in _rows(_flat_lines(root))]
    labels = {name for name, _ in rows}
    telling = labels & _TELLING
    replies = {name for name in labels if _KIND[name] in ("reply", "section", "organ", "day")}
    reply = _lines_of(rows, "reply")
    told = any(_lines_of(rows, "asked")) or len("".join(reply)) >= LEAST_REPLY
    if not telling or not replies or not told:
        return None
    return Mail(reply=reply, rows=_named(rows))


def _classed(row: tuple[str, list[str]]) -> tuple[str, list[str]]:
    """A class, B类, under 办理结果 is no reply."""
    lines = row[1]
    return ("结果类别", lines) if lines and _CLASS.fullmatch(bare("".join(lines))) else row


def _lines_of(rows: Sequence[tuple[str, list[str]]], kind: Kind) -> list[str]:
    return [line for name, lines in rows if _KIND[name] == kind for line in lines]


def _named(rows: Sequence[tuple[str, list[str]]]) -> dict[str, str]:
    named: dict[str, str] = {}
    for kind, name in (("title", "标题"), ("organ", "答复部门"), ("day", "答复时间")):
        for label, lines in rows:
            if _KIND[label] == kind and lines and label.startswith(("答", "回", "标", "信", "来")):
                named.setdefault(name, lines[0])
        for label, lines in rows:
            if _KIND[label] == kind and lines:
                named.setdefault(name, lines[0])
    for label, lines in rows:
        if _KIND[label] == "given" and lines:
            named.setdefault(label, lines[0])
    said = [row for row in rows if row[0] != RATED]
    asked = " ".join(line.strip() for line in _lines_of(said, "asked"))
    return named | ({"来信内容": asked[:LONGEST_WORDS]} if asked else {})


def _rows(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Each label with the lines under it; what follows a value has the name of its area."""
    name, values, area = "", list[str](), ""
    for line in lines:
        for part in _parts(line, within=name if values else ""):
            label, rest = _label(part, within=name if values else "")
            if label or part == _END:
                if name:
                    yield name, values
                name, values = label, [rest] if rest else []
                area = _area(name, area) if label else ""
            elif name and (_KIND[name] in ("asked", "reply") or not values):
                values.append(rest)
            elif area:
                yield name, values
                name, values = area, [rest]
    if name:
        yield name, values


def _parts(line: str, *, within: str) -> list[str]:
    """The labels with their values that ``line`` holds; a reply's own lines are whole."""
    closed = line.startswith(_CLOSED) or (within and not _label(line, within=within)[0])
    return [line] if closed and _KIND.get(within) != "asked" else _NEXT.split(line)


def _label(part: str, *, within: str) -> tuple[str, str]:
    """The label that ``part`` begins with, or "", and what comes after it.

    ``within`` is the label whose lines go on: a reply has words of its own that look like labels.
    """
    if part.startswith(_CLOSED):
        return "", part.removeprefix(_CLOSED)
    match = _START.match(part)
    name = bare(match["label"]) if match else ""
    if match is None or (_KIND.get(within) == "reply" and not _ends_reply(name)):
        return "", part
    return name, part[match.end() :].strip()


def _ends_reply(name: str) -> bool:
    """True for a label that no reply has in its own words."""
    return (_KIND[name] in ("asked", "organ", "day") and len(name) > 1) or name in _AFTER


def _area(name: str, area: str) -> str:
    """Whose words follow where a label has its value: the reply's or the citizen's."""
    if _KIND[name] in ("reply", "section") or name.startswith(("答复", "回复", "回信")):
        return "回复"
    return "来信内容" if _KIND[name] == "asked" or name in _TELLING else area


def _flat_lines(root: Element) -> list[str]:
    """The lines of ``root``, each cell and each label on a line of its own."""
    flat = deepcopy(root)
    for element in list(flat.iter(*_CELLS, "dd", "dt", *_INLINE)):
        tag = element.tag
        words = bare(element.text_content()[:40]).strip("：:【】[]")
        label = _KIND.get(words)
        if label in ("asked", "reply") and tag not in _INLINE:
            _close(element.getnext(), asked=label == "asked")
        if tag in _CELLS or (label and tag in _INLINE and words not in ("网友", "网民", "电话")):
            element.tag = "div"
    return block_lines(flat)


def open_tabs(root: Element) -> None:
    """Let each of some tabs, 提案内容 and 办理复文, stand over the block that it opens, in place.

    A page hides all of these but the first; they are shown.
    """
    for bar in [e for e in root.iter("div", "ul", "p", "nav") if len(e) > 1]:
        labels = [bare(tab.text_content()[:20]) for tab in bar]
        if not any(label in LABELS["reply"] for label in labels):
            continue
        if any(label not in _KIND and label not in TABS for label in labels):
            continue
        blocks = [block for block in bar.itersiblings() if isinstance(block.tag, str)]
        if blocks and len(blocks[0]) == len(labels):
            blocks = list(blocks[0])
        if len(blocks) < len(labels):
            continue
        for label, block in zip(labels, blocks, strict=False):
            over = block.makeelement("div", {})
            over.text = TABS.get(label, label)
            block.addprevious(over)
            block.set("style", (block.get("style") or "") + ";display:block!important")
        bar.drop_tree()


def _close(cell: Element | None, *, asked: bool) -> None:
    """Let no words in ``cell`` be labels; a citizen's are one line, a reply's end is marked."""
    if cell is None or cell.tag not in ("td", "th", "dd"):
        return
    lines = [line.strip() if asked else line for line in block_lines(cell)]
    cell.clear(keep_tail=True)
    for words in [" ".join(lines)] if asked else [*lines, ""]:
        inner = cell.makeelement("div", {})
        inner.text = _CLOSED + words if words else _END
        cell.append(inner)
