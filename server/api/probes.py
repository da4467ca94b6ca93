"""``/livez``, ``/readyz`` and ``/version``."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter

from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from server.api import schemas
from server.desk import PUBLIC, AtDesk

routes = APIRouter()


def release() -> str:
    """The installed version of fuwen; 0+source where it runs without being installed."""
    try:
        return version("fuwen")
    except PackageNotFoundError:
        return "0+source"


@routes.get("/livez", summary="进程在运行")
async def livez() -> schemas.Alive:
    """只要进程在，就回答 200。"""
    return schemas.Alive()


@routes.get("/readyz", summary="可以作答")
def readyz(desk: AtDesk) -> schemas.Ready:
    """有可用的快照和模型时回答 200，否则 503。"""
    reader = desk.store.current()
    desk.embedder()
    desk.model()
    trouble = desk.store.degraded
    letters, passages = _public(reader)
    return schemas.Ready(
        status="degraded" if trouble else "ready",
        snapshot=reader.snapshot.version,
        letters=letters,
        passages=passages,
        detail=trouble,
    )


@memo()
def _public(reader: SnapshotReader) -> tuple[int, int]:
    """How many letters and passages citizens may see: the others are not counted."""
    heads = reader.letters(PUBLIC)
    return len(heads), sum(len(reader.passages_of(head.id)) for head in heads)


@routes.get("/version", summary="程序版本")
async def running_version() -> schemas.Version:
    """程序的名称和版本。"""
    return schemas.Version(name="fuwen", version=release())
