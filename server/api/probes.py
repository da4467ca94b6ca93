"""``/livez``, ``/readyz`` and ``/version``."""

from __future__ import annotations

import logging
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from kb.errors import KbError
from kb.models.outside import EndpointEmbedder, reranker_of
from kb.store import disk
from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from server.desk import PUBLIC, AtDesk, Desk
from server.http.problems import described, outward

LOG = logging.getLogger("fuwen.server")
Trouble = Literal["snapshot", "staff", "disk", "rerank"]
PING = "复文"  # what a model from outside is asked, to see whether it answers
routes = APIRouter()


class Ready(BaseModel):
    """可以作答；degraded 表示用着较早的快照，或 staff.db 不能用，或磁盘快满了，
    或外面的重排服务不答、答错，detail 里写明。"""

    status: Literal["ready", "degraded"]
    snapshot: str
    letters: int
    passages: int
    detail: str | None = None


class Alive(BaseModel):
    """进程在运行。"""

    status: Literal["alive"] = "alive"


class Version(BaseModel):
    """程序名和版本。"""

    name: str
    version: str


def release() -> str:
    """The installed version of fuwen; 0+source where it runs without being installed."""
    try:
        return version("fuwen")
    except PackageNotFoundError:
        return "0+source"


@routes.get("/livez", summary="进程在运行")
async def livez() -> Alive:
    """只要进程在，就回答 200。"""
    return Alive()


@routes.get("/readyz", summary="可以作答", responses=described(503))
def readyz(desk: AtDesk) -> Ready:
    """有可用的快照和模型时回答 200，否则 503；degraded 时 detail 说明还有什么不好。"""
    reader = desk.store.current()
    embedder = desk.embedder()
    if isinstance(embedder, EndpointEmbedder):  # without it no question is answered
        embedder.question(PING)
    desk.model()
    found = troubles(desk)
    letters, passages = _public(reader)
    return Ready(
        status="degraded" if found else "ready",
        snapshot=reader.snapshot.version,
        letters=letters,
        passages=passages,
        detail="；".join(found.values()) or None,
    )


def troubles(desk: Desk) -> dict[Trouble, str]:
    """What does not work although questions are answered, without the names of our files."""
    found: dict[Trouble, str] = {}
    if stands_in := desk.store.degraded:
        LOG.warning("degraded: %s", stands_in)
        why_not = "；请管理员运行 fuwen index verify，它说是哪个文件、怎么办"
        found["snapshot"] = stands_in.partition("：")[0] + why_not  # what follows names our files
    try:
        desk.notes.check()
    except KbError as error:
        found["staff"] = outward(error)
    free, least = disk.room_for(desk.settings.data).free // 1_000_000, desk.settings.free_mb
    if free < least:
        found["disk"] = f"磁盘只剩 {free} MB（KB_FREE_MB 是 {least}）；请管理员腾出空间"
    if (reranker := reranker_of(desk.settings)) and reranker.trouble:
        LOG.warning("degraded: %s", reranker.trouble)
        found["rerank"] = f"外面的重排服务{reranker.trouble.why}；段落照自己的次序"
    return found


@memo()
def _public(reader: SnapshotReader) -> tuple[int, int]:
    """How many letters and passages citizens may see: the others are not counted."""
    counts = [len(own) for _, own in reader.ordinals(PUBLIC)]
    return len(counts), sum(counts)


@routes.get("/version", summary="程序版本")
async def running_version() -> Version:
    """程序的名称和版本。"""
    return Version(name="fuwen", version=release())
