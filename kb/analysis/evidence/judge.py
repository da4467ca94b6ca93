"""What a later clause says of a promise, and how surely: a linear model over both clauses.

Its weights lie in ``weights.json`` with the figures that it reached on promises it had not seen;
``python -m eval.training.fit_evidence`` makes them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from kb.analysis.evidence.features import Features, features, grams
from kb.analysis.evidence.match import Match, Sought
from kb.analysis.evidence.meaning import Meaning
from kb.extract.types import Relation

WEIGHTS = Path(__file__).with_name("weights.json")
CLASSES: tuple[Relation | Literal["none"], ...] = (*get_args(Relation), "none")
SAME = 0.55  # likeness, of 1, of clauses that hardly speak of different things
MAYBE = 0.05  # probability of 已兑现 from which on a second look is worth its time
LIKELY = 0.15  # probability of 有进展 from which on what is unfinished is surely that
AGAINST = 0.5  # probability of 已兑现 from which on no rule speaks against it
NAMED = 0.75  # of an object's characters
COSINE = "cosine"  # the feature that takes the embedding model
CLIP = 4.0  # standard deviations from a feature's mean that count
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A row a feature: ``shifts`` and ``scales`` bring it to mean 0 and deviation 1.

    ``slopes`` are (features, classes), ``grams`` a row of as many a run of characters. ``floors``
    are the probabilities from which on something is told, ``embedder`` is the name of the model
    that the cosines are of.
    """

    names: tuple[str, ...]
    shifts: Numbers
    scales: Numbers
    slopes: Numbers
    grams: Mapping[str, Numbers]
    intercepts: Numbers
    floors: Mapping[str, float]
    embedder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a clause is told as: ``sure`` if as its relation, else only as 相关.

    ``related`` is how likely it speaks of the promise at all, 0 to 1.
    """

    relation: Relation
    sure: bool
    related: float


@lru_cache(maxsize=4)
def weights(path: Path = WEIGHTS) -> Weights:
    """The weights in ``path``. Raises OSError, ValueError or KeyError for what is none."""
    return weights_of(json.loads(path.read_text(encoding="utf-8")))


def weights_of(content: Mapping[str, Any]) -> Weights:
    """The weights as ``eval.training.fit_evidence`` writes them."""
    table = np.array(list(content["features"].values()), dtype=np.float64)
    return Weights(
        names=tuple(content["features"]),
        shifts=table[:, 0],
        scales=table[:, 1],
        slopes=table[:, 2:],
        grams={run: np.array(row, dtype=np.float64) for run, row in content["grams"].items()},
        intercepts=np.array(content["intercepts"], dtype=np.float64),
        floors=content["floors"],
        embedder=content["embedder"],
    )


def probabilities(told: Features, words: str, model: Weights) -> Mapping[str, float]:
    """How likely each of ``CLASSES`` is, from a pair's features and the later clause's words.

    A feature that is not told counts as its mean.
    """
    given = np.array([told.get(name, np.nan) for name in model.names])
    unit = np.nan_to_num(np.clip((given - model.shifts) / model.scales, -CLIP, CLIP))
    logits = model.intercepts + unit @ model.slopes
    logits += sum(model.grams[run] for run in grams(words, model.grams))
    powers = np.exp(logits - logits.max())
    return dict(zip(CLASSES, map(float, powers / powers.sum()), strict=True))


def judged(sought: Sought, match: Match, *, meaning: Meaning | None = None) -> Judgement | None:
    """What the clause of ``match`` says of what is ``sought``; None if hardly anything.

    What may be 已兑现 is looked at twice: the two are compared by ``meaning`` too, if that is
    of the model that the weights were fitted with. To embed every clause would take too long.
    """
    model, told = weights(), features(sought, match.statement)
    words = match.statement.clause.plain.words
    likely = probabilities(told, words, model)
    if meaning and meaning.model == model.embedder and promising(likely, told):
        told = {**told, COSINE: meaning.cosine(words)}
        likely = probabilities(told, words, model)
    return decided(likely, told, floors=model.floors, like=match.score)


def promising(likely: Mapping[str, float], told: Features) -> bool:
    """True if it may be 已兑现, so that a second look is worth its time."""
    return likely["fulfils"] >= MAYBE and not elsewhere(told)


def decided(
    likely: Mapping[str, float], told: Features, *, floors: Mapping[str, float], like: float
) -> Judgement | None:
    """What is told of a pair with these probabilities and this likeness; None if nothing.

    What is done in part is 有进展, never 已兑现; what speaks of another place or number of the kind
    is never sure. Where the model is not, the rules' word counts in clauses that are very like;
    that something is done takes the model.
    """
    related = 1 - likely["none"]
    if related < floors["related"] and like < SAME:
        return None
    ruled: Relation | None = next((one for one in get_args(Relation) if told[f"rules_{one}"]), None)
    best: Relation = max(get_args(Relation), key=likely.__getitem__)
    done = likely["fulfils"] >= AGAINST and not (told["all ahead"] or told["all going"])
    against = ruled == "contradicts" or (ruled == "repeats" and not done)
    if ruled and against and like >= SAME and not elsewhere(told):
        return Judgement(relation=ruled, sure=True, related=related)
    if best == "fulfils" and partial(told):
        return Judgement(relation="progresses", sure=not elsewhere(told), related=related)
    if best == "fulfils" and unfinished(told):
        sure = likely["progresses"] >= LIKELY and ruled != best and not elsewhere(told)
        way: Relation = best if ruled == best and not sure else "progresses"
        return Judgement(relation=way, sure=sure, related=related)
    # Where no model compares the meaning, likeness and the rules together stand in for it.
    agreed = COSINE not in told and like >= SAME and best == ruled
    unlikely = likely["none"] >= likely[best] and not agreed
    if best == "fulfils" and (unlikely or told["opposed"] or strange(told)):
        return Judgement(relation=ruled or "progresses", sure=False, related=related)
    if (agreed or likely[best] >= floors[best]) and not elsewhere(told):
        return Judgement(relation=best, sure=True, related=related)
    sure = ruled == "progresses" and like >= SAME and not elsewhere(told)
    plain: Relation = "progresses" if best == "fulfils" else best
    return Judgement(relation=ruled or plain, sure=sure, related=related)


def partial(told: Features) -> bool:
    """True if the clause tells a figure below one that was promised, or what is left to do."""
    short = told["figures_short"] and not told["asked_lowers"]
    left = (short or told["rules_partly"]) and not told["rules_whole"]
    return bool(left or told["rest partly"])


def unfinished(told: Features) -> bool:
    """True if it is begun or under way, or tells of some only of what was promised."""
    halved = told["objects_halved"] and not told["object_least"] and told["object_most"] >= NAMED
    some = (halved or told["figures_part"]) and not (told["rules_whole"] or told["rules_late"])
    return bool(some or told["begun_only"] or told["going_on"] or told["listed_halved"])


def strange(told: Features) -> bool:
    """True if nothing that was promised is named, and what is done to is nothing promised."""
    return bool(told["objects_none"] and not told["subject_held"] and not told["object_most"])


def elsewhere(told: Features) -> bool:
    """True if it names another district, road, number or thing of the kind that was promised."""
    return bool(
        told["numbered_apart"] or told["place_apart"] or told["road_apart"] or told["kin_apart"]
    )
