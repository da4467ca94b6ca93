"""What many tests share: development data, models, an indexed base, sockets that fail."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import onnxruntime
import pytest
from hypothesis import HealthCheck, settings

from indexer.update import update
from kb.models.embedding import Embedder, embedding_model
from kb.models.reading import OnnxReader
from kb.settings import BUNDLED_MODEL, BUNDLED_READER, Settings
from kb.store.open import open_store
from kb.store.protocol import SnapshotReader
from tests.support import postgres

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
REAL = ROOT.parent / "shared" / "corpus" / "焦建办〔2024〕32号.txt"

# What a property costs says nothing on a machine that does other work at the same time.
settings.register_profile("fuwen", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("fuwen")


def pytest_configure(config: pytest.Config) -> None:
    """One of several workers runs the models on one core.

    Threads that wait for a core that another worker has spin, and make both slower.
    """
    if postgres.WANTED:  # a connection that outlives its test is closed when it is collected
        lines = "ignore:.*psycopg:pytest.PytestUnraisableExceptionWarning"
        config.addinivalue_line("filterwarnings", lines)
        config.addinivalue_line("filterwarnings", "ignore:.*psycopg.Connection:ResourceWarning")
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    real = onnxruntime.InferenceSession

    def on_one_core(path: str, sess_options: Any = None, **given: Any) -> Any:
        options = sess_options or onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        return real(path, options, **given)

    onnxruntime.InferenceSession = on_one_core


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what is marked ``shared`` where the development data is not there.

    Files that use the bundled models take longest, so they come first: with several workers, a
    long file that begins last leaves the other workers idle.
    """
    absent = pytest.mark.skip(reason="needs ../shared")
    of_files = pytest.mark.skip(reason="about the file staff.db")
    for item in items:
        if "shared" in item.keywords and not REAL.exists():
            item.add_marker(absent)
        if "sqlite" in item.keywords and postgres.WANTED:
            item.add_marker(of_files)
    long = {item.path for item in items if "model" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """A PostgreSQL server of this worker's; skips where there is none."""
    if why := postgres.lacking():
        pytest.skip(why)
    with postgres.running() as running:
        yield running


@pytest.fixture(scope="session", autouse=postgres.WANTED)
def staff_on_postgres(request: pytest.FixtureRequest) -> Iterator[None]:
    """Databases of PostgreSQL for files of SQLite, in every test."""
    with postgres.instead(request.getfixturevalue("cluster")):
        yield


@pytest.fixture(autouse=postgres.WANTED)
def few_databases(cluster: postgres.Cluster, tmp_path: Path) -> Iterator[None]:
    """A test leaves neither connections nor databases behind."""
    from kb.staff.postgres import server

    yield
    server.dispose()
    cluster.forget(tmp_path)


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
def settings(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Settings:
    """The defaults, with a data folder of this run's own: the workers of a run share it."""
    own = tmp_path_factory.getbasetemp()
    return Settings(data=(own if worker_id == "master" else own.parent) / "data")


@pytest.fixture(scope="session")
def base(model: Embedder, settings: Settings) -> SnapshotReader:
    """The sample letters, indexed with the bundled model; nobody writes to it.

    The first worker that needs it makes it; others that need it wait.
    """
    store = open_store(settings)
    with settings.data.with_name("data.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not store.versions():
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
