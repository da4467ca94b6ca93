"""Pages and the routes for staff, asked with anything at all: no answer is a fault of ours.

The API has a document of its own to be held to (api/test_contract.py). Not covered: what two
requests do to each other, files that are read (tests/fuzz), and values that take long to guess.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from starlette.types import ASGIApp

import server
from kb.staff import accounts
from server.console.filters import KEPT
from tests.support.routes import leaves
from tests.support.served import served
from tests.support.staffed import QUICK
from tests.support.staffing import HTTPS, OURS, browser, signed
from tests.support.town import begun, founded, stored, worked

EXAMPLES = 6  # of each route; each has several odd values
TEMPLATES = Path(server.__file__).parent / "templates"
WRITTEN = "".join(one.read_text(encoding="utf-8") for one in TEMPLATES.rglob("*.html"))
NAMES = sorted({*KEPT, *re.findall(r'name="([a-z_-]+)"', WRITTEN), "size", "after", "limit"})
ODD = (
    b"", b" ", b"\x00", b"a\x00b", b"\xff", b"\xed\xa0\x80", b"\r\nX: y", b"-1", b"0", b"1", b"2",
    b"1:1", b"01", b"1e3", b"1.5", b"9" * 15, b"9" * 19, b"9" * 400, "٣²".encode(), "１".encode(),
    b"0000-00-00", b"2024-02-30", b"9999-12-31", b"2024-06-30", b"../../etc/passwd", b"%00", b"%",
    b"[]", b"{}", b"null", b"\xef\xbb\xbf", "\u202e".encode(), "𠮷".encode() * 300, "年内".encode(),
    "甲".encode(), "路/〔2024〕3号.txt".encode(), b"done", b"under_way", b"rejected", b"overdue",
    b"'; DROP TABLE commitment; --", b'" OR NEAR( * -', b"<script>", b"a" * 5000,
)  # fmt: skip
VALUES = st.one_of(st.sampled_from(ODD), st.binary(max_size=12), st.text(max_size=8).map(
    lambda text: text.encode("utf-8", "replace")))  # fmt: skip
FIELDS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=6)
KINDS = (
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=gbk",
    "multipart/form-data; boundary=x", "multipart/form-data", "application/json", "", "\xff",
)  # fmt: skip


def routes() -> list[str]:
    """Method and path of all that the document of the API does not have."""
    found = leaves(served().app.routes)  # type: ignore[attr-defined]
    return [
        f"{method} {one.path}"
        for one in found
        if not getattr(one, "include_in_schema", False)
        for method in sorted(one.methods - {"HEAD"})
    ]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(accounts, "HASHER", QUICK)
        path = founded(tmp_path_factory.mktemp("town") / "staff.db")
    worked(path)
    return begun(path)


@pytest.fixture(scope="module")
def app(path: Path) -> ASGIApp:
    return browser(path, store=stored()).app


@pytest.fixture
def admin(path: Path, app: ASGIApp) -> TestClient:
    """The browser of somebody who may do anything, just signed in: some requests sign out."""
    client = TestClient(
        app, HTTPS, raise_server_exceptions=False, follow_redirects=False, headers=OURS
    )
    return signed(client, path, "admin")


def written(fields: list[tuple[str, bytes]]) -> str:
    return "&".join(f"{name}={quote(value)}" for name, value in fields)


def multipart(fields: list[tuple[str, bytes]]) -> bytes:
    """``fields`` as a form with files, which each has the name of its field."""
    parts = [
        b'--x\r\ncontent-disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
        % (name.encode(), b'; filename="%s"' % value if name == "file" else b"", value)
        for name, value in fields
    ]
    return b"".join(parts) + b"--x--\r\n"


@pytest.mark.parametrize("route", routes())
def test_no_request_at_all_is_a_fault(admin: TestClient, route: str) -> None:
    method, path = route.split(" ")
    places = re.findall(r"\{[^}]+\}", path)

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def asked(data: st.DataObject) -> None:
        address = path
        for place in places:
            filling = data.draw(st.one_of(st.just(b"1"), st.just("甲".encode()), VALUES))
            address = address.replace(place, quote(filling, safe=""))
        query, fields = data.draw(FIELDS), data.draw(FIELDS)
        kind = data.draw(st.sampled_from(KINDS)) if method != "GET" else ""
        body = multipart(fields) if "multipart" in kind else written(fields).encode()
        headers = [(b"content-type", kind.encode("latin-1"))] if kind else []
        response = admin.request(
            method, f"{address}?{written(query)}", content=body, headers=headers
        )
        told = (method, address, query, kind, fields)
        assert response.status_code < 500, told

    asked()


@pytest.mark.parametrize("address", ["/staff/search?q=", "/staff/commitments?words="])
def test_a_word_with_nul_in_it_is_in_no_commitment(admin: TestClient, address: str) -> None:
    for words in ("%00abc", "电%00梯", "a%00", "%00"):
        assert admin.get(address + words).status_code == 200
