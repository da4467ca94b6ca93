"""Data of this package from decoded JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import httpx2

from fuwen.errors import FuwenError
from fuwen.replies import Checks, Excerpt, Reply, ReplyPart, Row, Sentence

Made = TypeVar("Made")
Quoting = Reply | ReplyPart | Row | Checks | Sentence | Excerpt  # what has excerpts to verify
_hints = cache(get_type_hints)


def read(kind: type[Made], response: httpx2.Response) -> Made:
    """The body of ``response`` as ``kind``. Raises FuwenError where it is something else."""
    try:
        return decoded(kind, response.json())
    except (ValueError, TypeError):
        why = "服务的回答不是这一版客户端懂的；请核对地址，或者换用与服务同一版的客户端"
        raise FuwenError(why, code="not_understood", status=response.status_code) from None


def decoded(kind: type[Made], value: Any) -> Made:
    """``value`` as ``kind``, a data class; what the class does not name is left out.

    Raises TypeError where something is missing.
    """
    made: Made = _decoded(kind, value)
    return made


def _decoded(kind: Any, value: Any) -> Any:
    if isinstance(kind, type) and is_dataclass(kind):
        if not isinstance(value, dict):
            raise TypeError
        hints = _hints(kind)
        known = {one.name for one in fields(kind)} & value.keys()
        return kind(**{name: _decoded(hints[name], value[name]) for name in known})
    if get_origin(kind) is tuple:
        return tuple(_decoded(get_args(kind)[0], one) for one in value)
    if get_origin(kind) in (UnionType, Union):
        return None if value is None else _decoded(get_args(kind)[0], value)
    return value


def excerpts(value: Any) -> tuple[Excerpt, ...]:
    """Every excerpt that is to be verified in ``value``: an answer of ours, or several of them.

    Raises TypeError for anything else, in which nothing would be found to be wrong.
    """
    if isinstance(value, list | tuple):
        return tuple(one for each in value for one in excerpts(each))
    if not isinstance(value, Quoting):
        raise TypeError(
            "verify 核对 ask、check 的答复和其中的摘录，一个或者一列；"
            f"给的是 {type(value).__name__}，里面没有摘录可核对"
        )
    return tuple(_excerpts(value))


def _excerpts(value: Any) -> Iterator[Excerpt]:
    """Every excerpt in ``value``, those inside of others too."""
    if isinstance(value, Excerpt):
        yield value
    if is_dataclass(value):
        for one in fields(value):
            yield from _excerpts(getattr(value, one.name))
    elif isinstance(value, tuple):
        for inner in value:
            yield from _excerpts(inner)
