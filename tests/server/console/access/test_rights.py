"""Who may do what, route by route: every route of the application, as everybody who can come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import Route

from kb.staff import accounts
from kb.staff.permissions import Action
from server.console.access.auth import StaffRoute
from tests.support.fakes import MemoryStore
from tests.support.promises import ORGAN, RIVER
from tests.support.routes import leaves
from tests.support.served import served
from tests.support.staffed import PASSWORD, QUICK
from tests.support.town import MOBILE, SECRET, WATER, begun, came, founded, state, stored, worked

COME = ("reader", "neighbour", "reviewer", "manager", "admin")  # the columns of the table
# What anybody may ask for. A route that is neither here nor behind the door fails a test.
PUBLIC = {
    "GET /", "GET /letters", "GET /feeds", "GET /feed.atom",
    "GET /robots.txt", "GET /sitemap.xml", "GET /sitemap-{number:int}.xml", "GET /ask",
    "POST /ask/feedback", "GET /docs", "GET /openapi.json",
    "GET /livez", "GET /readyz", "GET /version", "GET /metrics", "GET /embed", "GET /widget.js",
    "GET /static/widget-{rest}", "GET /static/{name:path}", "POST /api/ask", "POST /api/ask/stream",
    "POST /api/feedback", "GET /api/suggestions", "GET /api/letters/{letter_id:anytext}",
    "GET /letters/{letter_id:anytext}", "GET /letters/{letter_id:anytext}/original",
    "GET /letters/{letter_id:anytext}/copy", "GET /letters/{letter_id:anytext}/page/{number}",
    "GET /quotes/{letter_id:anytext}/{place}/{digest}",
    "GET /staff/login", "POST /staff/login", "GET /staff/oidc", "GET /staff/oidc/back",
    "GET /calendar/{token}.ics", "GET /check", "POST /check", "POST /api/check", "GET /v1/models",
    "GET /v1/models/{model}", "POST /v1/chat/completions", "POST /v1/responses", "POST /mcp",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A request, the route that takes it, and the status that each of ``COME`` gets."""

    route: str  # method and path as the application has it
    expected: str
    address: str = ""  # the path, where that has no place to fill
    fields: dict[str, Any] = field(default_factory=dict)
    files: str | bool = False  # sent as multipart: True an empty file, else one of this name

    @property
    def method(self) -> str:
        return self.route.split()[0]

    def status_for(self, who: str) -> int:
        """What ``who`` gets."""
        return int(self.expected.split()[COME.index(who)])

    def sent(self, client: TestClient) -> int:
        address = self.address or self.route.split()[1]
        body: dict[str, Any] = {"data": self.fields} if self.method == "POST" else {}
        if self.files:
            body["files"] = {"file": ("a", b"") if self.files is True else (self.files, b"1")}
        return client.request(self.method, address, **body).status_code


ALL, EDITORS, LEADERS, ADMIN = (
    "200 200 200 200 200",
    "403 200 200 200 200",
    "403 403 403 200 200",
    "403 403 403 403 200",
)
ACT = "POST /staff/commitments/{number}/{act}"
MINE, YOURS = "403 403 303 303 303", "403 303 403 303 303"
FILE = 6  # of the fourth commitment
NEW = {"password": PASSWORD, "again": PASSWORD}
CORRECTED = {
    "version": "1", "co_organs": "云岭市财政局", "action": "青河清淤", "strength": "will",
    "target_text": "60部", "target_value": "60", "target_unit": "部",
}  # fmt: skip


def act(number: int, name: str, expected: str, **fields: str) -> Row:
    """A form of the page of a commitment."""
    address = f"/staff/commitments/{number}/{name}"
    return Row(ACT, expected, address, {"version": "1", "reason": "核实", **fields})


ROWS = (
    Row("POST /staff/logout", "303 303 303 303 303"),
    Row("GET /staff", ALL),
    Row("GET /staff/search", ALL, "/staff/search?q=电梯"),
    Row("GET /staff/due", ALL),
    Row("GET /staff/statistics", ALL),
    Row("GET /staff/compare", ALL),
    Row("GET /staff/proposals", EDITORS),
    Row("GET /staff/weekly", ALL),
    Row("GET /staff/weekly.docx", ALL),
    Row("GET /staff/before", ALL),
    Row("POST /staff/before", ALL, fields={"text": "关于加装电梯的提案"}, files=True),
    Row("POST /staff/before.docx", ALL, fields={"text": "关于加装电梯的提案"}, files=True),
    Row("GET /staff/review", EDITORS),
    Row("POST /staff/review", MINE, fields={"seen": "1:1", "becomes": "not_started"}),
    Row("POST /staff/review", YOURS, fields={"seen": "2:1", "becomes": "rejected"}),
    Row("POST /staff/review", "403 403 403 303 303",
        fields={"seen": ["1:1", "2:1"], "becomes": "not_started"}),
    Row("GET /staff/commitments", ALL),
    Row("GET /staff/commitments/{number}", ALL, "/staff/commitments/1"),
    Row("GET /staff/commitments/{number}", "404 200 200 200 200", "/staff/commitments/3"),
    Row("GET /staff/commitments/{number}/candidates", "403 403 200 200 200",
        "/staff/commitments/1/candidates"),
    Row("GET /staff/commitments/{number}/candidates", "403 200 403 200 200",
        "/staff/commitments/2/candidates"),
    act(1, "move", MINE, status="under_way"),
    act(2, "move", YOURS, status="under_way"),
    act(2, "move", YOURS, status="done"),
    act(2, "correct", YOURS, **CORRECTED, organ=WATER),
    act(2, "correct", YOURS, **CORRECTED, organ=WATER, due_raw="年内", due_last="2024-12-31",
        due_precision="year"),
    act(2, "correct", "403 403 403 303 303", **CORRECTED, organ=ORGAN),
    act(1, "link", MINE, letter="乙", words=RIVER[:6], relation="progresses"),
    act(2, "link", YOURS, letter="甲", words="加装电梯60部", relation="progresses"),
    act(2, "unlink", "403 422 403 422 422", evidence="9"),
    act(2, "accept", "403 422 403 422 422"),
    act(2, "place", YOURS, words=RIVER[2:]),
    act(2, "split", YOURS, parts=f"{RIVER[:8]}\n{RIVER[8:]}"),
    act(1, "merge", "403 403 403 303 303", others="2"),
    act(1, "assign", MINE, owner="reviewer"),
    act(2, "assign", YOURS, owner="neighbour"),
    act(2, "assign", "403 422 403 422 422", owner="reviewer"),
    act(6, "remind", MINE, whom=ORGAN, way="phone", said="请尽快"),
    act(2, "remind", "403 422 403 422 422", whom=WATER, way="phone"),  # nobody looked at it yet
    act(1, "comment", "403 303 303 303 303", remark="已与住建局核对"),
    act(3, "comment", "403 303 303 303 303", remark="已与住建局核对"),
    act(3, "move", "403 403 303 303 303", status="under_way"),
    Row("POST /staff/views", "303 303 303 303 303", "/staff/views?list=overdue",
        {"view-name": "逾期的"}),
    Row("POST /staff/views", "422 422 422 422 422", fields={"view-name": "什么也没筛"}),
    Row("POST /staff/views/{number}/delete", "303 404 404 404 404", "/staff/views/1/delete"),
    act(1, "sign", "403 403 403 422 422"),  # nothing waits there
    act(1, "send_back", "403 403 403 422 422"),
    act(4, "sign", "403 403 403 303 303", version="3"),
    act(4, "send_back", "403 403 403 303 303", version="3"),
    act(2, "redate", "403 422 403 422 422", done_on="2024-06-01"),  # it is not done
    act(5, "redate", YOURS, done_on="2024-06-01", version="2"),
    act(1, "undo", "403 403 422 422 422"),  # nobody has done anything to it
    act(5, "undo", "403 303 403 403 303", version="2"),  # whose step it was, and an admin
    Row("POST /staff/commitments/{number}/attachments", MINE, "/staff/commitments/1/attachments",
        {"version": "1", "form": "document", "relation": "fulfils"}, "验收.txt"),
    Row("POST /staff/commitments/{number}/attachments", YOURS, "/staff/commitments/2/attachments",
        {"version": "1", "form": "photo", "relation": "progresses"}, "街景.txt"),
    Row("GET /staff/commitments/{number}/files/{attachment}", "403 404 404 404 404",
        "/staff/commitments/1/files/9"),
    Row("GET /staff/commitments/{number}/files/{attachment}", "403 200 200 200 200",
        f"/staff/commitments/4/files/{FILE}"),
    Row("POST /staff/bulk", "403 200 200 200 200",
        fields={"seen": ["1:1", "2:1"], "action": "under_way"}),
    Row("POST /staff/bulk/confirm", "403 200 200 200 200",
        fields={"seen": ["1:1", "2:1"], "action": "under_way", "reason": "核实"}),
    Row("GET /staff/letters/{letter_id:anytext}", ALL, "/staff/letters/甲"),
    Row("GET /staff/letters/{letter_id:anytext}", "404 200 200 200 200", "/staff/letters/密"),
    Row("GET /staff/letters/{letter_id:anytext}/original", "403 404 404 404 404",
        "/staff/letters/甲/original"),  # nothing is kept of the town's letters
    Row("GET /staff/letters/{letter_id:anytext}/page/{number}", "403 404 404 404 404",
        "/staff/letters/甲/page/1"),
    Row("POST /staff/letters/{letter_id:anytext}", MINE, "/staff/letters/甲",
        {"words": "联系电话"}),
    Row("POST /staff/letters/{letter_id:anytext}", "403 422 403 422 422", "/staff/letters/乙",
        {"words": RIVER}),
    Row("POST /staff/letters/{letter_id:anytext}", "403 403 422 422 422", "/staff/letters/密",
        {"words": SECRET}),
    Row("GET /staff/letters", ALL),
    Row("POST /staff/letters/{letter_id:anytext}/fields", MINE, "/staff/letters/甲/fields",
        {"field-number": "云建函〔2024〕30号"}),
    Row("POST /staff/letters/{letter_id:anytext}/fields", YOURS, "/staff/letters/乙/fields",
        {"field-number": "云水函〔2024〕30号"}),
    Row("POST /staff/letters/{letter_id:anytext}/fields", "403 403 303 303 303",
        "/staff/letters/密/fields", {"field-number": "云建函〔2024〕31号"}),
    Row("GET /staff/uploads", LEADERS),
    Row("GET /staff/uploads/{number}", LEADERS, "/staff/uploads/1"),
    Row("POST /staff/uploads", "403 403 403 303 303", files="渠.txt"),
    Row("POST /staff/uploads/{number}/{act}", "403 403 403 303 303", "/staff/uploads/1/hold"),
    Row("POST /staff/uploads/{number}/{act}", "403 403 403 422 422", "/staff/uploads/1/burn"),
    Row("GET /staff/queue", EDITORS),
    Row("GET /staff/queue/{group_id}", EDITORS, "/staff/queue/1"),
    Row("POST /staff/queue/{group_id}", "403 303 303 303 303", "/staff/queue/1",
        {"seen": "0", "became": "done"}),
    Row("GET /staff/suggested", LEADERS),
    Row("POST /staff/suggested", "403 403 403 422 422", fields={"question": "火星基地何时建成"}),
    Row("POST /staff/suggested/withdraw", "403 403 403 404 404", fields={"id": "9"}),
    Row("GET /staff/outgoing", ALL),
    Row("GET /staff/export.{kind}", ALL, "/staff/export.csv"),
    Row("GET /staff/import", LEADERS),
    Row("POST /staff/import", "403 403 403 422 422", files=True),
    Row("POST /staff/import/confirm", "403 403 403 422 422", files=True),
    Row("POST /staff/feeds", "403 403 200 200 200", fields={"organ": ORGAN}),
    Row("POST /staff/feeds", "403 200 403 200 200", fields={"organ": WATER}),
    Row("POST /staff/feeds/{number}/revoke", "403 403 303 303 303", "/staff/feeds/1/revoke"),
    Row("POST /staff/feeds/{number}/revoke", "403 303 403 303 303", "/staff/feeds/2/revoke"),
    Row("GET /api/staff/commitments", ALL),
    Row("GET /api/staff/commitments/{number}", ALL, "/api/staff/commitments/1"),
    Row("GET /api/staff/commitments/{number}", "404 200 200 200 200", "/api/staff/commitments/3"),
    Row("GET /staff/audit", LEADERS),
    Row("POST /staff/audit", LEADERS),
    Row("GET /staff/accounts", ADMIN),
    Row("GET /staff/operations", ADMIN),
    *(
        Row("POST /staff/accounts/{act}", "403 403 403 403 303", f"/staff/accounts/{name}",
            {"name": "reader", **fields})
        for name, fields in (
            ("add", {"name": "新人", "role": "admin", **NEW}), ("change", {"role": "admin"}),
            ("disable", {}), ("enable", {}), ("password", NEW),
            ("mailbox", {"mailbox": "reader@example.gov.cn"}),
        )
    ),
)  # fmt: skip
READ = [one for one in ROWS if one.method == "GET"]
# Posts that are let through and change nothing of the state.
UNCHANGED = {
    "/staff/logout",
    "/staff/bulk",
    "/staff/before",
    "/staff/before.docx",
    "/staff/audit",
    "/staff/accounts/enable",
}


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    return stored()


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(accounts, "HASHER", QUICK)
    path = founded(tmp_path / "staff.db")
    assert worked(path) == FILE
    return begun(path)


def named(row: Row) -> str:
    """A row in a few words."""
    return f"{row.method} {row.address or row.route.split()[1]}"


@pytest.mark.parametrize("row", [one for one in ROWS if one.method == "POST"], ids=named)
@pytest.mark.parametrize("who", COME)
def test_everybody_may_change_what_the_table_says_and_what_is_refused_changes_nothing(
    path: Path, store: MemoryStore, row: Row, who: str
) -> None:
    client, before = came(path, who, store), state(path)
    expected = row.status_for(who)
    assert row.sent(client) == expected
    if expected >= 400:
        assert state(path) == before
    elif not {row.address, row.route.split()[1]} & UNCHANGED:
        assert state(path) != before, "the table's form is not one that does anything"


@pytest.mark.parametrize("who", COME)
def test_everybody_may_read_what_the_table_says(path: Path, store: MemoryStore, who: str) -> None:
    client, before = came(path, who, store), state(path)
    for row in READ:
        assert row.sent(client) == row.status_for(who), named(row)
    assert state(path) == before


@pytest.mark.parametrize("who", ["nobody", "disabled"])
def test_who_cannot_come_in_can_do_nothing(path: Path, store: MemoryStore, who: str) -> None:
    client, before = came(path, who, store), state(path)
    for row in ROWS:
        assert row.sent(client) == (401 if "/api/" in row.route else 303), named(row)
    assert state(path) == before


def told(route: Any) -> Iterator[str]:
    assert isinstance(route, Route | APIRoute), f"{route} is no kind of route that is known here"
    for method in sorted((route.methods or {"ANY"}) - {"HEAD"}):
        yield f"{method} {route.path}"


def test_every_route_is_public_by_name_or_behind_the_door_and_in_the_table() -> None:
    found = list(leaves(served().app.routes))  # type: ignore[attr-defined]
    behind = {name for one in found if isinstance(one, StaffRoute) for name in told(one)}
    open_ = [name for one in found if not isinstance(one, StaffRoute) for name in told(one)]
    assert sorted(open_) == sorted(PUBLIC)
    assert behind == {row.route for row in ROWS}


def test_every_route_behind_the_door_says_what_it_needs() -> None:
    for one in leaves(served().app.routes):  # type: ignore[attr-defined]
        if isinstance(one, StaffRoute):
            assert getattr(one.endpoint, "requires", None) in get_args(Action), one.path


@pytest.mark.parametrize("who", [*COME, "nobody", "disabled"])
def test_a_route_that_does_not_say_what_it_needs_lets_nobody_in(
    path: Path, store: MemoryStore, who: str
) -> None:
    forgetful = APIRouter(route_class=StaffRoute)

    @forgetful.api_route("/staff/forgotten", methods=["GET", "POST"])
    def forgotten() -> str:
        raise AssertionError("somebody came in")

    client = came(path, who, store)
    client.app.include_router(forgetful)  # type: ignore[attr-defined]
    expected = 403 if who in COME else 303
    assert client.get("/staff/forgotten").status_code == expected
    assert client.post("/staff/forgotten").status_code == expected


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_methods_that_no_route_has_reach_nothing(
    path: Path, store: MemoryStore, method: str
) -> None:
    client = came(path, "admin", store)
    for row in ROWS:
        address = row.address or row.route.split()[1]
        assert client.request(method, address).status_code == 405, address


def test_a_head_is_let_in_like_a_get(path: Path, store: MemoryStore) -> None:
    assert came(path, "nobody", store).head("/staff/audit").status_code == 303
    assert came(path, "reader", store).head("/staff/audit").status_code == 403


def test_who_may_not_see_all_is_shown_no_closed_letter_and_no_person(
    path: Path, store: MemoryStore
) -> None:
    client = came(path, "reader", store)
    for row in READ:
        text = client.get(row.address or row.route.split()[1]).text
        for secret in (SECRET, "大院", MOBILE):
            assert secret not in text, named(row)


def test_whole_letters_are_for_roles_that_may_see_them(path: Path, store: MemoryStore) -> None:
    for who in COME:
        text = came(path, who, store).get("/staff/letters/甲").text
        assert (MOBILE in text) is (who != "reader")
