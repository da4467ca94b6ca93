"""What was read of the pages, against what a careful reader wrote down.

A field is right where it is equal after NFKC and the removal of white space; the order of a
list does not matter. ``also`` in a gold row gives other values that are right too. A page that
only links to its reply (``attached``) is right where it was not taken as a letter.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kb.errors import KbError
from kb.store.protocol import SnapshotReader
from kb.types import MULTI_FIELDS, SINGLE_FIELDS, Letter

FIELDS = ("title", *SINGLE_FIELDS, *MULTI_FIELDS)
Gold = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A field that was read otherwise than a careful reader reads it, or furniture shown."""

    page: str
    template: str
    what: str
    known: str
    found: str


@dataclass(slots=True, kw_only=True)
class Judgement:
    """Counts by what was judged: ``(template, field)`` → how many, how many of them right."""

    judged: Counter[tuple[str, str]] = field(default_factory=Counter)
    right: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)


def same(text: str) -> str:
    """``text`` as it is compared: NFKC, without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def judged(
    gold_rows: Sequence[Gold], templates: Mapping[str, str], found: SnapshotReader
) -> Judgement:
    """The fields and the passages of every page that ``gold_rows`` knows."""
    judgement = Judgement()
    for gold in gold_rows:
        letter = letter_of(found, gold["id"])
        if gold.get("attached"):
            _judge_attached(judgement, gold, letter, template=templates[gold["id"]])
            continue
        for name in FIELDS:
            _judge_field(judgement, gold, letter, name=name, template=templates[gold["id"]])
        for text in _passages(found, letter):
            furniture_in(judgement, gold, text, what="passages", template=templates[gold["id"]])
    return judgement


def _judge_attached(
    judgement: Judgement, gold: Gold, letter: Letter | None, *, template: str
) -> None:
    judgement.judged[template, "attached"] += 1
    if letter is None:
        judgement.right[template, "attached"] += 1
        return
    names = "、".join(gold["attached"])
    judgement.faults.append(
        Fault(page=gold["id"], template=template, what="attached", known=names, found="当作复文")
    )


def letter_of(found: SnapshotReader, page: str) -> Letter | None:
    """The letter that was read of a page, names unmasked; None where it was refused."""
    try:
        return found.unmasked(f"{page}.html")
    except KbError:
        return None


def _passages(found: SnapshotReader, letter: Letter | None) -> Iterator[str]:
    if letter:
        for ordinal in found.passages_of(letter.id):
            yield found.passage(ordinal).span.of(letter.text)


def _judge_field(
    judgement: Judgement, gold: Gold, letter: Letter | None, *, name: str, template: str
) -> None:
    known = [_as_set(gold[name]), *map(_as_set, gold.get("also", {}).get(name, ()))]
    value = values(letter, name)
    key = (template, name)
    judgement.judged[key] += 1
    if letter and Counter(map(same, value)) in known:
        judgement.right[key] += 1
        return
    judgement.faults.append(
        Fault(
            page=gold["id"],
            template=template,
            what=name,
            known="、".join(_listed(gold[name])),
            found="、".join(value) if letter else "（没有编入）",
        )
    )


def values(letter: Letter | None, name: str) -> list[str]:
    """What was read of a field; empty where nothing was."""
    if letter is None:
        return []
    if name == "title":
        return [letter.title.value] if letter.title else []
    if name in MULTI_FIELDS:
        return [part.value for part in letter.lists.get(name, ())]
    value = letter.value(name)
    return [value] if value else []


def _as_set(value: str | Sequence[str] | None) -> Counter[str]:
    return Counter(map(same, _listed(value)))


def _listed(value: str | Sequence[str] | None) -> Sequence[str]:
    return [value] if isinstance(value, str) else value or []


def furniture_in(judgement: Judgement, gold: Gold, text: str, *, what: str, template: str) -> None:
    """Count ``text`` under ``what``, and as a fault where it holds what the page put about it."""
    key = (template, what)
    judgement.judged[key] += 1
    held = [words for words in gold["furniture"] if same(words) in same(text)]
    if not held:
        judgement.right[key] += 1
        return
    judgement.faults.append(
        Fault(page=gold["id"], template=template, what=what, known="", found="、".join(held))
    )
