"""Forms of a commitment's page that follow a step: signing it, sending it back, taking it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kb.errors import WrongUse
from kb.ledger import completion, signing
from kb.ledger.policy import permit_undo
from kb.ledger.types import KINDS, STATUSES
from kb.ledger.undo import last_step, undo
from kb.staff.permissions import permit
from server.console.ledger.actions import Doing


def _sign(doing: Doing) -> str:
    permit(doing.visit.account, "sign", organ=doing.entry.organ)
    status = signing.sign(
        doing.database, doing.seen, by=doing.visit.by, reason=doing.value("reason")
    )
    return f"已签批，状态改为“{STATUSES[status]}”"


def _send_back(doing: Doing) -> str:
    permit(doing.visit.account, "sign", organ=doing.entry.organ)
    signing.send_back(doing.database, doing.seen, by=doing.visit.by, reason=doing.value("reason"))
    return "已退回，状态不变"


def _redate(doing: Doing) -> str:
    doing.permit(status="done")
    completion.redate(
        doing.database,
        doing.seen,
        doing.value("done_on") or None,
        by=doing.visit.by,
        reason=doing.value("reason"),
    )
    return "完成日期已更正"


def _undo(doing: Doing) -> str:
    doing.permit()
    step = last_step(doing.database, doing.entry.id, who=doing.visit.account.name)
    if step is None:
        raise WrongUse("没有可以撤销的上一步；请看过最新情况再决定")
    permit_undo(doing.visit.account, step, organ=doing.entry.organ)
    kind = undo(doing.database, doing.seen, by=doing.visit.by, reason=doing.value("reason"))
    return f"已撤销“{KINDS[kind]}”"


STEPS: Mapping[str, Callable[[Doing], str]] = {
    "sign": _sign,
    "send_back": _send_back,
    "redate": _redate,
    "undo": _undo,
}
