"""Signing in and out. The only pages of the console that nobody has to be signed in for."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kb.errors import KbError
from kb.staff import failures, sessions
from kb.staff.failures import LockedOut
from server.console.access import cookies
from server.console.access.auth import (
    LOGIN,
    StaffRoute,
    Visiting,
    client_hash,
    now,
    requires,
    staff_database,
)
from server.console.access.forms import Sent, one
from server.console.access.gate import gate_of
from server.desk import AtDesk, Desk, desk_of
from server.http.forms import FORM_POLICY, check_ours
from server.http.problems import told
from server.pages.render import Text, render

LONGEST = 300  # code points of a name or a password that are looked at
open_routes = APIRouter(include_in_schema=False)
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@open_routes.get(LOGIN)
def ask_name(request: Request, next: Text = "") -> Response:
    """The form to sign in with."""
    try:
        cookies.check_secure(request)
    except KbError as error:
        return sign_in_page(request, next, problem=error)
    return sign_in_page(request, next)


@open_routes.post(LOGIN)
async def sign_in(request: Request, desk: AtDesk, fields: Sent) -> Response:
    """Begin a session, and go to where one wanted to."""
    wanted = one(fields, "next")
    try:
        cookies.check_secure(request)
        check_ours(request)
        name, password = one(fields, "name")[:LONGEST], one(fields, "password")[:LONGEST]
        gate = gate_of(request)
        client = gate.client(request)
        token = await gate.through(
            client,
            partial(_begun, desk, name, password, client=client),
            known=partial(_known, desk, client=client),
        )
    except KbError as error:
        return sign_in_page(request, wanted, problem=error, name=one(fields, "name"))
    response = RedirectResponse(inside(wanted), status_code=303)
    cookies.give(request, response, token)
    return response


@routes.post("/staff/logout")
@requires("read")
def sign_out(request: Request, desk: AtDesk, visit: Visiting) -> Response:
    """End the session."""
    with staff_database(desk) as database:
        sessions.sign_out(database, visit.token, at=visit.at)
    response = RedirectResponse(f"{LOGIN}?next=", status_code=303)
    cookies.take(request, response)
    return response


def inside(wanted: str) -> str:
    """``wanted`` if it is an address of the console, else its first page."""
    ours = wanted == "/staff" or wanted.startswith(("/staff/", "/staff?"))
    return wanted if ours and "\\" not in wanted and wanted.isprintable() else "/staff"


def _begun(desk: Desk, name: str, password: str, *, client: str) -> str:
    with staff_database(desk) as database:
        known_by = client_hash(desk, client)
        return sessions.sign_in(database, name, password, at=now(), client=known_by)


def _known(desk: Desk, *, client: str) -> bool:
    with staff_database(desk) as database:
        return failures.welcome(database, client_hash(desk, client), at=now())


def sign_in_page(
    request: Request, wanted: str, *, problem: KbError | None = None, name: str = ""
) -> Response:
    """The form to sign in with, and what went wrong."""
    settings = desk_of(request).settings
    response = render(
        "console/login.html",
        request=request,
        status=problem.status if problem else 200,
        next=wanted,
        name=name,
        problem=told(problem) if problem else "",
        elsewhere=settings.oidc_name if settings.oidc_issuer else "",
    )
    response.headers.update(FORM_POLICY)
    if isinstance(problem, LockedOut):
        response.headers["retry-after"] = str(problem.retry_after)
    return response
