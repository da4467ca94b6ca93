"""The application as a whole: probes, headers, errors, the schema."""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kb.errors import BadSnapshot, KbError, ModelUnusable
from kb.search import browse
from kb.store.protocol import SnapshotReader
from server.desk import PUBLIC
from server.http import problems
from server.http.edge import HEADERS
from tests.support.fakes import MemoryStore, make_letter
from tests.support.served import AskEmbedder, Page, letters, served
from tests.support.stores import publish

PROGRAMS = ("/livez", "/readyz", "/version", "/openapi.json", "/api/letters/old")
EVERYTHING = (
    *PROGRAMS, "/", "/?q=公路", "/letters", "/letters/old", "/docs", "/static/fuwen.css",
    "/nothing", "/api/nothing", "/api/ask", "/letters/nothing", "/static/nothing",
)  # fmt: skip


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served()


class BrokenStore(MemoryStore):
    """A store that fails as it is told to."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def current(self) -> Any:
        raise self.error


@pytest.mark.parametrize("address", EVERYTHING)
@pytest.mark.parametrize(
    "method", ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"]
)
def test_every_response_has_the_protecting_headers(
    client: TestClient, address: str, method: str
) -> None:
    response = client.request(method, address)
    assert response.status_code < 500
    for name, value in HEADERS.items():
        found = response.headers.get_list(name)
        assert len(found) == 1
        assert found == [value] or name == "cache-control"
    assert "access-control-allow-origin" not in response.headers
    assert "set-cookie" not in response.headers


def test_answers_are_not_stored_by_browsers(client: TestClient) -> None:
    for address in ("/?q=公路", "/letters/old", "/api/letters/old", "/readyz"):
        assert client.get(address).headers["cache-control"] == "no-store"


def test_head_answers_like_get(client: TestClient) -> None:
    for address in (*PROGRAMS, "/", "/letters"):
        head, got = client.head(address), client.get(address)
        assert head.status_code == 200
        assert head.headers["content-type"] == got.headers["content-type"]


def test_livez_answers_whatever_is_wrong() -> None:
    for store in (MemoryStore(), BrokenStore(RuntimeError("x"))):
        response = served(store=store).get("/livez")
        assert (response.status_code, response.json()) == (200, {"status": "alive"})


def test_readyz_tells_what_is_served(client: TestClient) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    found = response.json()
    assert found["status"] == "ready"
    assert (found["letters"], found["passages"]) == (3, 8)  # the public ones
    assert found["snapshot"]
    assert found["detail"] is None


def test_readyz_says_degraded_and_why() -> None:
    store = MemoryStore()
    publish(store, *letters())
    store.degraded = "当前快照不可用，正在使用较早的一份"
    found = served(store=store).get("/readyz")
    assert found.status_code == 200
    assert (found.json()["status"], found.json()["detail"]) == ("degraded", store.degraded)


def unusable() -> AskEmbedder:
    raise ModelUnusable("向量模型打不开；请检查文件夹")


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda: served(store=MemoryStore()), "no_snapshot"),
        (lambda: served(store=BrokenStore(BadSnapshot("快照损坏；请重建"))), "bad_snapshot"),
        (lambda: served(embedder_of=unusable), "model_unusable"),
    ],
    ids=["no snapshot", "bad snapshot", "no model"],
)
def test_readyz_is_a_503_problem_where_nothing_can_be_answered(made: Any, code: str) -> None:
    with made() as client:  # starts all the same, so that an indexer may publish later
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["code"] == code
        assert client.get("/livez").status_code == 200


def test_a_server_that_was_not_ready_becomes_ready_when_something_is_published() -> None:
    store = MemoryStore()
    with served(store=store) as client:
        assert client.get("/readyz").status_code == 503
        publish(store, make_letter("a"))
        assert client.get("/readyz").json()["letters"] == 1
        assert client.get("/api/letters/a").status_code == 200


def test_two_requests_may_see_two_snapshots_and_each_is_whole() -> None:
    store = MemoryStore()
    publish(store, make_letter("a", "旧文。"))
    client = served(store=store)
    before = (client.get("/readyz").json()["snapshot"], client.get("/api/letters/a").json()["text"])
    publish(store, make_letter("a", "新文。"))
    after = (client.get("/readyz").json()["snapshot"], client.get("/api/letters/a").json()["text"])
    assert before[0] != after[0]
    assert before[1].endswith("旧文。")
    assert after[1].endswith("新文。")


def test_a_swap_in_the_middle_of_a_question_does_no_harm() -> None:
    store = MemoryStore()
    publish(store, make_letter("a", "食堂二十家，今年建成使用。"))
    first = store.current().snapshot.version

    class Swapping(AskEmbedder):
        def question(self, text: str) -> Any:
            with store.draft() as draft:
                draft.drop("a")
                draft.publish()
            return super().question(text)

    page = served(store=store, embedder_of=Swapping).post("/api/ask", json={"question": "食堂"})
    assert page.status_code == 200
    assert page.json()["snapshot"] == first
    assert page.json()["quotes"]


def test_version_names_the_program(client: TestClient) -> None:
    found = client.get("/version").json()
    assert found["name"] == "fuwen"
    assert found["version"]


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("GET", "/api/nothing", 404, "no_such_route"),
        ("GET", "/api/", 404, "no_such_route"),
        ("POST", "/api/ask/", 404, "no_such_route"),
        ("GET", "/api/ask", 405, "method_not_allowed"),
        ("DELETE", "/api/letters/old", 405, "method_not_allowed"),
        ("POST", "/livez", 405, "method_not_allowed"),
        ("POST", "/openapi.json", 405, "method_not_allowed"),
        ("GET", "/api/letters/nothing", 404, "letter_not_found"),
    ],
)
def test_errors_of_the_api_are_problem_documents(
    client: TestClient, method: str, address: str, status: int, code: str
) -> None:
    response = client.request(method, address)
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem.keys() == {"type", "title", "status", "detail", "code"}
    assert (response.status_code, problem["status"], problem["code"]) == (status, status, code)
    if status == 405:
        assert response.headers["allow"]


@pytest.mark.parametrize("address", ["/nothing", "/letters/nothing", "/static/nothing", "/redoc"])
def test_errors_of_pages_are_pages(client: TestClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert Page.of(response.text).one("h1").text == "没有找到"


def test_a_fault_is_a_500_without_details_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    client = served(store=BrokenStore(RuntimeError("secret detail")))
    with caplog.at_level(logging.ERROR, logger="fuwen.server"):
        for method, address in (("GET", "/readyz"), ("GET", "/"), ("GET", "/letters")):
            response = client.request(method, address)
            assert response.status_code == 500
            assert "secret" not in response.text
            assert "Traceback" not in response.text
            for name, value in HEADERS.items():
                assert response.headers[name] == value
    assert client.get("/readyz").json()["code"] == "internal"
    assert Page.of(client.get("/letters").text).one("h1").text == "程序内部出错"
    assert "secret detail" in caplog.text


def test_every_status_has_a_title() -> None:
    def tree(kind: type[KbError]) -> list[type[KbError]]:
        return [kind, *(one for below in kind.__subclasses__() for one in tree(below))]

    for kind in tree(KbError):
        assert problems.title(kind.status)
        assert kind.status in problems.TITLES, kind


def test_a_status_of_the_framework_keeps_its_number() -> None:
    error = problems.from_status(418)
    assert (error.status, json.loads(problems.response(error).body)["title"]) == (
        418,
        "I'm a Teapot",
    )


def test_the_schema_describes_every_path_in_its_own_words(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()
    assert set(schema["paths"]) == {
        "/livez",
        "/readyz",
        "/version",
        "/api/ask",
        "/api/ask/stream",
        "/api/feedback",
        "/api/letters/{letter_id}",
        "/api/suggestions",
    }
    for methods in schema["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["description"]
            assert "application/problem+json" in operation["responses"]["default"]["content"]
    asked = schema["paths"]["/api/ask"]["post"]["requestBody"]["content"]
    assert list(asked) == ["application/json"]


def test_every_reference_of_the_schema_resolves(client: TestClient) -> None:
    text = client.get("/openapi.json").text
    schema = json.loads(text)
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert {"Question", "Scope", "Reply", "Letter", "Problem"} <= names
    assert names <= schema["components"]["schemas"].keys()


def test_the_schema_and_its_page_need_no_other_site(client: TestClient) -> None:
    assert "http" not in client.get("/openapi.json").text.replace("http_error", "")
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
        browse, "entry_of", lambda letter: entered.append(letter.id) or entry_of(letter)
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
