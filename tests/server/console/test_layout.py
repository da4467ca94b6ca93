"""Every page of the console: nothing of other sites, nothing inline, hostile words as words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kb.feedback.questions import Noted
from kb.ledger import work
from kb.ledger.edit import correct, move
from kb.ledger.events import entry
from kb.ledger.work import Reminder
from kb.staff.accounts import account
from kb.staff.database import opened
from kb.staff.views import save
from tests.server.console.access.test_rights import READ
from tests.support.noted import refused
from tests.support.promises import NOON, TODAY, WANG
from tests.support.served import Page
from tests.support.staffing import put as note
from tests.support.town import came, founded, stored

EVIL = "\"'><img src=x onerror=alert(1)></textarea></script>{{ 7*7 }}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger in which somebody wrote hostile words wherever words can be written."""
    found = founded(tmp_path / "staff.db")
    with opened(found) as database:
        words = {"organ": EVIL, "action": EVIL, "note": EVIL, "co_organs": (EVIL,)}
        correct(database, entry(database, 1).seen, words, by=WANG, reason=EVIL)
        work.comment(database, 1, EVIL, by=WANG)
        move(database, entry(database, 2).seen, "under_way", by=WANG, reason=EVIL)
        work.remind(
            database, [2], Reminder(whom=EVIL, way="phone", words=EVIL), by=WANG, today=TODAY
        )
        save(database, EVIL[:30], {"words": EVIL}, account=account(database, "admin"), at=NOON)
    missed: Noted = refused(EVIL)
    note(found, missed, missed, missed)
    return found


def addresses() -> list[str]:
    """Every page that can be read, plain and with hostile parameters."""
    plain = [row.address or row.route.split()[1] for row in READ]
    plain += ["/staff/commitments/2", "/staff/weekly?week=2026-06-30"]
    files = ("export", ".docx", "/api/")
    pages = [one for one in plain if not any(file in one for file in files)]
    asked = "&".join(f"{name}={EVIL}" for name in ("did", "organ", "words", "who", "name", "q"))
    return [*pages, *(f"{one}{'&' if '?' in one else '?'}{asked}" for one in pages)]


def test_pages_ask_nothing_of_other_sites_and_take_hostile_words_as_words(path: Path) -> None:
    client, seen = came(path, "admin", stored()), 0
    for address in addresses():
        response = client.get(address)
        assert response.status_code in (200, 404, 422), address
        page = Page.of(response.text)
        assert "Macro " not in response.text, address  # a template's own name instead of a word
        assert not {one.name for one in page.elements} & {"img", "style", "iframe", "base"}, address
        assert len(page.all("h1")) == 1, address
        for script in page.all("script"):
            assert script.attributes["src"].startswith("/static/"), address
            assert not script.text
        for element in page.elements:
            told = element.attributes
            assert not [name for name in told if name == "style" or name.startswith("on")], address
            for name in ("src", "action", "hx-get", "hx-post", "formaction"):
                assert told.get(name, "/").startswith("/"), address
            assert re.match(r"/|#|\?|$", told.get("href", "")), (address, told)
        seen += EVIL in page.one("main").text
    assert seen > 5


def test_every_control_has_a_name_and_every_table_a_caption(path: Path) -> None:
    client = came(path, "admin", stored())
    for address in addresses():
        page = Page.of(client.get(address).text)
        labelled = {one.attributes.get("for") for one in page.all("label")}
        inside = "".join(one.text for one in page.all("label"))
        for kind in ("input", "textarea", "select"):
            for control in page.all(kind):
                told = control.attributes
                named = told.get("id") in labelled or "aria-label" in told
                boxed = told.get("type") in ("hidden", "radio", "checkbox") and bool(inside)
                assert named or boxed or told.get("type") == "hidden", (address, told)
        assert all(one.text.strip() for one in page.all("button")), address
        assert len(page.all("caption")) == len(page.all("table")), address
        names = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
        assert len(names) == len(set(names)), (address, sorted(names))
