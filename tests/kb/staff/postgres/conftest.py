"""A database on a PostgreSQL server, whatever the other tests run on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.staff.places import Server
from tests.support.postgres import Cluster


@pytest.fixture
def empty(cluster: Cluster, tmp_path: Path) -> Iterator[Server]:
    """A database that has nothing."""
    from kb.staff.postgres import server

    yield Server(parent=tmp_path, url=cluster.url(cluster.empty()))
    server.dispose()


@pytest.fixture
def place(cluster: Cluster, tmp_path: Path) -> Iterator[Server]:
    """A database that was brought up."""
    from kb.staff.postgres import server

    yield Server(parent=tmp_path, url=cluster.url(cluster.copied()))
    server.dispose()
