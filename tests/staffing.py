"""A member of staff in a browser: what the queue shows and what its buttons do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fastapi.testclient import TestClient
from httpx import Response

from kb.misses import Noted, note
from kb.rulings import Case, Event, cases, events
from kb.staff import opened
from server.noting import Notes
from tests.served import REFUSES, Page, served
from tests.test_server_staff import KEY, QUEUE, basic

SIGNED = {"authorization": basic("王芳"), "sec-fetch-site": "same-origin"}


def staffed(path: Path, **given: object) -> TestClient:
    settings = replace(REFUSES, staff_key=KEY)
    client = served(settings=settings, notes=Notes(path), **given)  # type: ignore[arg-type]
    client.headers.update(SIGNED)
    client.follow_redirects = False
    return client


def put(path: Path, *given: Noted, log: str = "masked") -> None:
    with opened(path) as database:
        note(database, given, log=log)


def shown(client: TestClient, address: str = QUEUE, *, status: int = 200) -> Page:
    response = client.get(address)
    assert response.status_code == status, response.text
    return Page.of(response.text)


def decide(client: TestClient, group: int = 1, **fields: str) -> Response:
    return client.post(f"{QUEUE}/{group}", data={"seen": "0", **fields})


def recorded(path: Path, group: int = 1) -> list[Event]:
    with opened(path) as database:
        return events(database, group)


def in_force(path: Path) -> list[Case]:
    with opened(path) as database:
        return cases(database)
