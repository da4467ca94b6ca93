"""Files of many letters: tables, and lines of JSON, which are a bulk import or rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, BinaryIO, assert_never

from indexer.formats import forkserver, plain, zip
from indexer.formats.raw import Limits, Raw, refused
from indexer.formats.table import columns, mail, register
from indexer.formats.table.columns import Heading
from indexer.formats.table.items import Item, Unanswered
from indexer.formats.table.sheet import Line, Sheet
from indexer.register.assembly import words_in
from kb.errors import UnreadableFile
from kb.store.register import RegisterRow

MOST_HEADINGS = 100  # sets of keys of one file that are remembered
DEFLATE_AT_MOST = 1032  # times that DEFLATE packs at best (zlib's own figure)


def read_csv(file: BinaryIO, limits: Limits) -> Iterator[Item]:
    """What the rows of a CSV say."""
    return iter(forkserver.run_table("csv", file, limits))


def read_xlsx(file: BinaryIO, limits: Limits) -> Iterator[Item]:
    """What the rows of a workbook say, refused by its declared sizes before it is parsed."""
    # Rows that are alike pack far better than prose; what they come to is bounded all the same.
    roomy = replace(limits, ratio=DEFLATE_AT_MOST)
    try:
        zip.open_package(file, roomy)
        return iter(forkserver.run_table("xlsx", file, roomy))
    except UnreadableFile as error:
        if error.code not in ("zip_bomb", "resource_limit"):
            raise
        raise UnreadableFile(error.code, f"{error}；表太大的请拆开，或另存为 CSV") from error


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
        self._known: dict[tuple[str, ...], Heading] = {}

    def read(self, record: Mapping[str, Any], number: int) -> Iterator[Item] | None:
        """What a line says; None if its keys are the columns of no table.

        Raises UnreadableFile ``bad_line`` for values that are no mere words.
        """
        named = {key.strip(): value for key, value in record.items()}
        heading = self._heading(tuple(named))
        if heading is None:
            return None
        cells = tuple(_cell(name, named.get(name)) for name in heading.names)
        sheet = Sheet(name="", lines=(Line(number=number, cells=cells),))
        if heading.kind == "mail":
            return self._mailbox.read(sheet, heading)
        return register.rows(sheet, heading)

    def _heading(self, keys: tuple[str, ...]) -> Heading | None:
        """The heading that ``keys`` are; else one of an earlier line, less what was empty."""
        known = self._known.get(keys)
        if known is None:
            line = Line(number=0, cells=keys)
            wider = (kept for kept in self._known.values() if set(keys) <= set(kept.names))
            known = columns.heading(Sheet(name="", lines=(line,))) or next(wider, None)
            if known and len(self._known) < MOST_HEADINGS:
                self._known[keys] = known
        return known


def _cell(name: str, value: Any) -> str:
    if value is None or isinstance(value, str):
        return plain.sound(name, value or "")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return str(value)
    raise refused("bad_line", f"{name[:20]} 应是字符串或数字")
