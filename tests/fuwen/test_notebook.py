"""docs/fuwen.ipynb runs from top to bottom against a server of the sample letters."""

from __future__ import annotations

import ast
import asyncio
import inspect
import json
from dataclasses import replace

import pytest

from kb.models.embedding import Embedder
from kb.settings import Settings
from kb.store.open import open_store
from kb.store.protocol import SnapshotReader
from tests.conftest import ROOT
from tests.support.listening import listening
from tests.support.served import served

NOTEBOOK = json.loads((ROOT / "docs" / "fuwen.ipynb").read_text(encoding="utf-8"))
CODE = ["".join(cell["source"]) for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]


def test_it_shows_no_outputs_of_another_day() -> None:
    assert CODE
    for cell in NOTEBOOK["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_its_cells_run_in_order(
    base: SnapshotReader, model: Embedder, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = served(
        settings=replace(settings, rate=0), store=open_store(settings), embedder_of=lambda: model
    ).app
    names: dict[str, object] = {}
    with listening(app) as address:
        monkeypatch.setenv("FUWEN", address)
        for cell in CODE:
            code = compile(cell, "fuwen.ipynb", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            done = eval(code, names)
            if inspect.iscoroutine(done):
                asyncio.run(done)
