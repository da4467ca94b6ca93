"""``GET /api/letters``: a letter by its id or number, with its fields where they stand."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from kb import serialize
from kb.types import MULTI_FIELDS, SINGLE_FIELDS
from tests.support.fakes import MemoryStore, make_letter
from tests.support.served import letters, served
from tests.support.stores import local, publish

GONE = (404, "letter_not_found")


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served()


def got(client: TestClient, name: str) -> tuple[int, str]:
    response = client.get("/api/letters/" + quote(name, safe=""))
    return response.status_code, response.json().get("code", "")


def test_a_letter_is_found_by_its_id_whatever_it_is_made_of(client: TestClient) -> None:
    for address in ("路/〔2024〕3号.txt", quote("路/〔2024〕3号.txt", safe="")):
        found = client.get("/api/letters/" + address)
        assert found.status_code == 200
        assert found.json()["id"] == "路/〔2024〕3号.txt"


@pytest.mark.parametrize(
    "odd", ["a b", "a?b=1", "a#b", "../a", "a\nb", "a\n", "+", "&amp;", "𠮷", "a//b", "\"'<>"]
)
def test_odd_ids_have_addresses_too(odd: str) -> None:
    store = MemoryStore()
    publish(store, make_letter(odd))
    client = served(store=store)
    assert got(client, odd)[0] == 200
    assert client.get("/letters/" + quote(odd, safe="")).status_code == 200


@pytest.mark.parametrize(
    "number",
    [
        "云交函〔2024〕3号",
        "云交函[2024]3号",
        "云交函（2024）3号",
        "云交函〔2024〕第3号",
        " 云交函 〔2024〕 3 号 ",
    ],
)
def test_a_letter_is_found_by_its_document_number_in_any_brackets(
    client: TestClient, number: str
) -> None:
    assert client.get("/api/letters/" + quote(number)).json()["id"] == "路/〔2024〕3号.txt"


def test_an_id_goes_before_a_document_number() -> None:
    store = MemoryStore()
    publish(store, make_letter("a", number="云函〔2024〕1号"), make_letter("云函〔2024〕1号"))
    found = served(store=store).get("/api/letters/云函〔2024〕1号").json()
    assert found["id"] == "云函〔2024〕1号"


@pytest.mark.parametrize(
    "name", ["", "/", "nothing", "云交函", "〔2024〕3号", "桥 ", "云交函〔2024〕30号"]
)
def test_an_unknown_name_is_not_found(client: TestClient, name: str) -> None:
    assert got(client, name) == GONE


@pytest.mark.parametrize("name", ["桥", "路灯", "密〔2024〕1号"])
def test_a_letter_that_is_not_public_is_not_found_in_the_same_words(
    client: TestClient, name: str
) -> None:
    hidden = client.get("/api/letters/" + name)
    absent = client.get("/api/letters/nothing")
    assert (hidden.status_code, hidden.content) == (404, absent.content)


def test_a_public_letter_is_found_where_a_hidden_one_has_its_number_as_id() -> None:
    store = MemoryStore()
    publish(
        store,
        make_letter("a", number="云函〔2024〕1号"),
        make_letter("云函〔2024〕1号", publicity="closed"),
    )
    assert served(store=store).get("/api/letters/云函〔2024〕1号").json()["id"] == "a"


def test_crooked_names_are_not_found_in_a_local_store_either(tmp_path: Path) -> None:
    store = local(tmp_path)
    publish(store, *letters())
    client = served(store=store)
    assert got(client, "路/〔2024〕3号.txt")[0] == 200
    for name in ("a\x00b", "%", "'; DROP TABLE letters; --", "\ufffd", "桥", "x" * 5000):
        assert got(client, name) == GONE


def test_the_text_is_the_letters_own_to_the_last_character(client: TestClient) -> None:
    for letter in letters():
        if letter.publicity == "public":
            found = client.get("/api/letters/" + quote(letter.id, safe="")).json()
            assert found["text"] == letter.text
            assert found["sha256"] == hashlib.sha256(found["text"].encode()).hexdigest()


def test_fields_and_headings_stand_where_they_say(client: TestClient) -> None:
    found = client.get("/api/letters/路/〔2024〕3号.txt").json()
    issuer = found["fields"]["issuer"]
    assert found["text"][issuer["start"] : issuer["end"]] == issuer["value"]
    for addressee in found["fields"]["addressees"]:
        assert found["text"][addressee["start"] : addressee["end"]] == addressee["value"]
    for heading in found["headings"]:
        assert found["text"][heading["start"] : heading["end"]] == heading["text"]
    assert found["headings"][0]["level"] == 1


def test_a_field_from_beside_the_text_has_no_place(client: TestClient) -> None:
    number = client.get("/api/letters/路/〔2024〕3号.txt").json()["fields"]["number"]
    assert number == {"value": "云交函〔2024〕3号", "start": None, "end": None, "rule": "导入"}


def test_a_letter_has_every_field_by_name_present_or_not(client: TestClient) -> None:
    fields = client.get("/api/letters/old").json()["fields"]
    assert set(fields) == {*SINGLE_FIELDS, *MULTI_FIELDS} == set(serialize.ORDER)
    assert fields["signer"] is None
    assert fields["cc"] == []
