"""Who may do what: a table of roles and actions, and what counts as one's own organ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from kb.errors import KbError
from kb.profile import profile

Role = Literal["reader", "reviewer", "manager", "admin"]
Action = Literal[
    "read", "read_unmasked", "review", "extend", "drop", "remind", "comment", "sign", "reassign",
    "import", "export", "feed", "queue", "suggest", "upload", "correct", "audit", "accounts",
    "operate",
]  # fmt: skip
Rule = Literal["yes", "own", "no"]  # own: for the account's own organs only

ROLES: Mapping[Role, str] = {
    "reader": "查阅",
    "reviewer": "核实",
    "manager": "主管",
    "admin": "管理员",
}
ACTIONS: Mapping[Action, str] = {
    "read": "看台账、统计和公开复文",
    "read_unmasked": "看不公开的复文和未遮盖的文字",
    "review": "核实、更正、补录、拆分、合并、关联佐证、指定责任人",
    "extend": "延长期限",
    "drop": "改为不再实施",
    "remind": "催办",
    "comment": "评论",
    "sign": "签批别人报请的",
    "reassign": "改变负责单位",
    "import": "导入更正",
    "export": "导出",
    "feed": "生成和吊销日历订阅地址",
    "queue": "处理没答好的问题",
    "suggest": "批准推荐给公众的问题",
    "upload": "上传、发布、搁置、撤下复文",
    "correct": "更正复文的要素",
    "audit": "看审计日志",
    "accounts": "管理账号",
    "operate": "看运行情况和设置",
}
# A column for each role, in the order of ROLES. What is not in the table is not allowed.
_TABLE: Mapping[Action, tuple[Rule, Rule, Rule, Rule]] = {
    "read": ("yes", "yes", "yes", "yes"),
    "read_unmasked": ("no", "yes", "yes", "yes"),
    "review": ("no", "own", "yes", "yes"),
    "extend": ("no", "own", "yes", "yes"),
    "drop": ("no", "own", "yes", "yes"),
    "remind": ("no", "own", "yes", "yes"),
    "comment": ("no", "yes", "yes", "yes"),
    "sign": ("no", "no", "yes", "yes"),
    "reassign": ("no", "no", "yes", "yes"),
    "import": ("no", "no", "yes", "yes"),
    "export": ("yes", "yes", "yes", "yes"),
    "feed": ("no", "own", "yes", "yes"),
    "queue": ("no", "yes", "yes", "yes"),
    "suggest": ("no", "no", "yes", "yes"),
    "upload": ("no", "no", "yes", "yes"),
    "correct": ("no", "own", "yes", "yes"),
    "audit": ("no", "no", "yes", "yes"),
    "accounts": ("no", "no", "no", "yes"),
    "operate": ("no", "no", "no", "yes"),
}


class NotAllowed(KbError):
    """The account may not do this."""

    status, code = 403, "not_allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may come in; ``organs`` are full names, those that are their own."""

    id: int
    name: str
    role: Role
    organs: tuple[str, ...]
    disabled: bool = False


def rule(role: Role, action: Action) -> Rule:
    """What the table says; "no" for a role or an action that is not in it."""
    columns = _TABLE.get(action)
    return columns[list(ROLES).index(role)] if columns and role in ROLES else "no"


def may(account: Account, action: Action, *, organ: str | None = None) -> bool:
    """True if ``account`` may do this to what ``organ`` is responsible for."""
    match rule(account.role, action):
        case "yes":
            return not account.disabled
        case "own":
            own = organ is not None and any(same_organ(name, organ) for name in account.organs)
            return own and not account.disabled
        case _:
            return False


def permit(account: Account, action: Action, *, organ: str | None = None) -> None:
    """Raise NotAllowed unless ``may``."""
    if may(account, action, organ=organ):
        return
    what = ACTIONS.get(action, action)
    if rule(account.role, action) == "own":
        raise NotAllowed(
            f"{account.name} 只能对本单位的承诺{what}，这一条由 {organ or '（单位不明）'} 负责；"
            "请转给该单位，或请主管处理"
        )
    raise NotAllowed(f"{account.name} 的角色（{ROLES[account.role]}）不能{what}；请找管理员")


def own_organs(account: Account, organs: Iterable[str]) -> tuple[str, ...]:
    """Those of ``organs`` that are the account's own, as they are written there."""
    return tuple(organ for organ in organs if any(same_organ(own, organ) for own in account.organs))


@lru_cache(maxsize=4096)
def same_organ(full: str, alias: str) -> bool:
    """True if ``alias`` is a way of saying ``full``: 市民政局 and 民政局 say 云岭市民政局.

    So do the names that the profile's ``[organs]`` tells. Another place's organ (石桥区民政局,
    区民政局) is another organ.
    """
    one_name = profile().organs.one_name
    full, alias = one_name(full), one_name(alias)
    if full == alias:
        return True
    names = profile().aliases(full)
    place = full.removesuffix(names[1]) if len(names) > 1 and full.endswith(names[1]) else ""
    return alias in names or (bool(place) and alias.removeprefix(place[-1]) in names)
