"""A sentence-transformers module that runs an ONNX encoder on the CPU.

The bundled model's ``modules.json`` names :class:`OnnxEncoder`, so that
``SentenceTransformer("kb/models/e5-small-zh")`` loads it like any other model. Nothing in it
reaches for a hub.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnxruntime
import torch
from sentence_transformers.base.modules import InputModule
from tokenizers import Tokenizer

MAX_TOKENS = 512  # positions that multilingual-e5-small was trained with


class OnnxEncoder(InputModule):
    """Token embeddings ``(batch, tokens, 384) float32`` from a quantised ONNX graph."""

    modalities = ["text"]  # noqa: RUF012 — the base class declares it so
    save_in_root = True

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.folder = folder
        self.max_seq_length = MAX_TOKENS
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_padding(pad_id=self.tokenizer.token_to_id("<pad>"), pad_token="<pad>")
        self.tokenizer.enable_truncation(MAX_TOKENS)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def preprocess(
        self, inputs: Any, prompt: str | None = None, **_: Any
    ) -> dict[str, torch.Tensor]:
        """Token ids and attention mask of ``inputs``, each with ``prompt`` in front."""
        encoded = self.tokenizer.encode_batch([(prompt or "") + text for text in inputs])
        return {
            "input_ids": torch.tensor([e.ids for e in encoded]),
            "attention_mask": torch.tensor([e.attention_mask for e in encoded]),
        }

    def forward(self, features: dict[str, torch.Tensor], **_: Any) -> dict[str, torch.Tensor]:
        """Add ``token_embeddings`` to the features."""
        feed = {name: features[name].cpu().numpy() for name in ("input_ids", "attention_mask")}
        (hidden,) = self.session.run(["token_embeddings"], feed)
        features["token_embeddings"] = torch.from_numpy(hidden)
        return features

    def token_spans(self, texts: list[str], prompt: str) -> list[list[tuple[int, int]]]:
        """Where each token of ``prompt + text`` stands in ``text``, in code points.

        Tokens of the prompt end at or before 0; ``<s>`` and ``</s>`` are empty.
        """
        encoded = self.tokenizer.encode_batch([prompt + text for text in texts])
        return [
            [(start - len(prompt), end - len(prompt)) for start, end in e.offsets] for e in encoded
        ]

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Copy the graph and the tokenizer."""
        for name in ("model.onnx", "tokenizer.json"):
            Path(output_path, name).write_bytes((self.folder / name).read_bytes())

    @classmethod
    def load(  # type: ignore[override]
        cls, model_name_or_path: str, subfolder: str = "", **_: Any
    ) -> OnnxEncoder:
        """The encoder in a local folder."""
        return cls(Path(model_name_or_path, subfolder))
