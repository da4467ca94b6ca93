"""How lines of the log are written: for people, or one JSON object each; never more than a line.

Whoever logs gives what is to be found by machines as ``extra={"fields": {...}}``. Only the trace
of a fault has several lines where people read it.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import datetime
from typing import Any

from kb.settings import LogForm, QuestionLog
from server.telemetry.request import HERE

# What ends a line or speaks to a terminal: C0, DEL, C1, and the line ends of Unicode.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_PLAIN = re.compile(r"[^\s\"=]+")


class LineFormatter(logging.Formatter):
    """Lines without personal data, whatever a message or a fault holds.

    Only where ``log`` (KB_QUESTION_LOG) is "on" nothing is hidden. ``form`` is KB_LOG_FORM.
    """

    def __init__(self, log: QuestionLog, form: LogForm = "text") -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")
        self._log = log
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        """The record as it is written."""
        if self._form == "json":
            return self._json(record)
        return str(self._shown(_CONTROL.sub(_escaped, super().format(record)), record))

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The first line, without the trace."""
        line = " ".join((super().formatMessage(record), *map(_told, _fields(record).items())))
        return line.replace("\n", "\\n")

    def _json(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created)
            .astimezone()
            .isoformat("T", "milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        line = {name: self._shown(value, record) for name, value in line.items()}
        # Escapes keep it one line; Chinese stays readable.
        return _CONTROL.sub(_escaped, json.dumps(line, ensure_ascii=False, default=str))

    def _shown(self, value: Any, record: logging.LogRecord) -> Any:
        """``value`` without personal data; such as is ``clean`` never has any."""
        if not isinstance(value, str) or self._log == "on" or getattr(record, "clean", False):
            return value
        # Here: a process that only minds others writes nothing to hide, and has no room for this.
        from kb.privacy.pii import masked

        return masked(value)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """What machines look for: the record's own fields, and the request that it belongs to."""
    here = HERE.get()
    fields: dict[str, Any] = getattr(record, "fields", {})
    return {**fields, "request": here.id} if here else fields


def _told(field: tuple[str, Any]) -> str:
    name, value = field[0], str(field[1])
    return f"{name}={value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)}"


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
