"""The organs in a cell and the part each has: 主办：市教育局；会办：市财政局、市公安局."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields

from indexer.formats.table.sheet import words
from kb.text.chars import narrow

_HOST, _CO = ("主办", "牵头", "主", "主承办"), ("会办", "协办", "配合", "会", "协", "参办", "会同")
_PART = r"主办|牵头|主承办|会办|协办|配合|参办|会同|分办|承办"
_LABEL = re.compile(rf"(?P<part>{_PART})(?:单位|部门|机构)?[:：]")
_AFTER = re.compile(rf"(?P<organ>.{{2,30}}?)(?:[（(](?P<in>{_PART}|主|会|协|分)(?:单位)?[）)]|(?P<bare>主办|会办|协办|牵头))")  # fmt: skip
_BETWEEN = re.compile(r"[、，,;；/\s]+")
_MORE = re.compile(r"等(?:单位|部门|\d+家(?:单位|部门)?)?\Z")
_ASIDE = re.compile(rf"[（(](?!(?:{_PART}|主|会|协|分)(?:单位)?[）)])[^（）()]{{0,40}}[）)]")
MOST = 60  # organs of one row


@dataclass(frozen=True, slots=True, kw_only=True)
class Organs:
    """Who answers, who takes part, and whose part is not told."""

    host: tuple[str, ...] = ()
    co_organs: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()

    def more(self, others: Organs) -> Organs:
        """These and ``others``, each once."""
        joined = {
            part.name: tuple(
                dict.fromkeys((*getattr(self, part.name), *getattr(others, part.name)))
            )
            for part in fields(self)
        }
        return Organs(**joined)


def organs_in(cell: str, column: str) -> Organs:
    """The organs that ``cell`` names in a column for ``column``: host, co_organs or organs.

    What stands beside a name goes before what the column says.
    """
    usual = {"host": "主办", "co_organs": "会办"}.get(column, "")
    parts: dict[str, list[str]] = {"host": [], "co_organs": [], "untold": []}
    for part, name in _named(narrow(cell, signs=True), usual):
        key = "host" if part in _HOST else "co_organs" if part in _CO else "untold"
        parts[key].append(name)
    return Organs(**{key: tuple(dict.fromkeys(names[:MOST])) for key, names in parts.items()})


def _named(line: str, usual: str) -> Iterator[tuple[str, str]]:
    """Each organ with its part, ``usual`` where nothing beside it tells."""
    pieces = _LABEL.split(line)
    for part, run in zip([usual, *pieces[1::2]], pieces[::2], strict=True):
        for piece in _BETWEEN.split(run):
            name = _MORE.sub("", _ASIDE.sub("", words(piece)))
            beside = _AFTER.fullmatch(name)
            if beside:
                yield beside["in"] or beside["bare"], beside["organ"]
            elif name:
                yield part, name
