"""Lines of the log: one each whatever they hold, readable or JSON, without personal data."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from server.telemetry.lines import LineFormatter

NASTY = "一\r\n2026 假的一行\x1b[31m红\x9b2J\u2028又一行\x00"


def record(message: str, *args: object, exc: Any = None, **extra: Any) -> logging.LogRecord:
    made = logging.LogRecord("fuwen.server", logging.INFO, "a", 1, message, args, exc)
    made.__dict__.update(extra)
    return made


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_value_cannot_begin_a_line_or_speak_to_a_terminal(form: Any) -> None:
    formatter = LineFormatter("on", form)
    for one in (record("left %s", NASTY), record("told", fields={"what": NASTY})):
        written = formatter.format(one)
        assert len(written.splitlines()) == 1
        assert not any(char in written for char in "\r\n\x1b\x9b\x00\u2028")
        assert "假的一行" in written


def test_json_lines_hold_their_fields_and_the_trace() -> None:
    try:
        raise ValueError(NASTY)
    except ValueError as error:
        fault = (type(error), error, error.__traceback__)
    formatter = LineFormatter("masked", "json")
    told = json.loads(formatter.format(record("access", fields={"status": 200, "ms": 1.5})))
    assert (told["message"], told["status"], told["ms"]) == ("access", 200, 1.5)
    assert told["level"] == "info"
    assert told["time"][10] == "T"
    faulty = formatter.format(record("fault in %s", "GET", exc=fault))
    assert len(faulty.splitlines()) == 1
    assert "ValueError" in json.loads(faulty)["trace"]


def test_readable_lines_tell_their_fields_by_name() -> None:
    written = LineFormatter("masked").format(record("access", fields={"route": "/a b", "n": 3}))
    assert written.endswith(' INFO access route="/a b" n=3')


def test_personal_data_is_masked_in_either_form() -> None:
    for form in ("text", "json"):
        written = LineFormatter("masked", form).format(  # type: ignore[arg-type]
            record("no letter %s", "13812345678", fields={"what": "13987654321"})
        )
        assert "13812345678" not in written
        assert "13987654321" not in written
        assert form == "text" or json.loads(written)["logger"] == "fuwen.server"


def test_json_stays_json_where_something_in_it_is_masked() -> None:
    masked = LineFormatter("masked", "json").format(
        record("“%s”", '电话13812345678，身份证号11010519491231002X"，邮箱 a@qq.com')
    )
    assert "“" in json.loads(masked)["message"]
    assert "11010519491231002X" not in masked
