"""Letters and replies in which people marked the promises, from three sources.

``mailbox`` are replies of which every promise is marked (``../shared/data/asked``); ``letters``
the sample letters; ``sentences`` the sentences of ``eval/annotations/commitments.jsonl``.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.annotated import annotated, reply_letter
from eval.gold import gold_spans
from eval.measures.promises import Marked
from eval.rows import SuiteRow, lines
from kb.settings import Settings
from kb.store.open import open_store
from kb.types import Field, Letter, Span

SEALED = 130  # replies of the mailbox that nothing is learned from and no choice looks at
CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "commitments.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A letter with its promises. ``ignored`` places count neither way.

    ``within``: the sentence that was read, None where all of it was. ``whole``: a sentence of
    several steps was marked as one promise.
    """

    source: str
    letter: Letter
    marked: tuple[Marked, ...]
    ignored: tuple[Span, ...] = ()
    within: Span | None = None
    whole: bool = True

    @property
    def id(self) -> str:
        """What folds go by: the reply's own id, so that no reply is in two."""
        return self.letter.id


def mailbox(asked: Path, replies: Path) -> list[Example]:
    """The replies of ``asked`` (a folder), their texts from ``replies``. Raises BadSuite."""
    rows: dict[str, list[SuiteRow]] = defaultdict(list)
    for row in lines(asked / "promises.jsonl"):
        rows[row.identity("docid")].append(row)
    texts = {row.identity("id"): row for row in lines(replies)}
    read = json.loads((asked / "promises_replies.json").read_text(encoding="utf-8"))
    return [_reply(texts[str(docid)], rows[str(docid)]) for docid in read]


def _reply(row: SuiteRow, promises: list[SuiteRow]) -> Example:
    text, docid = row.text("reply", blank=True), row.identity("id")
    ignored = [promise for promise in promises if promise.values.get("ignore")]
    return Example(
        source="mailbox",
        letter=Letter(
            id=docid,
            text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            source=docid,
            title=None,
            body=Span(start=0, end=len(text)),
            fields=_dated(row.option("replied_at")),
        ),
        marked=tuple(_marked(p, _span(p)) for p in promises if p not in ignored),
        ignored=tuple(map(_span, ignored)),
        whole=False,
    )


def _dated(written: str) -> dict[str, Field]:
    """The day of 2019/5/10 14:56:53."""
    numbers = written.split(" ")[0].split("/")
    if len(numbers) != 3 or not all(number.isdigit() for number in numbers):
        return {}
    year, month, day = map(int, numbers)
    return {
        "issued_on": Field(value=f"{year:04}-{month:02}-{day:02}", span=None, rule="导入"),
    }


def _span(row: SuiteRow) -> Span:
    return Span(start=row.value("start"), end=row.value("end"))


def _marked(row: SuiteRow, span: Span) -> Marked:
    return Marked(
        span=span,
        vague=bool(row.values.get("vague")),
        conditional=bool(row.values.get("conditional")),
        strength=row.text("strength"),
    )


def letters(data: Path) -> list[Example]:
    """The sample letters, which ``data`` is a base of. Raises NoSnapshot, BadSuite."""
    reader = open_store(replace(Settings(), data=data)).current()
    rows: dict[str, list[SuiteRow]] = defaultdict(list)
    for row in lines(CORPUS):
        if row.text("strength") != "done":
            rows[row.text("letter")].append(row)
    read = [reader.letter(head.id) for head in reader.letters()]
    return [
        Example(
            source="letters",
            letter=letter,
            marked=tuple(
                _marked(row, gold_spans(row.text("text"), letter.text)[0])
                for row in rows[letter.id]
            ),
        )
        for letter in read
    ]


def sentences(replies: Path) -> Iterator[Example]:
    """The annotated sentences of the replies that ``replies`` has. Raises BadSuite."""
    texts = {row.identity("id"): row.text("reply", blank=True) for row in lines(replies)}
    for sentence in annotated():
        if sentence.letter in texts:
            yield Example(
                source="sentences",
                letter=reply_letter(sentence, texts),
                marked=tuple(
                    Marked(span=Span(start=row["start"], end=row["end"]), strength=row["strength"])
                    for row in sentence.commitments
                ),
                within=sentence.span,
            )


def sealed(examples: Sequence[Example]) -> frozenset[str]:
    """The ids of the ``SEALED`` replies of the mailbox that are kept for the last judging."""
    ids = {example.id for example in examples if example.source == "mailbox"}
    ranked = sorted(ids, key=lambda docid: hashlib.sha1(f"sealed {docid}".encode()).hexdigest())
    return frozenset(ranked[:SEALED])
