"""Fits how much the tagging model is trusted, and says what it is worth.

    python -m eval.training.fit_tagger ASKED REPLIES TAGGERS 0 1 2

ASKED and REPLIES are those of ``eval.training.fit_promises``, TAGGERS the folder in which
``eval.training.train_tagger`` left a model for each of the folds that are named. What a model says
of a letter's parts is multiplied by ``share``, ``eager`` is added, and both are added to the odds
of the weights of ``kb.extract.tagger``, which here are fitted without the fold too. The pair that
is best over all of the folds goes into the ``weights.json`` of each model; each fold is judged by
the pair that is best over the others, where there are others.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.measures.promises import Read, promise_scores
from eval.promise_examples import mailbox, sealed
from eval.promised import as_text, read_of
from eval.training.fit_promises import Prepared, kinds_learned, learned, prepared
from eval.training.folds import FOLDS, fold_of
from eval.training.tagger_net import PLAIN
from kb.extract.tagger import Weights, weights_of
from kb.models.tagging import Odds, OnnxTagger

SHARES = (0.5, 0.75, 1.0)
EAGERS = (0.5, 1.0, 1.5)
Pair = tuple[float, float]
PAIRS: tuple[Pair, ...] = tuple((share, eager) for share in SHARES for eager in EAGERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A reply that neither the weights nor the model learned from, with the model's plain odds."""

    one: Prepared
    weights: Weights
    odds: Sequence[Odds]

    def read(self, pair: Pair | None) -> Read:
        """What is found in it, with the model weighed by ``pair``, or without it."""
        beside: Sequence[Odds] = ()
        if pair:
            share, eager = pair
            beside = [(share * b + eager, share * g + eager) for b, g in self.odds]
        return read_of(self.one.example, self.one.parts, by=self.weights, beside=beside)


def held_of(known: Sequence[Prepared], fold: int, folder: Path) -> list[Held]:
    """The replies of ``fold``, by weights of the others and the model in ``folder``."""
    (folder / "weights.json").write_text(json.dumps(PLAIN), encoding="utf-8")
    tagger = OnnxTagger(str(folder))
    taught = [one for one in known if fold_of(one.example.id) != fold]
    kinds = kinds_learned(one.example for one in taught)
    weights = weights_of({"mailbox": learned(taught), **kinds}, whole=False)
    return [
        Held(
            one=one,
            weights=weights,
            odds=tagger.odds(one.example.letter.text, [part.span for part in one.parts]),
        )
        for one in known
        if fold_of(one.example.id) == fold
    ]


def best(reads: Mapping[Pair, Sequence[Read]]) -> Pair:
    """The pair with which the best F1 is reached."""
    return max(reads, key=lambda pair: promise_scores(reads[pair])["f1"])


def joined(folds: Iterable[Mapping[Pair, Sequence[Read]]]) -> dict[Pair, list[Read]]:
    """The reads of several folds, by pair."""
    given = list(folds)
    return {pair: [read for fold in given for read in fold[pair]] for pair in PAIRS}


def main() -> None:
    """The main flow."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    for name in ("asked", "replies", "taggers"):
        parser.add_argument(name, type=Path)
    parser.add_argument("folds", type=int, nargs="+", choices=range(FOLDS))
    given = parser.parse_args()
    replies = mailbox(given.asked, given.replies)
    aside = sealed(replies)
    known = [prepared(example) for example in replies if example.id not in aside]
    folder = {fold: given.taggers / f"fold{fold}" for fold in given.folds}
    held = {fold: held_of(known, fold, folder[fold]) for fold in given.folds}
    reads = {
        fold: {pair: [one.read(pair) for one in own] for pair in PAIRS}
        for fold, own in held.items()
    }
    share, eager = best(joined(reads.values()))
    judged = []
    for fold, own in reads.items():
        others = [reads[other] for other in given.folds if other != fold]
        judged += own[best(joined(others or [own]))]
    without = [one.read(None) for own in held.values() for one in own]
    figures = {"without": promise_scores(without), "with": promise_scores(judged)}
    content = {"share": share, "eager": eager, "folds": given.folds, "held_out": figures}
    for own_folder in folder.values():
        written = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        (own_folder / "weights.json").write_text(written, encoding="utf-8")
    print(as_text(figures))


if __name__ == "__main__":
    main()
