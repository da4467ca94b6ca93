"""Training step by step: a warm-up, a decay, and checkpoints that an ended run goes on from."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

Batch = TypeVar("Batch")
Net = TypeVar("Net", bound=nn.Module)
CHECKPOINT_SECONDS = 240
DECAY = 0.01  # of weights, in AdamW
STEEPEST = 1.0  # norm that a gradient is cut to


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast the encoder and the heads learn; ``warm`` is the share of the steps in which that
    rises, ``least`` the share of it that is left at the end.
    """

    rate: float
    head_rate: float
    warm: float
    least: float


def train(
    net: Net,
    batches: Sequence[Batch],
    loss_of: Callable[[Net, Batch], Tensor],
    out: Path,
    *,
    pace: Pace,
) -> None:
    """Train ``net`` in place, as its modes are set, with checkpoints beside ``out``.

    What of ``net`` is named ``encoder…`` is the encoder, all else are heads.
    """
    heads = [p for n, p in net.named_parameters() if not n.startswith("encoder")]
    body = [p for n, p in net.named_parameters() if n.startswith("encoder") and p.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": pace.rate}, {"params": heads, "lr": pace.head_rate}],
        weight_decay=DECAY,
    )
    steps = len(batches)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min((n + 1) / (pace.warm * steps), max(pace.least, 1 - n / steps))
    )
    parts: dict[str, Any] = {"net": net, "optimizer": optimizer, "schedule": schedule}
    saved_at = out.with_suffix(".ckpt")
    done, last = _went_on(parts, saved_at), time.monotonic()
    for step, batch in enumerate(batches[done:], done + 1):
        loss = loss_of(net, batch)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([*body, *heads], STEEPEST)
        optimizer.step()
        schedule.step()
        if step % 10 == 0:
            sys.stderr.write(f"{step}/{steps} loss {float(loss.detach()):.3f}\n")
        if time.monotonic() - last > CHECKPOINT_SECONDS:
            last = time.monotonic()
            states = {name: part.state_dict() for name, part in parts.items()}
            torch.save(states | {"done": step}, saved_at)
    torch.save(net.state_dict(), out)
    saved_at.unlink(missing_ok=True)


def _went_on(parts: dict[str, Any], saved_at: Path) -> int:
    """How many steps a run had done that was ended; ``parts`` are then as they were."""
    if not saved_at.exists():
        return 0
    saved = torch.load(saved_at, weights_only=True)
    for name, part in parts.items():
        part.load_state_dict(saved[name])
    return int(saved["done"])
