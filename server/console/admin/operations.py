"""How the server is doing, for administrators: what it serves, what ails it, what it stores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.backup.filling import What, filling
from kb.errors import KbError
from kb.help import HELP
from kb.intake import uploads
from kb.settings import OFF, Settings
from kb.store.disk import room_for
from kb.store.snapshot import published_at
from server.api.probes import Trouble, release, troubles
from server.console.access.auth import StaffRoute, Visiting, requires, staff_database
from server.console.intake.uploads import size_of
from server.console.layout import show
from server.desk import AtDesk, Desk
from server.http.problems import outward
from server.telemetry.metrics import gathered

PAGE = "/staff/operations"
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)

# What to run or do against each trouble that /readyz tells of.
REMEDIES: Mapping[Trouble, str] = {
    "snapshot": "用 fuwen index verify 核对，用 fuwen index rollback 退回完好的快照，"
    "或用 fuwen index update … --rebuild 重建",
    "staff": "检查数据文件夹的权限和磁盘；staff.db 坏了，用 fuwen restore 从备份恢复",
    "disk": "看下面是什么占着磁盘，用 fuwen prune --delete 清理",
    "rerank": "核对 KB_RERANK_URL、KB_RERANK_KEY 和那边的服务；取消设置就照自己的次序",
}
# The parts of the data folder: what each is called, and what to do if it is too large.
PARTS: Mapping[What, tuple[str, str]] = {
    "snapshots": ("快照", "fuwen prune 删去旧的，留几个由 KB_KEEP_SNAPSHOTS 定"),
    "originals": ("原件", "随旧快照一起删，fuwen prune；在用的复文的原件不能删"),
    "vectors": ("vectors.db（算过的向量）", "编入时自己清理；停了编入可以整个删去，下次编入慢一些"),
    "staff": ("staff.db", "记下的问题过 KB_QUESTION_DAYS 天自己删；台账和审计要一直留"),
    "copies": (
        "恢复、升级时留下的旧数据",
        "fuwen prune 删去过了 KB_KEEP_DAYS 天的，最后一份总是留着",
    ),
    "uploads": ("上传的文件", "在“上传”页发布或删除；拒收了的由 fuwen prune 删去"),
    "evidence": ("佐证文件", "是台账的依据，要一直留；太大就换大些的磁盘"),
    "drafts": ("正在编入的", "编完自己删去；没有在编入而它还在，下次编入时清掉"),
    "backups": ("备份", "fuwen prune 删去旧的，留几份由 KB_KEEP_BACKUPS 定；最好放在别的磁盘上"),
    "other": ("别的", "不是本程序的文件，请看看是什么"),
}
HIDDEN, UNSET = "已设，不显示", "没有设"


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """A setting in force; ``changed`` if it is not the default."""

    name: str
    value: str
    changed: bool
    help: str


@routes.get(PAGE)
@requires("operate")
def operations(request: Request, desk: AtDesk, visit: Visiting) -> Response:
    """How things stand at this moment; nothing is done here."""
    room = room_for(desk.settings.data)
    return show(
        "operations.html",
        request=request,
        visit=visit,
        release=release(),
        served=_served(desk),
        failing=_failing(desk),
        troubles=[(told, REMEDIES[kind]) for kind, told in troubles(desk).items()],
        fault=desk.store.degraded,
        waiting=_now("fuwen_questions_waiting"),
        working=_now("fuwen_questions_working"),
        uploads=_uploads(desk),
        room=room,
        parts=[(*PARTS[part.what], part) for part in filling(desk.settings)],
        size_of=size_of,
        settings=in_force(desk.settings),
        metrics=desk.settings.metrics_from != OFF,
    )


def in_force(settings: Settings) -> list[Set]:
    """Every setting; of those that are secret only whether they are set."""
    return [
        Set(
            name=f"KB_{field.name.upper()}",
            value=_value(getattr(settings, field.name), secret=not field.repr),
            changed=getattr(settings, field.name) != field.default,
            help=HELP[field.name],
        )
        for field in fields(settings)
    ]


def _value(value: object, *, secret: bool) -> str:
    if secret:
        return HIDDEN if value else UNSET
    return str(value)


def _served(desk: Desk) -> Mapping[str, object] | None:
    """The snapshot that answers; None where there is none."""
    try:
        snapshot = desk.store.current().snapshot
    except KbError:
        return None
    at = published_at(snapshot.version)
    return {
        "version": snapshot.version,
        "at": at,
        "days": (datetime.now(UTC) - at).days,
        "letters": snapshot.letters,
        "passages": snapshot.passages,
    }


def _failing(desk: Desk) -> str:
    """Why no question can be answered; "" where they can."""
    try:
        desk.store.current()
        desk.embedder()
        desk.model()
    except KbError as error:
        return outward(error)
    return ""


def _uploads(desk: Desk) -> Mapping[str, int]:
    """How many uploads there are in each state that is still open."""
    with staff_database(desk) as database:
        counted = uploads.counts(database)
    return {uploads.STATES[state]: counted[state] for state in uploads.OPEN if state in counted}


def _now(name: str) -> int:
    """A gauge of all workers together."""
    return int(gathered().get_sample_value(name) or 0)
