"""Every kind of answer, behind TLS, gets at least 115 by the rules of Mozilla's Observatory.

Not covered: what a proxy answers by itself (its certificates, the way from http to https, its own
413 and 502), and the bonus for being on the browsers' list of preloaded hosts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from kb.staff import accounts
from kb.staff.database import opened
from server.question_log import Notes
from tests.support.fakes import MemoryStore
from tests.support.observatory import STRANGER, points, score
from tests.support.routes import leaves
from tests.support.served import ADDRESSES, ANSWERS, BrokenStore, served
from tests.support.staffed import PASSWORD, QUICK, join
from tests.support.staffing import signed
from tests.support.town import begun, founded, stored, worked

LEAST = 115
PROXY = "10.0.0.9"
BEHIND = {"x-forwarded-proto": "https", "x-forwarded-for": "198.51.100.7"}
FILLED = {"letter_id": "甲", "name": "fuwen.css", "attachment": "6", "act": "move", "place": "0-5"}
ODD = ("/nothing", "/api/nothing", "/staff/nothing", "/static/nothing.js", "/letters/%00", "/%ff")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(accounts, "HASHER", QUICK)
        path = founded(tmp_path_factory.mktemp("town") / "staff.db")
        worked(path)
        yield begun(path)


def visitor(path: Path, store: MemoryStore, **changed: object) -> TestClient:
    """Somebody who comes over TLS through a proxy that we trust."""
    settings = replace(ANSWERS, trusted_proxy=PROXY, **changed)  # type: ignore[arg-type]
    app = served(settings=settings, notes=Notes(path), store=store).app
    client = TestClient(app, client=(PROXY, 1), headers=BEHIND, base_url="http://fuwen.example")
    client.follow_redirects = False
    return client


def addresses() -> Iterator[tuple[str, str]]:
    """Each route of the application with its places filled, and what is no route."""
    for route in leaves(served().app.routes):  # type: ignore[attr-defined]
        address = re.sub(r"\{(\w+)[^}]*\}", lambda place: FILLED.get(place[1], "1"), route.path)
        for method in sorted(route.methods - {"HEAD"}):
            yield method, address
    yield from (("GET", address) for address in (*ADDRESSES, *ODD))
    yield from (("PUT", address) for address in ("/", "/api/ask", "/staff", "/static/fuwen.css"))


def weak(response: Response) -> str:
    """What is wrong with ``response``; "" where nothing is."""
    found = score(response)
    asked = f"{response.request.method} {response.request.url}"
    return "" if found >= LEAST else f"{asked} {response.status_code} {found} {points(response)}"


@pytest.mark.parametrize("who", ["nobody", "admin"])
def test_every_route_gets_enough_whoever_asks(path: Path, who: str) -> None:
    client = visitor(path, stored())
    if who == "admin":
        signed(client, path, who)
    statuses, found = set(), []
    for method, address in addresses():
        for more in ({"sec-fetch-site": "same-origin"}, {"origin": STRANGER}):
            response = client.request(method, address, headers=more)
            statuses.add(response.status_code)
            found.append(weak(response))
    assert not list(filter(None, found))
    assert {200, 303, 308, 403, 404, 405, 415, 422} <= statuses


def test_signing_in_gives_a_cookie_for_us_alone(path: Path) -> None:
    with opened(path) as database:
        join(database, "newcomer", role="reader", password=PASSWORD)
    form, ours = {"name": "newcomer", "password": PASSWORD}, {"sec-fetch-site": "same-origin"}
    response = visitor(path, stored()).post("/staff/login", data=form, headers=ours)
    assert response.status_code == 303, response.text
    assert points(response)["cookies"] == (5, "for us alone")
    assert not weak(response)


def test_faults_and_limits_get_enough(path: Path) -> None:
    broken = visitor(path, BrokenStore(RuntimeError("x")))
    hasty = visitor(path, stored(), rate=1)
    found = [broken.get(address) for address in ("/", "/readyz", "/letters/甲")]
    assert [one.status_code for one in found] == [500] * 3
    found += [hasty.get("/ask?q=公路") for _ in range(2)]
    assert found[-1].status_code == 429
    assert not list(filter(None, map(weak, found)))


def test_where_other_sites_may_embed_they_alone_may(path: Path) -> None:
    client = visitor(path, stored(), embed_origins="https://www.yunling.example")
    for address in ("/embed", "/widget.js", "/api/suggestions"):
        assert not weak(client.get(address, headers={"origin": STRANGER}))
    named = client.get("/api/suggestions", headers={"origin": "https://www.yunling.example"})
    assert named.headers["access-control-allow-origin"] == "https://www.yunling.example"
    assert not weak(named)


GOOD = {
    "content-security-policy": "default-src 'none'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}
WORSE = [
    (None, None, 130),
    ("set-cookie", "a=b; Secure; HttpOnly; SameSite=Lax", 135),
    ("set-cookie", "a=b; Secure; HttpOnly", 80),
    ("set-cookie", "a=b; Secure; SameSite=Lax", 70),
    ("set-cookie", "a=b; HttpOnly; SameSite=Lax", 60),
    ("content-security-policy", "", 55),  # nor anything said of frames
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'", 120),
    ("content-security-policy", "default-src 'none'; script-src 'unsafe-inline'", 60),
    ("content-security-policy", "default-src 'self'; img-src http:; frame-ancestors 'none'", 110),
    ("strict-transport-security", "", 80),
    ("strict-transport-security", "max-age=600", 120),
    ("x-content-type-options", "", 125),
    ("referrer-policy", "unsafe-url", 120),
    ("cross-origin-resource-policy", "cross-origin", 120),
    ("access-control-allow-origin", "*", 50),
    ("location", "http://fuwen.example/", 80),
    ("location", "https://elsewhere.example/", 125),
]


@pytest.mark.parametrize(("name", "value", "expected"), WORSE)
def test_the_rules_tell_good_from_bad(name: str | None, value: str | None, expected: int) -> None:
    headers = GOOD | ({name: value} if name and value is not None else {})
    asked = TestClient(served().app).build_request("GET", "https://fuwen.example/")
    assert score(Response(200, headers=headers, request=asked)) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("/static/a.js", 130),
        ("http://b.example/a.js", 50),
        ("https://b.example/a.js", 125),
        ('https://b.example/a.js" integrity="sha256-x', 135),
    ],
)
def test_scripts_of_others_cost_unless_they_are_known(script: str, expected: int) -> None:
    page = f'<!doctype html><html><script src="{script}"></script></html>'
    asked = TestClient(served().app).build_request("GET", "https://fuwen.example/")
    answer = Response(200, headers=GOOD, html=page, request=asked)
    assert score(answer) == expected
