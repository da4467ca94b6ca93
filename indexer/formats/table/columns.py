"""What the columns of a table hold, told by their headings, and which row has the headings.

Headings as bureaus write them: 案号、提案编号、建议号；主办单位 under 承办单位；来信内容（必填）.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal, get_args

from indexer.formats.raw import refused
from indexer.formats.table.sheet import Line, Sheet, words
from kb.errors import UnreadableFile
from kb.text.chars import narrow

Kind = Literal["mail", "register"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Columns = Mapping[str, Sequence[int]]
LOOKED_AT = 30  # rows in which a heading is looked for
FEWEST = 2  # columns that a heading must have
LONGEST = 24  # code points of a heading

_WHAT = r"(?:提案|建议|议案|建议案|案件|案|件|提案建议|建议提案|委员提案|代表建议|代表议案|政协提案|人大建议|意见)"
_OWN = r"(?:来信|信件|留言|诉求|工单|咨询|问题|投诉|来电|信访|反映|求助|热线|事件|帖子|提问|写信)"
_REPLY = r"(?:答复|回复|办复|办理|回信|处理|反馈|处置|办结|解答|官方回复|部门回复)"
_ORGAN = r"(?:单位|部门|机构|机关)"

# A column's name → the headings that say it. Within a kind the first that fits wins.
_HEADINGS: Mapping[Kind, Mapping[str, str]] = {
    "register": {
        "number": rf"{_WHAT}(?:编号|案号|号码?|序号|代码)|(?:立案|登记|交办)(?:编号|号)|案号|件号|{_WHAT}?编号",
        "title": rf"案由|事由|{_WHAT}?(?:题目|标题|名称|题名|案由|主题)|{_WHAT}案由题目",
        "proposers": r"(?:第一|领衔|主要)?(?:提案|建议|提议|提出|领衔|主提|领办)(?:人|者|委员|代表)(?:姓名|名单|名称|单位)?|(?:领衔)?(?:委员|代表)(?:姓名)?|姓名|提案单位|领衔人|提交人",
        "co_organs": rf"(?:会办|协办|配合|参办|会同办理|会同|协同){_ORGAN}?|承办{_ORGAN}?(?:会办|协办)",
        "host": rf"(?:主办|牵头|主承办|牵头承办|牵头办理|主要承办){_ORGAN}?|承办{_ORGAN}?主办",
        "organs": rf"(?:承办|办理|责任|分办|承接|办复|落实){_ORGAN}|承办|{_REPLY}{_ORGAN}",
        "result_class": r"(?:办理|答复|办复|结果|落实)(?:结果|类别|类型|分类|情况)(?:类别|分类)?|(?:结果|办结|答复)(?:类别|分类)|类别",
        "kind": rf"{_WHAT}?(?:种类|类型|案别|件别|性质)",
        "handed_on": r"(?:交办|分办|转办|派发|收文|交接)(?:日期|时间|日)",
        "due": r"(?:办理|办复|答复|办结|回复|完成|限办|反馈|要求办结|要求答复|规定办复)?(?:期限|时限|截止日期|截止时间|截止日|限期)|(?:应|限|要求)(?:答复|办复|办结|完成)(?:日期|时间)|限办(?:日期|时间)",
        "reply_number": r"(?:答复|复文|复函|回复|办复|答复函|发文|公文)?(?:文号|字号|文件号|发文号)|答复函?编号",
        "replied_on": r"(?:答复|办复|复函|回复|办结|复文|实际答复|实际办结)(?:日期|时间|日)",
        "assembly": r"(?:所属)?(?:会议)?届次(?:会议)?|会议(?:名称|届次)|届别|会次",
        "sector": r"(?:所属|所在)?(?:界别|代表团|代表团组|党派)(?:代表团|名称)?",
    },
    "mail": {
        "id": rf"{_OWN}(?:编号|单号|号码?|序号|ID)|受理(?:编号|号)|流水号|查询[码号]|编号",
        "title": rf"{_OWN}?(?:标题|主题|题目|名称|事项|摘要)",
        "asked": rf"{_OWN}(?:内容|正文|描述|详情|诉求|详细内容|内容描述|具体内容)|(?:主要|具体)诉求|诉求|(?:网民|网友|群众|市民)(?:留言|来信|提问|诉求|问题)|内容描述|反映问题|内容|正文|问题|提问|来信|留言|咨询|诉求人诉求",
        "reply": rf"{_REPLY}(?:内容|意见|正文|详情|情况|结果|答复|结论|全文|描述)|(?:官方|部门|单位)(?:答复|回复)|{_REPLY}",
        "organ": rf"(?:{_REPLY}|承办|主办|责任|受理|牵头){_ORGAN}",
        "replied_on": rf"(?:{_REPLY}|完成)(?:日期|时间)",
        "asked_on": rf"(?:{_OWN}|提交|受理|登记|创建|反映|写入)(?:日期|时间)",
        "public": rf"(?:是否|可否|能否)(?:同意|愿意|可以|允许|对外|网上|在网上|网络|上网|主动|向社会)?(?:公开|公示|发布)(?:{_OWN}|回复|答复|内容|发布)?|(?:信息)?公开(?:状态|属性|类型|方式|与否|意愿|情况)|{_OWN}(?:是否)?公开(?:状态|意愿)?|公开",
        "secret": r"(?:是否)?(?:需要|要求|申请|属于)?(?:保密|涉密|匿名保密|涉及隐私|隐私|涉隐私|敏感)(?:要求|件|信息|情况)?|密级|不公开|不予公开",
    },
}  # fmt: skip
_ROWS: Mapping[Kind, Sequence[tuple[str, re.Pattern[str]]]] = {
    kind: [(name, re.compile(pattern)) for name, pattern in rows.items()]
    for kind, rows in _HEADINGS.items()
}
# What tells the column that is meant from others of its name: 答复内容 from 办理结果.
_BEST: Mapping[str, re.Pattern[str]] = {
    "number": re.compile(rf"{_WHAT}(?:编号|案号|号码?)|案号"),
    "title": re.compile(rf"案由|{_WHAT}(?:题目|标题)|{_OWN}(?:标题|主题)"),
    "reply": re.compile(r"(?:答复|回复|回信)(?:内容|意见|正文|全文|详情)"),
    "asked": re.compile(rf"{_OWN}(?:内容|正文)"),
    "organ": re.compile(rf"(?:答复|回复){_ORGAN}"),
    "id": re.compile(rf"{_OWN}(?:编号|单号|号码?)"),
}
# What a register must say besides the number or the title, and what it must speak of.
_TELLING = frozenset(
    ("proposers", "host", "organs", "co_organs", "assembly", "due", "handed_on", "reply_number")
)
_OF_PROPOSALS = re.compile("提案|建议|议案|案由|案号|代表|委员|界别|届次|政协|人大")
_OTHERS = (
    (frozenset(("编号", "版本", "承诺原文")), "是台账导出的表；请在工作台导入"),
    (frozenset(("id", "text")), "是批量导入的栏目；请存成 jsonl（一行一个对象）"),
)
_ASIDE = re.compile(r"[（(\[【][^）)\]】]{0,20}[）)\]】]")
_SIGNS = re.compile(r"[\s:：*＊★]+")
# What may stand under a heading of several columns.
_UNDER = re.compile(
    r"主办|会办|协办|承办|分办|姓名|单位|部门|主办单位|会办单位|协办单位|日期|时间|文号|类别"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The heading of a sheet: ``columns`` maps what a column holds to its places, the best first.

    ``names`` are the headings as they are written, by place; ``after`` is the number of the
    last row of the heading and ``before`` are the words above it.
    """

    kind: Kind
    columns: Mapping[str, Sequence[int]]
    names: Sequence[str]
    after: int
    before: str

    def cells(self, line: Line, name: str) -> list[str]:
        """What ``line`` says in the columns of ``name``, the best first."""
        places = self.columns.get(name, ())
        return [line.cells[at] for at in places if at < len(line.cells) and words(line.cells[at])]

    def cell(self, line: Line, name: str) -> str:
        """The first of ``cells``, or ""."""
        return next(iter(self.cells(line, name)), "")

    def name_of(self, column: str) -> str:
        """What the table calls the column ``column``."""
        return self.names[self.columns[column][0]]

    def repeats(self, line: Line) -> bool:
        """True for a row that says the heading again, as at the head of a printed page."""
        same = sum(
            a.strip() == b.strip() for a, b in zip(line.cells, self.names, strict=False) if b
        )
        return same >= max(FEWEST, len([name for name in self.names if name]) // 2)


def heading(sheet: Sheet) -> Heading | None:
    """The heading of ``sheet``, or None where no row is one.

    Raises UnreadableFile ``unknown_table`` for tables that belong elsewhere.
    """
    best: Heading | None = None
    for at, line in enumerate(sheet.lines[:LOOKED_AT]):
        labels = frozenset(cell.strip() for cell in line.cells)
        for names, why in _OTHERS:
            if names <= labels:
                raise refused("unknown_table", f"{sheet.place(line)}的表头{why}")
        under = sheet.lines[at + 1] if at + 1 < len(sheet.lines) else None
        found = _of(sheet, at, (line, under)) or _of(sheet, at, (line, None))
        if found and (best is None or len(found.columns) > len(best.columns)):
            best = found
    return best


def unknown(sheets: Sequence[Sheet]) -> UnreadableFile:
    """The refusal of a table without a heading that we know."""
    first = next((line for sheet in sheets for line in sheet.lines), None)
    if first is None:
        return refused("empty_file")
    shown = "、".join(cell.strip()[:12] for cell in first.cells if cell.strip())[:60]
    why = f"前 {LOOKED_AT} 行里没有认得出的表头" + f"（第一行是：{shown}）"
    return refused("unknown_table", why)


def _of(sheet: Sheet, at: int, rows: tuple[Line, Line | None]) -> Heading | None:
    """The heading that ``rows``, one or two, are; None if they are none."""
    first, under = rows
    if under is not None and not _is_under(first, under):
        return None
    names = list(_names(first, under))
    before = "\n".join(cell.strip() for line in sheet.lines[:at] for cell in line.cells if cell)
    for kind in KINDS:
        columns = _columns(kind, names)
        about = "\n".join((*map(plain, names), before, sheet.name))
        if _IS_ONE[kind](columns, about):
            after = (under or first).number
            return Heading(kind=kind, columns=columns, names=names, after=after, before=before)
    return None


def _is_under(first: Line, under: Line) -> bool:
    """True if ``under`` parts headings of ``first`` that stand over several columns."""
    over = [*first.cells, *[""] * len(under.cells)]
    told = [(at, plain(cell)) for at, cell in enumerate(under.cells) if words(cell)]
    told = [(at, name) for at, name in told if name != plain(over[at])]  # merged downwards
    beside = [at for at, _ in told if not over[at].strip()]
    return bool(beside) and all(_UNDER.fullmatch(name) for _, name in told)


def _names(first: Line, under: Line | None) -> Iterator[str]:
    """The heading of each column: what stands under another follows it."""
    over = ""
    width = max(len(first.cells), len(under.cells) if under else 0)
    for at in range(width):
        own = first.cells[at].strip() if at < len(first.cells) else ""
        below = under.cells[at].strip() if under and at < len(under.cells) else ""
        over = own or (over if below else "")
        yield f"{over}{below}" if below and _known(f"{over}{below}") else below or own


def plain(name: str) -> str:
    """A heading without white space, asides and signs."""
    whole = _SIGNS.sub("", narrow(name, signs=True))
    return _ASIDE.sub("", whole) or whole


def _known(name: str) -> bool:
    return any(_column(kind, name) for kind in _ROWS)


def _column(kind: Kind, name: str) -> str:
    """What a column with the heading ``name`` holds; "" if it is nothing that we know."""
    if len(name) > LONGEST:
        return ""
    whole = _SIGNS.sub("", narrow(name, signs=True))
    marked = re.sub(r"[()（）]", "", whole)
    parts = chain((marked, plain(name)), re.split(r"[/、|或及和]", plain(name)))
    for part in parts:
        for column, pattern in _ROWS[kind]:
            if pattern.fullmatch(part):
                return column
    return ""


def _columns(kind: Kind, names: Sequence[str]) -> dict[str, list[int]]:
    """The places of each column; of several the one whose heading says it best is the first."""
    columns: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        column = _column(kind, name) if name else ""
        if column:
            columns.setdefault(column, []).append(at)
    for column, best in _BEST.items():
        columns.get(column, []).sort(key=lambda at: not best.fullmatch(plain(names[at])))
    return columns


def _is_mail(columns: Columns, about: str) -> bool:
    titled = "title" in columns and re.search(_OWN, about) is not None
    return "reply" in columns and ("asked" in columns or titled)


def _is_register(columns: Columns, about: str) -> bool:
    named = "number" in columns or "title" in columns
    telling = bool(_TELLING & columns.keys())
    return named and telling and _OF_PROPOSALS.search(about) is not None


_IS_ONE: Mapping[Kind, Callable[[Columns, str], bool]] = {
    "mail": _is_mail,
    "register": _is_register,
}
