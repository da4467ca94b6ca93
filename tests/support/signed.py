"""Members of staff who are signed in to the console, over a ledger with promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fastapi.testclient import TestClient

from kb.staff import accounts, sessions
from kb.staff.database import NAME, opened
from kb.staff.permissions import Role
from server.console.access.cookies import LOCAL
from server.question_log import Notes
from tests.support.promises import ORGAN, PROMISES, letter_of, put
from tests.support.served import served
from tests.support.staffed import join

SAME = {"sec-fetch-site": "same-origin"}


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the staff's database is, and the server over it."""

    path: Path
    client: TestClient

    def as_(self, role: Role, *, organs: tuple[str, ...] = (ORGAN,)) -> TestClient:
        """The server as a browser sees it in which somebody of this role has signed in."""
        with opened(self.path) as database:
            name = f"{role}-{len(accounts.accounts(database)) + 1}"
            account = join(database, name, role=role, organs=organs, password=None)
            token = sessions.begin(database, account, at=datetime.now(UTC), way="test")
        client = TestClient(self.client.app, follow_redirects=False, headers=SAME)
        client.cookies.set(LOCAL, token)
        return client


def desk_at(folder: Path) -> Desk:
    """A desk whose ledger has three promises, none of them looked at."""
    path = folder / NAME
    with opened(path) as database:
        put(database, letter_of(*PROMISES, number="云建函〔2024〕3号"))
    return Desk(path=path, client=served(notes=Notes(path)))
