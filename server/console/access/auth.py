"""Who is signed in to the console, what a route requires, where a form came from.

A route is a function under ``requires(action)`` on a router whose ``route_class`` is
``StaffRoute``; a route without ``requires`` lets nobody in. What an account may do only to its own
organ's commitments is asked again, with the organ, of ``kb.ledger.policy``.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any, TypeVar, cast
from urllib.parse import quote

import anyio
from fastapi import Depends, Request
from fastapi.routing import APIRoute
from starlette.responses import RedirectResponse, Response

from kb.errors import KbError
from kb.privacy.pii import masked
from kb.settings import Settings
from kb.staff import addresses, sessions
from kb.staff.connection import Database
from kb.staff.database import By, StaffUnusable, opened
from kb.staff.permissions import Account, Action, NotAllowed, may, permit, rule
from kb.staff.sessions import Lifetime, NotSignedIn
from server.console.access import cookies
from server.console.access.forms import check_ours
from server.desk import Desk, desk_of
from server.http import problems
from server.http.forms import FORM_POLICY
from server.telemetry.request import HERE

LOGIN = "/staff/login"
SAFE = ("GET", "HEAD")
API = "/api/staff/"
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRequest:
    """Somebody who is signed in, for one request; ``token`` is their session's."""

    account: Account
    token: str
    at: datetime

    @property
    def by(self) -> By:
        """Who does what this request does, for the ledger and the audit log."""
        return By(who=self.account.name, at=self.at)

    def said(self, words: str) -> str:
        """``words`` as an address carries them to the page that says what was done."""
        return f"{words}~{sessions.word_of(self.token, words)}"

    def heard(self, carried: str) -> str:
        """The words that ``said`` made ``carried`` of, "" where it was somebody else."""
        words, _, word = carried.rpartition("~")
        return words if sessions.word_right(self.token, words, word) else ""

    @property
    def sees_all(self) -> bool:
        """True if they may see letters that are not public, and personal data."""
        return may(self.account, "read_unmasked")

    def may(self, action: Action, *, organ: str | None = None) -> bool:
        """True if the account may do this; without ``organ`` to at least its own organ's."""
        if organ is None:
            return rule(self.account.role, action) != "no"
        return may(self.account, action, organ=organ)

    def shown(self, words: str) -> str:
        """``words`` as this account may see them: character for character, hidden or not."""
        return words if self.sees_all else masked(words)


def requires(action: Action) -> Callable[[Endpoint], Endpoint]:
    """Says what an account must be allowed, at least for its own organ, to get to a route."""

    def marked(endpoint: Endpoint) -> Endpoint:
        endpoint.requires = action  # type: ignore[attr-defined]
        return endpoint

    return marked


class StaffRoute(APIRoute):
    """A route for those who are signed in and allowed; ``Visiting`` is who it is."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inside = super().get_route_handler()
        action: Action | None = getattr(self.endpoint, "requires", None)

        async def guarded(request: Request) -> Response:
            try:
                visit = await anyio.to_thread.run_sync(partial(_come_in, request))
            except NotSignedIn as error:
                return _to_login(request, error)
            if here := HERE.get():
                here.account = visit.account.name
            if action is None or not visit.may(action):
                raise _refused(visit, action)
            if request.method not in SAFE:
                await check_ours(request, visit.token)
            request.state.visit = visit
            response = await inside(request)
            response.headers.update(FORM_POLICY)
            return response

        return guarded


def visit_of(request: Request) -> StaffRequest:
    """Who sent ``request``; only in a ``StaffRoute``."""
    return cast(StaffRequest, request.state.visit)


Visiting = Annotated[StaffRequest, Depends(visit_of)]


@contextmanager
def staff_database(desk: Desk) -> Iterator[Database]:
    """The staff's database. Raises StaffUnusable."""
    if desk.notes.path is None:
        raise StaffUnusable("没有设定 staff.db 的位置；请用 fuwen serve 启动")
    with opened(desk.notes.path) as database:
        yield database


def client_hash(desk: Desk, client: str) -> str:
    """``client``, an address, as the staff's database may have it. Raises StaffUnusable."""
    if desk.notes.path is None:
        raise StaffUnusable("没有设定 staff.db 的位置；请用 fuwen serve 启动")
    return addresses.hashed(client, folder=desk.notes.path.parent)


def lifetime_of(settings: Settings) -> Lifetime:
    """How long a session lasts by the settings."""
    return Lifetime(
        idle=timedelta(minutes=settings.session_idle), whole=timedelta(hours=settings.session_hours)
    )


def now() -> datetime:
    """This moment, as sessions and the ledger note it."""
    return datetime.now(UTC)


def _come_in(request: Request) -> StaffRequest:
    """Whose session ``request`` carries. Raises NotSignedIn."""
    desk = desk_of(request)
    token = cookies.token_of(request)
    if token is None:
        raise NotSignedIn("请先登录")
    at = now()
    with staff_database(desk) as database:
        account = sessions.account_of(database, token, at=at, lifetime=lifetime_of(desk.settings))
    return StaffRequest(account=account, token=token, at=at)


def _refused(visit: StaffRequest, action: Action | None) -> KbError:
    if action is None:
        return NotAllowed("这个地址没有写明谁可以用，所以谁也不能用；请告诉管理员")
    try:
        permit(visit.account, action)
    except NotAllowed as error:
        return error
    raise TypeError("refused what is allowed")


def _to_login(request: Request, error: KbError) -> Response:
    """A redirect to the sign-in page; programs get the error, htmx a header that redirects."""
    path = request.url.path
    if path.startswith(API):
        return problems.response(error)
    back = f"{path}?{request.url.query}" if request.url.query else path
    address = LOGIN if request.method not in SAFE else f"{LOGIN}?next={quote(back, safe='/')}"
    if request.headers.get("hx-request") == "true":
        return Response(status_code=401, headers={"hx-redirect": LOGIN})
    return RedirectResponse(address, status_code=303)
