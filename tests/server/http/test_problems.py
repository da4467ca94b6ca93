"""Errors: problem documents for programs, pages for people."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient

from kb.errors import KbError
from server.http import problems
from tests.support.served import Page, served


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served()


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
