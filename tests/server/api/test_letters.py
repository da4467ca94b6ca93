"""``GET /api/letters`` and the plain dictionaries behind it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from kb import serialize
from kb.query.follow_up import Carried, Resolved
from kb.store.codec import letter_from, letter_json
from kb.types import (
    MULTI_FIELDS,
    SINGLE_FIELDS,
    Answer,
    Listing,
    Nearest,
    Quote,
    Refusal,
    Span,
)
from server.api import schemas
from tests.support.fakes import MemoryStore, make_letter
from tests.support.heads import citation
from tests.support.served import letters, road_letter, served
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


def test_a_plain_letter_is_what_the_wire_describes() -> None:
    for letter in letters():
        raw = serialize.letter(letter)
        model = schemas.Letter.model_validate(raw)
        assert model.model_dump() == raw
        assert list(raw["fields"]) == list(schemas.Fields.model_fields)


def test_a_plain_letter_survives_json_and_the_stores_codec() -> None:
    letter = road_letter()
    again = letter_from(letter_json(letter))
    assert json.loads(json.dumps(serialize.letter(again))) == serialize.letter(letter)


NEAREST = (Nearest(citation=citation("b"), title=None, score=0.5),)


def test_a_plain_answer_is_what_the_wire_describes() -> None:
    quote_ = Quote(
        citation=citation("a", issuer="局", issued_on="2024-01-01", result_class="A"),
        title="题",
        span=Span(start=3, end=5),
        text="原文",
        headings=("一、", "（一）"),
        score=1.25,
        about="文号",
        exact=(Span(start=4, end=5),),
    )
    answer = Answer(question="问", snapshot="s", quotes=(quote_,), nearest=NEAREST, confidence=0.75)
    raw = serialize.reply(answer, seconds=0.123456)
    assert schemas.Reply.model_validate(raw).model_dump() == raw
    assert raw["status"] == "answer"
    assert raw["reason"] is None
    assert raw["seconds"] == 0.1235
    assert raw["quotes"] == [
        {
            "text": "原文",
            "letter_id": "a",
            "start": 3,
            "end": 5,
            "exact": [{"start": 4, "end": 5}],
            "title": "题",
            "number": None,
            "issuer": "局",
            "date": "2024-01-01",
            "result_class": "A",
            "about": "文号",
            "headings": ["一、", "（一）"],
            "score": 1.25,
        }
    ]


def test_a_plain_refusal_has_the_keys_of_an_answer() -> None:
    refusal = Refusal(
        question="问", snapshot="s", code="not_sure", reason="没有", nearest=NEAREST, confidence=0.1
    )
    raw = serialize.reply(refusal, seconds=1)
    assert schemas.Reply.model_validate(raw).model_dump() == raw
    assert raw["status"] == "refusal"
    assert raw["quotes"] == []
    assert raw["reason"] == "没有"
    assert raw["nearest"] == [{"letter_id": "b", "title": None, "number": None, "score": 0.5}]


def test_a_plain_listing_has_the_keys_of_an_answer_and_its_rows() -> None:
    cited = Quote(
        citation=citation(
            "a", "关于养老的提案", issuer="局", issued_on="2024-01-01", result_class="B"
        ),
        title="题",
        span=Span(start=3, end=4),
        text="B",
        headings=(),
        score=1.0,
        about="办理结果",
    )
    listing = Listing(
        question="哪些B类",
        snapshot="s",
        caption="B类答复，共 1 份",
        count=1,
        rows=(cited,),
        nearest=(),
        confidence=1.0,
    )
    raw = serialize.reply(listing, seconds=1)
    assert schemas.Reply.model_validate(raw).model_dump() == raw
    assert (raw["status"], raw["count"], raw["caption"]) == ("listing", 1, "B类答复，共 1 份")
    assert raw["rows"][0].keys() == {
        "letter_id",
        "name",
        "issuer",
        "number",
        "date",
        "result_class",
        "quote",
    }
    assert (raw["rows"][0]["quote"]["text"], raw["rows"][0]["date"]) == ("B", "2024-01-01")
    assert (raw["quotes"], raw["code"], raw["reason"], raw["resolved"]) == ([], None, None, None)


def test_a_plain_reply_tells_what_was_taken_over() -> None:
    refusal = Refusal(
        question="加装电梯：什么时候完成",
        snapshot="s",
        code="x",
        reason="没有",
        nearest=(),
        confidence=0.1,
    )
    resolved = Resolved(
        question=refusal.question, carried=(Carried(kind="subject", text="加装电梯"),)
    )
    raw = serialize.reply(refusal, seconds=1, resolved=resolved)
    assert schemas.Reply.model_validate(raw).model_dump() == raw
    assert (raw["caption"], raw["count"], raw["rows"]) == (None, 0, [])
    assert raw["resolved"] == {
        "question": "加装电梯：什么时候完成",
        "carried": [{"kind": "subject", "text": "加装电梯"}],
    }
