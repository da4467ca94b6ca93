"""Fits the floor of 相关答复, below which no letter is offered, and judges it elsewhere.

    python -m eval.training.fit_related NAME=DATA:SUITE …

DATA is a data folder with the documents of SUITE, a folder as ``eval.training.asked_suites`` writes
them: ``qa.jsonl`` (the document answers), ``refuse.jsonl`` (``near``: asked on the subject of that
document; ``far``: a question of another source). The document of the first two is to be kept if
it is among the first three letters, and for the last no letter is to be offered. Each source is
judged with weights fitted on the others, and, where it has near-misses, each half of it by the
other half. The last line is for ``kb.answer.related.WEIGHTS``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from kb.answer.quotes import NEAREST
from kb.answer.related import FLOOR, WEIGHTS, by_letter, features, places_elsewhere
from kb.models.embedding import Embedder, embedding_model
from kb.query.directory import directory_of
from kb.query.parse import parse
from kb.search.hybrid import search
from kb.settings import Settings
from kb.store.open import open_store
from kb.store.protocol import SnapshotReader
from kb.types import EVERY_LETTER

NAMES = tuple(name for name in WEIGHTS if name)
Fitted = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A question: what of its document if that was found, else of the first letters found.

    ``kind`` is qa, near or far; ``away`` if it is about another place.
    """

    kind: str
    letters: tuple[Mapping[str, float], ...]
    away: bool


def questions(suite: Path) -> Iterator[tuple[str, str, str]]:
    """Kind, question and document ("" for one that none answers) of each question of ``suite``."""
    for file, key in (("qa.jsonl", "docid"), ("refuse.jsonl", "near")):
        for line in (suite / file).read_text(encoding="utf-8").splitlines():
            row: dict[str, Any] = json.loads(line)
            kind = row.get("kind", "qa") if file == "refuse.jsonl" else "qa"
            own = kind != "far" or str(row["id"]).startswith("far-")
            if own and (kind == "far" or row.get(key)):
                yield kind, row["question"], "" if kind == "far" else row[key]


def rows(data: Path, suite: Path, settings: Settings, embedder: Embedder) -> Iterator[Row]:
    """What tells of the questions of ``suite`` whether their letters are related."""
    reader = open_store(replace(settings, data=data)).current()
    for kind, question, document in questions(suite):
        row = _row(kind, question, document, reader, settings=settings, embedder=embedder)
        if row.letters:
            yield row


def _row(
    kind: str,
    question: str,
    document: str,
    reader: SnapshotReader,
    *,
    settings: Settings,
    embedder: Embedder,
) -> Row:
    query = parse(question, directory_of(reader, EVERY_LETTER), settings=settings)
    found = search(query, reader, embedder, settings=settings)
    first = list(by_letter(found.hits).items())[:NEAREST]
    told = tuple(
        features(query, found, hits, reader)
        for letter_id, hits in first
        if kind == "far" or letter_id == document
    )
    return Row(kind=kind, letters=told, away=bool(places_elsewhere(query, reader)))


def fitted(learned: Sequence[Row]) -> Fitted:
    """Weights that tell what is to be kept from the letters of far questions about here."""
    kept = [told for row in learned if row.kind != "far" for told in row.letters]
    dropped = [
        told for row in learned if row.kind == "far" and not row.away for told in row.letters
    ]
    given = np.array([[told[name] for name in NAMES] for told in (*kept, *dropped)])
    scale = given.std(axis=0)
    model = LogisticRegression(class_weight="balanced", C=10.0)
    model.fit(given / scale, [1] * len(kept) + [0] * len(dropped))
    weights = dict(zip(NAMES, map(float, model.coef_[0] / scale), strict=True))
    return {**weights, "": float(model.intercept_[0])}


def score(told: Mapping[str, float], weights: Fitted) -> float:
    """The log-odds of one letter."""
    return sum(weight * told.get(name, 1.0) for name, weight in weights.items())


def shares(judged: Sequence[Row], weights: Fitted) -> dict[str, float]:
    """By kind, the share that is treated as it should be."""
    right: dict[str, list[bool]] = {}
    for row in judged:
        above = not row.away and any(score(told, weights) >= FLOOR for told in row.letters)
        right.setdefault(row.kind, []).append(above is (row.kind != "far"))
        if row.kind == "far" and not row.away:
            right.setdefault("far, of here", []).append(not above)
    return {kind: sum(all_) / len(all_) for kind, all_ in right.items()}


def _told(name: str, judged: Sequence[Row], weights: Fitted) -> None:
    counted = {kind: sum(row.kind == kind for row in judged) for kind in ("qa", "near", "far")}
    print(name, counted, {kind: round(share, 3) for kind, share in shares(judged, weights).items()})


def main() -> None:
    """The main flow."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sources", nargs="+", metavar="NAME=DATA:SUITE")
    settings = Settings()
    embedder = embedding_model(settings.model)
    found: dict[str, list[Row]] = {}
    for source in parser.parse_args().sources:
        name, _, folders = source.partition("=")
        data, _, suite = folders.partition(":")
        found[name] = list(rows(Path(data), Path(suite), settings, embedder))
    for name, own in found.items():
        others = [row for other, rest in found.items() if other != name for row in rest]
        if others:
            _told(f"{name}, by the others:", own, fitted(others))
        if any(row.kind == "near" for row in own):
            for first in (0, 1):
                _told(f"{name}, half {first + 1}:", own[first::2], fitted(own[1 - first :: 2]))
        _told(f"{name}, in force:", own, WEIGHTS)
    every = [row for own in found.values() for row in own]
    print({name: round(weight, 2) for name, weight in fitted(every).items()})


if __name__ == "__main__":
    main()
