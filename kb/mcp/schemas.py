"""What goes into each tool and what comes out, as JSON Schema; arguments checked against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from kb.answer.checked import LONGEST as LONGEST_CHECKED
from kb.errors import WrongUse
from kb.text.chars import encodable

Schema = dict[str, Any]
BEFORE = 5  # earlier questions that a follow-up may draw on
MOST = 50  # letters or promises of one page
USUAL = 10
PIECE = 8000  # code points of a letter that are given at once
_TYPES = {
    "string": "文字", "integer": "整数", "array": "列表", "boolean": "true 或 false",
    "object": "对象",
}  # fmt: skip


def one(kind: str, said: str = "", **more: Any) -> Schema:
    """A value of this type; ``said`` describes it, ``more`` are other keywords."""
    return {"type": kind, **({"description": said} if said else {}), **more}


def maybe(kind: str, said: str = "") -> Schema:
    """A value of this type, or null."""
    return {"type": [kind, "null"], **({"description": said} if said else {})}


def many(of: Schema, said: str = "", **more: Any) -> Schema:
    """A list of such values."""
    return one("array", said, items=of, **more)


def made(**properties: Schema) -> Schema:
    """An object that has all these and nothing else."""
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def taken(*, needed: tuple[str, ...] = (), **properties: Schema) -> Schema:
    """Arguments, of which only those ``needed`` have to be given."""
    return {**made(**properties), "required": [*needed]}


def _of(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


CITATION: dict[str, Schema] = {
    "letter_id": one("string", "复文的编号"),
    "name": one("string", "引用时写的题目"),
    "number": maybe("string", "文号"),
    "issuer": maybe("string", "发文单位"),
    "date": maybe("string", "发文日期，YYYY-MM-DD"),
    "result_class": maybe("string", "办理结果的分类"),
    "uri": one("string", "资源：resources/read 能读到这些字"),
    "url": maybe("string", "网页，给人看；不知道网址时为 null"),
}
EXCERPT: dict[str, Schema] = {
    "quote": one("string", "原文，一字不差：等于复文 text[start:end]"),
    "start": one("integer", "码点，从 0 数"),
    "end": one("integer", "码点，不含"),
    **CITATION,
    "notes": many(one("string"), "程序的说明，不是原文：“今年”指哪一年、扫描件可能有错字等"),
}
STANDING = made(
    state=one("string", "状态的代码"),
    told=one("string", "状态的说法，如 正在办理"),
    due=maybe("string", "期限"),
    overdue=one("boolean", "过了期限还没有办完"),
    evidence=many(made(says=maybe("string"), **EXCERPT), "依据：别的复文里的原文"),
    record=one("string", "要一同写出的说明：状态是谁的记录"),
)
DEFINED = {
    "excerpt": made(**EXCERPT),
    "standing": STANDING,
    "quote": made(
        **EXCERPT,
        about=maybe("string", "问的是哪一项要素，如 文号；问内容时为 null"),
        earlier=many(_of("excerpt"), "同一单位以前的说法，早的在前"),
        standing={"anyOf": [_of("standing"), {"type": "null"}]},
    ),
}
_REPLY: dict[str, Schema] = {
    "status": one(
        "string",
        "answer 有回答、refusal 没有可靠的回答、listing 清单、notice 一句说明、several 几问",
        enum=["answer", "refusal", "listing", "notice", "several"],
    ),
    "lead": maybe("string", "第一条摘录前面的一两个词，如 是、不是"),
    "quotes": many(_of("quote")),
    "code": maybe("string", "拒答或说明的代码"),
    "reason": maybe("string", "为什么没有回答"),
    "way_out": many(made(label=one("string"), value=one("string")), "没有回答时能找谁"),
    "text": maybe("string", "清单的说明，或者不必查复文的一句话"),
    "options": many(one("string"), "可以改问的问题"),
    "count": maybe("integer", f"清单里共有多少份；quotes 至多列前 {MOST} 份"),
    "nearest": many(made(**CITATION), "相近的复文，不是回答"),
}


def _out(*names: str, **properties: Schema) -> Schema:
    """What a tool gives; ``names`` are those of ``DEFINED`` that it refers to."""
    whole = made(snapshot=one("string", "依据哪一版复文"), **properties)
    return {**whole, "$defs": {name: DEFINED[name] for name in names}}


CURSOR_OUT = maybe("string", "下一页写在 cursor 里；没有了为 null")
ASKED = _out(
    *DEFINED,
    question=one("string", "实际查的问题；接着前面问的已补全"),
    **_REPLY,
    parts=many(made(label=one("string"), **_REPLY), "几问各自的回答"),
)
FOUND = _out(
    "excerpt",
    count=one("integer", "共有多少份"),
    letters=many(
        made(
            **CITATION,
            topics=many(one("string")),
            quote={
                "anyOf": [_of("excerpt"), {"type": "null"}],
                "description": "说到这些词的一处原文",
            },
        )
    ),
    facets=one(
        "object",
        "还可以怎样缩小：各单位、年份、结果、主题各有多少份",
        additionalProperties=many(made(value=one("string"), count=one("integer"))),
    ),
    next_cursor=CURSOR_OUT,
)
LETTER = _out(
    **CITATION,
    fields=one("object", "要素：值，或几个值的列表", additionalProperties=True),
    source_url=maybe("string", "它从哪个网页来"),
    newer=maybe("string", "这是较早的版本时，现在的是哪一份"),
    length=one("integer", "全文多少个码点"),
    start=one("integer"),
    end=one("integer"),
    text=one("string", "全文的第 start 到第 end 个码点，一字不差"),
    next_start=maybe("integer", "没有给完时，接着从这里取；给完了为 null"),
)
PROMISED = _out(
    "standing",
    day=maybe("string", "是否过期按哪一天算"),
    count=one("integer", "共有多少条"),
    commitments=many(
        made(
            **EXCERPT,
            organ=maybe("string", "谁承诺的"),
            confirmed=one("boolean", "有没有经人核实"),
            standing=_of("standing"),
        )
    ),
    next_cursor=CURSOR_OUT,
)
CHECKED = _out(
    "excerpt",
    sentences=many(
        made(
            text=one("string", "送来的一句"),
            start=one("integer", "在送来的文字里的位置"),
            end=one("integer"),
            verdict=one(
                "string",
                "verbatim 一字不差、nearly 相近而有不同、absent 没有找到、unchecked 太短没有核对",
                enum=["verbatim", "nearly", "absent", "unchecked"],
            ),
            partly=one("boolean", "只是原文一个分句的一部分，意思要看整句"),
            others=one("integer", "另有几份复文也一字不差"),
            quote={
                "anyOf": [_of("excerpt"), {"type": "null"}],
                "description": "复文里的整句",
            },
            differences=many(
                made(
                    kind=one(
                        "string",
                        "number 数字、negation 否定词、words 字词、marks 标点、form 写法、"
                        "hidden 原文遮去的",
                    ),
                    given=one("string", "送来的"),
                    stands=one("string", "原文的"),
                )
            ),
        )
    ),
)

_CURSOR = one("string", "上一页的 next_cursor", maxLength=100)
_LIMIT = one("integer", f"一页几条，默认 {USUAL}", minimum=1, maximum=MOST)
_LETTER_ID = one("string", "复文的编号（letter_id）或文号", minLength=1, maxLength=500)


def asking(longest: int) -> Schema:
    """Arguments of ``ask``, whose questions have at most ``longest`` code points."""
    return taken(
        needed=("question",),
        question=one("string", "一个问题，用中文", minLength=1, maxLength=longest),
        before=many(
            one("string", maxLength=longest),
            f"同一位用户前面问过的，早的在前，最近的 {BEFORE} 个；用来补全“那明年呢”这样的问题",
            maxItems=BEFORE,
        ),
    )


def searching(longest: int) -> Schema:
    """Arguments of ``search_letters``."""
    return taken(
        words=one("string", "要找的词、文号或提案号；空着列出全部", maxLength=longest),
        organ=one("string", "发文单位，全称或简称", maxLength=200),
        year=one("integer", "发文的年份", minimum=1900, maximum=2999),
        topic=one("string", "主题，照 facets 里的写", maxLength=100),
        result_class=one("string", "办理结果，照 facets 里的写", maxLength=100),
        newest_first=one("boolean", "按日期排，不按相关的程度"),
        limit=_LIMIT,
        cursor=_CURSOR,
    )


GETTING = taken(
    needed=("letter_id",),
    letter_id=_LETTER_ID,
    start=one("integer", "从第几个码点起，默认 0", minimum=0),
    end=one("integer", f"到第几个码点止；一次至多 {PIECE} 个", minimum=0),
)
LISTING = taken(
    letter_id=_LETTER_ID,
    organ=one("string", "承诺的单位，全称或其中几个字", minLength=1, maxLength=200),
    overdue=one("boolean", "true 只要过期没有办完的"),
    unconfirmed=one("boolean", "true 只要还没有人核实的；要有权限"),
    limit=_LIMIT,
    cursor=_CURSOR,
)
CHECKING = taken(
    needed=("text",),
    text=one(
        "string", "要核对的文字，可以有几句，每句分别核对", minLength=1, maxLength=LONGEST_CHECKED
    ),
)

# A keyword of JSON Schema → what is wrong, by the argument, what is wanted and what was given.
_SAID: Mapping[str, Callable[[str, Any, Any], str]] = {
    "type": lambda name, wanted, _: f"{name} 应是{_TYPES.get(wanted, wanted)}",
    "minimum": lambda name, wanted, given: f"{name} 是 {given}，最小是 {wanted}",
    "maximum": lambda name, wanted, given: f"{name} 是 {given}，最大是 {wanted}",
    "minLength": lambda name, *_: f"{name} 是空的",
    "maxLength": lambda name, wanted, given: f"{name} 有 {len(given)} 个字，最多 {wanted} 个",
    "maxItems": lambda name, wanted, given: f"{name} 有 {len(given)} 个，最多 {wanted} 个",
}


def check(arguments: Mapping[str, Any], schema: Schema) -> None:
    """Raise WrongUse naming the first argument that ``schema`` does not admit."""
    for error in Draft202012Validator(schema).iter_errors(arguments):
        raise WrongUse(f"{_told(error, schema)}；请改正后再调用")
    words = [value for value in arguments.values() if isinstance(value, str)]
    words += [value for each in arguments.values() if isinstance(each, list) for value in each]
    if not encodable(words) or any("\x00" in value for value in words):
        raise WrongUse("文字里有不成字的编码；请重新写一遍")


def _told(error: ValidationError, schema: Schema) -> str:
    known = "、".join(schema["properties"])
    if error.validator == "required":
        lacking = [name for name in error.validator_value if name not in error.instance]
        return f"缺少参数 {'、'.join(lacking)}"
    if error.validator == "additionalProperties":
        unknown = sorted(set(error.instance) - set(schema["properties"]))
        return f"没有 {'、'.join(unknown)[:100]} 这样的参数，可用的是 {known}"
    name = ".".join(str(part) for part in error.absolute_path) or "参数"
    said = _SAID.get(str(error.validator))
    return said(name, error.validator_value, error.instance) if said else f"{name} 不合要求"
