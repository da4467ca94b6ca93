"""The page of accounts: what an administrator can do there, and what nobody can."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from kb.staff import accounts, audit
from kb.staff.database import opened
from kb.staff.mailboxes import mailboxes
from kb.staff.permissions import Account
from server.console.access.cookies import SECURE
from tests.support.promises import ORGAN
from tests.support.served import Page
from tests.support.staffed import PASSWORD, QUICK
from tests.support.staffing import browser, shown, staffed

PAGE = "/staff/accounts"
NEW = "另一个更长的密码2025"
LI = {"name": "李明", "role": "reviewer", "organs": ORGAN, "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(accounts, "HASHER", QUICK)
    monkeypatch.setattr(accounts, "_NOBODYS", [])
    return tmp_path / "staff.db"


@pytest.fixture
def client(path: Path) -> TestClient:
    return staffed(path, role="admin")


def did(client: TestClient, act: str, **fields: str) -> str:
    """What the page says after a form that was accepted."""
    response = client.post(f"{PAGE}/{act}", data=fields)
    assert response.status_code == 303, Page.of(response.text).one("main").text
    return shown(client, response.headers["location"]).one("p", role="status").text


def refused(response: Response, status: int) -> Page:
    assert response.status_code == status
    return Page.of(response.text)


def known(path: Path, name: str = "李明") -> Account:
    with opened(path) as database:
        return accounts.account(database, name)


def signs_in(client: TestClient, password: str, name: str = "李明") -> bool:
    other = TestClient(client.app, base_url=client.base_url, follow_redirects=False)
    fields = {"name": name, "password": password}
    headers = {"sec-fetch-site": "same-origin"}
    return SECURE in other.post("/staff/login", data=fields, headers=headers).cookies


def test_an_account_that_is_added_can_sign_in(path: Path, client: TestClient) -> None:
    assert did(client, "add", **LI) == "已增加账号 李明（核实）"
    assert (known(path).role, known(path).organs) == ("reviewer", (ORGAN,))
    assert signs_in(client, PASSWORD)
    with opened(path) as database:
        told = audit.entries(database, limit=1, action="account_added")[0]
    assert (told.who, told.subject) == ("王芳", "李明")


def test_several_organs_are_told_line_by_line(path: Path, client: TestClient) -> None:
    did(client, "add", **{**LI, "organs": f"{ORGAN}\r\n 云岭市水利局 、云岭市民政局\n"})
    assert known(path).organs == (ORGAN, "云岭市水利局", "云岭市民政局")


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"again": "x"}, "两次输入的密码不一样"),
        ({"password": "短", "again": "短"}, "密码要有"),
        ({"name": ""}, "账号名"),
        ({"name": "程序"}, "账号名"),
        ({"name": "王芳"}, "已经有了"),
        ({"role": "boss"}, "没有角色"),
        ({"role": ""}, "没有角色"),
        ({"organs": " "}, "单位全称"),
        ({"password": "", "again": ""}, "密码要有"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays_but_for_the_password(
    path: Path, client: TestClient, wrong: dict[str, str], problem: str
) -> None:
    page = refused(client.post(PAGE + "/add", data={**LI, **wrong}), 422)
    assert problem in page.one("p", role="alert").text
    typed = page.one("input", id="a-name").attributes["value"]
    assert typed == wrong.get("name", LI["name"])
    assert not [i for i in page.all("input", type="password") if i.attributes.get("value")]
    with opened(path) as database:
        assert [one.name for one in accounts.accounts(database)] == ["王芳"]


def test_role_organs_password_and_access_are_changed(path: Path, client: TestClient) -> None:
    did(client, "add", **LI)
    page = shown(client, f"{PAGE}?name=李明")
    assert "李明" in [h.text for h in page.all("h2")]
    assert "主管" in did(client, "change", name="李明", role="manager", organs="")
    assert known(path).role == "manager"
    did(client, "password", name="李明", password=NEW, again=NEW)
    assert not signs_in(client, PASSWORD)
    assert signs_in(client, NEW)
    did(client, "disable", name="李明")
    assert not signs_in(client, NEW)
    did(client, "enable", name="李明")
    assert signs_in(client, NEW)


@pytest.mark.parametrize(
    ("act", "fields"),
    [("disable", {}), ("change", {"role": "manager"}), ("change", {"role": "reader"})],
)
def test_the_last_administrator_stays(
    path: Path, client: TestClient, act: str, fields: dict[str, str]
) -> None:
    page = refused(client.post(f"{PAGE}/{act}", data={"name": "王芳", **fields}), 409)
    assert "最后一个启用的管理员" in page.one("p", role="alert").text
    assert known(path, "王芳").role == "admin"
    assert client.get(PAGE).status_code == 200


def test_what_is_done_to_nobody_is_not_found(client: TestClient) -> None:
    for act in ("change", "disable", "enable", "password"):
        fields = {"name": "没有", "role": "reader", "password": NEW, "again": NEW}
        assert client.post(f"{PAGE}/{act}", data=fields).status_code == 404
    assert client.post(f"{PAGE}/promote", data={"name": "王芳"}).status_code == 404


def test_no_page_makes_the_first_account(path: Path) -> None:
    client = browser(path)
    response = client.post(PAGE + "/add", data=LI)
    assert response.headers["location"].startswith("/staff/login")
    with opened(path) as database:
        assert not accounts.accounts(database)


def test_every_control_of_the_page_has_a_name(client: TestClient) -> None:
    for address in (PAGE, PAGE + "?name=王芳"):
        page = shown(client, address)
        labelled = {one.attributes.get("for") for one in page.all("label")}
        for control in (*page.all("input"), *page.all("textarea"), *page.all("select")):
            given = control.attributes
            assert given.get("type") == "hidden" or given["id"] in labelled


def test_an_account_is_given_where_it_is_reminded_and_loses_it_again(
    path: Path, client: TestClient
) -> None:
    did(client, "add", **LI)
    said = did(client, "mailbox", name="李明", mailbox="liming@example.gov.cn")
    assert "已改 李明 的邮箱" in said
    page = shown(client, f"{PAGE}?name=李明")
    assert page.one("input", id="c-mailbox").attributes["value"] == "liming@example.gov.cn"
    for wrong in ("liming", "李@x.cn", "a@b", "a@b.cn,c@d.cn", "a@b.cn\nBcc: x@y.cn"):
        response = client.post(f"{PAGE}/mailbox", data={"name": "李明", "mailbox": wrong})
        assert response.status_code == 422, wrong
    with opened(path) as database:
        assert mailboxes(database) == {"李明": "liming@example.gov.cn"}
        (row,) = audit.entries(database, limit=9, action="mailbox_set")
        assert (row.subject, row.detail) == ("李明", {})
    did(client, "mailbox", name="李明", mailbox="")
    with opened(path) as database:
        assert mailboxes(database) == {}
