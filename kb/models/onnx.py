"""The bundled encoder as a module of sentence-transformers, for other programs.

The folder's ``modules.json`` names :class:`OnnxEncoder`, so that
``SentenceTransformer("kb/models/e5-small-zh", trust_remote_code=True)`` loads it like any other
model. fuwen itself runs the same encoder without sentence-transformers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from sentence_transformers.base.modules import InputModule
from torch.nn.utils.rnn import pad_sequence

from kb.models.encoder import GRAPH, MAX_TOKENS, TOKENIZER, Encoder


class OnnxEncoder(InputModule):
    """Token embeddings ``(batch, tokens, 384) float32`` from a quantised ONNX graph."""

    modalities = ["text"]  # noqa: RUF012 — the base class declares it so
    save_in_root = True

    def __init__(self, folder: Path) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.folder = folder
        self.max_seq_length = MAX_TOKENS
        self.encoder = Encoder(folder)

    def preprocess(
        self, inputs: Any, prompt: str | None = None, **_: Any
    ) -> dict[str, torch.Tensor]:
        """Token ids and attention mask of ``inputs``, each with ``prompt`` in front."""
        texts = [torch.tensor(self.encoder.tokens((prompt or "") + text).ids) for text in inputs]
        return {
            "input_ids": pad_sequence(texts, batch_first=True),
            "attention_mask": pad_sequence(
                [torch.ones_like(ids) for ids in texts], batch_first=True
            ),
        }

    def forward(self, features: dict[str, torch.Tensor], **_: Any) -> dict[str, torch.Tensor]:
        """Add ``token_embeddings`` to the features; each text is read alone, without padding."""
        rows = zip(features["input_ids"], features["attention_mask"].bool(), strict=True)
        hidden = [torch.from_numpy(self.encoder.hidden(ids[real].tolist())) for ids, real in rows]
        features["token_embeddings"] = pad_sequence(hidden, batch_first=True)
        return features

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Copy the graph and the tokenizer."""
        for name in (GRAPH, TOKENIZER):
            Path(output_path, name).write_bytes((self.folder / name).read_bytes())

    @classmethod
    def load(  # type: ignore[override]
        cls, model_name_or_path: str, subfolder: str = "", **_: Any
    ) -> OnnxEncoder:
        """The encoder in a local folder."""
        return cls(Path(model_name_or_path, subfolder))
