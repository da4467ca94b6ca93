"""Where a form of the console may come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.staff.sessions import form_token
from server.console.access.cookies import SECURE
from tests.support.staffing import HTTPS, QUEUE, shown, staffed


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 404),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 404),
        ({"origin": HTTPS}, 404),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site", "origin": HTTPS}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://testserver.evil.example"}, 403),
        ({"origin": "https://testserver:81"}, 403),
        ({}, 403),
    ],
)
def test_changes_come_from_our_own_pages_only(
    path: Path, headers: dict[str, str], status: int
) -> None:
    client = staffed(path)
    del client.headers["sec-fetch-site"]
    assert client.post(QUEUE + "/9", data={"seen": "0"}, headers=headers).status_code == status


def test_a_browser_that_says_nothing_needs_the_token_of_the_form(path: Path) -> None:
    client = staffed(path)
    token = shown(client).all("input", name="form_token")[0].attributes["value"]
    assert token == form_token(client.cookies[SECURE])
    del client.headers["sec-fetch-site"]
    for told, status in ((token, 404), (token[:-1], 403), ("", 403), (form_token("x"), 403)):
        response = client.post(QUEUE + "/9", data={"seen": "0", "form_token": told})
        assert response.status_code == status


def test_the_token_does_not_help_a_form_that_another_site_sends(path: Path) -> None:
    client = staffed(path)
    told = {"seen": "0", "form_token": form_token(client.cookies[SECURE])}
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
        assert client.post(QUEUE + "/9", data=told, headers=headers).status_code == 403


def test_every_form_of_the_console_carries_the_token(path: Path) -> None:
    client = staffed(path, role="admin")
    for address in (link.attributes["href"] for link in shown(client, "/staff").all("a")):
        if not address.startswith("/staff"):
            continue
        page = shown(client, address)
        forms = page.all("form", method="post")
        tokens = page.all("input", name="form_token")
        carried = [one for one in forms if "form_token=" in one.attributes.get("action", "")]
        assert len(forms) <= len(tokens) + len(carried), address
