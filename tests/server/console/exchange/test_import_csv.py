"""Corrections over HTTP: shown first, then made, and only those that were shown."""

from __future__ import annotations

import base64
from hashlib import sha256
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from kb.ledger import edit
from kb.ledger.events import entry
from kb.ledger.history import history
from kb.ledger.types import Entry
from kb.staff.database import opened
from server.console.access.uploads import LARGEST
from tests.support.promises import WANG, events
from tests.support.served import Page
from tests.support.signed import Desk, desk_at

FILE = "编号,版本,备注\r\n1,1,已催办\r\n2,1,\r\n".encode()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_at(tmp_path)


def send(client: TestClient, content: bytes, **fields: str) -> Response:
    return client.post("/staff/import", files={"file": ("台账.csv", content)}, data=fields)


def confirm(client: TestClient, page: Page) -> Response:
    """Press the button on the page that shows what would change."""
    fields = {
        one.attributes["name"]: one.attributes.get("value", "")
        for one in page.all("input", type="hidden")
        if one.attributes["name"] != "form_token"
    }
    return client.post(
        "/staff/import/confirm", files={name: (None, value) for name, value in fields.items()}
    )


def one(desk: Desk, number: int = 1) -> Entry:
    with opened(desk.path) as database:
        return entry(database, number)


def recorded(desk: Desk) -> int:
    with opened(desk.path) as database:
        return events(database)


def test_an_organ_that_nobody_knows_is_a_problem_unless_it_is_ticked(desk: Desk) -> None:
    client = desk.as_("manager")
    for organ in ("云岭市不存在局", "<script>alert(1)</script>", ""):
        file = f"编号,版本,负责单位\r\n1,1,{organ}\r\n".encode()
        response = send(client, file)
        assert response.status_code == 422
        assert "负责单位" in Page.of(response.text).one("table").text
    file = "编号,版本,负责单位\r\n1,1,云岭市不存在局\r\n".encode()
    page = Page.of(send(client, file, new_organ="1").text)
    assert confirm(client, page).status_code == 303
    assert one(desk).organ == "云岭市不存在局"


def test_a_file_is_shown_and_changes_nothing_until_it_is_confirmed(desk: Desk) -> None:
    client, before = desk.as_("manager"), recorded(desk)
    response = send(client, FILE, reason="会后整理")
    assert response.status_code == 200
    page = Page.of(response.text)
    assert "2 行里有 1 行会改动" in page.one("main").text
    assert [cell.text for cell in page.all("ins")] == ["已催办"]
    assert [cell.text for cell in page.all("del")] == ["空"]
    assert recorded(desk) == before

    done = confirm(client, page)
    assert done.status_code == 303
    assert one(desk).note == "已催办"
    with opened(desk.path) as database:
        (event, *_) = history(database, 1)
    assert (event.who, event.reason) == ("manager-1", "会后整理")
    page = Page.of(client.get(done.headers["location"]).text)
    assert page.one("p", class_="said").text == "已更正 1 条承诺"


def test_other_bytes_than_those_shown_are_refused(desk: Desk) -> None:
    client = desk.as_("manager")
    other = base64.b64encode(FILE.replace("已催办".encode(), "别的".encode())).decode()
    response = client.post(
        "/staff/import/confirm",
        files={"content": (None, other), "sha256": (None, sha256(FILE).hexdigest())},
    )
    assert response.status_code == 422
    assert "不是刚才显示的那个文件" in response.text
    assert one(desk).note == ""


@pytest.mark.parametrize("content", ["", "汉", "!!!!", "QQ"])
def test_a_confirmation_of_nothing_changes_nothing(desk: Desk, content: str) -> None:
    response = desk.as_("manager").post(
        "/staff/import/confirm", files={"content": (None, content), "sha256": (None, "x")}
    )
    assert response.status_code == 422


def test_what_was_changed_since_it_was_shown_is_told_and_nothing_is_done(desk: Desk) -> None:
    client = desk.as_("manager")
    page = Page.of(send(client, FILE).text)
    with opened(desk.path) as database:
        edit.correct(database, entry(database, 1).seen, {"note": "先写的"}, by=WANG)
    response = confirm(client, page)
    assert response.status_code == 422
    assert "别人改过" in response.text
    assert one(desk).note == "先写的"


def test_problems_are_a_table_of_rows_and_columns_and_there_is_nothing_to_confirm(
    desk: Desk,
) -> None:
    response = send(desk.as_("manager"), "编号,版本,末日\n1,1,六月底\n9,1,\n".encode())
    assert response.status_code == 422
    page = Page.of(response.text)
    rows = [one.text for one in page.all("td")]
    assert rows[0] == "末日"
    assert rows[2] == "整行"
    assert not page.all("input", name="sha256")


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"", 422, "还没有选择文件"),
        (b"PK\x03\x04", 422, "另存为 CSV"),
        (b"x" * (LARGEST + 1), 413, "超过 5 MB"),
        (b"x" * 8_000_000, 413, "请求正文超过"),
    ],
)
def test_what_is_no_such_file_is_said_on_the_page(
    desk: Desk, content: bytes, status: int, says: str
) -> None:
    response = send(desk.as_("manager"), content)
    assert response.status_code == status
    assert says in response.text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"a=b", "application/x-www-form-urlencoded"),
        (b"--x", "multipart/form-data"),
        (b"--x\r\n\r\n", "multipart/form-data; boundary=x"),
        (b"", "text/plain"),
        (b"{}", ""),
    ],
)
def test_a_form_that_is_none_is_no_fault_of_ours(desk: Desk, body: bytes, kind: str) -> None:
    response = desk.as_("manager").post(
        "/staff/import", content=body, headers={"content-type": kind}
    )
    assert response.status_code == 422


def test_words_of_a_file_are_shown_as_text(desk: Desk) -> None:
    response = send(desk.as_("manager"), "编号,版本,备注\n1,1,<img onerror=x>\n".encode())
    page = Page.of(response.text)
    assert [cell.text for cell in page.all("ins")] == ["<img onerror=x>"]
    assert not page.all("img")


@pytest.mark.parametrize("role", ["reader", "reviewer"])
def test_only_who_may_import_gets_in(desk: Desk, role: str) -> None:
    client = desk.as_(role)  # type: ignore[arg-type]
    assert client.get("/staff/import").status_code == 403
    assert send(client, FILE).status_code == 403
    assert desk.as_("admin").get("/staff/import").status_code == 200


@pytest.mark.parametrize("address", ["/staff/import", "/staff/import/confirm"])
def test_another_site_cannot_send_a_file(desk: Desk, address: str) -> None:
    client = desk.as_("manager")
    client.headers["sec-fetch-site"] = "cross-site"
    assert client.post(address, files={"file": ("x.csv", FILE)}).status_code == 403


def test_an_older_browser_is_known_by_the_token_in_the_address(desk: Desk) -> None:
    client = desk.as_("manager")
    page = Page.of(client.get("/staff/import").text)
    (form,) = [one for one in page.all("form") if "import" in one.attributes["action"]]
    del client.headers["sec-fetch-site"]
    files = {"file": ("x.csv", FILE)}
    assert client.post(form.attributes["action"], files=files).status_code == 200
    assert client.post("/staff/import?form_token=x", files=files).status_code == 403
