"""The ledger and the queue fold the vague promises away, and say how many there are."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.ledger import edit
from kb.ledger.queries import Wanted, total
from kb.staff.database import opened
from tests.support.promises import CARS, LIFTS, PROMISES, RIVER, WANG, all_entries
from tests.support.served import Page
from tests.support.staffing import shown, tally

QUEUE, LIST = "/staff/review", "/staff/commitments"


@pytest.fixture
def vague(path: Path, client: TestClient) -> None:
    """The last of the three is vague, the second hangs on something."""
    with opened(path) as database:
        for number, field in ((3, "vague"), (2, "conditional")):
            seen = all_entries(database)[number - 1].seen
            edit.correct(database, seen, {field: True}, by=WANG)


def said(page: Page) -> set[str]:
    """The promises that a page shows."""
    return {one for one in PROMISES if one in page.one("main").text}


@pytest.mark.usefixtures("vague")
@pytest.mark.parametrize("path_of", [QUEUE, LIST])
def test_the_concrete_ones_are_shown_and_a_link_leads_to_the_vague(
    client: TestClient, path_of: str
) -> None:
    page = shown(client, path_of)
    assert said(page) == {LIFTS, CARS}
    (link,) = [one for one in page.all("a") if "空泛的 1 条" in one.text]
    folded = shown(client, link.attributes["href"])
    assert said(folded) == {RIVER}
    assert "空泛 ·" in folded.one("main").text
    assert not [one for one in folded.all("a") if "空泛的 1 条" in one.text]
    assert "有条件 ·" in page.one("main").text


@pytest.mark.usefixtures("vague")
def test_a_list_counts_all_and_does_to_all_only_what_is_shown(client: TestClient) -> None:
    assert tally(client, LIST) == 3
    page = shown(client, LIST)
    (form,) = [one for one in page.all("form") if "/bulk" in one.attributes.get("action", "")]
    assert "firm=concrete" in form.attributes["action"]
    assert tally(client, f"{LIST}?firm=vague") == 1
    assert tally(client, f"{LIST}?firm=concrete") == 2
    assert "没有这种承诺" in shown(client, f"{LIST}?firm=好的", status=422).one("main").text


@pytest.mark.usefixtures("vague")
def test_where_all_are_vague_the_list_says_so(client: TestClient) -> None:
    page = shown(client, f"{LIST}?words=青河")
    assert "没有符合的具体的承诺" in page.one("main").text
    assert any("空泛的 1 条" in one.text for one in page.all("a"))


def test_staff_say_what_is_vague_and_what_hangs_on_something(
    path: Path, client: TestClient
) -> None:
    with opened(path) as database:
        entry = all_entries(database)[2]
    token = shown(client, f"{LIST}/3").all("input")
    form = {one.attributes["name"]: one.attributes.get("value", "") for one in token
            if one.attributes.get("name") == "form_token"}  # fmt: skip
    sent = {
        **form, "version": str(entry.version), "organ": entry.organ or "",
        "co_organs": "、".join(entry.co_organs), "action": entry.action,
        "strength": entry.strength, "target_text": "60部", "target_value": "60",
        "target_unit": "部", "vague": "1", "conditional": "1",
    }  # fmt: skip
    assert client.post(f"{LIST}/3/correct", data=sent).status_code == 303
    with opened(path) as database:
        after = all_entries(database)[2]
        assert (after.vague, after.conditional) == (True, True)
        assert total(database, Wanted(firm="vague")) == 1
    sent = {name: value for name, value in sent.items() if name not in ("vague", "conditional")}
    client.post(f"{LIST}/3/correct", data=sent | {"version": str(after.version)})
    with opened(path) as database:
        assert not all_entries(database)[2].vague
