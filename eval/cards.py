"""A suite's card: where it is from, how it was made, and which models were trained on it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.suite import BadSuite

NAME = "card.toml"
KNOWN = Path(__file__).with_name("known_suites.toml")  # cards of public sets, by digest
WORDS = ("origin", "licence", "made", "split")
SEEN = "seen_in_training"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is said of a suite.

    ``seen_in_training``: whether the model that ships was trained on it or on its documents,
    or the names of the models that were.
    """

    origin: str
    licence: str
    made: str
    split: str
    seen_in_training: bool | tuple[str, ...]


def card_of(path: Path, *, digest: str) -> Card | None:
    """The card of the suite at ``path``: beside it, or that of a public set of this digest.

    A folder's is its ``card.toml``; that of a file ``name.json.gz`` is ``name.card.toml``
    beside it. Raises BadSuite for one that can't be read.
    """
    own = path / NAME if path.is_dir() else path.with_name(path.name.split(".")[0] + "." + NAME)
    if own.exists():
        return _card(_read(own), own.name)
    for name, known in _read(KNOWN).items():
        if known.pop("digest") == digest:
            return _card(known, f"{KNOWN.name} [{name}]")
    return None


def seen(card: Card | None, *, reader: str, folds: bool) -> bool | None:
    """Whether the reading model in use was trained on the suite; None where nothing says so.

    ``reader`` is its name as in ``results.json``. The models of ``folds`` were not trained on
    the documents that they are asked about.
    """
    if card is None:
        return None
    if folds or isinstance(card.seen_in_training, bool):
        return not folds and bool(card.seen_in_training)
    return bool({reader, reader.split(":")[0]} & {*card.seen_in_training})


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadSuite(f"{path}：读不出 TOML（{error}）；请改正，或删去这份题集说明") from error


def _card(given: Mapping[str, Any], place: str) -> Card:
    keys = (*WORDS, SEEN)
    for key in given:
        if key not in keys:
            raise BadSuite(f"{place}：不认识的键 {key!r}；可用的是 {'、'.join(keys)}")
    for key in WORDS:
        if not isinstance(given.get(key), str) or not given[key].strip():
            raise BadSuite(f'{place}：缺少 {key}，或不是文字；请写上 {key} = "…"')
    models = given.get(SEEN)
    if isinstance(models, list) and all(isinstance(model, str) for model in models):
        models = tuple(models)
    elif not isinstance(models, bool):
        raise BadSuite(f"{place}：缺少 {SEEN}；请写 true、false，或训练时见过它的模型的名字")
    return Card(**{key: given[key] for key in WORDS}, seen_in_training=models)
