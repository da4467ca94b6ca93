"""Hostile requests: a problem document, never a 5xx, at once."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.served import served

JSON = {"content-type": "application/json"}
PATH = "/api/ask"
LIMIT = 65536


@pytest.fixture(scope="module")
def client() -> TestClient:
    made = served()
    made.post(PATH, json={"question": "预热"})
    return made


def post(client: TestClient, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    """Status and problem of a refused body, which no body may keep waiting."""
    started = time.perf_counter()
    response = client.post(PATH, content=body, headers={**JSON, **headers})
    assert time.perf_counter() - started < 5  # seconds, on a machine that is busy
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == response.status_code
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert problem["detail"]
    return response.status_code, problem


def refused(client: TestClient, body: Any, **headers: str) -> tuple[int, str]:
    status, problem = post(client, body, **headers)
    return status, problem["code"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"question": "a"',
        b"nonsense",
        b'{"question": "a"} trailing',
        "{'question': '路'}".encode(),
        '{"question": "农村公路"}'.encode("gbk"),
        '{"question": "农村公路"}'.encode("utf-16"),
        b"\xff\xfe\x00",
        b"\x00" * 100,
        b"1" * 5000,
        b"[" * 60_000,
        b'{"question":' * 5_000,
    ],
    ids=[
        "empty",
        "open brace",
        "cut short",
        "words",
        "trailing",
        "single quotes",
        "GBK",
        "UTF-16",
        "not UTF-8",
        "NUL bytes",
        "5,000 digits",
        "deep lists",
        "deep objects",
    ],
)
def test_a_body_that_is_no_json_is_bad_json(client: TestClient, body: bytes) -> None:
    assert refused(client, body) == (400, "bad_json")


@pytest.mark.parametrize(
    "value",
    [
        None,
        1,
        "问题",
        [],
        {},
        {"question": None},
        {"question": 1},
        {"question": ["a"]},
        {"question": {"a": 1}},
        {"question": True},
        {"question": "路", "scope": []},
        {"question": "路", "scope": {"year": "2024"}},
        {"question": "路", "scope": {"year": 0}},
        {"question": "路", "scope": {"year": 10**30}},
        {"question": "路", "scope": {"year": 2024.5}},
        {"question": "路", "scope": {"year": True}},
        {"question": "路", "scope": {"issuer": ""}},
        {"question": "路", "scope": {"issuer": "局" * 201}},
        {"question": "路", "extra": 1},
        {"question": "路", "scope": {"public_only": False}},
        {"question": "路", "scope": None},
        {"question": "\ud800"},
        {"question": "路\x00灯"},
        {"question": "路", "scope": {"letter_id": "\0"}},
        {"question": "路", "scope": {"issuer": "\udfff"}},
        {"question": "路", "\ud800": 1},
        {"question": "路", "scope": {"\udc00": 1}},
    ],
    ids=repr,
)
def test_json_of_another_shape_is_an_invalid_request(client: TestClient, value: Any) -> None:
    assert refused(client, json.dumps(value).encode()) == (422, "invalid_request")


@pytest.mark.parametrize(
    "body", [b'{"question": "a", "scope": {"year": NaN}}', b'{"question": Infinity}']
)
def test_numbers_that_json_does_not_know_are_refused(client: TestClient, body: bytes) -> None:
    assert refused(client, body) == (422, "invalid_request")


def test_a_refusal_names_the_field_and_repeats_nothing_of_the_request(client: TestClient) -> None:
    body = json.dumps({"question": "路", "scope": {"year": "<script>"}}).encode()
    _, problem = post(client, body)
    assert "scope.year" in problem["detail"]
    assert "script" not in json.dumps(problem)


@pytest.mark.parametrize("question", ["", " ", "\u3000\n\t", "路" * 1001])
def test_a_question_that_makes_no_sense_is_wrong_use(client: TestClient, question: str) -> None:
    assert refused(client, json.dumps({"question": question}).encode()) == (422, "wrong_use")


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "text/json",
        "application/jsonp",
        "",
        "application/json5",
        "*/*",
    ],
)
def test_what_does_not_claim_to_be_json_is_an_unsupported_type(
    client: TestClient, content_type: str
) -> None:
    found = refused(client, b"question=a", **{"content-type": content_type})
    assert found == (415, "unsupported_media_type")


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_json_is_known_by_any_spelling_of_its_type(client: TestClient, content_type: str) -> None:
    body = '{"question": "公路"}'.encode()
    response = client.post(PATH, content=body, headers={"content-type": content_type})
    assert response.status_code == 200


def test_a_byte_order_mark_does_no_harm(client: TestClient) -> None:
    body = '{"question": "公路"}'.encode("utf-8-sig")
    assert client.post(PATH, content=body, headers=JSON).status_code == 200


def chunks(size: int, *, read: list[int]) -> Iterator[bytes]:
    for _ in range(size // 1000):
        read.append(1000)
        yield b" " * 1000


def test_a_body_over_the_limit_is_refused_by_its_length(client: TestClient) -> None:
    assert refused(client, b" " * (LIMIT + 1)) == (413, "body_too_large")
    assert refused(client, b" " * 10_000_000) == (413, "body_too_large")


def test_a_body_of_exactly_the_limit_is_read(client: TestClient) -> None:
    body = '{"question": "公路"}'.encode()
    response = client.post(PATH, content=body.ljust(LIMIT), headers=JSON)
    assert response.status_code == 200


def test_a_chunked_body_is_counted_while_it_is_read(client: TestClient) -> None:
    read: list[int] = []
    assert refused(client, chunks(LIMIT * 2, read=read)) == (413, "body_too_large")


def test_a_false_content_length_does_not_get_past_the_count(client: TestClient) -> None:
    body = chunks(LIMIT * 2, read=[])
    assert refused(client, body, **{"content-length": "5"}) == (413, "body_too_large")
    assert refused(client, b"{}", **{"content-length": "9" * 5000})[0] == 413


@pytest.mark.parametrize("length", ["-1", "abc", "1e9", "²"])
def test_a_content_length_that_is_no_number_is_ignored(client: TestClient, length: str) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", length.encode())]
    response = client.post(PATH, content=b"{", headers=headers)
    assert response.json()["code"] == "bad_json"


@pytest.mark.parametrize(
    "question",
    [
        '" OR NEAR( * -《》',
        "AND OR NOT",
        "title:公路",
        "公路^9 +水渠 -路灯",
        "[公路 TO 水渠]",
        "(((((",
        "\\",
        "公路~2",
        "*",
        "?",
        "'; DROP TABLE letters; --",
        "%s %(a)s {0} ${x}",
        "公路 " * 100,
        "\u202e公路\u200b\u200d\ufeff",
        "𠮷" * 500,
        "👨‍👩‍👧‍👦",
        "e\u0301" * 200,
        "\x1b[2J公路",
        "\r\nSet-Cookie: a=b",
    ],
)
def test_operators_and_odd_characters_are_taken_literally(
    client: TestClient, question: str
) -> None:
    response = client.post(PATH, json={"question": question})
    assert response.status_code == 200
    assert response.json()["question"] == question.strip()


def test_a_word_five_thousand_times_is_refused_as_too_long(client: TestClient) -> None:
    assert refused(client, json.dumps({"question": "路" * 5000}).encode()) == (422, "wrong_use")


@settings(max_examples=150, deadline=None)
@given(body=st.binary(max_size=300))
def test_no_bytes_at_all_give_a_server_error(client: TestClient, body: bytes) -> None:
    assert client.post(PATH, content=body, headers=JSON).status_code in (200, 400, 422)


@settings(max_examples=150, deadline=None)
@given(question=st.text(st.characters(codec=None), max_size=40))
def test_no_question_at_all_gives_a_server_error(client: TestClient, question: str) -> None:
    body = json.dumps({"question": question}).encode()
    response = client.post(PATH, content=body, headers=JSON)
    assert response.status_code in (200, 422)


@settings(max_examples=150, deadline=None)
@given(path=st.text(max_size=30), query=st.text(max_size=30))
def test_no_address_at_all_gives_a_server_error(client: TestClient, path: str, query: str) -> None:
    from urllib.parse import quote

    for base in ("/letters/", "/api/letters/", "/static/", "/"):
        address = base + quote(path, safe="") + "?q=" + quote(query) + "&start=" + quote(query)
        assert client.get(address).status_code in (200, 404, 422)


@pytest.mark.parametrize(
    "raw", ["%00", "%ED%A0%80", "%FF%FE", "..%2f..%2fetc%2fpasswd", "%0d%0aX: y", "a" * 3000]
)
def test_crooked_paths_are_simply_not_found(client: TestClient, raw: str) -> None:
    for base in ("/letters/", "/api/letters/", "/static/"):
        assert client.get(base + raw).status_code == 404


@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=%ED%A0%80", "q=%FF", "q=a&q=b", "size[]=1", "&&&=", "page=-1", "q=" + "a" * 9000],
)
def test_crooked_queries_give_a_page(client: TestClient, query: str) -> None:
    for base in ("/", "/letters", "/letters/old"):
        assert client.get(f"{base}?{query}").status_code in (200, 422)
