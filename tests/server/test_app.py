"""The application as a whole: its schema, the page of the API, and how it starts."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kb.search import browse
from kb.store.protocol import SnapshotReader
from server.desk import PUBLIC
from tests.support.fakes import MemoryStore
from tests.support.served import AskEmbedder, Page, letters, served
from tests.support.stores import publish


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served()


def test_the_schema_describes_every_path_in_its_own_words(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()
    assert set(schema["paths"]) == {
        "/livez",
        "/readyz",
        "/version",
        "/api/ask",
        "/api/ask/stream",
        "/api/feedback",
        "/api/check",
        "/v1/models",
        "/v1/models/{model}",
        "/v1/chat/completions",
        "/v1/responses",
        "/api/letters/{letter_id}",
        "/api/suggestions",
    }
    for path, methods in schema["paths"].items():
        form = "application/json" if path.startswith("/v1/") else "application/problem+json"
        for operation in methods.values():
            assert operation["summary"]
            assert operation["description"]
            assert form in operation["responses"]["500"]["content"]
    asked = schema["paths"]["/api/ask"]["post"]["requestBody"]["content"]
    assert list(asked) == ["application/json"]


def test_every_reference_of_the_schema_resolves(client: TestClient) -> None:
    text = client.get("/openapi.json").text
    schema = json.loads(text)
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert {"Question", "Scope", "Reply", "Letter", "Problem"} <= names
    assert names <= schema["components"]["schemas"].keys()


def test_the_schema_and_its_page_need_no_other_site(client: TestClient) -> None:
    assert "http" not in re.sub(r'http_error|"type":"http"', "", client.get("/openapi.json").text)
    page = Page.of(client.get("/docs").text)
    for name in ("POST /api/ask", "GET /api/letters/{letter_id}", "GET /readyz"):
        assert name in page.one("main").text
    for name in client.get("/openapi.json").json()["components"]["schemas"]:
        assert page.one("h3", id=name)


def test_the_example_of_the_schema_is_a_valid_question(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()["components"]["schemas"]["Question"]
    example = schema["properties"]["question"]["examples"][0]
    assert client.post("/api/ask", json={"question": example}).status_code == 200


def test_the_page_of_the_api_can_be_asked_for_by_many_at_once() -> None:
    client = served()
    with ThreadPoolExecutor(8) as visitors:
        found = visitors.map(client.get, ["/docs", "/openapi.json"] * 8)
        assert [one.status_code for one in found] == [200] * 16


def test_starting_warms_up_the_model_and_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    entered: list[str] = []
    entry_of = browse.entry_of
    monkeypatch.setattr(
        browse,
        "entry_of",
        lambda head, outline: entered.append(head.id) or entry_of(head, outline),
    )

    class Listening(AskEmbedder):
        def question(self, text: str) -> Any:
            asked.append(text)
            return super().question(text)

    class Counting(MemoryStore):
        opened = 0

        def current(self) -> Any:
            type(self).opened += 1
            return super().current()

    store = Counting()
    publish(store, *letters())
    reader: SnapshotReader = store.current()
    assert reader.snapshot
    Counting.opened = 0
    with served(store=store, embedder_of=Listening):
        assert len(asked) == 1
        assert Counting.opened >= 1
        made = len(entered)
        assert made
        assert browse.catalogue_of(store.current(), PUBLIC).entries
        assert len(entered) == made
