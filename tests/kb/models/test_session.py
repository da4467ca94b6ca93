"""What runs the models tells nobody of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

EMBEDDED = """
from kb.models.embedding import embedding_model
from kb.settings import BUNDLED_MODEL
embedding_model(str(BUNDLED_MODEL)).question("盲道")
"""


def test_running_a_model_notes_nothing_for_its_makers(tmp_path: Path) -> None:
    """onnxruntime keeps what it means to send, and an identity, in a cache: there is none."""
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ORT_")}
    subprocess.run([sys.executable, "-c", EMBEDDED], cwd=ROOT, env=environment | home, check=True)
    assert list(tmp_path.iterdir()) == []
