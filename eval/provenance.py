"""What made a run: the commit, the code that answered, the packages."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from eval.base import ROOT
from kb.models.embedding import model_name
from kb.settings import OFF, Settings

PACKAGES = (
    "faiss-cpu", "ir-measures", "jieba", "numpy", "onnxruntime", "rank-bm25", "rouge-score",
    "scikit-learn", "scipy", "sentence-transformers", "tantivy", "torch",
)  # fmt: skip
# The settings that change what is answered; the server's own are left out.
ANSWERING = (
    "lexical_weight", "coverage_weight", "pair_weight", "depth", "hits", "reader", "read", "quotes",
    "threshold", "question_length",
)  # fmt: skip


def provenance() -> dict[str, Any]:
    """Commit, whether files differ from it, Python, packages, cores and time of day."""
    changes = _git("status", "--porcelain")
    return {
        "commit": _git("rev-parse", "HEAD") or "unknown",
        "changed": bool(changes),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "cores": os.cpu_count(),
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def answering(settings: Settings) -> dict[str, Any]:
    """The settings in force that change what is answered."""
    given = asdict(settings)
    if settings.reader != OFF:
        given["reader"] = model_name(Path(settings.reader))  # no path of this machine
    return {name: given[name] for name in ANSWERING}


def code_digest() -> str:
    """A digest of everything in ``kb`` that an answer depends on: code, words, weights."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "kb").rglob("*")):
        if path.is_file() and path.suffix not in (".pyc", ".md"):
            digest.update(path.relative_to(ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()
