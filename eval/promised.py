"""Promises found against those that people marked: overall, concrete ones, vague ones.

    python -m eval.promised ASKED REPLIES

ASKED is the folder with ``promises.jsonl`` and ``promises_replies.json``, REPLIES the replies'
texts. Only the replies are judged that nothing was learned from; how the others did by folds is
in ``kb/extract/promises.json`` under ``held_out``, and printed with it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from eval.measures.promises import Found, Read, promise_scores
from eval.promise_examples import Example, mailbox, sealed
from kb.extract.commitments import parts_read, promised
from kb.extract.promise_features import Part
from kb.extract.tagger import WEIGHTS, Weights, labels
from kb.models.tagging import Odds, OnnxTagger
from kb.profile import profile
from kb.settings import BUNDLED_TAGGER

# Column of the table → figure.
HEADS = {
    "标注": "marked",
    "找出": "found",
    "精确率": "precision",
    "召回率": "recall",
    "F1": "f1",
    "具体的": "concrete",
    "空泛的": "vague",
    "连起来": "joined_f1",
    "空泛对": "vague_right",
    "条件对": "conditional_right",
    "语气对": "strength_right",
}


def read_of(
    example: Example,
    parts: Sequence[Part] | None = None,
    *,
    by: Weights | None = None,
    beside: Sequence[Odds] = (),
) -> Read:
    """What is found in ``example`` beside what was marked there.

    ``parts`` are those of its letter, if they were read before; ``by`` are other weights than
    those that come with the program, ``beside`` what a tagging model says of the parts.
    """
    letter, within = example.letter, example.within
    known = parts_read(letter, profile()) if parts is None else parts
    labelled = labels(letter, known, whole=example.whole, by=by, beside=beside)
    found = promised(letter, known, labelled, profile=profile(), by=by)
    return Read(
        text=letter.text,
        marked=example.marked,
        found=[
            Found(
                span=one.span,
                vague=one.vague,
                conditional=one.conditional,
                strength=one.strength,
            )
            for one in found
            if within is None or within.start <= one.span.start < within.end
        ],
        ignored=example.ignored,
    )


def as_text(figures: Mapping[str, Mapping[str, float]]) -> str:
    """A line a source."""
    wide = max(map(len, figures), default=0) + 2
    head = " " * wide + "".join(f"{name:>7}" for name in HEADS)
    rows = [
        f"{name:{wide}}" + "".join(f"{_written(row[key]):>9}" for key in HEADS.values())
        for name, row in figures.items()
    ]
    return "\n".join([head, *rows])


def _written(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def main() -> None:
    """The main flow."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("asked", type=Path)
    parser.add_argument("replies", type=Path)
    given = parser.parse_args()
    replies = mailbox(given.asked, given.replies)
    aside = sealed(replies)
    unseen = [example for example in replies if example.id in aside]
    tagger = OnnxTagger(str(BUNDLED_TAGGER))
    figures = json.loads(WEIGHTS.read_bytes())["held_out"]
    for name, model in (("", None), (", with the model", tagger)):
        reads = [_read_by(model, example) for example in unseen]
        figures[f"{len(unseen)} kept aside{name}"] = promise_scores(reads)
    print(as_text(figures))


def _read_by(tagger: OnnxTagger | None, example: Example) -> Read:
    parts = parts_read(example.letter, profile())
    places = [part.span for part in parts]
    beside = tagger.odds(example.letter.text, places) if tagger else ()
    return read_of(example, parts, beside=beside)


if __name__ == "__main__":
    main()
