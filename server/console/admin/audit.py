"""The audit log: who did what, and whether it is still what was written."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.errors import KbError
from kb.intake import corrections
from kb.ledger.history import between, changes
from kb.ledger.types import KINDS
from kb.staff import audit
from kb.staff.connection import Database
from kb.staff.permissions import ROLES
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.access.forms import SentForm
from server.console.fields import lines
from server.console.layout import show
from server.desk import AtDesk, Desk
from server.http.numbers import Number
from server.pages.render import Text
from server.present import views

SHOWN = 50  # rows of a page
CHANGES, SHORT = 5, 40  # changes of a row that are told, and code points of a value in them
LONGEST = 100  # code points of a filter
PAGE = "/staff/audit"
ACTIONS: Mapping[str, str] = {
    "signed_in": "登录",
    "signed_out": "退出",
    "sign_in_failed": "登录失败",
    "ledger": "台账改动",
    "rebuilt": "重建台账",
    "exported": "导出",
    "feed_made": "生成日历地址",
    "feed_revoked": "吊销日历地址",
    "account_added": "增加账号",
    "account_changed": "改账号",
    "account_disabled": "停用账号",
    "account_enabled": "启用账号",
    "password_changed": "改密码",
    "key_added": "建密钥",
    "key_revoked": "吊销密钥",
    "mailbox_set": "改邮箱",
    "suggestion_approved": "批准推荐的问题",
    "suggestion_withdrawn": "撤下推荐的问题",
    "uploaded": "上传文件",
    "upload_refused": "上传没有收下",
    "upload_edited": "更正上传的要素",
    "upload_publish": "发布上传的文件",
    "upload_hold": "搁置上传的文件",
    "upload_withdraw": "撤下上传的文件",
    "upload_discard": "删除上传的文件",
    "upload_again": "重读上传的文件",
    "field_corrected": "更正复文的要素",
    "field_restored": "撤销要素的更正",
    "backup": "备份",
    "restore": "恢复",
}
# What a row tells besides, by its name in the log; the sums are for ``verify``.
DETAILS: Mapping[str, str] = {
    "first": "台账记录自",
    "last": "至",
    "role": "角色",
    "organs": "单位",
    "was": "原来",
    "became": "改为",
    "way": "方式",
    "rows": "条数",
    "asked": "筛选",
    "upload": "上传编号",
    "fields": "要素",
    "feed": "地址编号",
    "key": "密钥编号",
    "scopes": "权限",
    "rate": "每分钟次数",
    "last_day": "用到",
    "made_at": "备份于",
    "commitments": "承诺数",
    "differed": "原来不符的",
    "head": "当时末行",
    "replaced": "换掉的",
    "client": "从哪里（地址的代号）",
    "times": "第几次",
    "unknown": "没有这个账号",
    "more": "还有多少次（没有这个账号）",
    "since": "自",
}
WORDS = {str(role): word for role, word in ROLES.items()}
WORDS |= {"password": "密码", "oidc": "统一身份认证", "True": "是"}
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@routes.get(PAGE)
@requires("audit")
def read_log(
    request: Request,
    desk: AtDesk,
    visit: Visiting,
    who: Text = "",
    action: Text = "",
    subject: Text = "",
    before: Number = 0,
) -> Response:
    """Rows of the log, the latest first."""
    asked = {"who": who[:LONGEST], "action": action[:LONGEST], "subject": subject[:LONGEST]}
    return _page(request, desk, visit, asked=asked, before=before)


@routes.post(PAGE)
@requires("audit")
def verify(request: Request, desk: AtDesk, visit: Visiting, form: SentForm) -> Response:
    """Read the whole log and every event of the ledger, and say whether all is as written."""
    typed, problem = form.get("head", ""), None
    head: audit.Head | None = None
    try:
        noted = audit.Head.of(typed) if typed else None
        with staff_database(desk) as database:
            head = audit.verify(database, noted=noted)
    except KbError as error:
        problem = error
    return _page(request, desk, visit, asked={}, head=head, typed=typed, problem=problem)


def _page(
    request: Request,
    desk: Desk,
    visit: StaffRequest,
    *,
    asked: Mapping[str, str],
    before: int = 0,
    head: audit.Head | None = None,
    typed: str = "",
    problem: KbError | None = None,
) -> Response:
    wanted = {name: value.strip() for name, value in asked.items() if value.strip()}
    with staff_database(desk) as database:
        rows = audit.entries(database, limit=SHOWN + 1, before=before or None, **wanted)
        told = {row.id: _changed(database, row) for row in rows[:SHOWN]}
    more = views.link(PAGE, before=rows[SHOWN - 1].id, **wanted) if len(rows) > SHOWN else ""
    return show(
        "audit.html",
        request=request,
        visit=visit,
        problem=problem,
        head=head,
        typed=typed,
        rows=rows[:SHOWN],
        told=told,
        asked=wanted,
        following=more,
        actions=ACTIONS,
        detail=detail,
    )


def _changed(database: Database, entry: audit.Entry) -> list[str]:
    """What a row changed, one change a line: of which commitment or field, from what to what."""
    if entry.action == audit.LEDGER:
        return _in_ledger(database, entry)
    if entry.action in ("field_corrected", "field_restored"):
        events = corrections.history(database, entry.subject)
        same = (event for event in events if event.at == entry.at and event.who == entry.who)
        return [
            f"{corrections.LABELS[event.field]}："
            f"{_arrow(lines(event.was), lines(event.became or ''))}"
            for event in same
        ]
    return []


def _in_ledger(database: Database, entry: audit.Entry) -> list[str]:
    first, last = entry.detail.get("first"), entry.detail.get("last")
    if not (isinstance(first, int) and isinstance(last, int)):
        return []
    told = []
    for number, event in between(database, first, last, most=CHANGES):
        differs = [
            f"{label}：{_arrow(was, became)}"
            for label, was, became in changes(event)
            if event.version > 1  # what is new differs in everything
        ]
        reason = f"（{_short(event.reason)}）" if event.reason else ""
        told.append(f"第 {number} 号 {KINDS[event.kind]}　{'；'.join(differs)}{reason}".rstrip())
    more = last - first + 1 - len(told)
    return [*told, f"另有 {more} 处改动"] if more > 0 else told


def _arrow(was: str, became: str) -> str:
    return f"{_short(was) or '（没有）'} → {_short(became) or '（没有）'}"


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= SHORT else f"{plain[:SHORT]}…"


def detail(entry: audit.Entry) -> str:
    """What a row tells besides, in words."""
    untold = {"sha256"}
    if entry.action == audit.LEDGER:
        untold |= {"first", "last"}  # the changes are told instead
    if entry.action in ("field_corrected", "field_restored"):
        untold |= {"fields"}
    shown = ((name, value) for name, value in entry.detail.items() if value and name not in untold)
    return "；".join(f"{DETAILS.get(name, name)} {_plain(value)}" for name, value in shown)


def _plain(value: object) -> str:
    match value:
        case list():
            return "、".join(map(_plain, value))
        case dict():
            return "、".join(f"{name}={content}" for name, content in value.items())
        case _:
            return WORDS.get(str(value), str(value))
