"""Nobody writes on the home page: the attack of one visitor, with many sessions, is played."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.feedback.suggested import often
from kb.staff.database import opened
from server.app import create
from server.question_log import Notes
from tests.support.fakes import MemoryStore
from tests.support.served import ANSWERS, REFUSES, TODAY, AskEmbedder, letters
from tests.support.staffing import HTTPS, OURS, shown, signed
from tests.support.stores import publish

INSULT = "周德海局长是不是农村公路的大贪官"
WORDINGS = (INSULT, f"{INSULT}？", f"请问{INSULT}呢", f"{INSULT} 大家说", f"{INSULT}！")
CLEAN = "农村公路硬化率是多少"
SHOWING = ("/", "/ask", "/api/suggestions", "/api/suggestions?q=周德海", "/api/suggestions?q=农村")


class Site:
    """A server with its questions in ``path``, visited from many addresses."""

    def __init__(self, path: Path, *, answers: bool) -> None:
        store = MemoryStore()
        publish(store, *letters())
        self.path, self.notes = path, Notes(path)
        self.app = create(
            ANSWERS if answers else REFUSES,
            store=store,
            embedder_of=AskEmbedder,
            today=lambda: TODAY,
            notes=self.notes,
        )

    def visitor(self, address: str) -> TestClient:
        """A new browser, without a cookie, at ``address``."""
        return TestClient(self.app, client=(address, 50_000))

    def staff(self) -> TestClient:
        client = self.visitor("192.0.2.1")
        client.base_url = HTTPS
        client.headers.update(OURS)
        client.follow_redirects = False
        return signed(client, self.path)

    def written(self) -> None:
        """Wait until what was asked is written down."""
        self.notes.close()

    def public(self) -> str:
        """Everything where questions are offered to citizens."""
        visitor = self.visitor("192.0.2.9")
        return "\n".join(visitor.get(address).text for address in SHOWING)


@pytest.fixture(params=[True, False], ids=["answered", "refused"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    return Site(tmp_path / "staff.db", answers=request.param)


@pytest.mark.parametrize(
    "addresses",
    [
        ["203.0.113.7"],
        # One house has all of a /64.
        [f"2001:db8:1:2::{n:x}" for n in range(1, 31)],
    ],
    ids=["one address", "all addresses of one line"],
)
def test_one_visitor_with_many_sessions_writes_nothing_anywhere(
    site: Site, addresses: list[str]
) -> None:
    for n in range(30):
        browser = site.visitor(addresses[n % len(addresses)])  # every time a new session
        words = WORDINGS[n % len(WORDINGS)]
        assert browser.post("/api/ask", json={"question": words}).status_code == 200
        assert browser.get("/ask", params={"q": words}).status_code == 200
        said = {"question": words, "snapshot": "s", "verdict": "answer", "useful": True}
        assert browser.post("/api/feedback", json=said).status_code == 204
    site.written()
    assert "周德海" not in site.public()
    with opened(site.path) as database:
        assert often(database, limit=99) == ()
        times = database.execute("SELECT max(refused + useless) FROM standing").fetchone()[0]
    assert times in (None, 1)
    staff = site.staff()
    assert "周德海" not in staff.get("/staff/suggested").text


def test_of_what_many_asked_only_the_words_that_staff_approved_are_shown(tmp_path: Path) -> None:
    site = Site(tmp_path / "staff.db", answers=True)
    for n in range(5):
        site.visitor(f"203.0.113.{n}").post("/api/ask", json={"question": INSULT})
    site.written()
    assert "周德海" not in site.public()
    staff = site.staff()
    offered = shown(staff, "/staff/suggested").all("input", name="question")
    assert INSULT in [box.attributes.get("value") for box in offered]  # to be put otherwise
    done = staff.post("/staff/suggested", data={"question": CLEAN})
    assert done.status_code == 303
    public = site.public()
    assert CLEAN in public
    assert "周德海" not in public
