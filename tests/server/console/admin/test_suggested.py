"""The page on which staff approve the questions that citizens are offered."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.feedback.suggested import suggested
from kb.staff.database import opened
from tests.support.noted import answered
from tests.support.served import ANSWERS
from tests.support.staffing import browser, put, shown, staffed

AT = "/staff/suggested"
GOOD = "农村公路硬化率是多少"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "staff.db"


@pytest.fixture
def client(path: Path) -> TestClient:
    return staffed(path, settings=ANSWERS)


def offered(client: TestClient) -> list[str]:
    found: list[str] = client.get("/api/suggestions").json()["suggestions"]
    return found


def test_an_approved_question_is_offered_at_once_everywhere_and_gone_when_withdrawn(
    client: TestClient, path: Path
) -> None:
    assert GOOD not in offered(client)
    done = client.post(AT, data={"question": GOOD})
    assert (done.status_code, done.headers["location"]) == (303, f"{AT}?did=approved")
    assert offered(client)[0] == GOOD
    for page in ("/", "/ask"):
        assert GOOD in client.get(page).text
    assert "王芳" in shown(client, AT).one("table").text
    with opened(path) as database:
        (one,) = suggested(database)
    assert client.post(f"{AT}/withdraw", data={"id": str(one.id)}).status_code == 303
    assert GOOD not in offered(client)
    assert client.post(f"{AT}/withdraw", data={"id": str(one.id)}).status_code == 404


def test_a_question_with_personal_data_is_refused_and_says_why(client: TestClient) -> None:
    refused = client.post(AT, data={"question": f"{GOOD} 13812345678"})
    assert refused.status_code == 422
    assert "个人信息" in refused.text
    assert "不能推荐" in refused.text


def test_a_question_that_nothing_answers_is_refused(path: Path) -> None:
    client = staffed(path)  # refuses what is not a field of a letter
    refused = client.post(AT, data={"question": "火星基地何时建成"})
    assert refused.status_code == 422
    assert "现在答不了" in refused.text
    assert offered(client) == offered(browser(path))


def test_what_is_asked_often_is_shown_to_staff_alone_until_they_approve_it(
    client: TestClient, path: Path
) -> None:
    put(path, *[answered(GOOD)] * 9)
    assert GOOD not in offered(client)
    page = shown(client, AT)
    assert GOOD in [button.attributes.get("value") for button in page.all("input")]
    client.post(AT, data={"question": GOOD})
    assert offered(client)[0] == GOOD
    assert "常问的，答得了的" not in client.get(AT).text
