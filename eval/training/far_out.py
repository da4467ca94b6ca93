"""Matrix products whose few far-out input channels stay float32 when the rest becomes int8.

Dynamic quantisation gives all activations of a product one scale, set by the greatest of them.
In the reading model one channel of a layer's normalised output reaches 30 where the others stay
below 5, and a few of the feed-forward's inner channels do the same, so that int8 leaves the rest
three or four bits. Those channels are multiplied apart, in float32, and added: LLM.int8's
decomposition (Dettmers et al. 2022, arXiv 2208.07339), with the channels chosen once, from a
sample. What it gains is told in docs/models.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

APART = "apart"  # the name that the float32 products bear in an exported graph
# Channels of a layer's input to its feed-forward, and of the wider one inside; more come hardly
# nearer to float32 (docs/models.md).
OUTER, INNER = 2, 4


class Parted(nn.Module):
    """The same map as ``linear``, its input ``channels`` multiplied apart."""

    def __init__(self, linear: nn.Linear, channels: Tensor) -> None:
        super().__init__()
        weight = linear.weight.detach()
        kept = torch.ones(linear.in_features)
        kept[channels] = 0
        self.register_buffer("kept", kept)
        self.register_buffer("channels", channels)
        self.rest = nn.Linear(linear.in_features, linear.out_features, bias=False)
        self.rest.weight.data = weight * kept
        self.apart = nn.Linear(len(channels), linear.out_features)
        self.apart.weight.data = weight[:, channels].clone()
        self.apart.bias.data = linear.bias.detach().clone()

    def forward(self, given: Tensor) -> Tensor:
        kept: Any = self.kept
        channels: Any = self.channels
        out: Tensor = self.rest(given * kept) + self.apart(given.index_select(-1, channels))
        return out


def set_apart(
    encoder: Any, sample: Sequence[Sequence[int]], *, outer: int = OUTER, inner: int = INNER
) -> None:
    """Part the feed-forward products of a BERT ``encoder`` in place.

    ``sample`` are token ids as the model reads them; the ``outer`` and ``inner`` channels are
    those that reach furthest from nought anywhere in it.
    """
    layers = encoder.encoder.layer
    products = [
        product for layer in layers for product in (layer.intermediate.dense, layer.output.dense)
    ]
    with _greatest(products) as greatest, torch.inference_mode():
        for ids in sample:
            encoder(input_ids=torch.tensor([ids]))
    for layer in layers:
        into, out_of = layer.intermediate.dense, layer.output.dense
        layer.intermediate.dense = Parted(into, _furthest(greatest[into], outer))
        layer.output.dense = Parted(out_of, _furthest(greatest[out_of], inner))


def _furthest(greatest: Tensor, count: int) -> Tensor:
    return greatest.topk(count).indices.sort().values


@contextmanager
def _greatest(modules: Sequence[nn.Module]) -> Iterator[dict[nn.Module, Tensor]]:
    """By module, the greatest absolute value that each input channel takes meanwhile."""
    found: dict[nn.Module, Tensor] = {}

    def watch(module: nn.Module, given: tuple[Tensor, ...], _: Any) -> None:
        seen = given[0].abs().flatten(end_dim=-2).amax(0)
        found[module] = torch.maximum(seen, found.get(module, seen))

    hooks = [module.register_forward_hook(watch) for module in modules]
    try:
        yield found
    finally:
        for hook in hooks:
            hook.remove()
