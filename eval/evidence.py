"""Pairs of a promise and a later sentence, and what the program makes of them."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kb.analysis.evidence.judge import CLASSES, Judgement, judged
from kb.analysis.evidence.match import Pledge, Sought, Statement, match_of, sought_of, statements
from kb.analysis.evidence.meaning import Meaning
from kb.cli import program
from kb.errors import WrongUse
from kb.extract.due import dues
from kb.extract.figures import target
from kb.extract.types import Due
from kb.models.embedding import Embedder
from kb.models.outside import embedder_of
from kb.profile import profile
from kb.text.chars import bare
from kb.text.normalize import narrowed
from kb.types import Field, Letter, Span

ALL = "全部"
OWN = Path(__file__).parent / "annotations" / "evidence_pairs.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A promise and a later sentence, each with its ISO date; ``source`` is whose pair it is."""

    promise: str
    promise_date: str | None
    due: str | None
    later: str
    later_date: str | None
    relation: str
    source: str


def pairs_of(path: Path) -> list[Pair]:
    """The pairs of a file, one a line. Raises WrongUse, naming the line that is none."""
    return [
        _pair(line, number, path)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if line.strip()
    ]


def _pair(line: str, number: int, path: Path) -> Pair:
    try:
        row: dict[str, Any] = json.loads(line)
        pair = Pair(
            promise=row["promise"],
            promise_date=row.get("promise_date"),
            due=row.get("due"),
            later=row["later"],
            later_date=row.get("later_date"),
            relation=row["relation"],
            source=row.get("source", path.stem),
        )
        if pair.relation not in CLASSES:
            raise ValueError(pair.relation)
    except (ValueError, KeyError, TypeError) as error:
        raise WrongUse(
            f"{path} 第 {number} 行读不出 promise、later、relation（{'、'.join(CLASSES)}）：{error}"
        ) from error
    return pair


def sought(pair: Pair) -> Sought:
    """The promise of ``pair`` as it is looked for."""
    signed = date.fromisoformat(pair.promise_date) if pair.promise_date else None
    plain = narrowed(bare(pair.promise))
    return sought_of(
        Pledge(
            text=pair.promise,
            action=plain,
            due=_due(pair.due, signed) or _due(plain, signed),
            target=target(plain),
        )
    )


def _due(words: str | None, signed: date | None) -> Due | None:
    """The last time that ``words`` name and that is to come, else the last."""
    try:
        last = date.fromisoformat(words or "").isoformat()
        return Due(raw=last, first=None, last=last, precision="day")
    except ValueError:
        found = dues(words or "", signed=signed, calendar=profile().calendar)
        return max(found, key=lambda time: not time.past).due if found else None


def said(pair: Pair) -> list[Statement]:
    """The statements of the later sentence."""
    fields = {}
    if pair.later_date:
        fields["issued_on"] = Field(value=pair.later_date, span=None, rule="pair")
    letter = Letter(
        id="pair",
        text=pair.later,
        sha256="",
        source="",
        title=None,
        body=Span(start=0, end=len(pair.later)),
        fields=fields,
    )
    return list(statements(letter))


def verdict(pair: Pair, embedder: Embedder) -> Judgement | None:
    """What the program tells of ``pair``: of its statements the likeliest to speak of it."""
    meaning = Meaning(pair.promise, embedder)
    promise = sought(pair)
    matches = [match for statement in said(pair) if (match := match_of(promise, statement))]
    found = [
        judgement for match in matches if (judgement := judged(promise, match, meaning=meaning))
    ]
    return max(found, key=lambda judgement: (judgement.sure, judgement.related), default=None)


def told(judgement: Judgement | None) -> str:
    """The relation that is shown: one of ``CLASSES``, "related" where it is not sure."""
    if judgement is None:
        return "none"
    return judgement.relation if judgement.sure else "related"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Of one relation: how many were shown as it, how many of these are, and of how many."""

    shown: int
    right: int
    asked: int

    @property
    def precision(self) -> float:
        """The share of what is shown that is so, 0 where nothing is."""
        return self.right / self.shown if self.shown else 0.0

    @property
    def recall(self) -> float:
        """The share of what is so that is shown, 0 where nothing is."""
        return self.right / self.asked if self.asked else 0.0


def scores(table: Mapping[tuple[str, str], int]) -> dict[str, Score]:
    """By relation, from a table of (right relation, shown as) → pairs."""
    return {
        relation: Score(
            shown=sum(count for (_, shown), count in table.items() if shown == relation),
            right=table.get((relation, relation), 0),
            asked=sum(count for (right, _), count in table.items() if right == relation),
        )
        for relation in CLASSES
    }


def tables(pairs: Sequence[Pair], shown: Iterable[str]) -> dict[str, Counter[tuple[str, str]]]:
    """(right relation, shown as) → pairs: of all, and of each source where there are several."""
    found: dict[str, Counter[tuple[str, str]]] = {ALL: Counter()}
    for pair, as_ in zip(pairs, shown, strict=True):
        for source in (ALL, pair.source):
            found.setdefault(source, Counter())[pair.relation, as_] += 1
    return found if len(found) > 2 else {ALL: found[ALL]}


def as_text(found: Mapping[str, Mapping[tuple[str, str], int]]) -> str:
    """The tables and figures for people."""
    return "".join(line + "\n" for source, table in found.items() for line in _lines(source, table))


def _lines(source: str, table: Mapping[tuple[str, str], int]) -> Iterator[str]:
    shown = (*CLASSES, "related")
    yield f"{source}：{sum(table.values())} 对"
    yield "应为\\显示为\t" + "\t".join(shown)
    for right in CLASSES:
        yield f"{right}\t" + "\t".join(str(table.get((right, as_), 0)) for as_ in shown)
    for relation, score in scores(table).items():
        yield (
            f"{relation}\t精确率 {score.precision:.3f}（{score.right}/{score.shown}）"
            f"\t召回率 {score.recall:.3f}（{score.right}/{score.asked}）"
        )


def add_evidence(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command, and what it runs."""
    parser.add_argument(
        "file",
        type=Path,
        nargs="*",
        default=[OWN],
        help="成对的 jsonl，默认项目自带的（训练时学过）",
    )
    parser.add_argument(
        "--faults", action="store_true", help="逐条列出显示为已兑现而不是的，和漏掉的"
    )
    parser.set_defaults(command=_judged)


def _judged(given: argparse.Namespace) -> int:
    pairs = [pair for path in given.file for pair in pairs_of(path)]
    embedder = embedder_of(program.settings(given))
    shown = [told(verdict(pair, embedder)) for pair in pairs]
    sys.stdout.write(as_text(tables(pairs, shown)))
    if given.faults:
        for pair, as_ in zip(pairs, shown, strict=True):
            if (pair.relation == "fulfils") != (as_ == "fulfils"):
                sys.stdout.write(f"{pair.relation}→{as_}\t{pair.promise}\t{pair.later}\n")
    return program.FINE
