"""Training goes on from its last checkpoint as if it had never ended."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from eval.training import steps
from eval.training.steps import Pace, train

PACE = Pace(rate=1e-2, head_rate=1e-1, warm=0.1, least=0.1)
BATCHES = [torch.full((1, 2), float(n % 3)) for n in range(20)]


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.encoder = nn.Linear(2, 2)
        self.head = nn.Linear(2, 1)

    def forward(self, given: Tensor) -> Tensor:
        out: Tensor = self.head(self.encoder(given))
        return out


def loss_of(net: Net, batch: Tensor) -> Tensor:
    return ((net(batch) - batch.sum()) ** 2).mean()


def test_an_ended_run_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "CHECKPOINT_SECONDS", -1)
    whole, ended = Net(), Net()
    train(whole, BATCHES, loss_of, tmp_path / "whole.pt", pace=PACE)
    seen = 0

    def until_killed(net: Net, batch: Tensor) -> Tensor:
        nonlocal seen
        seen += 1
        if seen == 9:
            raise KeyboardInterrupt
        return loss_of(net, batch)

    out = tmp_path / "ended.pt"
    with pytest.raises(KeyboardInterrupt):
        train(ended, BATCHES, until_killed, out, pace=PACE)
    again, asked = Net(), []

    def counted(net: Net, batch: Tensor) -> Tensor:
        asked.append(batch)
        return loss_of(net, batch)

    train(again, BATCHES, counted, out, pace=PACE)
    assert len(asked) == len(BATCHES) - 8
    for name, value in whole.state_dict().items():
        assert torch.equal(again.state_dict()[name], value)
        assert not torch.equal(Net().state_dict()[name], value)
    assert [path.name for path in tmp_path.glob("*.ckpt")] == []


def test_it_learns(tmp_path: Path) -> None:
    net = Net()
    before = sum(loss_of(net, batch).item() for batch in BATCHES)
    train(net, BATCHES * 10, loss_of, tmp_path / "net.pt", pace=PACE)
    assert sum(loss_of(net, batch).item() for batch in BATCHES) < before / 10
