"""Channels that reach far out are set apart, and nothing else changes."""

from __future__ import annotations

import pytest
import torch
from transformers import BertConfig, BertModel

from eval.training.far_out import Parted, set_apart


@pytest.mark.parametrize("count", [1, 3, 8])
def test_channels_set_apart_leave_a_product_what_it_was(count: int) -> None:
    torch.manual_seed(1)
    linear = torch.nn.Linear(8, 5)
    channels = torch.randperm(8)[:count]
    given = torch.randn(2, 4, 8)
    parted = Parted(linear, channels)
    assert torch.allclose(parted(given), linear(given), atol=1e-6)
    assert not parted.rest.weight[:, channels].any()


def test_the_channels_set_apart_are_those_that_reach_furthest() -> None:
    torch.manual_seed(1)
    sizes = {"hidden_size": 8, "num_attention_heads": 2, "intermediate_size": 16, "vocab_size": 20}
    encoder = BertModel(BertConfig(num_hidden_layers=2, **sizes)).eval()
    with torch.no_grad():
        encoder.encoder.layer[0].attention.output.LayerNorm.weight[5] = 40.0
        encoder.encoder.layer[1].intermediate.dense.bias[[3, 11]] = 30.0
    ids = torch.arange(12)[None]
    before = encoder(input_ids=ids).last_hidden_state
    set_apart(encoder, [list(range(12)), [1, 2]], outer=1, inner=2)
    first, second = encoder.encoder.layer
    assert first.intermediate.dense.channels.tolist() == [5]
    assert second.output.dense.channels.tolist() == [3, 11]
    assert torch.allclose(encoder(input_ids=ids).last_hidden_state, before, atol=1e-4)
