"""Replies of a public mailbox, which may be read here but not copied into the repository."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from eval.formats import PAIR_KEYS
from eval.rows import lines
from eval.suite import BadSuite, Document, Suite, merged

ROOT = Path(__file__).resolve().parents[2]
REPLIES = ROOT.parent / "shared" / "data" / "replies" / "teddy.jsonl.gz"
IDS = "replies.txt"  # beside the questions: the ids of the replies that are asked about


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """The suite of the replies that are asked about, and their texts as they were published."""

    suite: Suite
    replies: Mapping[str, str]


def mailbox(ids: Sequence[str], path: Path) -> Mailbox:
    """The replies ``ids`` of the rows {id, title, message, reply, replied_at} at ``path``.

    Replies of equal text count as one. Raises BadSuite, also where one is missing.
    """
    rows = {
        row.identity("id"): row.only(PAIR_KEYS)
        for row in lines(path)
        if row.identity("id") in set(ids)
    }
    if missing := [id_ for id_ in ids if id_ not in rows]:
        raise BadSuite(f"{path}：缺 {len(missing)} 份答复（{missing[0]}…）；请换成出题时的那份数据")
    documents = tuple(
        Document(
            id=id_,
            text=rows[id_].text("reply"),
            title=rows[id_].option("title"),
            date=_day(rows[id_].option("replied_at")),
        )
        for id_ in ids
    )
    return Mailbox(
        suite=merged(Suite(name="mailbox", documents=documents)),
        replies={document.id: document.text for document in documents},
    )


def _day(told: str) -> str:
    """The ISO date of 2019/5/10 14:56:53; "" where none is told."""
    return datetime.strptime(told, "%Y/%m/%d %H:%M:%S").date().isoformat() if told else ""
