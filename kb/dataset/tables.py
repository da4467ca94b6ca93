"""The tables of an export: their columns, the rows of a letter, and what a row must be like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kb.extract.types import Commitment
from kb.store.codec import head_of
from kb.store.kin import SetAside
from kb.store.register import CONFLICT
from kb.types import Field, Letter, Passage

FORMAT = 1  # raise it when tables or columns change
TITLE = "title"  # what the letter's own title is called among the fields
Kind = Literal["text", "whole", "number", "flag", "texts", "wholes"]
Row = dict[str, Any]
_TYPES: Mapping[Kind, type] = {"text": str, "whole": int, "flag": bool, "number": float}
_LISTS: Mapping[Kind, type] = {"texts": str, "wholes": int}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column; ``told`` says in Chinese what stands in it. ``empty``: it may be null."""

    kind: Kind
    told: str
    empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: ``told`` says in Chinese what a row is. Letters stand in the order of their ids."""

    told: str
    columns: Mapping[str, Column]


def _text(told: str, *, empty: bool = False) -> Column:
    return Column(kind="text", told=told, empty=empty)


def _whole(told: str, *, empty: bool = False) -> Column:
    return Column(kind="whole", told=told, empty=empty)


_LETTER = _text("复文的编号")
_START = _whole("起点：码点，从 0 数，含")
_END = _whole("终点：码点，不含")
TABLES: Mapping[str, Table] = {
    "letters": Table(
        told="复文，一份一行；全部 start、end 都是 text 里的位置",
        columns={
            "id": _text("编号"),
            "title": _text("复文自己的题目", empty=True),
            "number": _text("文号", empty=True),
            "issuer": _text("发文单位", empty=True),
            "issued_on": _text("成文日期", empty=True),
            "result_class": _text("办理结果的类别", empty=True),
            "proposal_no": _text("案号", empty=True),
            "kind": _text("提案还是建议", empty=True),
            "publicity": _text("谁看得到：public 公开"),
            "served": _text("副本和较早的版本：现在用的是哪一份", empty=True),
            "reason": _text("副本 copy，还是较早的版本 older", empty=True),
            "taken_in": _text("副本和较早的版本：哪天收进来的", empty=True),
            "source": _text("由哪个文件读出"),
            "url": _text("网址，没有就是空的"),
            "sha256": _text("text 的 SHA-256"),
            "flags": Column(kind="texts", told="读的时候记下的情况，如 masked 遮去了个人信息"),
            "body_start": _whole("正文的起点"),
            "body_end": _whole("正文的终点"),
            "pages": Column(kind="wholes", told="第二页起各页从哪里开始"),
            "text": _text("全文，编入以后不变；遮去的字是 *"),
        },
    ),
    "fields": Table(
        told="要素，一个一行；题目（title）也在内",
        columns={
            "letter_id": _LETTER,
            "name": _text("哪个要素，如 issuer 发文单位、addressees 答复谁"),
            "position": _whole("同名的第几个，从 0 数"),
            "value": _text("值"),
            "start": _whole("依据的起点；文中没有依据的是 null", empty=True),
            "end": _whole("依据的终点", empty=True),
            "rule": _text("由哪条规则读出"),
        },
    ),
    "headings": Table(
        told="各级标题",
        columns={
            "letter_id": _LETTER,
            "level": _whole("级：1 一、，2 （一），3 1.，4 （1），5 一是"),
            "start": _START,
            "end": _END,
            "text": _text("标题"),
        },
    ),
    "recognised": Table(
        told="由图片识别的文字在哪里",
        columns={
            "letter_id": _LETTER,
            "start": _START,
            "end": _END,
            "confidence": Column(kind="number", told="最没把握的字有几分把握，0 到 1"),
        },
    ),
    "passages": Table(
        told="段落，首尾相接就是正文",
        columns={
            "letter_id": _LETTER,
            "position": _whole("第几段，从 0 数"),
            "start": _START,
            "end": _END,
            "headings": Column(kind="texts", told="上面的各级标题"),
            "text": _text("原文，与 text[start:end] 相同"),
        },
    ),
    "sentences": Table(
        told="句子，首尾相接就是段落",
        columns={
            "letter_id": _LETTER,
            "passage": _whole("在第几段"),
            "start": _START,
            "end": _END,
            "text": _text("原文"),
        },
    ),
    "commitments": Table(
        told="程序找到的承诺，没有经人核实；台账里的决定是工作人员的数据，不在内",
        columns={
            "letter_id": _LETTER,
            "start": _START,
            "end": _END,
            "text": _text("原文"),
            "organ": _text("谁来办", empty=True),
            "co_organs": Column(kind="texts", told="和谁一起"),
            "action": _text("办什么：承诺的话去掉单位、期限等，不是原文摘录；原文在 text"),
            "due": _text("期限的原话", empty=True),
            "due_first": _text("期限最早的一天", empty=True),
            "due_last": _text("期限最晚的一天", empty=True),
            "due_precision": _text("期限准到哪里：day 日、month 月……", empty=True),
            "target": _text("数量的原话", empty=True),
            "target_value": Column(kind="number", told="数量", empty=True),
            "target_unit": _text("单位", empty=True),
            "strength": _text("will 将，plans 拟，strives 力争，studies 研究，under_way 正在办"),
            "vague": Column(kind="flag", told="空泛，没法核对"),
            "conditional": Column(kind="flag", told="有条件"),
        },
    ),
}


def rows_of(
    letter: Letter,
    passages: Sequence[Passage],
    promises: Sequence[Commitment],
    *,
    aside: SetAside | None,
) -> Mapping[str, Sequence[Row]]:
    """The rows of a letter, by table; ``aside`` where another one stands for it."""
    return {
        "letters": [_letter_row(letter, aside)],
        "fields": list(_field_rows(letter)),
        "headings": [
            {
                "letter_id": letter.id, "level": heading.level,
                "start": heading.span.start, "end": heading.span.end, "text": heading.text,
            }
            for heading in letter.headings
        ],
        "recognised": [
            {
                "letter_id": letter.id, "start": one.span.start, "end": one.span.end,
                "confidence": float(one.confidence),
            }
            for one in letter.recognised
        ],
        "passages": list(_passage_rows(letter, passages)),
        "sentences": list(_sentence_rows(letter, passages)),
        "commitments": [_commitment_row(promise, letter) for promise in promises],
    }  # fmt: skip


def _letter_row(letter: Letter, aside: SetAside | None) -> Row:
    head = head_of(letter)
    return {
        "id": letter.id,
        "title": head.title,
        "number": head.number,
        "issuer": head.issuer,
        "issued_on": head.issued_on,
        "result_class": head.result_class,
        "proposal_no": head.proposal_no,
        "kind": head.kind,
        "publicity": letter.publicity,
        "served": aside.served if aside else None,
        "reason": aside.reason if aside else None,
        "taken_in": aside.taken_in[:10] if aside else None,
        "source": letter.source,
        "url": letter.url,
        "sha256": letter.sha256,
        "flags": [flag for flag in letter.flags if flag != CONFLICT],  # registers are staff's
        "body_start": letter.body.start,
        "body_end": letter.body.end,
        "pages": list(letter.pages),
        "text": letter.text,
    }


def _field_rows(letter: Letter) -> Iterator[Row]:
    named: list[tuple[str, Sequence[Field]]] = [(TITLE, (letter.title,))] if letter.title else []
    named += [(name, (field,)) for name, field in letter.fields.items()]
    named += letter.lists.items()
    for name, fields in named:
        for position, field in enumerate(fields):
            yield {
                "letter_id": letter.id,
                "name": name,
                "position": position,
                "value": field.value,
                "start": field.span.start if field.span else None,
                "end": field.span.end if field.span else None,
                "rule": field.rule,
            }


def _passage_rows(letter: Letter, passages: Sequence[Passage]) -> Iterator[Row]:
    for position, passage in enumerate(passages):
        yield {
            "letter_id": letter.id,
            "position": position,
            "start": passage.span.start,
            "end": passage.span.end,
            "headings": list(passage.headings),
            "text": passage.span.of(letter.text),
        }


def _sentence_rows(letter: Letter, passages: Sequence[Passage]) -> Iterator[Row]:
    for position, passage in enumerate(passages):
        for span in passage.sentences:
            yield {
                "letter_id": letter.id,
                "passage": position,
                "start": span.start,
                "end": span.end,
                "text": span.of(letter.text),
            }


def _commitment_row(promise: Commitment, letter: Letter) -> Row:
    due, target = promise.due, promise.target
    return {
        "letter_id": letter.id,
        "start": promise.span.start,
        "end": promise.span.end,
        "text": promise.span.of(letter.text),
        "organ": promise.organ,
        "co_organs": list(promise.co_organs),
        "action": promise.action,
        "due": due.raw if due else None,
        "due_first": due.first if due else None,
        "due_last": due.last if due else None,
        "due_precision": due.precision if due else None,
        "target": target.text if target else None,
        "target_value": float(target.value) if target else None,
        "target_unit": target.unit if target else None,
        "strength": promise.strength,
        "vague": promise.vague,
        "conditional": promise.conditional,
    }


def fault(row: object, table: str) -> str | None:
    """What is wrong with the columns of a row, in Chinese; None if nothing is."""
    columns = TABLES[table].columns
    if not isinstance(row, dict):
        return "不是一个 JSON 对象"
    if missing := [name for name in columns if name not in row]:
        return f"缺少列 {'、'.join(missing)}"
    if unknown := [name for name in row if name not in columns]:
        return f"有不认识的列 {'、'.join(unknown)}"
    wrong = [name for name, column in columns.items() if not _fits(row[name], column)]
    return f"列 {'、'.join(wrong)} 的值类型不对" if wrong else None


def _fits(value: object, column: Column) -> bool:
    if value is None:
        return column.empty
    if column.kind in _LISTS:
        own = _LISTS[column.kind]
        return isinstance(value, list) and all(type(one) is own for one in value)
    return type(value) is _TYPES[column.kind]
