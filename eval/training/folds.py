"""Folds by document, so that whatever is judged was never learned from."""

from __future__ import annotations

import hashlib

FOLDS = 5


def fold_of(key: str) -> int:
    """The fold of a document, or of a question without one: by hash, so that it never moves."""
    return int(hashlib.sha1(key.encode()).hexdigest(), 16) % FOLDS
