"""Which commitments an address asks for: the same parameters for lists, counts and exports."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args

from fastapi import Request

from kb.errors import WrongUse
from kb.ledger.cursor import Order
from kb.ledger.policy import within
from kb.ledger.queries import FIRM, Wanted, coming, lapsed, overdue
from kb.ledger.types import KEPT as WAYS
from kb.ledger.types import STATUSES, Stage
from kb.profile import profile
from kb.staff.permissions import own_organs
from server.console.access.auth import StaffRequest

LONGEST = 200  # code points of a value
SOON = 90  # days
NEXT = 30  # days: what an organ has to do now
# Lists that have a name of their own, by the parameter ``list``.
LISTS: Mapping[str, str] = {
    "": "全部",
    "overdue": "逾期",
    "lapsed": "待核实而已过期",
    "next": f"{NEXT} 天内到期",
    "soon": f"{SOON} 天内到期",
    "moved": "原文有变",
    "pending": "待签批",
    "extended": "延过期",
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PLAIN = (
    "organ",
    "owner",
    "letter_id",
    "year",
    "result_class",
    "strength",
    "topic",
    "due_month",
    "words",
)
KEPT = ("list", "status", "kept", "firm", "stage", "due_from", "due_to", "own", "order", *_PLAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What was asked for: ``given`` as the address has it, ``wanted`` as the ledger takes it."""

    given: Mapping[str, str]
    wanted: Wanted
    order: Order


def filter_of(request: Request, visit: StaffRequest, *, today: date, organs: list[str]) -> Filter:
    """The filter in the address of ``request``, within what ``visit`` may see.

    ``organs`` are those of the ledger, among which ``own`` chooses. Raises WrongUse.
    """
    parameters = request.query_params
    given = {name: parameters.get(name, "").strip()[:LONGEST] for name in KEPT}
    wanted = _listed(given["list"], today)
    plain: dict[str, Any] = {name: given[name] for name in _PLAIN if given[name]}
    plain |= {name: _day(given[name]) for name in ("due_from", "due_to") if given[name]}
    wanted = replace(wanted, **plain)
    if given["status"]:
        wanted = replace(wanted, status=_one_of(given["status"], STATUSES, "状态"))
    if given["kept"]:
        wanted = replace(wanted, kept=_one_of(given["kept"], WAYS, "完成情况"))
    if given["firm"]:
        wanted = replace(wanted, firm=_one_of(given["firm"], FIRM, "承诺"))
    if given["stage"]:
        wanted = replace(wanted, stage=_one_of(given["stage"], get_args(Stage), "阶段"))
    if given["own"]:
        wanted = replace(wanted, organs=own_organs(visit.account, organs) or ("",))
    order = _one_of(given["order"] or "due", get_args(Order), "次序")
    return Filter(given=given, wanted=within(wanted, visit.account), order=order)


def _listed(name: str, today: date) -> Wanted:
    lists = {
        "overdue": overdue(today),
        "lapsed": lapsed(today),
        "next": coming(today, days=NEXT),
        "soon": coming(today, days=SOON),
        "moved": Wanted(moved=True),
        "pending": Wanted(pending=True),
        "extended": Wanted(extended=True),
        "": Wanted(),
    }
    return lists[_one_of(name, LISTS, "列表")]


def _one_of(value: str, known: Any, what: str) -> Any:
    if value not in known:
        raise WrongUse(f"没有这种{what}：{value}；请从页面上选择")
    return value


def _day(value: str) -> str:
    try:
        good = _DAY.fullmatch(value) and date.fromisoformat(value)
    except ValueError:
        good = None
    if not good:
        raise WrongUse(f"日期“{value}”要写成 2025-06-30 的样子；请改正")
    return value


def offered(organs: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """What each select offers: value and word."""
    rules = profile()
    return {
        "organ": {organ: organ for organ in organs},
        "result_class": {
            result_class: f"{result_class} {meaning}"
            for result_class, meaning in rules.classes.items()
        },
        "topic": {topic: topic for topic in rules.topics},
    }


def asked(chosen: Filter) -> dict[str, str]:
    """The parameters that the address has, for links that keep them."""
    return {name: value for name, value in chosen.given.items() if value}
