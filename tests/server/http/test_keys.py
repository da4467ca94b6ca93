"""Keys at the edge: who is let in with one, who without, and how often each may ask."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kb.feedback.questions import Noted
from kb.settings import Settings
from kb.staff import keys
from kb.staff.database import NAME, opened
from server.question_log import Notes
from tests.support.operated import Written
from tests.support.promises import WANG
from tests.support.served import ANSWERS, TODAY, served

ASKED = {"question": "水渠由谁修？"}
CHAT = {"model": "fuwen", "messages": [{"role": "user", "content": "水渠由谁修？"}]}
UNKNOWN = "fuwen-" + "a" * 43
LOGS = ("security", "access", "server")
Make = Callable[..., str]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / NAME


@pytest.fixture
def make(path: Path) -> Make:
    def made(name: str = "前端", **facts: Any) -> str:
        with opened(path) as book:
            return keys.add(book, name, by=WANG, **facts)

    return made


@pytest.fixture
def log() -> Iterator[Written]:
    written, loggers = Written(), [logging.getLogger(f"fuwen.{name}") for name in LOGS]
    for logger in loggers:
        logger.addHandler(written)
    yield written
    for logger in loggers:
        logger.removeHandler(written)


def client(path: Path | None, settings: Settings = ANSWERS) -> TestClient:
    return served(settings=settings, notes=Notes(path))


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def revoke(path: Path, name: str = "前端") -> None:
    with opened(path) as book:
        keys.revoke(book, name, by=WANG)


def used_on(path: Path) -> Any:
    with opened(path) as book:
        return keys.keys(book)[0].used_on


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER  ", "Basic ", ""])
def test_a_good_key_is_let_in_and_the_day_is_noted(path: Path, make: Make, scheme: str) -> None:
    sent = {"authorization": scheme + make()}
    asking = client(path)
    assert asking.post("/api/ask", json=ASKED, headers=sent).json()["status"] == "answer"
    assert asking.get("/v1/models", headers=sent).status_code == 200
    assert used_on(path) == TODAY


@pytest.mark.parametrize(
    "sent", ["Bearer none", "Bearer", "Bearer ", "Bearer sk-1", "Bearer fuwen", "Basic ZnV3", ""]
)
def test_what_is_no_key_of_ours_is_none(sent: str) -> None:
    asking = client(None)
    for address, body in (("/v1/chat/completions", CHAT), ("/api/ask", ASKED)):
        reply = asking.post(address, json=body, headers={"authorization": sent})
        assert reply.status_code == 200, address


def test_a_wrong_key_is_never_taken_for_a_visitor(path: Path, make: Make) -> None:
    asking = client(path)
    for reply in (
        asking.post("/api/ask", json=ASKED, headers=bearer(UNKNOWN)),  # there is no staff.db
        make() and asking.post("/api/ask", json=ASKED, headers=bearer(UNKNOWN)),
        asking.get("/api/letters/old", headers=bearer(UNKNOWN)),
        asking.get("/api/suggestions", headers=bearer("fuwen-")),
        asking.get("/api/staff/commitments", headers=bearer(UNKNOWN)),
    ):
        assert reply.status_code == 401
        told = reply.json()
        assert (told["code"], told["status"]) == ("key_refused", 401)
        assert "没有这把密钥" in told["detail"]
        assert reply.headers["www-authenticate"] == "Bearer"
    assert asking.get("/", headers=bearer(UNKNOWN)).status_code == 200  # pages look at no key


def test_revoking_is_at_once(path: Path, make: Make) -> None:
    sent, asking = bearer(make()), client(path)
    assert asking.post("/api/ask", json=ASKED, headers=sent).status_code == 200
    revoke(path)
    refused = asking.post("/api/ask", json=ASKED, headers=sent)
    assert (refused.status_code, refused.json()["code"]) == (401, "key_refused")
    assert "“前端”已经吊销" in refused.json()["detail"]


def test_a_key_past_its_day_is_refused(path: Path, make: Make) -> None:
    sent = bearer(make(last_day=TODAY + timedelta(days=999)))
    assert client(path).get("/v1/models", headers=sent).status_code == 200
    with opened(path) as book:
        book.execute("UPDATE api_key SET last_day = ?", ((TODAY - timedelta(days=1)).isoformat(),))
    refused = client(path).get("/api/suggestions", headers=sent)
    assert refused.status_code == 401
    assert "只用到" in refused.json()["detail"]


def test_a_key_without_the_scope_may_not_ask(path: Path, make: Make) -> None:
    refused = client(path).post(
        "/api/ask", json=ASKED, headers=bearer(make(scopes=["unconfirmed"]))
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "key_not_allowed")
    assert "“前端”没有 ask" in refused.json()["detail"]


def test_where_keys_are_required_nobody_is_let_in_without(path: Path, make: Make) -> None:
    asking = client(path, replace(ANSWERS, api_keys="required"))
    for sent in ({}, bearer("none"), {"authorization": "Basic ZnV3ZW46"}):
        refused = asking.post("/v1/chat/completions", json=CHAT, headers=sent)
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "invalid_api_key")
        assert "Bearer fuwen-" in refused.json()["error"]["message"]
        assert asking.get("/v1/models", headers=sent).status_code == 401
        assert asking.post("/mcp", headers=sent).status_code == 401
    assert asking.post("/v1/chat/completions", json=CHAT, headers=bearer(make())).status_code == 200
    assert asking.post("/api/ask", json=ASKED).status_code == 200  # by which our pages ask
    assert asking.get("/").status_code == 200


def test_without_a_staff_database_a_key_is_told_why_it_is_not_known() -> None:
    refused = client(None).post("/api/ask", json=ASKED, headers=bearer(UNKNOWN))
    assert (refused.status_code, refused.json()["code"]) == (503, "staff_unusable")


def test_a_broken_staff_database_lets_no_key_in_and_all_others(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database" * 99)
    asking = client(path)
    refused = asking.post("/api/ask", json=ASKED, headers=bearer(UNKNOWN))
    assert (refused.status_code, refused.json()["code"]) == (503, "staff_unusable")
    assert str(path) not in refused.text
    assert asking.post("/api/ask", json=ASKED).status_code == 200


def test_a_key_has_its_own_limit_and_uses_up_nobody_elses(path: Path, make: Make) -> None:
    own, shared = bearer(make("甲", rate=3)), bearer(make("乙"))
    asking = client(path, replace(ANSWERS, rate=2))

    def codes(sent: dict[str, str], times: int) -> list[int]:
        return [asking.post("/api/ask", json=ASKED, headers=sent).status_code for _ in range(times)]

    assert codes(own, 4) == [200, 200, 200, 429]
    assert codes(shared, 3) == [200, 200, 429]
    assert codes({}, 3) == [200, 200, 429]
    late = asking.post("/v1/chat/completions", json=CHAT, headers=own)
    assert late.status_code == 429
    assert 1 <= int(late.headers["retry-after"]) <= 20


def test_a_limit_of_its_own_holds_where_visitors_have_none(path: Path, make: Make) -> None:
    sent, asking = bearer(make(rate=1)), client(path)
    first, second = (asking.post("/api/ask", json=ASKED, headers=sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 429)


def test_keys_are_refused_before_they_count(path: Path, make: Make) -> None:
    make()
    asking = client(path, replace(ANSWERS, rate=1))
    for _ in range(5):
        assert asking.post("/api/ask", json=ASKED, headers=bearer(UNKNOWN)).status_code == 401
    assert asking.post("/api/ask", json=ASKED).status_code == 200


def test_who_asks_with_a_key_is_one_client_to_those_who_count(
    path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients: list[str | None] = []

    def add(self: Notes, question: Noted, *, client: str | None = None) -> None:
        clients.append(client)

    monkeypatch.setattr(Notes, "add", add)
    asking = client(path)
    asking.post("/api/ask", json=ASKED, headers=bearer(make()))
    asking.post("/api/ask", json=ASKED)
    assert clients == ["key 1", "testclient"]


def test_no_log_has_the_key_and_the_security_log_has_the_refusal(
    path: Path, make: Make, log: Written
) -> None:
    key, asking = make(), client(path)
    asking.post("/api/ask", json=ASKED, headers=bearer(key))
    asking.post("/v1/chat/completions", json=CHAT, headers=bearer(UNKNOWN))
    asking.post("/api/ask", json=ASKED, headers=bearer(make("乙", scopes=["unconfirmed"])))
    told = "\n".join(log.lines)
    assert " WARNING key_refused request=" in told
    assert " WARNING rights_refused request=" in told
    assert "fuwen-" not in told
    assert key not in told


def test_where_its_use_cannot_be_noted_a_key_is_good_all_the_same(
    path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(keys, "used", full)
    sent = bearer(make())
    assert client(path).post("/api/ask", json=ASKED, headers=sent).status_code == 200


@pytest.mark.parametrize("required", ["required", "optional"])
def test_the_document_says_where_a_key_is_taken_and_where_it_is_needed(required: str) -> None:
    schema = served(settings=replace(ANSWERS, api_keys=required)).get("/openapi.json").json()
    (name,) = schema["components"]["securitySchemes"]
    scheme = schema["components"]["securitySchemes"][name]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            if not path.startswith(("/api/", "/v1/")):
                assert "security" not in operation
            elif required == "required" and path.startswith("/v1/"):
                assert operation["security"] == [{name: []}]
            else:
                assert operation["security"] == [{}, {name: []}]
