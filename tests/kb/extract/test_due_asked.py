"""Due words that people marked in replies are the words that are read there.

``../shared/data/asked/promises.jsonl`` has them (``due_raw``); its texts are no part of this.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from kb.extract.days import Clock
from kb.extract.due import dues
from kb.extract.undated import undated
from kb.profile import profile
from kb.text.chars import bare
from tests.conftest import ROOT

DATA = ROOT.parent / "shared" / "data"
MARKED = DATA / "asked" / "promises.jsonl"
REPLIES = DATA / "replies" / "teddy.jsonl.gz"
# What names a time, and what only names an event to come.
DATED = re.compile(r"\d|月|年|[一二三四五六七八九十两]+[日天个]|[春夏秋冬暑寒]|周|晚|星期|节")
EVENT = re.compile(r"^[待等在]|后$|时$|一旦|建成后|动工前|之前$")


def marked() -> Iterator[tuple[str, str, date]]:
    """The words of each promise that has due words, those, and the day of its reply."""
    with gzip.open(REPLIES, "rt", encoding="utf-8") as lines:
        replies = {str(row["id"]): row for row in map(json.loads, lines)}
    for line in MARKED.read_text(encoding="utf-8").splitlines():
        promise: dict[str, Any] = json.loads(line)
        if promise.get("ignore") or not promise["due_raw"]:
            continue
        reply = replies[promise["docid"]]
        year, month, day = map(int, reply["replied_at"].split(" ")[0].split("/"))
        words = reply["reply"][promise["start"] : promise["end"]]
        yield words, bare(promise["due_raw"]), date(year, month, day)


def read_in(words: str, signed: date) -> list[str]:
    calendar = profile().calendar
    found = [time.due for time in dues(words, signed=signed, calendar=calendar) if not time.past]
    if not found:
        clock = Clock(signed=signed, year=signed.year, calendar=calendar)
        other = undated(words, clock=clock)
        found = [other[1]] if other else []
    return [bare(due.raw) for due in found]


def same(due: str, found: list[str]) -> bool:
    """True if one is those words, but for a preposition."""
    return any(
        due == one or (abs(len(one) - len(due)) <= 2 and (one in due or due in one))
        for one in found
    )


@pytest.mark.shared
@pytest.mark.skipif(not MARKED.exists(), reason="the annotated replies are not here")
def test_the_due_words_that_people_marked_are_found() -> None:
    right: dict[str, list[bool]] = {"dated": [], "event": [], "vague": []}
    for words, due, signed in marked():
        kind = "event" if EVENT.search(due) else "dated" if DATED.search(due) else "vague"
        right[kind].append(same(due, read_in(words, signed)))
    shares = {kind: sum(found) / len(found) for kind, found in right.items()}
    print(shares, {kind: len(found) for kind, found in right.items()})
    assert shares["dated"] >= 0.95
    assert shares["event"] >= 0.85
    assert shares["vague"] >= 0.90
