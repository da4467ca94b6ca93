"""Accounts, for administrators. The first one is made on the command line, never here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kb.errors import KbError, WrongUse
from kb.ledger.queries import organs
from kb.staff import accounts
from kb.staff.connection import Database
from kb.staff.database import By
from kb.staff.mailboxes import mailboxes, set_mailbox
from kb.staff.permissions import ROLES, Role
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.access.forms import Form, SentForm
from server.console.layout import show
from server.desk import AtDesk, Desk
from server.http.problems import NoSuchRoute
from server.pages.render import Text
from server.present import views

PAGE = "/staff/accounts"
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@routes.get(PAGE)
@requires("accounts")
def list_accounts(
    request: Request, desk: AtDesk, visit: Visiting, name: Text = "", did: Text = ""
) -> Response:
    """All accounts, and what can be done to the one called ``name``."""
    return _page(request, desk, visit, name=name, did=did)


@routes.post(PAGE + "/{act}")
@requires("accounts")
def change(request: Request, act: str, desk: AtDesk, visit: Visiting, form: SentForm) -> Response:
    """Do what a form of the page asks for, and show the page again."""
    if act not in ACTS:
        raise NoSuchRoute("没有这种操作；请回到账号页")
    name = form.get("name", "")
    try:
        with staff_database(desk) as database:
            did = ACTS[act](database, name, form, visit.by)
    except KbError as error:
        chosen = "" if act == "add" else name
        return _page(request, desk, visit, name=chosen, form=form, problem=error)
    return RedirectResponse(views.link(PAGE, did=visit.said(did)), status_code=303)


def _add(database: Database, name: str, form: Form, by: By) -> str:
    made = accounts.add(
        database,
        name,
        role=_role(form),
        organs=_organs(form),
        password=None if form.get("without") else _password(form),
        by=by,
    )
    return f"已增加账号 {made.name}（{ROLES[made.role]}）"


def _change(database: Database, name: str, form: Form, by: By) -> str:
    made = accounts.change(
        database, name, role=_role(form), organs=_organs(form), keep_admin=True, by=by
    )
    return f"{made.name} 现在是{ROLES[made.role]}，单位：{'、'.join(made.organs) or '无'}"


def _disable(database: Database, name: str, form: Form, by: By) -> str:
    accounts.disable(database, name, by=by, keep_admin=True)
    return f"已停用账号 {name}，已登录的立即失效"


def _enable(database: Database, name: str, form: Form, by: By) -> str:
    accounts.disable(database, name, by=by, disabled=False)
    return f"已启用账号 {name}"


def _set_password(database: Database, name: str, form: Form, by: By) -> str:
    accounts.set_password(database, name, _password(form), by=by)
    return f"已改 {name} 的密码，已登录的立即失效"


def _set_mailbox(database: Database, name: str, form: Form, by: By) -> str:
    set_mailbox(database, name, form.get("mailbox", ""), by=by)
    return f"已改 {name} 的邮箱"


ACTS: Mapping[str, Callable[[Database, str, Form, By], str]] = {
    "add": _add,
    "change": _change,
    "disable": _disable,
    "enable": _enable,
    "password": _set_password,
    "mailbox": _set_mailbox,
}


def _role(form: Form) -> Role:
    return form.get("role", "")  # type: ignore[return-value]  # kb.staff.accounts says which there are


def _organs(form: Form) -> list[str]:
    """The organs in a form, each on its line or after 、."""
    lines = form.get("organs", "").replace("、", "\n").split("\n")
    return [line.strip() for line in lines if line.strip()]


def _password(form: Form) -> str:
    password = form.get("password", "")
    if password != form.get("again", ""):
        raise WrongUse("两次输入的密码不一样；请重新输入")
    return password


def _page(
    request: Request,
    desk: Desk,
    visit: StaffRequest,
    *,
    name: str = "",
    did: str = "",
    form: Form | None = None,
    problem: KbError | None = None,
) -> Response:
    with staff_database(desk) as database:
        listed = accounts.accounts(database)
        known = organs(database)
        written_to = mailboxes(database)
    return show(
        "accounts.html",
        request=request,
        visit=visit,
        problem=problem,
        did=visit.heard(did),
        accounts=listed,
        chosen=next((account for account in listed if account.name == accounts.folded(name)), None),
        form=dict.fromkeys(("name", "role", "organs"), "") | dict(form or {}),
        mailboxes=written_to,
        roles=ROLES,
        organs=known,
        shortest=accounts.SHORTEST_PASSWORD,
        longest=accounts.LONGEST_PASSWORD,
        elsewhere=desk.settings.oidc_name if desk.settings.oidc_issuer else "",
    )
