"""The columns of the ledger's tables in the database, each once.

Exports have columns of their own, in ``formats.table``. ``kb.staff.schema`` makes the tables, step
by step; a test holds this list against them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kb.extract.types import PRECISIONS, STRENGTHS
from kb.ledger.types import KEPT, OFF, PLACES, STATUSES, stage_of

Columns = Mapping[str, Any]
Turn = Callable[[Any], Any]
UNDATED = "9999-99-99"  # comes after every day
DECIDED: dict[str, Any] = {"decided": 1}  # what every change by a person sets


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """How a value is stored: what makes it of the stored one, and the stored one of it."""

    read: Turn
    write: Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the table ``commitment``.

    ``path``: where an ``Entry`` has its value (due.raw), "" where none has. ``blank``: what it is
    before the first event. ``own``: it comes with each event, no event says it. ``correctable``:
    staff may correct it. ``label``: what it is called in the history of a commitment and in
    tables, "" where only the program uses it; ``word``: its value for people. ``detail_of``: a
    column whose words say it too, so that the history tells it only where those stay.
    """

    name: str
    path: str = ""
    blank: Any = None
    codec: Codec | None = None
    own: bool = False
    correctable: bool = False
    label: str = ""
    detail_of: str = ""
    word: Callable[[Any], str] = str

    @property
    def field(self) -> str:
        """The field of an ``Entry`` that it belongs to."""
        return self.path.partition(".")[0]


def number(value: float) -> int | float:
    """``value`` as people write it: 60, not 60.0."""
    return int(value) if float(value).is_integer() else value


def named(names: Iterable[str]) -> str:
    """``names`` as SQL lists them."""
    return ", ".join(names)


def _listed(words: Any) -> str:
    return json.dumps(list(words), ensure_ascii=False)


def _words(stored: str) -> tuple[str, ...]:
    return tuple(json.loads(stored))


def _yes(stored: int) -> str:
    return "是" if stored else "否"


LIST = Codec(read=_words, write=_listed)
FLAG = Codec(read=bool, write=int)
MOMENT = Codec(read=datetime.fromisoformat, write=datetime.isoformat)


def _correctable(name: str, path: str, label: str, **more: Any) -> Column:
    return Column(name=name, path=path, label=label, correctable=True, **more)


def _plain(name: str, path: str = "", **more: Any) -> Column:
    return Column(name=name, path=path, **more)


# In the order in which the history of a commitment tells them.
COLUMNS = (
    _plain("id", "id", own=True),
    _plain("version", "version", own=True),
    _plain("event", own=True),
    _plain("changed_at", "changed_at", own=True, codec=MOMENT),
    _plain("status", "status", label="状态", word=STATUSES.__getitem__),
    _plain("done_on", "done_on", label="完成日期"),
    _plain("kept", "kept", label="完成情况", word=KEPT.__getitem__),
    _plain("pending", "pending", label="待签批", word=STATUSES.__getitem__),
    _plain("pending_by", "pending_by"),
    _plain("pending_on", "pending_on", label="报请的完成日期"),
    _correctable("organ", "organ", "负责单位"),
    _plain("owner", "owner", label="责任人"),
    _correctable(
        "co_organs", "co_organs", "会办单位", blank="[]", codec=LIST,
        word=lambda stored: "、".join(_words(stored)),
    ),
    _correctable("action", "action", "事项", blank=""),
    _correctable("due_raw", "due.raw", "期限"),
    _correctable("due_first", "due.first", "首日"),
    _correctable("due_last", "due.last", "末日"),
    _plain("original_last", "original_last", label="原定末日"),
    _correctable(
        "due_precision", "due.precision", "精确到", detail_of="due_raw", word=PRECISIONS.__getitem__
    ),
    _correctable("target_text", "target.text", "目标"),
    _correctable(
        "target_value", "target.value", "目标数值", detail_of="target_text",
        word=lambda value: str(number(value)),
    ),
    _correctable("target_unit", "target.unit", "目标单位", detail_of="target_text"),
    _correctable("strength", "strength", "语气", word=STRENGTHS.__getitem__),
    _correctable("vague", "vague", "空泛", blank=0, codec=FLAG, word=_yes),
    _correctable("conditional", "conditional", "有条件", blank=0, codec=FLAG, word=_yes),
    _plain("words", "text", label="原文"),
    _plain("place", "place", blank="found", label="原文情况", word=PLACES.__getitem__),
    _plain("merged_into", "merged_into", label="并入", word=lambda value: f"第 {value} 号"),
    _correctable("note", "note", "备注", blank=""),
    _plain("result_class", "citation.result_class", label="办理结果"),
    _plain("letter", "citation.letter_id"),
    _plain("name", "citation.name", blank=""),
    _plain("number", "citation.number"),
    _plain("issuer", "citation.issuer"),
    _plain("issued_on", "citation.issued_on"),
    _plain("publicity", "publicity", blank="public"),
    _plain("topics", "topics", blank="[]", codec=LIST),
    _plain("start", "span.start"),
    _plain("stop", "span.end"),
    _plain("text_sum"),
    _plain("headings", "headings", blank="[]", codec=LIST),
    _plain("found_start"),
    _plain("found_stop"),
    _plain("found_words"),
    _plain("decided", "decided", blank=0, codec=FLAG),
    _plain("extensions", "extensions", blank=0),
    _plain("reminders", "reminders", blank=0),
    _plain("reminded_on", "reminded_on"),
    _plain("split_from", "split_from"),
)  # fmt: skip

# What events may change, each with what it is before the first.
BLANK: Columns = {column.name: column.blank for column in COLUMNS if not column.own}
# What an ``Entry`` is made of.
ENTRY = tuple(column for column in COLUMNS if column.path)
ENTRY_NAMES = named(column.name for column in ENTRY)
# The fields of an ``Entry`` that staff may correct.
CORRECTABLE = tuple(dict.fromkeys(column.field for column in COLUMNS if column.correctable))

# Column → what people call it.
LABELS: Mapping[str, str] = {column.name: column.label or column.name for column in COLUMNS}

# What lists look things up by → the column that it follows from, and how.
DERIVED: Mapping[str, tuple[str, Turn]] = {
    "due_key": ("due_last", lambda last: last or UNDATED),
    "due_month": ("due_last", lambda last: last and last[:7]),
    "year": ("issued_on", lambda day: day and day[:4]),
    "stage": ("status", stage_of),
    "live": ("status", lambda status: int(status not in OFF)),
}

# The columns of ``commitment_event``, and those that the evidence of one takes over: words of a
# letter, or something else that was attached.
EVENT = (
    "id", "at", "who", "commitment", "version", "kind", "was", "became", "reason",
    "letter", "start", "stop", "words", "relation",
)  # fmt: skip
# What the ``became`` of an event may tell beside the columns: who was reminded, and by which way.
TOLD = ("whom", "way")
EVIDENCE = (
    "id", "commitment", "relation", "letter", "start", "stop", "words", "at", "who", "reason",
)  # fmt: skip
ATTACHMENT = (
    "id", "commitment", "relation", "form", "name", "sha256", "bytes", "address", "day", "note",
    "at", "who", "reason",
)  # fmt: skip


def derived(columns: Columns) -> dict[str, Any]:
    """What follows from those of ``columns`` that something follows from."""
    return {
        name: follow(columns[source])
        for name, (source, follow) in DERIVED.items()
        if source in columns
    }
