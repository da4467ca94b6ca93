"""``/ask``: 有用 and 没用 without scripts; only our own page can say so."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from kb.feedback.questions import complaints, groups
from kb.staff.database import opened
from server.question_log import Notes
from tests.support.served import REFUSES, Page, page_of, served

ASKED = "/ask?q=农村公路硬化率是多少&before=公路归谁管&size=large"
OURS = {"sec-fetch-site": "same-origin", "origin": "null"}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path / "staff.db")


@pytest.fixture
def client(notes: Notes) -> TestClient:
    return served(notes=notes)


def filled(page: Page) -> dict[str, str]:
    """What the form of 没用 sends besides the button and the reason."""
    names = ("question", "snapshot", "verdict")
    return {name: page.all("input", name=name)[-1].attributes["value"] for name in names}


def there(page: Page) -> str:
    (address,) = {one.attributes["action"] for one in page.all("form", method="post")}
    return address


def noted(notes: Notes) -> list[tuple[str | None, int, str | None]]:
    """Verdict, useful and reason of all that was noted."""
    notes.close()
    assert notes.path
    with opened(notes.path) as database:
        rows = database.execute("SELECT verdict, useful, reason FROM asked ORDER BY id")
        return rows.fetchall()


def test_what_was_useless_reaches_the_staff_with_its_reason(
    client: TestClient, notes: Notes
) -> None:
    page = page_of(client, ASKED)
    said = {**filled(page), "useful": "no", "reason": "答非所问，打13812345678"}
    response = client.post(there(page), data=said, headers=OURS, follow_redirects=False)
    assert response.status_code == 303
    notes.close()
    assert notes.path
    with opened(notes.path) as database:
        (group,) = groups(database, state="open", limit=9)
        (complaint,) = complaints(database, group.id)
    assert group.question == said["question"]
    assert complaint.reason == "答非所问，打138****5678"


def test_after_saying_so_the_same_reply_is_shown_with_thanks_and_not_noted_again(
    client: TestClient, notes: Notes
) -> None:
    page = page_of(client, ASKED)
    said = {**filled(page), "useful": "yes"}
    response = client.post(there(page), data=said, headers=OURS, follow_redirects=False)
    address = response.headers["location"]
    assert urlsplit(address).netloc == ""
    asked = parse_qs(urlsplit(ASKED).query)
    assert parse_qs(urlsplit(address).query) == {**asked, "said": ["yes"]}
    again = page_of(client, address)
    assert [q.text for q in again.all("blockquote")] == [q.text for q in page.all("blockquote")]
    assert "谢谢" in again.one("p", role="status").text
    assert not again.all("form", method="post")
    assert noted(notes) == [("answer", None, None), ("answer", 1, None)]


def test_a_refusal_and_a_list_can_be_called_useless_too(notes: Notes) -> None:
    for client, q in (
        (served(settings=REFUSES, notes=notes), "农村公路硬化率是多少"),
        (served(notes=notes), "2024年答复了多少件"),
    ):
        page = page_of(client, f"/ask?q={q}")
        said = {**filled(page), "useful": "no", "reason": ""}
        assert client.post(there(page), data=said, headers=OURS).status_code == 200
    assert [row for row in noted(notes) if row[1] is not None] == [
        ("refusal", 0, None),
        ("listing", 0, None),
    ]


def test_enter_in_the_reason_never_means_useful(client: TestClient) -> None:
    html = client.get(ASKED).text
    (form,) = [one for one in html.split("<form")[1:] if 'name="reason"' in one]
    assert 'value="no"' in form
    assert 'value="yes"' not in form


def test_the_page_lets_the_browser_say_where_the_form_was(client: TestClient) -> None:
    assert client.get(ASKED).headers["referrer-policy"] == "same-origin"
    assert client.get("/letters/old").headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
        {"sec-fetch-site": "same-site", "origin": "http://testserver"},
        {"sec-fetch-site": "none"},
    ],
)
def test_no_other_site_can_say_it_for_a_visitor(
    client: TestClient, notes: Notes, headers: dict[str, str]
) -> None:
    page = page_of(client, ASKED)
    said = {**filled(page), "useful": "no"}
    assert client.post(there(page), data=said, headers=headers).status_code == 403
    assert noted(notes) == [("answer", None, None)]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 422),
        ("question=a&snapshot=s&verdict=answer", 422),
        ("question=a&snapshot=s&verdict=answer&useful=maybe", 422),
        ("question=a&snapshot=s&verdict=error&useful=no", 422),
        ("question=%00&snapshot=s&verdict=answer&useful=no", 422),
        ("question=&snapshot=s&verdict=answer&useful=no", 422),
        ("question=a&snapshot=s&verdict=answer&useful=no&reason=" + "a" * 201, 422),
        ("&".join(f"n{n}=1" for n in range(30)), 422),
        ("question=" + "a" * 70_000, 413),
    ],
)
def test_a_form_that_makes_no_sense_is_a_page_that_says_so(
    client: TestClient, body: str, status: int
) -> None:
    headers = {**OURS, "content-type": FORM}
    response = client.post("/ask/feedback", content=body, headers=headers)
    assert response.status_code == status
    assert response.headers["content-type"] == "text/html; charset=utf-8"
