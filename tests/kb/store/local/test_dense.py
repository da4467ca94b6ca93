"""Vectors are found by an index or by comparing them all, and either finds the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kb.store.local import dense as local_dense
from kb.store.local import vectors
from kb.store.local.parts import INDEX, PASSAGE_VECTORS, Part

KINDS = ["Flat", "SQ8", "IVF4,SQ8"]


def test_the_index_is_chosen_by_the_number_of_passages() -> None:
    chosen = [local_dense.index_for(n) for n in (0, 19_999, 20_000, 199_999, 200_000, 10**7)]
    assert chosen == ["Flat", "Flat", "SQ8", "SQ8", "IVF1024,SQ8", "IVF1024,SQ8"]


def parted(folder: Path, stored: vectors.Stored, *, number: int) -> local_dense.Dense:
    """An index of ``stored`` in so many parts, which take turns at the rows."""
    made = []
    for one in range(number):
        part = Part(folder=folder / str(one), ordinals=np.arange(one, len(stored), number))
        part.folder.mkdir()
        own = stored[part.ordinals]
        vectors.write(part.folder / PASSAGE_VECTORS, [own], rows=len(own), dim=own.shape[1])
        made.append(part)
    rows = vectors.Rows(made)
    local_dense.train(folder / "trained.faiss", rows)
    for part in made:
        own = stored[part.ordinals]
        local_dense.build_dense(part.folder / INDEX, own, trained=folder / "trained.faiss")
    return local_dense.Dense(made, rows)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("exact_under", [0, 10_000])
@pytest.mark.parametrize("parts_made", [1, 3])
def test_every_index_finds_what_comparing_them_all_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, exact_under: int, parts_made: int
) -> None:
    monkeypatch.setattr(local_dense, "VECTOR_INDEXES", ((0, kind),))
    monkeypatch.setattr(local_dense, "EXACT_UNDER", exact_under)
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(400, 16)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    stored = rows.astype(np.float16)
    dense = parted(tmp_path, stored, number=parts_made)
    masks = [None, np.arange(400) % 3 == 0, np.arange(400) == 7, np.zeros(400, dtype=np.bool_)]
    for mask in masks:
        admitted = np.arange(400) if mask is None else np.flatnonzero(mask)
        for question in rows[:5] + rows[5:10]:
            question /= np.linalg.norm(question)
            found = dense.search(question, limit=10, mask=mask)
            cosines = stored.astype(np.float32) @ question
            best = admitted[np.argsort(-cosines[admitted], kind="stable")][:10]
            assert len({o for o, _ in found} & set(best.tolist())) >= 0.9 * len(best)
            assert all(score == pytest.approx(cosines[o], abs=1e-5) for o, score in found)
            assert [score for _, score in found] == sorted((s for _, s in found), reverse=True)
