"""The stores that keep the contract, one after another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.store.protocol import Store
from tests.support import milvus
from tests.support.stores import STORES

LACKING = pytest.param("milvus", marks=milvus.NEEDED)


@pytest.fixture(params=[*STORES, *([] if milvus.kinds() else [LACKING])])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store of each kind, empty."""
    yield STORES[request.param](tmp_path)
    milvus.close()
