"""What is read out of a file of many: letters, rows of registers, what is refused or counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, assert_never

from indexer.formats.raw import Raw
from kb.errors import UnreadableFile
from kb.store.register import RegisterRow, row_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A letter of a citizen that has no reply yet, by its place in the file."""

    place: str


Item = Raw | RegisterRow | Unanswered | UnreadableFile


def item_out(item: Item) -> Mapping[str, Any]:
    """``item`` as JSON has it."""
    match item:
        case Raw():
            return {"letter": asdict(item)}
        case RegisterRow():
            return {"row": asdict(item)}
        case Unanswered():
            return {"unanswered": item.place}
        case UnreadableFile():
            return {"code": item.code, "message": str(item)}
        case _:
            assert_never(item)


def item_in(told: Mapping[str, Any]) -> Item:
    """The item that ``item_out`` told."""
    if "letter" in told:
        return Raw(**{**told["letter"], "flags": tuple(told["letter"]["flags"])})
    if "row" in told:
        return row_from(told["row"])
    if "unanswered" in told:
        return Unanswered(place=told["unanswered"])
    return UnreadableFile(told["code"], told["message"])
