"""A commitment as columns of a row, and as a value."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, get_args

from kb.errors import WrongUse
from kb.extract.types import STRENGTHS, Commitment, Due, Precision, Strength, Target
from kb.ledger.types import PLACES, STATUSES, Entry, Event, Excerpt
from kb.profile import profile
from kb.text.sentences import heading_path
from kb.text.titles import name_of
from kb.types import Citation, Letter, Span

Columns = Mapping[str, Any]
LONGEST = 2000  # code points of what staff write into a field
PRECISIONS = get_args(Precision)

# What events may change, each with what it is before the first. The rest of a row (id, version,
# event, changed_at) follows from the event itself.
BLANK: Columns = {
    "status": None, "letter": None, "start": None, "stop": None, "words": None,
    "text_sum": None, "place": "found", "headings": "[]", "organ": None, "co_organs": "[]",
    "action": "", "due_raw": None, "due_first": None, "due_last": None, "due_precision": None,
    "target_value": None, "target_unit": None, "target_text": None, "strength": None,
    "note": "", "found_start": None, "found_stop": None, "found_words": None, "decided": 0,
    "extensions": 0, "split_from": None, "merged_into": None, "name": "", "number": None,
    "issuer": None, "issued_on": None, "result_class": None, "publicity": "public", "topics": "[]",
}  # fmt: skip
KEPT = (
    "id", "version", "status", "letter", "start", "stop", "words", "place", "headings", "organ",
    "co_organs", "action", "due_raw", "due_first", "due_last", "due_precision", "target_value",
    "target_unit", "target_text", "strength", "note", "decided", "extensions", "split_from",
    "merged_into", "changed_at", "name", "number", "issuer", "issued_on", "result_class",
    "publicity", "topics",
)  # fmt: skip


def kept_of(row: Sequence[Any]) -> Entry:
    """The commitment in a row of the columns ``KEPT``."""
    at = dict(zip(KEPT, row, strict=True))
    cited = ("name", "number", "issuer", "issued_on", "result_class")
    return Entry(
        citation=Citation(letter_id=at["letter"], **{name: at[name] for name in cited}),
        topics=tuple(json.loads(at["topics"])),
        span=Span(start=at["start"], end=at["stop"]),
        text=at["words"],
        headings=tuple(json.loads(at["headings"])),
        co_organs=tuple(json.loads(at["co_organs"])),
        due=_due(at),
        target=_target(at),
        decided=bool(at["decided"]),
        changed_at=datetime.fromisoformat(at["changed_at"]),
        **{
            name: at[name]
            for name in (
                "id",
                "version",
                "status",
                "publicity",
                "place",
                "organ",
                "action",
                "strength",
                "note",
                "extensions",
                "split_from",
                "merged_into",
            )
        },
    )


def about_columns(letter: Letter) -> dict[str, Any]:
    """What the ledger repeats of a letter."""
    name = name_of(letter)
    return {
        "name": name,
        "publicity": letter.publicity,
        "topics": listed(profile().topics_of(name)),
        **{one: letter.value(one) for one in ("number", "issuer", "issued_on", "result_class")},
    }


def place_columns(words: Excerpt, letter: Letter) -> dict[str, Any]:
    """Where a commitment stands, and under which headings."""
    path = heading_path(letter.headings, words.span.start)
    return {
        "letter": letter.id,
        "start": words.span.start,
        "stop": words.span.end,
        "words": words.text,
        "text_sum": words.text_sum,
        "place": "found",
        "headings": listed([one.text for one in path]),
    }


def read_columns(found: Commitment) -> dict[str, Any]:
    """What the program read out of the words."""
    return {
        "organ": found.organ,
        "co_organs": listed(found.co_organs),
        "action": found.action,
        "strength": found.strength,
        **due_columns(found.due),
        **target_columns(found.target),
    }


def due_columns(due: Due | None) -> dict[str, Any]:
    """A due as columns."""
    names = ("raw", "first", "last", "precision")
    return {f"due_{name}": getattr(due, name) if due else None for name in names}


def target_columns(target: Target | None) -> dict[str, Any]:
    """A target as columns."""
    names = ("value", "unit", "text")
    return {f"target_{name}": getattr(target, name) if target else None for name in names}


def listed(words: Sequence[str]) -> str:
    """Several words in one column."""
    return json.dumps(list(words), ensure_ascii=False)


def checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Corrections by name, as columns. Raises WrongUse for what makes no sense."""
    columns: dict[str, Any] = {}
    for name, value in fields.items():
        if name not in CORRECTABLE:
            raise WrongUse(f"没有可更正的项目“{name}”；可以更正：{'、'.join(CORRECTABLE)}")
        columns |= CORRECTABLE[name](value)
    for name, text in columns.items():
        if isinstance(text, str) and len(text) > LONGEST:
            raise WrongUse(f"{name} 不能超过 {LONGEST} 个字；请写短一些")
    return columns


def _checked_due(due: Due | None) -> dict[str, Any]:
    days = [day for day in (due.first, due.last) if day] if due else []
    try:
        sound = all(date.fromisoformat(day).isoformat() == day for day in days)
    except ValueError:
        sound = False
    if due and not (sound and days == sorted(days) and due.raw and due.precision in PRECISIONS):
        raise WrongUse("期限要有文字，首日和末日要写成 2025-06-30 的样子，首日不晚于末日；请改正")
    return due_columns(due)


def _checked_strength(strength: str) -> dict[str, Any]:
    if strength not in get_args(Strength):
        raise WrongUse(f"语气“{strength}”应是 {'、'.join(get_args(Strength))} 之一；请改正")
    return {"strength": strength}


# What staff may correct → as columns.
CORRECTABLE: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "organ": lambda value: {"organ": value or None},
    "co_organs": lambda value: {"co_organs": listed(value)},
    "action": lambda value: {"action": value},
    "due": _checked_due,
    "target": target_columns,
    "strength": _checked_strength,
    "note": lambda value: {"note": value},
}


# What an event changed, in words; columns that only the program uses are not told.
LABELS: Mapping[str, str] = {
    "status": "状态", "organ": "负责单位", "co_organs": "会办单位", "action": "事项",
    "due_raw": "期限", "due_first": "首日", "due_last": "末日", "target_text": "目标",
    "strength": "语气", "words": "原文", "place": "原文情况", "merged_into": "并入",
    "note": "备注", "result_class": "办理结果",
}  # fmt: skip
_WORDS: Mapping[str, Callable[[Any], str]] = {
    "status": lambda value: STATUSES[value],
    "place": lambda value: PLACES[value],
    "co_organs": lambda value: "、".join(json.loads(value)),
    "merged_into": lambda value: f"第 {value} 号",
    "strength": lambda value: STRENGTHS[value],
}


def changes(event: Event) -> list[tuple[str, str, str]]:
    """What an event changed: label, what it was, what it became; "" for nothing."""

    def told(name: str, columns: Mapping[str, Any]) -> str:
        value = columns.get(name)
        return "" if value is None else _WORDS.get(name, str)(value)

    rows = ((label, told(one, event.was), told(one, event.became)) for one, label in LABELS.items())
    return [row for row in rows if row[1] != row[2]]


def _due(at: Columns) -> Due | None:
    if at["due_raw"] is None:
        return None
    return Due(
        raw=at["due_raw"], first=at["due_first"], last=at["due_last"], precision=at["due_precision"]
    )


def _target(at: Columns) -> Target | None:
    if at["target_text"] is None:
        return None
    return Target(value=at["target_value"], unit=at["target_unit"], text=at["target_text"])
