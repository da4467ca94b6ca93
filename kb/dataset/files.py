"""The files of an export, read line by line; what is wrong with one is told with its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from kb.dataset.tables import Row, fault
from kb.errors import WrongUse, reason

LONGEST_CARD = 4_000_000  # bytes
LONGEST_LINE = 64_000_000  # bytes; a letter of a million characters has six at most
AGAIN = "请重新导出，导出以后不要改动"


class BadExport(WrongUse):
    """An export that cannot be read back; the message says which file and line, why, what to do."""

    status, code = 422, "bad_export"


def lines(folder: Path, table: str) -> Iterator[tuple[str, Row]]:
    """The rows of a table, each with its place in words. Raises BadExport."""
    path = plain(folder, f"{table}.jsonl")
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            place = f"{path} 第 {number} 行"
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                bad(place, "不是一行完整的 JSON")
            if why := fault(row, table):
                bad(place, why)
            yield place, row


def json_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file. Raises BadExport."""
    try:
        if path.stat().st_size > LONGEST_CARD:
            raise ValueError("太大")
        raw = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadExport(f"{path}：读不出来（{error}）；{AGAIN}") from error
    if not isinstance(raw, dict):
        raise BadExport(f"{path}：不是一个 JSON 对象；{AGAIN}")
    return raw


def plain(folder: Path, name: str) -> Path:
    """The file ``name`` in ``folder``: no link may lead out of it. Raises BadExport."""
    path = folder / name
    try:
        if path.is_symlink() or not path.is_file():
            raise BadExport(f"{path}：没有这个文件，或者不是普通文件；{AGAIN}")
    except OSError as error:
        raise BadExport(f"{path}：读不出来（{reason(error)}）；{AGAIN}") from error
    return path


def bad(place: str, why: str) -> NoReturn:
    """Raise BadExport for what is wrong there."""
    raise BadExport(f"{place}：{why}；{AGAIN}")
