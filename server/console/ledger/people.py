"""What the forms of a commitment's page do for people: its owner, reminders, comments."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kb.ledger import work
from kb.ledger.types import WAYS
from kb.ledger.work import Reminder
from kb.staff.permissions import permit
from server.console.ledger.actions import Doing


def _assign(doing: Doing) -> str:
    doing.permit()
    owner = doing.value("owner") or None
    work.assign(doing.database, doing.seen, owner, by=doing.visit.by, reason=doing.value("reason"))
    return f"责任人现在是 {owner}" if owner else "没有责任人了"


def _remind(doing: Doing) -> str:
    permit(doing.visit.account, "remind", organ=doing.entry.organ)
    way = next((way for way in WAYS if way == doing.value("way")), None)
    reminder = Reminder(
        whom=doing.value("whom"),
        way=way or "",  # type: ignore[arg-type]  # kb.ledger.work says which there are
        words=doing.value("said"),
    )
    work.remind(doing.database, [doing.entry.id], reminder, by=doing.visit.by, today=doing.today)
    return f"已记下催办{reminder.whom}"


def _comment(doing: Doing) -> str:
    permit(doing.visit.account, "comment", organ=doing.entry.organ)
    work.comment(doing.database, doing.entry.id, doing.value("remark"), by=doing.visit.by)
    return "评论已记下"


ACTS: Mapping[str, Callable[[Doing], str]] = {
    "assign": _assign,
    "remind": _remind,
    "comment": _comment,
}
