"""Files of many letters: tables, and lines of JSON, which are a bulk import or rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, BinaryIO, assert_never

from indexer.formats import child, plain, zip
from indexer.formats.raw import Limits, Raw, refused
from indexer.formats.table import columns, mail, register
from indexer.formats.table.columns import Heading
from indexer.formats.table.items import Item, Unanswered
from indexer.formats.table.sheet import Line, Sheet
from indexer.register.assembly import words_in
from kb.errors import UnreadableFile
from kb.store.register import RegisterRow


def read_csv(file: BinaryIO, limits: Limits) -> Iterator[Item]:
    """What the rows of a CSV say."""
    return iter(child.run_table("csv", file, limits))


def read_xlsx(file: BinaryIO, limits: Limits) -> Iterator[Item]:
    """What the rows of a workbook say, refused by its declared sizes before it is parsed."""
    zip.open_package(file, limits)
    return iter(child.run_table("xlsx", file, limits))


def read_lines(file: BinaryIO, limits: Limits) -> Iterator[Item]:
    """The letters of a bulk import, or what lines of JSON with the columns of a table say."""
    return plain.read_lines(file, limits, table=_Lines().read)


def placed(item: Item, file: str, *, member: str = "") -> Item:
    """``item`` with the names of its file and, of one in an archive, of its ``member``.

    A row whose table doesn't tell its session has that in the file's name.
    """
    match item:
        case Raw():
            return replace(item, place=" ".join(filter(None, (member, item.place))))
        case Unanswered():
            return replace(item, place=" ".join(filter(None, (member, item.place))))
        case RegisterRow():
            whole = "/".join(filter(None, (file, member)))
            name = PurePosixPath(member or file).stem
            kind = item.kind or register.kind_in(name)
            session = item.assembly or words_in(name)
            return replace(item, file=whole, kind=kind, assembly=session)
        case UnreadableFile():
            return UnreadableFile(item.code, f"{member}：{item}" if member else str(item))
        case _:
            assert_never(item)


class _Lines:
    """Lines of JSON as rows of a table whose heading are their keys."""

    def __init__(self) -> None:
        self._mailbox = mail.Mailbox()
        self._keys: tuple[str, ...] = ()
        self._heading: Heading | None = None

    def read(self, record: Mapping[str, Any], number: int) -> Iterator[Item] | None:
        """What a line says; None if its keys are the columns of no table.

        Raises UnreadableFile ``bad_line`` for values that are no mere words.
        """
        keys = tuple(record)
        head = Line(number=number - 1, cells=keys)
        if keys != self._keys:
            self._keys = keys
            self._heading = columns.heading(Sheet(name="", lines=(head,)))
        if self._heading is None:
            return None
        cells = tuple(_cell(name, value) for name, value in record.items())
        sheet = Sheet(name="", lines=(Line(number=number, cells=cells),))
        heading = replace(self._heading, after=number - 1)
        if heading.kind == "mail":
            return self._mailbox.read(sheet, heading)
        return register.rows(sheet, heading)


def _cell(name: str, value: Any) -> str:
    if value is None or isinstance(value, str):
        return plain.sound(name, value or "")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return str(value)
    raise refused("bad_line", f"{name[:20]} 应是字符串或数字")
