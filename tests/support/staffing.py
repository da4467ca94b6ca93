"""A member of staff in a browser: signed in, over https; what pages show and what buttons do."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from fastapi.testclient import TestClient
from httpx import Response

from kb.feedback.questions import Noted, note
from kb.feedback.rulings import Case, Event, cases, events
from kb.staff import accounts, sessions
from kb.staff.database import opened
from kb.staff.permissions import Account, Role
from kb.staff.places import Place
from server.console.access.cookies import SECURE
from server.question_log import Notes
from tests.support.promises import ORGAN, WANG
from tests.support.served import REFUSES, Element, Page, served
from tests.support.staffed import PASSWORD

QUEUE = "/staff/queue"
LOGIN = "/staff/login"
RIGHT = {"name": "王芳", "password": PASSWORD}
OURS = {"sec-fetch-site": "same-origin"}
HTTPS = "https://testserver"


def browser(path: Place | None, **given: object) -> TestClient:
    """Somebody's browser, who is not signed in, and the server that keeps ``path``."""
    given.setdefault("settings", REFUSES)
    client = served(notes=Notes(path), **given)  # type: ignore[arg-type]
    client.base_url = HTTPS
    client.headers.update(OURS)
    client.follow_redirects = False
    return client


def signed(
    client: TestClient,
    path: Path,
    name: str = "王芳",
    *,
    role: Role = "manager",
    organs: tuple[str, ...] = (ORGAN,),
    at: datetime | None = None,
) -> TestClient:
    """``client`` with a session, begun now or ``at``, of an account that is made if need be."""
    with opened(path) as database:
        token = sessions.begin(
            database, _account(database, name, role, organs), at=at or datetime.now(UTC), way="test"
        )
    client.cookies.set(SECURE, token)
    return client


def staffed(path: Path, *, role: Role = "manager", **given: object) -> TestClient:
    """The browser of 王芳, signed in."""
    return signed(browser(path, **given), path, role=role)


def _account(
    database: sqlite3.Connection, name: str, role: Role, organs: tuple[str, ...]
) -> Account:
    try:
        return accounts.account(database, name)
    except accounts.AccountNotFound:
        return accounts.add(database, name, role=role, organs=organs, password=None, by=WANG)


def put(path: Path, *given: Noted, log: str = "masked") -> None:
    with opened(path) as database:
        note(database, given, log=log)


def shown(client: TestClient, address: str = QUEUE, *, status: int = 200) -> Page:
    response = client.get(address)
    assert response.status_code == status, response.text
    return Page.of(response.text)


def away(client: TestClient, address: str = "/staff") -> bool:
    """True if the browser is sent to sign in; it has to be shown the page else."""
    response = client.get(address)
    assert response.status_code in (200, 303), response.text
    return response.headers.get("location", "").startswith(LOGIN)


def tally(client: TestClient, address: str) -> int:
    """How many a list says that it has."""
    said = shown(client, address).one("p", class_="tally").text
    return int(re.findall(r"共 (\d+) 条", said)[0])


def whole(page: Page) -> list[Element]:
    """The links to all of a column."""
    return [one for one in page.all("a") if one.text.startswith("全部 ")]


def decide(client: TestClient, group: int = 1, **fields: str) -> Response:
    return client.post(f"{QUEUE}/{group}", data={"seen": "0", **fields})


def recorded(path: Path, group: int = 1) -> list[Event]:
    with opened(path) as database:
        return events(database, group)


def in_force(path: Path) -> list[Case]:
    with opened(path) as database:
        return cases(database)
