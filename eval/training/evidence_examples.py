"""Pairs to learn from: of the mailbox replies, and of the sample letters with what staff linked."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from eval.evidence import Pair, said, sought
from kb.analysis.evidence.features import Features, features
from kb.analysis.evidence.match import Sought, Statement, match_of, statements
from kb.store.protocol import SnapshotReader
from kb.text.chars import bare
from kb.text.normalize import standing_in

CORPUS = Path(__file__).parents[2] / "corpus"
_STRANGE = 3  # statements of other organs' later letters beside each promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A pair as the model sees it; ``group`` is what is never parted by a fold.

    ``like`` is how like the two are, 0 where not enough to be looked at; ``near`` are the features
    of the second look.
    """

    pair: Pair
    group: str
    told: Features
    words: str
    like: float
    near: Features = field(default_factory=dict)


def asked_pairs(pairs: Path, replies: Path) -> Iterator[tuple[str, Pair]]:
    """The letter and the pair of each line of ``pairs``."""
    with gzip.open(replies, "rt", encoding="utf-8") as lines:
        letters = {row["id"]: row for row in map(json.loads, lines)}
    for line in pairs.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        letter = letters[row["docid"]]
        signed = datetime.strptime(letter["replied_at"].split()[0], "%Y/%m/%d").date()
        yield (
            row["docid"],
            Pair(
                promise=letter["reply"][row["start"] : row["end"]],
                promise_date=signed.isoformat(),
                due=None,
                later=row["later"],
                later_date=signed.replace(year=signed.year + 1, month=12, day=1).isoformat(),
                relation=row["relation"],
                source="asked",
            ),
        )


def example(group: str, pair: Pair) -> Example | None:
    """``pair`` with its features: of its statements the one that holds most of the promise."""
    promise, stated = sought(pair), said(pair)
    return _nearest(group, pair, promise, stated)[0] if stated else None


def _nearest(group: str, pair: Pair, promise: Sought, stated: list[Statement]) -> list[Example]:
    """An example of each statement, those that hold most of the promise first."""
    found = [
        Example(
            pair=pair,
            group=group,
            told=features(promise, statement),
            words=statement.clause.plain.words,
            like=match.score if (match := match_of(promise, statement)) else 0.0,
        )
        for statement in stated
    ]
    return sorted(found, key=lambda one: -one.told["covered"])


def sample_examples(reader: SnapshotReader) -> Iterator[Example]:
    """What the demonstration ledger links of the sample letters, each where it stands.

    Beside it the statements of other organs' later letters that are most like the promise.
    """
    heads = {head.id: reader.letter(head.id) for head in reader.letters()}
    every = {name: list(statements(letter)) for name, letter in heads.items()}
    for line in (CORPUS / "decisions.jsonl").read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        if not (proof := row.get("evidence")):
            continue
        first, later = heads[row["letter"]], heads[proof["letter"]]
        pair = Pair(
            promise=row["text"],
            promise_date=first.value("issued_on"),
            due=None,
            later=proof["text"],
            later_date=later.value("issued_on"),
            relation=proof["relation"],
            source="sample",
        )
        promise = sought(pair)
        span = next(standing_in(later.text, bare(proof["text"])), None)
        told = [one for one in every[later.id] if span and one.clause.span.meets(span)]
        yield from _nearest(first.id, pair, promise, told)[:1]
        strange = [
            statement
            for name, stated in every.items()
            if heads[name].value("issuer") != first.value("issuer")
            and (heads[name].value("issued_on") or "") > (pair.promise_date or "")
            for statement in stated
        ]
        none = replace(pair, relation="none", source="sample, strange")
        yield from _nearest(first.id, none, promise, strange)[:_STRANGE]
