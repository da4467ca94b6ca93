"""Signing in elsewhere, where the settings name a provider: there, and back with a session."""

from __future__ import annotations

import hmac
from functools import partial
from typing import TYPE_CHECKING, cast

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kb.errors import KbError
from kb.staff import accounts, failures, oidc_states, sessions
from kb.staff.accounts import AccountNotFound
from kb.staff.connection import Database
from kb.staff.database import writing
from kb.staff.oidc_states import NotPending, Pending
from kb.staff.permissions import Account
from server.console.access import cookies
from server.console.access.auth import client_hash, now, staff_database
from server.console.access.cookies import ours
from server.console.access.errors import SignOnRefused
from server.console.access.gate import gate_of
from server.console.access.sign_in import inside, sign_in_page
from server.desk import AtDesk, Desk, desk_of
from server.http.problems import NoSuchRoute
from server.pages.render import Text

if TYPE_CHECKING:
    from server.console.access.provider import Provider

THERE, BACK = "/staff/oidc", "/staff/oidc/back"
WHAT = "-oidc"  # suffix of the cookie that shows that the same browser comes back
routes = APIRouter(include_in_schema=False)


def provider_of(request: Request) -> Provider:
    """The provider of the application that ``request`` came to, made when first needed."""
    state = request.app.state
    if state.provider is None:
        # Imported here: its libraries take a tenth of the time in which a server starts.
        from server.console.access.provider import Provider

        state.provider = Provider(desk_of(request).settings)
    return cast("Provider", state.provider)


@routes.get(THERE)
async def go(request: Request, desk: AtDesk, next: Text = "") -> Response:
    """To the provider, with a state that only this browser has."""
    _check_on(desk)
    return await gate_of(request).elsewhere(partial(_gone, request, desk, next))


def _gone(request: Request, desk: Desk, next: str) -> Response:
    wanted = inside(next)
    try:
        cookies.check_secure(request)
        with staff_database(desk) as database:
            state, begun = oidc_states.begin(database, wanted=wanted, at=now())
        address = provider_of(request).address(begun, state=state, back=ours(request) + BACK)
    except KbError as error:
        return sign_in_page(request, wanted, problem=error)
    response = RedirectResponse(address, status_code=303)
    cookies.give(request, response, state, what=WHAT)
    return response


@routes.get(BACK)
async def come_back(
    request: Request,
    desk: AtDesk,
    state: Text = "",
    code: Text = "",
    error: Text = "",
    iss: Text = "",
) -> Response:
    """From the provider: a session for the account that it names, if there is one."""
    _check_on(desk)
    told = {"state": state, "code": code, "error": error, "iss": iss}
    return await gate_of(request).elsewhere(partial(_back, request, desk, **told))


def _back(request: Request, desk: Desk, *, state: str, code: str, error: str, iss: str) -> Response:
    wanted = ""
    try:
        begun = _taken(request, desk, state)
        wanted = begun.wanted
        if error or not code or iss not in ("", desk.settings.oidc_issuer):
            stated = error[:40] if error.isascii() and error.isprintable() else ""
            raise SignOnRefused(f"统一身份认证没有放行（{stated or '没有说原因'}）；请重新登录")
        name = provider_of(request).name(code, pending=begun, back=ours(request) + BACK)
        token = _begun(desk, name, client=gate_of(request).client(request))
    except KbError as refused:
        response = sign_in_page(request, wanted, problem=refused)
    else:
        response = RedirectResponse(inside(wanted), status_code=303)
        cookies.give(request, response, token)
    cookies.take(request, response, what=WHAT)
    return response


def _check_on(desk: Desk) -> None:
    if not desk.settings.oidc_issuer:
        raise NoSuchRoute("没有设统一身份认证；请用账号和密码登录")


def _taken(request: Request, desk: Desk, state: str) -> Pending:
    """What was begun with ``state`` in this browser. Raises NotPending."""
    cookies.check_secure(request)
    held = cookies.token_of(request, what=WHAT) or ""
    if not hmac.compare_digest(held.encode("utf-8", "replace"), state.encode("utf-8", "replace")):
        raise NotPending("这次登录不是从这个浏览器开始的；请重新登录")
    with staff_database(desk) as database:
        return oidc_states.take(database, state, at=now())


def _begun(desk: Desk, name: str, *, client: str) -> str:
    """A session's token for the account called ``name``. Raises SignOnRefused."""
    with staff_database(desk) as database:
        account = _account(database, name)
        if account is None or account.disabled:
            if account:
                known_by = client_hash(desk, client)
                with writing(database):
                    failures.tell(database, account.name, at=now(), client=known_by, way="oidc")
            raise SignOnRefused(f"这里没有启用的账号“{name[:40]}”；请找管理员")
        return sessions.begin(database, account, at=now(), way="oidc")


def _account(database: Database, name: str) -> Account | None:
    try:
        return accounts.account(database, name)
    except AccountNotFound:
        return None
