"""The ledger as JSON: paged, asked again at no cost, within what one may see."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kb.ledger import edit
from kb.ledger.events import entry
from kb.staff.database import opened
from kb.types import Span
from tests.support.promises import CARS, LIFTS, PROMISES, WANG, letter_of, put
from tests.support.served import letters
from tests.support.signed import Desk, desk_at

LIST = "/api/staff/commitments"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_at(tmp_path)


def got(client: TestClient, address: str = LIST) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def test_a_commitment_says_where_its_words_stand(desk: Desk) -> None:
    found = got(desk.as_("reader"), f"{LIST}?words=电梯")
    (one,) = found["commitments"]
    assert found["after"] is None
    text = letter_of(*PROMISES).text
    assert text[one["start"] : one["end"]] == one["text"] == LIFTS
    assert (one["id"], one["status"], one["label"], one["overdue"]) == (
        1,
        "proposed",
        "待核实",
        False,
    )
    assert one["due"]["last"] == "2025-06-30"
    assert one["letter"]["number"] == "云建函〔2024〕3号"


def test_links_lead_through_all_of_them_once(desk: Desk) -> None:
    client = desk.as_("reader")
    address, seen = f"{LIST}?limit=1&order=letter", list[int]()
    while address:
        response = client.get(address)
        seen += [one["id"] for one in response.json()["commitments"]]
        link = response.headers.get("link", "")
        assert bool(link) == bool(response.json()["after"])
        assert not link or link.endswith('; rel="next"')
        address = link.partition(">")[0].removeprefix("<")
    assert seen == [1, 2, 3]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=501",
        "limit=x",
        "limit=-1",
        "limit=²",
        "after=x",
        "status=x",
        "order=x",
        "due_from=2025-02-30",
    ],
)
def test_what_cannot_be_is_a_problem_document(desk: Desk, query: str) -> None:
    response = desk.as_("reader").get(f"{LIST}?{query}")
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("address", [LIST, f"{LIST}?limit=2", f"{LIST}/1"])
def test_who_has_the_latest_is_told_so_until_the_ledger_changes(desk: Desk, address: str) -> None:
    client = desk.as_("reader")
    tag = client.get(address).headers["etag"]
    again = client.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    with opened(desk.path) as database:
        edit.correct(database, entry(database, 1).seen, {"note": "x"}, by=WANG)
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200


def test_a_tag_holds_for_who_may_see_the_same(desk: Desk) -> None:
    tag = desk.as_("reader").get(LIST).headers["etag"]
    other = desk.as_("manager").get(LIST, headers={"if-none-match": tag})
    assert other.status_code == 200


def test_one_commitment_comes_with_its_history_and_evidence(desk: Desk) -> None:
    road = letters()[0]
    with opened(desk.path) as database:
        edit.link(
            database,
            entry(database, 2).seen,
            road,
            Span(start=0, end=5),
            relation="progresses",
            by=WANG,
            reason="通车",
        )
        edit.correct(database, entry(database, 2).seen, {"note": "催办"}, by=WANG)
    found = got(desk.as_("manager"), f"{LIST}/2")
    assert found["commitment"]["text"] == CARS
    assert found["commitment"]["evidence_count"] == 1
    assert [one["kind"] for one in found["history"]] == ["corrected", "linked", "proposed"]
    assert found["history"][0]["changes"] == [{"label": "备注", "was": "", "became": "催办"}]
    (proof,) = found["evidence"]
    assert (proof["letter_id"], proof["text"]) == (road.id, road.text[:5])
    assert (proof["relation"], proof["who"], proof["reason"]) == ("progresses", "王芳", "通车")
    assert found["history"][1]["quote"]["text"] == road.text[:5]


def test_a_reader_sees_no_words_of_a_letter_that_is_not_public(desk: Desk) -> None:
    secret = next(one for one in letters() if one.publicity == "closed")
    with opened(desk.path) as database:
        edit.link(
            database,
            entry(database, 1).seen,
            secret,
            Span(start=0, end=9),
            relation="progresses",
            by=WANG,
            reason="致电13812345678",
        )
        put(
            database,
            replace(letter_of("将整治堤段", letter_id="密"), publicity="on_request"),
            ["将整治堤段"],
        )
        put(database, letter_of("将致电13812345678", letter_id="丙"), ["将致电13812345678"])
    reader, manager = desk.as_("reader"), desk.as_("manager")
    assert got(manager, f"{LIST}/1")["evidence"][0]["text"] == secret.text[:9]
    hidden = got(reader, f"{LIST}/1")
    assert hidden["evidence"][0]["text"] is None
    assert hidden["evidence"][0]["reason"] == ""
    assert reader.get(f"{LIST}/4").status_code == 404
    assert manager.get(f"{LIST}/4").status_code == 200
    for address in (LIST, f"{LIST}/1", f"{LIST}/4", f"{LIST}/5", f"{LIST}?words=堤段"):
        text = reader.get(address).text
        assert secret.text[:9] not in text
        assert "将整治堤段" not in text
        assert "13812345678" not in text
    assert [one["text"] for one in got(reader, f"{LIST}?words=致电")["commitments"]] == [
        "将致电138****5678"
    ]


@pytest.mark.parametrize("number", ["0", "99", "x", "٣", "9" * 30])
def test_what_is_not_there_is_a_problem_document(desk: Desk, number: str) -> None:
    response = desk.as_("reader").get(f"{LIST}/{number}")
    assert response.status_code == 404
    assert response.json()["code"] == "commitment_not_found"


@pytest.mark.parametrize("address", [LIST, f"{LIST}/1"])
def test_a_program_that_is_not_signed_in_is_told_so(desk: Desk, address: str) -> None:
    response = desk.client.get(address)
    assert response.status_code == 401
    assert response.json()["code"] == "not_signed_in"
