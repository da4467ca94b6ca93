"""The orders of a list of commitments, and the cursors that tell where a page of one begins."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kb.errors import WrongUse

Order = Literal["due", "changed", "letter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorting:
    """The columns of an order with the types of their values, all in one direction."""

    keys: Mapping[str, type]
    descending: bool = False

    def sql(self) -> str:
        """What follows ORDER BY."""
        way = "DESC" if self.descending else "ASC"
        return ", ".join(f"{name} {way}" for name in self.keys)

    def beyond(self) -> str:
        """The condition, with a place for each key, that a row comes after."""
        sign = "<" if self.descending else ">"
        return f"({', '.join(self.keys)}) {sign} ({', '.join('?' * len(self.keys))})"


ORDERS: Mapping[Order, Sorting] = {
    "due": Sorting(keys={"due_key": str, "id": int}),
    "changed": Sorting(keys={"event": int}, descending=True),
    "letter": Sorting(keys={"letter": str, "start": int, "id": int}),
}


def written(order: Order, keys: Sequence[Any]) -> str:
    """The cursor after a row of these keys."""
    content = json.dumps([order, *keys], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def keys_of(cursor: str, order: Order) -> list[Any]:
    """The keys in a cursor of this order. Raises WrongUse."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        content = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        content = None
    kinds = [str, *ORDERS[order].keys.values()]
    if not isinstance(content, list) or [type(part) for part in content] != kinds:
        raise WrongUse("翻页的标记读不懂；请回到第一页")
    if content[0] != order or any(isinstance(key, int) and abs(key) >> 63 for key in content):
        raise WrongUse("翻页的标记不是这个次序的；请回到第一页")
    return content[1:]
