"""``POST /api/check``: what comes over the wire, for citizens' letters only, and nothing noted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from server.question_log import Notes
from tests.support.served import OLD, ROAD, SECRET, served

PATH = "/api/check"


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served()


def sentences(client: TestClient, text: str) -> list[dict[str, Any]]:
    response = client.post(PATH, json={"text": text})
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["sentences"]
    return found


def test_each_sentence_comes_with_its_place_and_its_letter(client: TestClient) -> None:
    text = f"听说：{ROAD}{OLD}"
    road, old = sentences(client, text)
    assert text[old["start"] : old["end"]] == old["text"] == OLD
    assert (old["verdict"], old["quote"]["letter_id"], old["quote"]["text"]) == (
        "verbatim", "old", OLD,
    )  # fmt: skip
    assert road["verdict"] == "nearly"
    (added,) = road["differences"]
    assert (added["kind"], added["given"], added["stands"]) == ("words", "听说：", "")
    letter = client.get(f"/api/letters/{road['quote']['letter_id']}").json()
    assert letter["text"][road["quote"]["start"] : road["quote"]["end"]] == road["quote"]["text"]


def test_what_is_not_public_is_found_by_nobody(client: TestClient) -> None:
    (found,) = sentences(client, SECRET)
    assert (found["verdict"], found["quote"]) == ("absent", None)


@pytest.mark.parametrize(
    ("body", "status"),
    [({"text": ""}, 422), ({}, 422), ({"text": "字" * 5001}, 422), ({"text": 3}, 422), ([], 422)],
)
def test_what_cannot_be_checked_is_refused(client: TestClient, body: Any, status: int) -> None:
    response = client.post(PATH, json=body)
    assert response.status_code == status
    assert response.json()["detail"]


def test_nothing_of_it_is_written_down(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    notes = Notes(tmp_path / "staff.db")
    sentences(served(notes=notes), "王小明的电话是13812345678，请勿外传。")
    notes.close()
    assert not (tmp_path / "staff.db").exists()
    assert "小明" not in caplog.text
    assert "1381234" not in caplog.text
