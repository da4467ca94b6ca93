"""The client's types are those of the server's OpenAPI document, both ways."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from fuwen import calls, letters, replies
from fuwen.calls import Scope
from fuwen.replies import Excerpt, Quote
from tests.support.served import served

# Of others: OpenAI's shapes, what the client hands over as arguments, what it does not ask.
OTHERS = {
    "ChatRequest", "ContentPart", "InputItem", "Message", "ResponseRequest", "StreamOptions",
    "Question", "Check", "Feedback", "Cited", "Problem", "Alive",
}  # fmt: skip
PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean"}
OURS = {
    kind.__name__: kind
    for module in (letters, replies, calls)
    for kind in vars(module).values()
    if isinstance(kind, type) and is_dataclass(kind) and not kind.__name__.startswith("_")
}
CLIENTS_OWN = {"Call", "Settings"}


def document() -> dict[str, Any]:
    schemas: dict[str, Any] = served().get("/openapi.json").json()["components"]["schemas"]
    return schemas


def shape(kind: Any) -> Any:
    """What OpenAPI has to say of ``kind``."""
    if isinstance(kind, type) and is_dataclass(kind):
        return kind.__name__
    match get_origin(kind):
        case origin if origin is tuple:
            inner, rest = get_args(kind)
            assert rest is Ellipsis
            return ["array", shape(inner)]
        case origin if origin in (UnionType, Union):
            inner, none = get_args(kind)
            assert none is NoneType
            return ["or null", shape(inner)]
        case origin if origin is Literal:
            return ["string", sorted(get_args(kind))]
    return PLAIN[kind]


def said(schema: dict[str, Any]) -> Any:
    """The same of a schema."""
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[-1]
    if "anyOf" in schema:
        inner, none = schema["anyOf"]
        assert none == {"type": "null"}
        return ["or null", said(inner)]
    if schema["type"] == "array":
        return ["array", said(schema["items"])]
    if "enum" in schema:
        return [schema["type"], sorted(schema["enum"])]
    return schema["type"]


def differences(kind: type, schema: dict[str, Any]) -> list[str]:
    """What the one has and the other has not, or otherwise."""
    hints = get_type_hints(kind)
    ours = {one.name: (shape(hints[one.name]), one.default is MISSING) for one in fields(kind)}  # type: ignore[arg-type]
    theirs = {
        name: (said(of), name in schema.get("required", ()))
        for name, of in schema["properties"].items()
    }
    return [
        f"{kind.__name__}.{name}: {ours.get(name)} != {theirs.get(name)}"
        for name in sorted(ours.keys() | theirs.keys())
        if ours.get(name) != theirs.get(name)
    ]


def test_every_schema_has_its_type_and_every_type_its_schema() -> None:
    assert OURS.keys() - CLIENTS_OWN == document().keys() - OTHERS


@pytest.mark.parametrize("name", sorted(OURS.keys() - CLIENTS_OWN))
def test_a_type_has_the_properties_of_its_schema(name: str) -> None:
    assert differences(OURS[name], document()[name]) == []


@pytest.mark.parametrize(
    "change",
    [
        {"properties": {"more": {"type": "string"}}},
        {"properties": {"score": {"type": "integer"}}},
        {"properties": {"title": {"type": "string"}}},
        {"properties": {"earlier": {"type": "array", "items": {"$ref": "#/x/Quote"}}}},
    ],
)
def test_a_change_of_the_schema_shows(change: dict[str, Any]) -> None:
    schema = document()["Quote"]
    assert differences(Quote, schema | {"properties": schema["properties"] | change["properties"]})


def test_what_the_schema_drops_or_no_longer_requires_shows() -> None:
    schema = document()["Quote"]
    fewer = {name: of for name, of in schema["properties"].items() if name != "score"}
    assert differences(Quote, schema | {"properties": fewer})
    assert differences(Quote, schema | {"required": schema["required"][:-1]})
    assert differences(Excerpt, schema)


def test_requests_have_the_properties_of_their_schemas() -> None:
    schemas = document()
    reply = replies.Reply.__new__(replies.Reply)
    object.__setattr__(reply, "snapshot", "v")
    object.__setattr__(reply, "status", "answer")
    asked = calls.ask("问", before=["前"], scope=Scope(year=2024), carry=True).body or {}
    assert asked.keys() == schemas["Question"]["properties"].keys()
    assert (calls.check("话").body or {}).keys() == schemas["Check"]["properties"].keys()
    told = calls.feedback("问", reply, useful=True, reason=None, quote=None).body or {}
    assert told.keys() == schemas["Feedback"]["properties"].keys()
