"""``GET /livez``, ``/readyz`` and ``/version``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kb.errors import BadSnapshot, StoreUnreachable
from kb.models.outside import embedder_of
from server.question_log import Notes
from tests.support.fakes import FakeEmbedder, MemoryStore, make_letter
from tests.support.outside import Answer, openai, stand_in
from tests.support.served import ANSWERS, BrokenStore, letters, served, unusable
from tests.support.stores import publish

TOLD = "；请管理员运行 fuwen index verify，它说是哪个文件、怎么办"


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served()


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
    assert (found.json()["status"], found.json()["detail"]) == ("degraded", store.degraded + TOLD)


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda: served(store=MemoryStore()), "no_snapshot"),
        (lambda: served(store=BrokenStore(BadSnapshot("快照损坏；请重建"))), "bad_snapshot"),
        (lambda: served(store=BrokenStore(StoreUnreachable("连不上"))), "store_unreachable"),
        (lambda: served(embedder_of=unusable), "model_unusable"),
    ],
    ids=["no snapshot", "bad snapshot", "no engine", "no model"],
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


def test_version_names_the_program(client: TestClient) -> None:
    found = client.get("/version").json()
    assert found["name"] == "fuwen"
    assert found["version"]


def test_readyz_says_which_snapshot_stands_in_and_not_where_it_lies() -> None:
    store = MemoryStore()
    publish(store, *letters())
    store.degraded = "当前快照 甲 不可用，正在使用 乙：请从备份恢复 /srv/secret/snapshots/甲"
    found = served(store=store).get("/readyz").json()
    assert (found["status"], found["detail"]) == (
        "degraded",
        "当前快照 甲 不可用，正在使用 乙" + TOLD,
    )


def test_readyz_knows_whether_staff_can_work(tmp_path: Path) -> None:
    path = tmp_path / "staff.db"
    client = served(notes=Notes(path))
    assert client.get("/readyz").json()["status"] == "ready"
    path.write_bytes(b"no database" * 99)
    found = client.get("/readyz")
    assert found.status_code == 200
    assert found.json()["status"] == "degraded"
    assert "工作人员的数据库" in found.json()["detail"]
    assert str(tmp_path) not in found.text
    path.unlink()
    assert client.get("/readyz").json()["status"] == "ready"


@pytest.mark.parametrize(("least", "status"), [(0, "ready"), (10**9, "degraded")])
def test_readyz_knows_how_much_room_there_is(tmp_path: Path, least: int, status: str) -> None:
    settings = replace(ANSWERS, free_mb=least, data=tmp_path / "not made yet")
    found = served(settings=settings).get("/readyz").json()
    assert found["status"] == status
    assert ("磁盘只剩" in (found["detail"] or "")) == (status == "degraded")


def test_where_the_embedder_is_outside_readyz_and_questions_wait_for_it() -> None:
    answers = [Answer(status=500, content=b"secret words")]
    says = openai(lambda texts: FakeEmbedder().embed(list(texts)))
    with stand_in(lambda body: answers[0] if answers else says(body)) as there:
        settings = replace(
            ANSWERS, embeddings_url=there.url, embeddings_model="m", endpoint_timeout=5
        )
        with served(settings=settings, embedder_of=lambda: embedder_of(settings)) as client:
            for down in (client.get("/readyz"), asked(client)):
                assert (down.status_code, down.json()["code"]) == (503, "model_unusable")
                assert "KB_EMBEDDINGS_URL" in down.json()["detail"]
                assert there.url not in down.text
                assert "secret" not in down.text
            answers.clear()
            assert client.get("/readyz").json()["status"] == "ready"


def asked(client: TestClient) -> Any:
    return client.post("/api/ask", json={"question": "农村公路硬化率是多少？"})


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (Answer(status=500), "回答 500；请核对 KB_RERANK_URL、网络和那边的服务"),
        (
            Answer(content=b'{"results": []}'),
            "的回答不是要的分（8 段文字，0 个分）；请核对那边的服务和 KB_RERANK_FORM",
        ),
    ],
)
def test_where_the_reranker_is_of_no_use_questions_are_answered_and_readyz_tells_why(
    said: Answer, told: str
) -> None:
    with stand_in(lambda _: said) as there:
        settings = replace(ANSWERS, rerank_url=there.url, rerank_model="r", endpoint_timeout=5)
        with served(settings=settings) as client:
            assert client.get("/readyz").json()["status"] == "ready"
            assert asked(client).status_code == 200
            assert there.asked
            found = client.get("/readyz").json()
            assert (found["status"], found["detail"]) == (
                "degraded",
                f"外面的重排服务{told}；段落照自己的次序",
            )
