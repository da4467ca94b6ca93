"""What goes over the wire, for OpenAPI and for checking requests: the models of pydantic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
)
from pydantic import Field as Of
from pydantic.config import JsonDict
from pydantic.json_schema import models_json_schema

from kb.answer.checked import LONGEST
from kb.text.chars import encodable
from server.api.given import Given, Related
from server.http.problems import InvalidRequest


def _proper(text: str) -> str:
    """``text`` unless it holds what no file can: a lone surrogate or NUL."""
    if "\x00" in text or not encodable([text]):
        raise ValueError("improper text")
    return text


def _whole(number: object) -> object:
    """``number`` as an integer where it is one: to JSON 2024.0 is 2024."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


# What OpenAPI says of what the validators see to.
_PROPER = Of(json_schema_extra={"pattern": r"^[^\x00]*$"})
ASKED: JsonDict = {"pattern": r"^[^\x00]*[^\x00-\x20\s][^\x00]*$"}  # something besides white space
FARTHEST = 2**31  # code points; no letter is that long
Text = Annotated[str, AfterValidator(_proper), _PROPER]
Reason = Annotated[str, StringConstraints(max_length=200), AfterValidator(_proper), _PROPER]
_PLACES = Of(json_schema_extra={"minimum": 0, "exclusiveMaximum": FARTHEST})
Place = Annotated[int, _PLACES, BeforeValidator(_whole)]
Year = Annotated[int, Of(ge=1, le=9999), BeforeValidator(_whole)]
# The lengths stand first: after a validator of ours pydantic would measure any sequence.
Short = Annotated[
    str, StringConstraints(min_length=1, max_length=200), AfterValidator(_proper), _PROPER
]


class Asked(BaseModel):
    """Of requests: no unknown keys, no silent conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Sent = TypeVar("Sent", bound=Asked)


class Scope(Asked):
    """只在符合这些条件的复文里找；不写就是全部。"""

    issuer: Annotated[Short | None, Of(description="发文单位全称")] = None
    year: Annotated[Year | None, Of(description="发文年份")] = None
    result_class: Annotated[Short | None, Of(description="办理结果类别，如 A、B、C")] = None
    proposal_no: Annotated[Short | None, Of(description="提案或建议的编号，如 047")] = None
    letter_id: Annotated[Short | None, Of(description="只在这一份复文里找")] = None


class Question(Asked):
    """一个问题。"""

    question: Text = Of(
        description="要问的内容，中文一句话",
        examples=["加装电梯补贴多少钱？"],
        json_schema_extra=ASKED,
    )
    scope: Scope = Of(default=Scope(), description="范围")
    before: list[Text] = Of(
        default_factory=list,
        max_length=5,
        description="这次对话里前面的问题，最近的在最后；接着前面问时用来补全",
    )
    carry: bool = Of(default=True, description="false 表示不补全、不改动，只按原话查")


class Check(Asked):
    """要核对的文字。"""

    text: Text = Of(
        description="一句话，或者一段文字：新闻、转发的消息、别的程序的回答",
        examples=["市级财政对每部电梯补助8万元。"],
        json_schema_extra=ASKED | {"maxLength": LONGEST},
    )


class Cited(Asked):
    """一条摘录：哪一份复文，text 的第几到第几个码点。"""

    letter_id: Short
    start: Place
    end: Place


class Feedback(Asked):
    """回答有没有用。"""

    question: Text = Of(description="问的是什么；追问用改写后的问题", json_schema_extra=ASKED)
    snapshot: Short = Of(description="回答里的 snapshot")
    verdict: Literal["answer", "refusal", "listing", "notice", "several"] = Of(
        description="回答里的 status"
    )
    useful: bool = Of(description="有用为 true，没用为 false")
    reason: Annotated[Reason | None, Of(description="为什么，最多 200 个字")] = None
    quote: Annotated[Cited | None, Of(description="说的是哪一条摘录")] = None


class Field(Given):
    """要素：值、在原文中的位置（码点；不在原文中则为 null）、读出它的规则。"""

    value: str
    start: int | None
    end: int | None
    rule: str


class Fields(Given):
    """一份复文的各项要素；没有的是 null 或空列表。"""

    issuer: Field | None
    number: Field | None
    signer: Field | None
    result_class: Field | None
    assembly: Field | None
    kind: Field | None
    proposal_no: Field | None
    proposal_title: Field | None
    addressees: list[Field]
    co_organs: list[Field]
    issued_on: Field | None
    contact_unit: Field | None
    cc: list[Field]


class Heading(Given):
    """标题；level 1 为一、，2 为（一），3 为 1.。"""

    text: str
    level: int
    start: int
    end: int


class Letter(Given):
    """一份复文的全文和要素。"""

    id: str
    title: str | None
    text: str
    fields: Fields
    headings: list[Heading]
    source: str
    url: str
    sha256: str = Of(description="text 的 SHA-256")
    newer: str | None = Of(description="这一份有更新的版本时，那一份的编号")
    copy_of: str | None = Of(description="这一份是副本时，计数的那一份的编号")
    earlier: list[Related] = Of(description="较早的版本，新的在前")
    copies: list[Related] = Of(description="同一份复文另存的副本")


class Problem(BaseModel):
    """出错说明（RFC 9457）。"""

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: int
    detail: str = Of(description="哪里不对、为什么、怎么办")
    code: str = Of(description="不变的错误代码")
    retry_after: int | None = Of(default=None, description="几秒后再来；只在 429 时有")


def question_from(value: object) -> Question:
    """The question in decoded JSON. Raises InvalidRequest naming the first bad field."""
    return _valid(Question, value)


def feedback_from(value: object) -> Feedback:
    """The feedback in decoded JSON. Raises InvalidRequest naming the first bad field."""
    return _valid(Feedback, value)


def check_from(value: object) -> Check:
    """The text to be checked in decoded JSON. Raises InvalidRequest naming the first bad field."""
    return _valid(Check, value)


def _valid(model: type[Sent], value: object) -> Sent:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise InvalidRequest(_sentence(first["type"], first["loc"], model)) from None


def schemas(models: Iterable[type[BaseModel]]) -> dict[str, Any]:
    """JSON Schemas of ``models`` and of all they refer to, by name."""
    _, together = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    definitions: dict[str, Any] = together.get("$defs", {})
    return definitions


_INNER: Mapping[int | str, type[Asked]] = {"scope": Scope, "quote": Cited}
_MEANINGS = {
    "missing": "没有写",
    "string_type": "应是字符串",
    "value_error": "含有无法识别的字符",
    "string_unicode": "含有无法识别的字符",
    "string_too_short": "不能是空的",
    "string_too_long": "太长，最多 200 个字",
    "int_type": "应是整数",
    "list_type": "应是列表",
    "too_long": "太多，最多 5 个",
    "bool_type": "应是 true 或 false",
    "literal_error": "不是可用的值",
    "greater_than_equal": "应在 1 到 9999 之间",
    "less_than_equal": "应在 1 到 9999 之间",
    "model_type": "应是对象",
}


def _sentence(kind: str, location: tuple[int | str, ...], model: type[Asked]) -> str:
    """What is wrong and where; says nothing in the client's own words."""
    if kind == "extra_forbidden":
        inner = _INNER.get(location[0], model) if len(location) > 1 else model
        return f"请求里有不认识的字段；可用的是 {'、'.join(inner.model_fields)}"
    where = ".".join(map(str, location))
    meaning = _MEANINGS.get(kind, "不合要求")
    return f"{where} {meaning}；请改正" if where else "请求正文应是一个 JSON 对象；请改正"
