"""The events of a reply as it becomes known."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx2

from fuwen.decoded import decoded
from fuwen.errors import FuwenError
from fuwen.replies import Quote, Reply

LONGEST = 64_000_000  # bytes of an event: a list has its quotes in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event: ``meta``, ``sources``, ``quote``, ``verdict`` or ``done``, with its data.

    ``quote`` is that of an event of this name, ``reply`` the whole reply of a ``verdict``.
    """

    event: str
    data: dict[str, Any]
    quote: Quote | None = None
    reply: Reply | None = None


def event_of(sent: httpx2.ServerSentEvent) -> Event:
    """The event that was sent. Raises FuwenError where it says that there is no answer."""
    try:
        data: dict[str, Any] = json.loads(sent.data)
        if sent.event == "error":
            raise FuwenError(data["detail"], code=data["code"], status=data["status"])
        quote = decoded(Quote, data["quote"]) if sent.event == "quote" else None
        reply = decoded(Reply, data) if sent.event == "verdict" else None
    except (ValueError, TypeError, KeyError):
        why = "服务送来的事件不是这一版客户端懂的；请换用与服务同一版的客户端"
        raise FuwenError(why, code="not_understood") from None
    return Event(event=sent.event, data=data, quote=quote, reply=reply)


def ended(last: Event | None) -> None:
    """Raises FuwenError unless the ``last`` event is the one that ends a stream."""
    if last is None or last.event != "done":
        raise FuwenError("回答送到一半断了；请重新问一次", code="cut_short")
