"""What many tests share: the development data beside the project, sockets that fail, a base."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, settings

from indexer.update import update
from kb.models.embedding import Embedder, embedding_model
from kb.models.reading import OnnxReader
from kb.settings import BUNDLED_MODEL, BUNDLED_READER, Settings
from kb.store.open import open_local
from kb.store.protocol import SnapshotReader

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
REAL = ROOT.parent / "shared" / "corpus" / "焦建办〔2024〕32号.txt"

# What a property costs says nothing on a machine that does other work at the same time.
settings.register_profile("fuwen", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("fuwen")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what is marked ``shared`` where the development data is not there."""
    absent = pytest.mark.skip(reason="needs ../shared")
    for item in items:
        if "shared" in item.keywords and not REAL.exists():
            item.add_marker(absent)


def _refuse(*_: object, **__: object) -> NoReturn:
    raise AssertionError("a test reached for the network")


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any attempt to connect or to look up a name fails the test."""
    monkeypatch.setattr(socket.socket, "connect", _refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", _refuse)
    monkeypatch.setattr(socket, "getaddrinfo", _refuse)


@pytest.fixture(scope="session")
def model() -> Embedder:
    """The bundled embedding model, loaded once and with sockets blocked."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _refuse)
        patch.setattr(socket, "getaddrinfo", _refuse)
        loaded = embedding_model(str(BUNDLED_MODEL))
        loaded.question("载入")
    return loaded


@pytest.fixture(scope="session")
def reading() -> OnnxReader:
    """The bundled reading model."""
    return OnnxReader(str(BUNDLED_READER))


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The defaults, with a data folder of this session's own."""
    return Settings(data=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def base(model: Embedder, settings: Settings) -> SnapshotReader:
    """The sample letters, indexed with the bundled model."""
    store = open_local(settings)
    _, tally = update([CORPUS / "letters"], store, model)
    assert not tally.refused
    return store.current()


@pytest.fixture(scope="session")
def real_text() -> str:
    """The one real letter; only for tests that are marked ``shared``."""
    return REAL.read_text(encoding="utf-8")


def corpus_rows(name: str) -> list[dict[str, Any]]:
    """The lines of a .jsonl file of the corpus."""
    lines = (CORPUS / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
