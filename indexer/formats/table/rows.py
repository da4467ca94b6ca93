"""Sheets → items: each sheet by its heading, what stands twice once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from indexer.formats.table import columns, mail, register
from indexer.formats.table.columns import Heading
from indexer.formats.table.items import Item
from indexer.formats.table.sheet import Sheet
from kb.store.register import RegisterRow


def items(sheets: Sequence[Sheet]) -> Iterator[Item]:
    """What the sheets of one file say; sheets without a heading beside others are left aside.

    Raises UnreadableFile ``empty_file``, and ``unknown_table`` where no sheet has a heading.
    """
    headed = [(sheet, heading) for sheet in sheets if (heading := columns.heading(sheet))]
    if not headed:
        raise columns.unknown(sheets)
    letters = mail.Mailbox()
    rows: set[RegisterRow] = set()
    for sheet, heading in headed:
        if heading.kind == "mail":
            yield from letters.read(sheet, heading)
        else:
            yield from _new(sheet, heading, rows)


def _new(sheet: Sheet, heading: Heading, seen: set[RegisterRow]) -> Iterator[Item]:
    """The rows of a register that no sheet before said already."""
    for item in register.rows(sheet, heading):
        if isinstance(item, RegisterRow):
            whole = replace(item, place="")
            if whole in seen:
                continue
            seen.add(whole)
        yield item
