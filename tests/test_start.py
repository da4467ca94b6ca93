"""What a process does not load that only answers with the bundled models, or indexes with them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

HEAVY = ("torch", "transformers", "sentence_transformers")
RARE = ("authlib", "docx", "matplotlib", "pypdfium2", "scipy", "xlsxwriter")  # not to answer
QUESTION = "老旧小区怎么改造？"
INDEXER = """
from indexer.__main__ import main
assert main(["update", "corpus/letters/云交函〔2022〕19号.txt", "--data", DATA]) == 0
"""
COMMAND = f"""
from kb.__main__ import main
assert main(["ask", "{QUESTION}", "--data", DATA]) == 0
"""
SERVER = f"""
import os
from dataclasses import replace
from pathlib import Path
from fastapi.testclient import TestClient
from kb.models.embedding import embedding_model
from kb.models.reading import reading_model
from kb.settings import Settings
from kb.store.open import open_store
import server.__main__
from server.app import create
settings = replace(Settings(), data=Path(DATA))
app = create(
    settings,
    store=open_store(settings),
    embedder_of=lambda: embedding_model(settings.model),
    model_of=lambda: reading_model(settings.reader),
)
with TestClient(app) as client:
    assert client.get("/readyz").status_code == 200
    assert client.post("/api/ask", json={{"question": "{QUESTION}"}}).status_code == 200
"""
MINDING = """
from kb.cli.fuwen import parser_of
import server.workers
assert parser_of("serve").parse_args(["--workers", "2"]).workers == 2
"""
ENGINES = ("fastapi", "faiss", "jieba", "numpy", "onnxruntime", "tantivy")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one letter, indexed by a process that never loaded torch."""
    folder = tmp_path_factory.mktemp("started") / "data"
    loaded(INDEXER, folder, absent=HEAVY)
    return folder


def loaded(program: str, data: Path, *, absent: tuple[str, ...]) -> None:
    """Run ``program`` in a process of its own, which must not have loaded what is ``absent``."""
    check = f"import sys; assert not set({absent!r}) & set(sys.modules), sys.modules.keys()"
    run = subprocess.run(
        [sys.executable, "-c", f"DATA = {str(data)!r}\n{program}\n{check}"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode()


@pytest.mark.parametrize("program", [COMMAND, SERVER], ids=["command", "server"])
def test_an_answer_needs_neither_torch_nor_what_only_other_commands_need(
    data: Path, program: str
) -> None:
    loaded(program, data, absent=(*HEAVY, *RARE))


def test_who_minds_the_workers_loads_nothing_that_answers(tmp_path: Path) -> None:
    loaded(MINDING, tmp_path, absent=ENGINES)
