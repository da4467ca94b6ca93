"""The reading network: what is the passage's, and weights read back from a shipped graph."""

from __future__ import annotations

import torch

from eval.training.reader_net import readable


def test_the_passage_stands_behind_the_second_end_mark() -> None:
    ids = torch.tensor([[0, 7, 2, 8, 2, 9, 9, 2, 1, 1], [0, 7, 7, 2, 2, 9, 2, 1, 1, 1]])
    assert readable(ids).int().tolist() == [
        [0, 0, 0, 0, 0, 1, 1, 0, 0, 0],
        [0, 0, 0, 0, 0, 1, 0, 0, 0, 0],
    ]
